import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/core/ports/sandbox.ts';
import type { Confinement } from '../../src/sandbox/native/confinement.ts';
import { openNative } from '../../src/sandbox/native/open-native.ts';
import { describeConfined } from '../support/describe-confined.ts';
import { sandboxSettings } from './sandbox.contract.ts';

/** Runs a body in a function and gives what it returns; `told` gives the name of an exception in place of a value. */
const program = (body: readonly string[]): string =>
  [
    'import ctypes, fcntl, os, socket, time',
    'libc = ctypes.CDLL(None, use_errno=True)',
    'def told(work):',
    '    try:',
    '        return work()',
    '    except BaseException as error:',
    '        return type(error).__name__',
    'def call(*arguments):',
    '    result = libc.syscall(*[ctypes.c_long(argument) for argument in arguments])',
    '    return ctypes.get_errno() if result < 0 else "done"',
    `def f(pid):`,
    ...body.map((line) => `    ${line}`),
  ].join('\n');

/** What a program can find out and do outside, by confinement: the fallback has no namespaces, Landlock and the call filter stand in for them. */
for (const kind of ['bubblewrap', 'landlock'] as const)
  describeConfined(`the view from ${kind}`, (found) => viewFrom(kind, found), kind);

function viewFrom(kind: Confinement['kind'], found: Confinement): void {
  describe(`the view from ${kind}`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await openNative(sandboxSettings('strict', 1), found);
    });
    afterAll(() => sandbox.close());

    const see = async (...body: readonly string[]): Promise<unknown> => {
      const { verdict, calls } = await sandbox.evaluate({
        id: 'view',
        candidate: program(body),
        entryPoint: 'f',
        inputs: [[process.pid]],
        timeLimitMs: 10_000,
      });
      const [call] = calls;
      return call?.kind === 'returned' ? call.value : { verdict, call };
    };

    it.runIf(process.arch === 'x64')('holds no other process: none is named, signalled or looked into', async () => {
      const refused = 1;
      const absent = 3;
      const held = await see(
        // kill, tkill, tgkill, ptrace, process_vm_readv, pidfd_open, prlimit64
        'calls = [(62, pid, 0), (200, pid, 0), (234, pid, pid, 0), (101, 16, pid), (310, pid), (434, pid, 0), (302, pid, 7, 0, 0)]',
        'return [call(*one) for one in calls]',
      );
      expect(held).toHaveLength(7);
      for (const one of held as readonly unknown[]) expect([refused, absent]).toContain(one);
      // getpgid, getsid, get_robust_list, sched_getaffinity, sched_getparam, sched_getscheduler
      for (const number of [121, 124, 274, 204, 143, 145])
        expect([refused, absent]).toContain(await see(`return call(${number}, pid, 8, 0)`));
      expect(await see('return told(lambda: time.clock_gettime((~pid << 3) | 2))')).toMatch(/Error$/);
    });

    it('has its own clocks, threads and processor', async () => {
      expect(
        await see(
          'import threading',
          'seen = []',
          'thread = threading.Thread(target=lambda: seen.append(time.thread_time() >= 0))',
          'thread.start()',
          'thread.join()',
          'times = [time.time() > 0, time.monotonic() > 0, time.process_time() >= 0, time.perf_counter() > 0]',
          'time.sleep(0.01)',
          'return seen + times + [len(os.sched_getaffinity(0)) > 0, os.getpgid(0) >= 0, time.get_clock_info("time").resolution > 0]',
        ),
      ).toEqual(Array.from({ length: 8 }, () => true));
    });

    it('opens no file and lists no folder outside what Python needs', async () => {
      const opened = await see(
        'paths = ["/etc/passwd", "/proc/self/environ", f"/proc/{pid}/environ", "/proc/net/tcp", "/sys/kernel/hostname", "/dev/shm/x", "/root/.bashrc"]',
        'return [told(lambda: open(path).read(1)) for path in paths] + [told(lambda: os.listdir(path)) for path in ["/etc", "/proc", "/home"]]',
      );
      expect(opened).toHaveLength(10);
      for (const one of opened as readonly unknown[]) expect(one).toMatch(/Error$/);
    });

    it('has no socket of any family', async () => {
      const families = await see(
        'return [told(lambda: socket.socket(family, socket.SOCK_STREAM)) for family in [socket.AF_INET, socket.AF_INET6, socket.AF_UNIX]]',
      );
      expect(families).toEqual(['PermissionError', 'PermissionError', 'PermissionError']);
    });

    it(
      kind === 'landlock'
        ? 'finds out of a path outside whether it is there and its attributes'
        : 'finds nothing of a path outside',
      async () => {
        const seen = await see('return told(lambda: os.stat("/etc/passwd").st_size > 0)');
        expect(seen).toBe(kind === 'landlock' ? true : 'FileNotFoundError');
      },
    );
  });
}
