import fc from 'fast-check';
import type { DatasetReader } from '../../src/core/ports/dataset.ts';
import type { Sandbox } from '../../src/core/ports/sandbox.ts';
import type { Task } from '../../src/core/ports/task.ts';
import type { Sample } from '../../src/core/sample.ts';
import { certifyTask } from '../../src/runner/certify.ts';
import { textResponse, type RawTurn } from '../../src/text/assistant-turn.ts';
import { settingsOf } from '../support/load-task-samples.ts';

/** The code tasks that mutants are told by, as files below src/. */
export const codeTaskFiles = ['humaneval', 'humaneval-plus', 'mbpp', 'mbpp-sanitized', 'mbpp-plus'] as const;
type TaskFile = (typeof codeTaskFiles)[number];

/** An answer of known worth to one problem, for rules that no rendering of the certificate depends on. */
interface KnownAnswer {
  readonly task: TaskFile;
  /** Place of the problem in the file. */
  readonly problem: number;
  readonly isRight: boolean;
  readonly kind: string;
  readonly text: string;
  readonly raw?: Omit<RawTurn, 'text'>;
}

const fenced = (code: string): string => `\`\`\`python\n${code.trimEnd()}\n\`\`\``;

/** Lines through the points of a problem's tests: a right answer is the line, a wrong one meets it in one point at most. */
const lineProblems = fc.sample(
  fc.record({
    slope: fc.integer({ min: 2, max: 9 }),
    offset: fc.integer({ min: -9, max: 9 }),
    points: fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 3, maxLength: 3 }),
    turn: fc.integer({ min: 1, max: 5 }),
  }),
  { seed: 4, numRuns: 8 },
);

const line = (slope: number, offset: number): string => `def line(x):\n    return ${slope} * x + ${offset}\n`;

const mbppRows = [
  {
    text: 'Write a function that counts the nodes of a linked list.',
    code: 'class Node:\n    def __init__(self, value):\n        self.value = value\n        self.next = None\n\ndef length(node):\n    count = 0\n    while node is not None:\n        count += 1\n        node = node.next\n    return count',
    test_list: ['assert length(first) == 2', 'assert length(None) == 0', 'assert length(Node(7)) == 1'],
    test_setup_code: 'first = Node(1)\nfirst.next = Node(2)',
  },
  {
    text: 'Write a function that sorts a list in place and gives its length.',
    code: 'def arrange(items):\n    items.sort()\n    return len(items)',
    test_list: ['items = [3, 1, 2]\nassert arrange(items) == 3', 'assert items == [1, 2, 3]'],
    test_setup_code: '',
  },
  ...lineProblems.map(({ slope, offset, points }) => ({
    text: 'Write a function that gives the place on a line.',
    code: line(slope, offset),
    test_list: points.map((x) => `assert line(${x}) == ${slope * x + offset}`),
    test_setup_code: '',
  })),
];

const sanitizedRows = [
  {
    prompt: 'Write a function that gives the area of a circle.',
    code: 'import math\n\ndef area(radius):\n    return math.pi * radius ** 2',
    test_imports: ['from math import isclose as near'],
    test_list: ['assert near(area(1), 3.14159, rel_tol=1e-3)', 'assert near(area(2), 12.56637, rel_tol=1e-3)'],
  },
  {
    prompt: 'Write a function that tells whether a number is even.',
    code: 'def is_even(number):\n    return number % 2 == 0',
    test_imports: [],
    test_list: ['assert is_even(2) == True', 'assert is_even(3) == False'],
  },
];

