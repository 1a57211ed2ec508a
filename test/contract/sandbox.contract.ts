import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxProgram, SandboxSettings } from '../../src/core/ports/sandbox.ts';
import { calibrateTimeFactor } from '../../src/sandbox/support/calibrate-time-factor.ts';
import { descendantProcesses } from '../support/descendant-processes.ts';

const mebibyte = 1024 * 1024;

/** A program under test with everything it does not care about filled in. */
export const sandboxProgram = (
  candidate: string,
  tests: string,
  rest: Partial<SandboxProgram> = {},
): SandboxProgram => ({ id: 'program', candidate, setup: '', tests, entryPoint: 'f', timeLimitMs: 10_000, ...rest });

/** Settings of the contract suites. */
export const sandboxSettings = (mode: SandboxSettings['mode'], workers = 2): SandboxSettings => ({
  mode,
  workers,
  memoryBytes: 256 * mebibyte,
  timeFactor: 1,
});

type Open = (settings: SandboxSettings) => Promise<Sandbox>;

/** What every sandbox backend keeps to, in both modes. */
export function sandboxContract(title: string, open: Open): void {
  describe.each(['strict', 'compat'] as const)(`${title}, %s`, (mode) => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await open(sandboxSettings(mode));
    });
    afterAll(() => sandbox.close());
    const judge = (candidate: string, tests: string, rest: Partial<SandboxProgram> = {}) =>
      sandbox.run(sandboxProgram(candidate, tests, rest));
    const kindOf = async (candidate: string, tests: string, rest: Partial<SandboxProgram> = {}) =>
      (await judge(candidate, tests, rest)).kind;

    it('says what it is', async () => {
      const said = await sandbox.describe();
      expect(said).toMatchObject({ mode, workers: 2, timeFactor: 1 });
      expect(said.pythonVersion).toMatch(/^3\.\d+\.\d+$/);
      expect(Object.keys(said.limits).length).toBeGreaterThan(2);
    });

    it('passes a right program and says nothing more', async () => {
      const verdict = await judge('def f(a, b):\n    return a + b', 'assert f(1, 2) == 3\nassert f("a", "b") == "ab"');
      expect(verdict).toMatchObject({ kind: 'passed', error: null, detail: null });
      expect(verdict.wallMs).toBeGreaterThan(0);
    });

    it('tells how a program fails', async () => {
      expect(await judge('def f(x):\n    return x', 'y = 2\nassert f(1) == y')).toMatchObject({
        kind: 'failed',
        error: 'AssertionError',
        detail: expect.stringContaining('assert f(1) == y'),
      });
      expect(await judge('def f(x):\n    return None', 'assert f(1)[0] == 2')).toMatchObject({
        kind: 'failed',
        error: 'TypeError',
      });
      expect(await judge('def f(x):\n    return 1 // x', 'assert f(0) == 2')).toMatchObject({
        kind: 'runtime',
        error: 'ZeroDivisionError',
        detail: expect.stringMatching(/by zero/),
      });
      expect(
        await judge('class Own(ValueError):\n    pass\ndef f(x):\n    raise Own("mine")', 'assert f(0) == 2'),
      ).toMatchObject({ kind: 'runtime', error: 'Own', detail: expect.stringContaining('mine') });
      expect(await judge('def f(x):\n    assert False, "inner"', 'f(0)')).toMatchObject({
        kind: 'runtime',
        error: 'AssertionError',
      });
      expect(await judge('import nothing_here\ndef f(x):\n    return x', 'f(0)')).toMatchObject({
        kind: 'runtime',
        error: 'ModuleNotFoundError',
      });
    });

    it.each([
      ['def f(x:\n    return x', 'SyntaxError'],
      ['def f(x):\nreturn x', 'IndentationError'],
      ['def f(x):\n    return x\n  y = 1', 'IndentationError'],
      ['Here is the function', 'SyntaxError'],
      ['def f(x):\n    return "\0"', expect.any(String)],
    ])('calls %j a syntax error', async (candidate, error) => {
      expect(await judge(candidate, 'assert f(1) == 1')).toMatchObject({ kind: 'syntax', error });
    });

    it('does not take a syntax error of a running program for one of its source', async () => {
      expect(await judge('def f(x):\n    return eval("1 +")', 'f(1)')).toMatchObject({
        kind: 'runtime',
        error: 'SyntaxError',
      });
    });

    it('names a missing entry point', async () => {
      expect(await judge('def g(x):\n    return x', 'assert f(1) == 1')).toMatchObject({
        kind: 'wrong_entry_point',
        error: 'f',
      });
      expect(await kindOf('', 'assert f(1) == 1')).toBe('wrong_entry_point');
      // A stub of the prompt is not the candidate's.
      expect(await kindOf('x = 1', 'assert f(1) is None', { setup: 'def f(x):\n    pass' })).toBe('wrong_entry_point');
      expect(await judge('x = 1', 'assert f(1) == 1', { entryPoint: null })).toMatchObject({
        kind: 'wrong_entry_point',
        error: 'f',
      });
    });

    it('calls trouble with the tests its own fault', async () => {
      expect(await kindOf('def f(x):\n    return x', 'assert f(1 ==')).toBe('fault');
      expect(await kindOf('def f(x):\n    return x', 'assert f(1) == 1', { setup: 'raise ValueError()' })).toBe(
        'fault',
      );
    });

    it.each([
      ['an endless loop', 'while True:\n        pass'],
      [
        'a loop that catches everything',
        'while True:\n        try:\n            while True: pass\n        except BaseException: pass',
      ],
      ['a catastrophic regular expression', 'import re\n    re.match("(a|aa)+$", "a" * 60 + "b")'],
      ['a loop inside C', 'sum(range(10**13))'],
      ['a sleep', 'import time\n    time.sleep(1000)'],
      ['a long power', 'return 10**10**10'],
    ])('ends %s at the limit', async (_, body) => {
      const verdict = await judge(`def f(x):\n    ${body}`, 'f(1)', { timeLimitMs: 700 });
      expect(verdict.kind).toBe('timeout');
      expect(verdict.wallMs).toBeGreaterThanOrEqual(690);
      expect(verdict.wallMs).toBeLessThan(10_000);
      expect(await kindOf('def f(x):\n    return x', 'assert f(1) == 1')).toBe('passed');
    });

    it('ends a program that never loads', async () => {
      expect(await kindOf('while True:\n    pass', 'f(1)', { timeLimitMs: 700 })).toBe('timeout');
    });

    it('multiplies limits by the time factor', async () => {
      const program = sandboxProgram('import time\ndef f(x):\n    time.sleep(1.5)\n    return x', 'assert f(1) == 1', {
        timeLimitMs: 250,
      });
      expect((await sandbox.run(program)).kind).toBe('timeout');
      sandbox.setTimeFactor(20);
      expect(await sandbox.describe()).toMatchObject({ timeFactor: 20 });
      expect((await sandbox.run(program)).kind).toBe('passed');
      sandbox.setTimeFactor(0.1);
      expect(await sandbox.describe()).toMatchObject({ timeFactor: 1 });
    });

    it.each([
      ['one allocation', 'return len(bytearray(10**9))'],
      ['a growing list', 'items = []\n    while True:\n        items.append(" " * 10**7)'],
    ])('stops %s that needs too much memory', async (_, body) => {
      const verdict = await judge(`def f(x):\n    ${body}`, 'f(1)');
      expect(verdict.kind).toBe('memory');
      expect(await kindOf('def f(x):\n    return x', 'assert f(1) == 1')).toBe('passed');
    });

    it('swallows output and gives no input', async () => {
      const candidate = [
        'import sys, os',
        'def f(x):',
        '    for _ in range(100):',
        "        print('x' * 10000)",
        "        sys.stderr.write('y' * 10000)",
        "        os.write(1, b'z' * 10000)",
        '    try:',
        '        input()',
        '    except EOFError:',
        '        return x',
      ].join('\n');
      expect(await kindOf(candidate, 'assert f(1) == 1')).toBe('passed');
    });

    it.each([
      'import sys\n    sys.exit(0)',
      'import os\n    os._exit(0)',
      'raise SystemExit(0)',
      'quit()',
      'exit(0)',
      'import os\n    os.abort()',
      'import os, signal\n    os.kill(os.getpid(), signal.SIGKILL)',
    ])('never passes a program that ends its interpreter: %j', async (body) => {
      const tests = 'try:\n    f(1)\nexcept Exception:\n    pass\nassert f(1) == 1';
      const inside = await judge(`def f(x):\n    ${body}\n    return 0`, tests);
      expect(['runtime', 'failed', 'denied']).toContain(inside.kind);
      const loading = await judge(`def f(x):\n    return 0\n${body.replaceAll('    ', '')}`, tests);
      expect(['runtime', 'failed', 'denied']).toContain(loading.kind);
    });

    it('calls an exit a failure of the program with its reason', async () => {
      expect(await judge('import os\ndef f(x):\n    os._exit(3)', 'f(1)')).toMatchObject({
        kind: 'runtime',
        error: 'SystemExit',
        detail: expect.stringContaining('status 3'),
      });
    });

    it('survives recursion, bounded or not', async () => {
      expect(await judge('def f(x):\n    return f(x)', 'f(1)')).toMatchObject({
        kind: 'runtime',
        error: 'RecursionError',
      });
      const deep = 'import sys\nsys.setrecursionlimit(4000)\ndef f(x):\n    return 0 if x == 0 else 1 + f(x - 1)';
      expect(await kindOf(deep, 'assert f(2500) == 2500')).toBe('passed');
      const endless = 'import sys\nsys.setrecursionlimit(10**9)\ndef f(x):\n    return f(x)';
      expect(['runtime', 'memory', 'timeout']).toContain(await kindOf(endless, 'f(1)', { timeLimitMs: 3000 }));
      expect(await kindOf('def f(x):\n    return x', 'assert f(1) == 1')).toBe('passed');
    });

    it('leaves nothing to the next program', async () => {
      const leave =
        'import builtins, os\nbuiltins.left = 1\nopen("/tmp/left" if os.path.isdir("/tmp") and os.access("/tmp", os.W_OK) else "left", "w").write("x")\nbuiltins.len = None\ndef f(x):\n    return 0';
      const look =
        'import builtins, os\ndef f(x):\n    return hasattr(builtins, "left") or os.path.exists("/tmp/left") or os.path.exists("left") or len("ab") != 2';
      for (let round = 0; round < 4; round++) {
        await judge(leave, 'f(1)');
        expect(await judge(look, 'assert f(1) is False')).toMatchObject({ kind: 'passed' });
      }
    });

    it('runs several programs at once, each for itself', async () => {
      const kinds = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          kindOf(`def f():\n    return ${index}`, `assert f() == ${index % 3 === 0 ? index + 1 : index}`),
        ),
      );
      expect(kinds).toEqual(Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'failed' : 'passed')));
    });

    it('uses helpers of the prompt in the tests', async () => {
      const setup =
        'import math\ndef poly(xs, x):\n    return sum(c * math.pow(x, i) for i, c in enumerate(xs))\ndef f(xs):\n    """Finds a zero."""';
      const candidate = 'import math\ndef poly(xs, x):\n    return 0\ndef f(xs):\n    return -xs[0] / xs[1]';
      const tests =
        'def check(candidate):\n    for xs in ([1, 2], [-6, 3]):\n        assert math.fabs(poly(xs, candidate(xs))) < 1e-4\ncheck(f)';
      expect(await kindOf(candidate, tests, { setup })).toBe('passed');
      expect(await kindOf(candidate.replace('-xs', 'xs'), tests, { setup })).toBe(
        mode === 'strict' ? 'failed' : 'passed',
      );
    });

    it('lets tests build things of the candidate and look into them', async () => {
      const candidate = [
        'class Node:',
        '    def __init__(self, data):',
        '        self.data, self.left, self.right = data, None, None',
        'def new_node(data):',
        '    return Node(data)',
        'def height(root):',
        '    return 0 if root is None else 1 + max(height(root.left), height(root.right))',
        'def mirror(root):',
        '    if root: root.left, root.right = mirror(root.right), mirror(root.left)',
        '    return root',
      ].join('\n');
      const tests = [
        'root = Node(1)',
        'root.left = new_node(2)',
        'root.left.right = Node(3)',
        'assert height(root) == 3',
        'assert mirror(root).right.left.data == 3',
        'assert root.left is None and isinstance(root, Node)',
        'root.data = [1]',
        'assert mirror(root).data == [1]',
      ].join('\n');
      expect(await judge(candidate, tests, { entryPoint: null })).toMatchObject({ kind: 'passed' });
      expect(await judge(candidate, tests, { entryPoint: 'height' })).toMatchObject({ kind: 'passed' });
    });

    it('carries values of all builtin kinds both ways', async () => {
      const tests = [
        'import collections, decimal, fractions, datetime, math, array',
        'values = [None, True, 0, -1, 2**53, -2**53, 2**200, 10**5000, 1.0, -0.0, 1e300, float("inf"), 0.1, "", "é\\ud800\\n", b"\\x00\\xff", bytearray(b"x"),',
        '  [], [1, [2, [3]]], (), (1,), (1, (2,)), {}, {1: "a", (1, 2): {"b": None}}, set(), {1, 2}, frozenset([3]), 1 + 2j, range(3), range(10, 0, -3),',
        '  collections.Counter("abca"), collections.OrderedDict([(2, 1), (1, 2)]), collections.deque([1, 2], 5), decimal.Decimal("1.10"), fractions.Fraction(1, 3),',
        '  datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29, 1, 2, 3, 4), datetime.timedelta(1, 2, 3), datetime.time(1, 2), array.array("i", [1, 2]), int, str, Ellipsis]',
        'for value in values:',
        '    got = f(value)',
        '    assert type(got) is type(value), (value, got)',
        '    assert got == value, (value, got)',
        'assert math.copysign(1, f(-0.0)) == -1 and math.isnan(f(float("nan")))',
        'assert f(collections.defaultdict(list, {1: [2]})) == {1: [2]}',
        'assert [f(x) for x in (1, "a", [2])] == [1, "a", [2]]',
      ].join('\n');
      expect(await judge('def f(x):\n    return x', tests)).toMatchObject({ kind: 'passed' });
    });

    it('gives iterators, views and named tuples as what they hold', async () => {
      const candidate = [
        'import collections',
        'P = collections.namedtuple("P", "x y")',
        'def f(kind):',
        '    if kind == "generator": return (n * n for n in range(1000))',
        '    if kind == "map": return map(str, [1, 2])',
        '    if kind == "keys": return {1: 2}.keys()',
        '    if kind == "items": return {1: 2}.items()',
        '    if kind == "values": return {1: 2}.values()',
        '    if kind == "tuple": return P(1, 2)',
        '    if kind == "broken": return (1 // (2 - n) for n in range(5))',
      ].join('\n');
      const tests = [
        'assert list(f("generator"))[-1] == 998001 and sum(1 for _ in f("generator")) == 1000',
        'assert next(f("generator")) == 0',
        'assert list(f("map")) == ["1", "2"] and sorted(f("keys")) == [1] and f("keys") == {1}',
        'assert list(f("items")) == [(1, 2)] and list(f("values")) == [2]',
        'assert f("tuple") == (1, 2)',
        'try:\n    list(f("broken"))\n    assert False\nexcept ZeroDivisionError:\n    pass',
      ].join('\n');
      expect(await judge(candidate, tests)).toMatchObject({ kind: 'passed' });
    });

    it('shows tests what the candidate does to their arguments', async () => {
      const candidate =
        'def f(items, table, seen, extra=None):\n    items.sort()\n    items.append(9)\n    table["k"] = [1]\n    seen.discard(1)\n    return items';
      const tests =
        'a, b, c = [3, 1], {"x": 1}, {1, 2}\nassert f(a, b, seen=c, extra=[1]) == [1, 3, 9]\nassert a == [1, 3, 9] and b == {"x": 1, "k": [1]}';
      expect(await judge(candidate, tests)).toMatchObject({ kind: 'passed' });
    });

    it('lets tests expect exceptions', async () => {
      const candidate =
        'class Own(ValueError):\n    pass\ndef f(x):\n    if x < 0:\n        raise Own("negative")\n    if x == 0:\n        raise KeyError("k")\n    return x';
      const tests =
        'for bad, kind in ((-1, ValueError), (0, KeyError)):\n    try:\n        f(bad)\n    except kind:\n        pass\n    else:\n        raise AssertionError("no exception")\nassert f(2) == 2';
      expect(await judge(candidate, tests)).toMatchObject({ kind: 'passed' });
    });

    it('binds given values', async () => {
      const values = {
        inputs: [[1, 2], [{ t: [{ f: '0.5' }] }]],
        expected: { d: [[{ t: [1, 2] }, { s: [1] }]] },
        big: { i: '0x100000000000000000' },
      };
      const tests =
        'assert inputs == [[1, 2], [(0.5,)]] and expected == {(1, 2): {1}} and big == 2**68\nassert f(*inputs[0]) == 3';
      expect(await judge('def f(a, b):\n    return a + b', tests, { values })).toMatchObject({ kind: 'passed' });
    });

    it('takes a builtin name for the candidate only where it is the entry point', async () => {
      const candidate = 'def sum(a, b):\n    return a - b';
      expect(await kindOf(candidate, 'assert sum(3, 2) == 1', { entryPoint: 'sum' })).toBe('passed');
      if (mode === 'strict')
        expect(await kindOf(`${candidate}\ndef f(x):\n    return x`, 'assert sum([f(1), 2]) == 3')).toBe('passed');
    });

    it('gives tests the modules that a candidate imported', async () => {
      const candidate = 'import sys\nimport collections as ct\ndef f(x):\n    return sys.getsizeof(x)';
      expect(
        await judge(candidate, 'assert f((1, 2)) == sys.getsizeof((1, 2)) and ct.Counter("a")["a"] == 1'),
      ).toMatchObject({
        kind: 'passed',
      });
      if (mode === 'strict') {
        const verdict = await judge('import os\ndef f(x):\n    return x', 'os.getcwd()\nassert f(1) == 1');
        expect(verdict.kind).not.toBe('fault');
      }
    });

    it('knows dataclasses, type hints and main guards', async () => {
      const candidate = [
        'from __future__ import annotations',
        'from dataclasses import dataclass, field',
        'from typing import List, Optional',
        'import enum',
        '@dataclass(order=True)',
        'class Item:',
        '    weight: int',
        '    tags: List[str] = field(default_factory=list)',
        'class Colour(enum.IntEnum):',
        '    RED = 1',
        'def f(n: int) -> Optional[int]:',
        '    return max(Item(i) for i in range(n)).weight + Colour.RED',
        'if __name__ == "__main__":',
        '    f(int(input()))',
      ].join('\n');
      expect(await judge(candidate, 'assert f(3) == 3 and f(3) is not None')).toMatchObject({ kind: 'passed' });
    });

    it('evaluates a function', async () => {
      const { verdict, calls } = await sandbox.evaluate({
        id: 'evaluation',
        candidate: 'def f(a, b=1):\n    return {"q": (a / b, a ** 60)}',
        entryPoint: 'f',
        inputs: [[6, 3], [1, 0], [{ f: '2.5' }]],
        timeLimitMs: 10_000,
      });
      expect(verdict).toMatchObject({ kind: 'passed' });
      expect(calls.map((call) => ({ ...call, wallMs: Math.sign(call.wallMs) }))).toEqual([
        {
          kind: 'returned',
          wallMs: 1,
          value: { d: [['q', { t: [{ f: '2.0' }, { i: `0x${(6n ** 60n).toString(16)}` }] }]] },
        },
        { kind: 'raised', wallMs: 1, error: 'ZeroDivisionError', detail: expect.any(String) },
        { kind: 'returned', wallMs: 1, value: { d: [['q', { t: [{ f: '2.5' }, { f: expect.any(String) }] }]] } },
      ]);
      const missing = await sandbox.evaluate({
        id: 'e',
        candidate: 'x = 1',
        entryPoint: 'f',
        inputs: [[]],
        timeLimitMs: 5000,
      });
      expect(missing).toMatchObject({ verdict: { kind: 'wrong_entry_point' }, calls: [] });
      const slow = await sandbox.evaluate({
        id: 'e',
        candidate: 'def f(x):\n    while x: pass\n    return x',
        entryPoint: 'f',
        inputs: [[0], [1]],
        timeLimitMs: 500,
      });
      expect(slow.verdict.kind).toBe('timeout');
    });

    it('stops when told to, running or waiting', async () => {
      const endless = sandboxProgram('def f(x):\n    while True:\n        pass', 'f(1)', { timeLimitMs: 60_000 });
      const controller = new AbortController();
      const running = Array.from({ length: 4 }, () => sandbox.run(endless, controller.signal));
      const settled = Promise.allSettled(running);
      setTimeout(() => controller.abort(new Error('enough')), 300);
      expect((await settled).map((one) => (one.status === 'rejected' ? String(one.reason) : one.value))).toEqual(
        Array.from({ length: 4 }, () => 'Error: enough'),
      );
      await expect(sandbox.run(endless, controller.signal)).rejects.toThrow('enough');
      expect(await kindOf('def f(x):\n    return x', 'assert f(1) == 1')).toBe('passed');
    });

    it('calibrates itself on programs that are right', async () => {
      const quick = sandboxProgram('def f(x):\n    return x', 'assert f(1) == 1', { id: 'quick' });
      const slow = sandboxProgram('import time\ndef f(x):\n    time.sleep(0.5)\n    return x', 'assert f(1) == 1', {
        id: 'slow',
        timeLimitMs: 250,
      });
      expect(await calibrateTimeFactor(sandbox, [])).toEqual({ timeFactor: 1, slowest: null });
      const calibration = await calibrateTimeFactor(sandbox, [quick, slow]);
      expect(calibration.slowest?.id).toBe('slow');
      expect(calibration.timeFactor).toBeGreaterThanOrEqual(4);
      sandbox.setTimeFactor(calibration.timeFactor);
      expect((await sandbox.run(slow)).kind).toBe('passed');
      sandbox.setTimeFactor(1);
    });
  });

  describe(`${title}, from start to end`, () => {
    it('leaves no process, and refuses work once closed', async () => {
      const before = descendantProcesses();
      const sandbox = await open(sandboxSettings('strict', 1));
      const endless = sandboxProgram('def f(x):\n    while True:\n        pass', 'f(1)', { timeLimitMs: 60_000 });
      const running = sandbox.run(endless).then(
        (verdict) => verdict.kind,
        () => 'rejected',
      );
      const waiting = sandbox.run(endless).then(
        (verdict) => verdict.kind,
        () => 'rejected',
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      await sandbox.close();
      expect(await waiting).toBe('rejected');
      expect(await running).toBe('rejected');
      await expect(sandbox.run(endless)).rejects.toMatchObject({ code: 'E_SANDBOX_FAILED' });
      expect(descendantProcesses().filter((id) => !before.includes(id))).toEqual([]);
    });

    it('refuses a limit it cannot keep', async () => {
      await expect(open({ ...sandboxSettings('strict'), memoryBytes: mebibyte })).rejects.toMatchObject({
        code: 'E_OPTION_INVALID',
      });
    });
  });
}