const humanEvalRows = [
  {
    prompt:
      'import math\nfrom typing import List\n\n\ndef doubled(value: int) -> int:\n    """Twice the value."""\n    return 2 * value\n\n\ndef total(values: List[int]) -> int:\n    """ Twice the sum of the square roots, rounded down.\n    >>> total([4, 9])\n    10\n    """\n',
    entry_point: 'total',
    canonical_solution:
      '    result = 0\n    for value in values:\n        result += math.isqrt(value)\n    return doubled(result)\n',
    test: '\n\nMETADATA = {}\n\n\ndef check(candidate):\n    assert candidate([4, 9]) == 10\n    assert candidate([]) == 0\n    assert candidate([doubled(8)]) == 8\n',
  },
  {
    prompt: '\n\ndef shout(text: str, times: int = 1) -> str:\n    """ The text in capitals, repeated. """\n',
    entry_point: 'shout',
    canonical_solution: "    if times < 1:\n        raise ValueError('too few')\n    return text.upper() * times\n",
    test: "\n\ndef check(candidate):\n    assert candidate('a') == 'A'\n    assert candidate('ab', times=2) == 'ABAB'\n    try:\n        candidate('a', 0)\n        assert False\n    except ValueError:\n        pass\n",
  },
];

const humanEvalPlusRows = [
  {
    prompt: 'def halves(values: list) -> list:\n    """ Half of every value. """\n',
    entry_point: 'halves',
    canonical_solution: '    return [value / 2 for value in values]\n',
    test: '\ndef check(candidate):\n    inputs = [[[1, 3]], [[]], [[4]]]\n    results = [[0.5, 1.5], [], [2.0]]\n    for i, (inp, exp) in enumerate(zip(inputs, results)):\n        assertion(candidate(*inp), exp, 0)\n',
  },
];

const mbppPlusRows = [
  {
    task_id: 'Mbpp/900',
    prompt: '"""\nWrite a function that gives the smaller half of a list in order.\n"""\n',
    entry_point: 'smaller_half',
    canonical_solution: 'def smaller_half(items):\n    return sorted(items)[: len(items) // 2]\n',
    base_input: [[[3, 1, 2, 4]]],
    plus_input: [[[]], [[5, 4]]],
    atol: 0,
  },
];

const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const numbered = (rows: readonly object[]) => rows.map((row, index) => ({ task_id: 11 + index, ...row }));
const named = (rows: readonly object[]) => rows.map((row, index) => ({ task_id: `Own/${index}`, ...row }));

const texts: Readonly<Record<TaskFile, string>> = {
  humaneval: lines(named(humanEvalRows)),
  'humaneval-plus': lines(named(humanEvalPlusRows)),
  mbpp: lines(numbered(mbppRows)),
  'mbpp-sanitized': JSON.stringify(numbered(sanitizedRows)),
  'mbpp-plus': lines(mbppPlusRows),
};

/** A reader of one text under any name. */
function readerOf(text: string): DatasetReader {
  const refuse = (): Promise<never> => Promise.reject(new Error('not a table'));
  return {
    files: new Map(),
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    jsonLines: () => Promise.resolve(text.split('\n').map((row) => JSON.parse(row) as unknown)),
    csv: refuse,
    parquet: refuse,
    zip: refuse,
  };
}

const right = (task: TaskFile, problem: number, [kind, text]: readonly [string, string]): KnownAnswer => ({
  task,
  problem,
  isRight: true,
  kind,
  text,
});

const wrong = (
  task: TaskFile,
  problem: number,
  [kind, text]: readonly [string, string],
  raw?: Omit<RawTurn, 'text'>,
): KnownAnswer => ({ task, problem, isRight: false, kind, text, ...(raw === undefined ? {} : { raw }) });

const shoutBody = "    if times < 1:\n        raise ValueError('too few')\n    return text.upper() * times\n";
const shout = `def shout(text, times=1):\n${shoutBody}`;

const knownAnswers: readonly KnownAnswer[] = [
  ...lineProblems.flatMap(({ slope, offset, points, turn }, index) =>
    points.map((x, point) =>
      wrong('mbpp', 2 + index, [
        `meets the line at point ${point} alone`,
        fenced(line(slope + turn, offset - turn * x)),
      ]),
    ),
  ),
  wrong('mbpp', 0, [
    'counts one node too few where there are two',
    fenced(`${mbppRows[0]?.code.replace('return count', 'return min(count, 1)')}`),
  ]),
  wrong('mbpp', 1, ['leaves the list as it was', fenced('def arrange(items):\n    return len(items)')]),
  wrong('humaneval', 0, [
    'leaves the list for the helper',
    fenced('def total(values):\n    return doubled(sum(values) and 5)'),
  ]),
  wrong('humaneval', 1, ['raises nothing', fenced('def shout(text, times=1):\n    return text.upper() * times')]),
  wrong('humaneval', 1, [
    'raises something else',
    fenced(
      "def shout(text, times=1):\n    if times < 1:\n        raise KeyError('too few')\n    return text.upper() * times",
    ),
  ]),
  wrong('humaneval', 1, ['loops without end', fenced('def shout(text, times=1):\n    while True:\n        pass')]),
  wrong('humaneval', 1, ['needs too much memory', fenced("def shout(text, times=1):\n    return 'A' * 2**40")]),
  wrong('humaneval', 1, [
    'starts a process',
    fenced("import os\n\ndef shout(text, times=1):\n    os.fork()\n    raise PermissionError('no')"),
  ]),
  wrong('humaneval', 1, ['ends with status nought while it loads', fenced(`${shout}\nimport os\nos._exit(0)`)]),
  wrong('humaneval', 1, [
    'gives a text that claims to be equal',
    fenced(
      "class Same(str):\n    def __eq__(self, other):\n        return True\n    __hash__ = str.__hash__\n\ndef shout(text, times=1):\n    if times < 1:\n        raise ValueError('too few')\n    return Same('no')",
    ),
  ]),
  wrong('humaneval-plus', 0, [
    'is right for the first input alone',
    fenced('def halves(values):\n    return [0.5, 1.5]'),
  ]),
  wrong('humaneval-plus', 0, [
    'is a little off',
    fenced('def halves(values):\n    return [value / 2 + 1e-4 for value in values]'),
  ]),
  right('humaneval-plus', 0, [
    'is off by rounding',
    fenced('def halves(values):\n    return [value / 2 + 1e-12 for value in values]'),
  ]),
  wrong('humaneval-plus', 0, [
    'gives tuples',
    fenced('def halves(values):\n    return tuple(value / 2 for value in values) or []'),
  ]),
  wrong('mbpp-plus', 0, [
    'is right for the examples alone',
    fenced('def smaller_half(items):\n    return [1, 2] if items else []'),
  ]),
  right('humaneval', 1, [
    'two blocks, the helper last',
    `${fenced(shout.replace('text.upper()', 'raised(text)'))}\n\nwith the helper\n\n${fenced('def raised(text):\n    return text.upper()')}`,
  ]),
  right('humaneval', 1, [
    'a constant apart',
    `${fenced('CAPITALS = True')}\n\n${fenced(shout.replace('text.upper()', '(text.upper() if CAPITALS else text)'))}`,
  ]),
  right('humaneval', 1, ['import from the future', fenced(`from __future__ import annotations\n\n${shout}`)]),
  right('humaneval', 0, [
    'import from the future behind the stub',
    fenced(
      'from __future__ import annotations\n\ndef total(values: List[int]) -> int:\n    return doubled(sum(map(math.isqrt, values)))',
    ),
  ]),
  right('humaneval', 1, [
    'a complete block before one that is cut off',
    `${fenced(shout)}\n\nOr else:\n\n\`\`\`python\ndef shout(text, times=1):\n    if ti`,
  ]),
  right('humaneval', 1, [
    'a fence in a docstring',
    fenced(shout.replace('    if', '    """\n    ```\n    shout(1)\n    ```\n    """\n    if')),
  ]),
  right('humaneval', 1, [
    'a lambda',
    fenced(
      "import itertools\n\ndef fail():\n    raise ValueError('too few')\n\nshout = lambda text, times=1: fail() if times < 1 else text.upper() * times",
    ),
  ]),
  right('humaneval', 1, [
    'a decorated function',
    fenced(`import functools\n\n@functools.lru_cache(maxsize=None)\n${shout}`),
  ]),
  right('humaneval', 1, ['a body behind prose', `Sure:\n\n${fenced(shoutBody)}\n\nDone.`]),
  right('humaneval', 1, ['indented as a whole', fenced(shout.replaceAll(/^(?=.)/gm, '    '))]),
  right('humaneval', 1, ['a body in tildes', `Sure:\n\n~~~python\n${shoutBody}~~~\n\nDone.`]),
  right('humaneval', 1, ['a body in marker lines', `[BEGIN]\n${shoutBody}[DONE]\nDone.`]),
  right('humaneval', 1, [
    'a body in a fence behind a sentence',
    `The body is: \`\`\`python\n${shoutBody}\`\`\`\nDone.`,
  ]),
  right('mbpp-sanitized', 0, [
    'its import apart',
    `${fenced('import math')}\n\nand\n\n${fenced('def area(radius):\n    return math.pi * radius ** 2')}`,
  ]),
  right('humaneval', 1, [
    'a decorated helper apart',
    `${fenced('from dataclasses import dataclass\n\n@dataclass\nclass Text:\n    value: str')}\n\nand\n\n${fenced(shout.replace('text.upper()', 'Text(text).value.upper()'))}`,
  ]),
  right('humaneval', 1, [
    'a trial of a helper that breaks',
    fenced(
      `def raised(text):\n    return text.upper()\n\n${shout.replace('text.upper()', 'raised(text)')}\nprint(raised())`,
    ),
  ]),
  right('humaneval', 1, [
    'reads what has the name of an argument',
    fenced(`${shout}\ntimes = int(input())\nprint(shout('a', times))`),
  ]),
  right('humaneval', 0, [
    'another use for the name of the helper',
    fenced('import math\n\ndoubled = 2\n\ndef total(values):\n    return doubled * sum(map(math.isqrt, values))'),
  ]),
  right('humaneval', 1, [
    'gives a text of its own kind',
    fenced(`class Text(str):\n    pass\n\n${shout.replace('text.upper() * times', 'Text(text.upper() * times)')}`),
  ]),
  wrong('humaneval', 1, ['changes its defaults', fenced(`${shout}\nshout.__defaults__ = (3,)`)]),
];

function misjudgedAnswers(
  task: Task,
  {
    samples,
    answers,
    sandbox,
  }: { readonly samples: readonly Sample[]; readonly answers: readonly KnownAnswer[]; readonly sandbox: Sandbox },
): readonly Promise<readonly string[]>[] {
  const settings = settingsOf(task);
  return answers.map(async ({ problem, isRight, kind, text, raw }) => {
    const sample = samples[problem];
    if (sample === undefined) return [`${task.id} has no problem ${problem}`];
    const input = { sample, response: textResponse(text, raw), settings };
    const outcome = await task.scorer.score(input, { sandbox, judge: null });
    const isTaken = outcome.kind === 'scored' && outcome.score === 1;
    return isTaken === isRight ? [] : [`${task.id} ${sample.id}, ${kind}: ${JSON.stringify(outcome)}`];
  });
}

/** What of the certificates over the code tasks and of the known answers is not as it must be; nothing for the original. */
export async function misjudgedCode(
  load: (file: TaskFile) => Promise<Task>,
  sandbox: Sandbox,
): Promise<readonly string[]> {
  const found = await Promise.all(
    codeTaskFiles.map(async (file) => {
      const task = await load(file);
      const settings = settingsOf(task);
      try {
        const loaded = await task.loadSamples({ data: readerOf(texts[file]), settings, tokenizer: null });
        const samples = [...loaded];
        const input = { samples, settings, services: { sandbox, judge: null }, datasets: [] };
        const { passed, failures } = await certifyTask(task, input, { scope: 'full' });
        const answers = knownAnswers.filter((answer) => answer.task === file);
        const misjudged = await Promise.all(misjudgedAnswers(task, { samples, answers, sandbox }));
        return [
          ...misjudged.flat(),
          ...failures.map(({ sampleId, kind, explanation }) => `${file} ${sampleId}, ${kind}: ${explanation}`),
          ...(passed || failures.length > 0 ? [] : [`${file}: not passed`]),
        ];
      } catch (error) {
        return [`${file}: ${error instanceof Error ? error.message : String(error)}`];
      }
    }),
  );
  return found.flat();
}
