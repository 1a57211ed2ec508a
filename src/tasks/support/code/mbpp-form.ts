import type { RenderedPrompt } from '../../../core/ports/task.ts';
import type { TaskSettings } from '../../../core/ports/task.ts';
import { QwenEvalError } from '../../../core/errors.ts';
import type { Sample } from '../../../core/sample.ts';
import type { CodeInput, CodeTarget } from '../../../scorers/support/code/code-sample.ts';
import { chatWithShots, type ChatShot } from '../chat-shots.ts';

/** A problem of MBPP, whichever file it comes from. */
export interface MbppProblem {
  readonly id: number;
  readonly text: string;
  readonly code: string;
  /** Imports the tests need. */
  readonly imports: string;
  /** What the tests build before they begin, out of what the answer defines. */
  readonly preparation: string;
  readonly tests: readonly string[];
}

/** Input of an MBPP sample; `shots` is one array shared by all samples. */
export interface MbppInput extends CodeInput {
  readonly shots: readonly ChatShot[];
}

/** Problems that the authors set apart as examples. */
const shotIds = [2, 3, 4];
/** The test split. */
const firstTest = 11;
const lastTest = 510;

const timeLimitMs = 5000;
/** Problems whose solution itself works for seconds. */
const slowTimeLimitMs: Readonly<Record<number, number>> = { 123: 40_000 };

/** Line ends as Python writes them. */
export const plainLines = (text: string): string => text.replaceAll('\r\n', '\n');

/** The function that the tests call: the first name in them that the solution defines; null when there is none. */
export function testedName(code: string, tests: readonly string[]): string | null {
  const defined = new Set(Array.from(code.matchAll(/^(?:def|class)[ \t]+(\w+)/gm), ([, name]) => name));
  const called = Array.from(tests.join('\n').matchAll(/\b(\w+)[ \t]*\(/g), ([, name = '']) => name);
  return called.find((name) => defined.has(name)) ?? null;
}

const askFor = ({ text, tests }: MbppProblem): string =>
  `${text}\nAnswer with one self-contained program in a Markdown code block. It has to pass these tests:\n\n${tests.join('\n')}\n`;

/** The first examples of the authors, in their order. Throws E_OPTION_INVALID when more are asked for than there are. */
function shotsOf(problems: readonly MbppProblem[], count: number): readonly ChatShot[] {
  if (count > shotIds.length) {
    throw new QwenEvalError('E_OPTION_INVALID', `MBPP has ${shotIds.length} examples, ${count} were asked for`, {
      hint: `set --num-fewshot to ${shotIds.length} or less`,
    });
  }
  return shotIds.slice(0, count).flatMap((id) => {
    const problem = problems.find((one) => one.id === id);
    return problem ? [{ ask: askFor(problem), reply: `\`\`\`python\n${problem.code.trim()}\n\`\`\`` }] : [];
  });
}

/** Samples of the test split, or of every split where the setting `split` of the task is `all`. */
export function mbppSamples(
  problems: readonly (MbppProblem & { readonly entryPoint: string })[],
  settings: TaskSettings,
): readonly Sample<MbppInput, CodeTarget>[] {
  const shots = shotsOf(problems, settings.fewShot);
  const isAll = settings.extra['split'] === 'all';
  return problems
    .filter(({ id }) => isAll || (id >= firstTest && id <= lastTest))
    .map((problem): Sample<MbppInput, CodeTarget> => {
      const { id, code, entryPoint, imports, preparation, tests } = problem;
      return {
        id: String(id),
        category: null,
        cluster: null,
        input: { entryPoint, stub: null, ask: askFor(problem), shots },
        target: {
          solution: code,
          setup: imports,
          tests: `${preparation}\n${tests.join('\n')}\n`,
          cases: null,
          timeLimitMs: slowTimeLimitMs[id] ?? timeLimitMs,
        },
        ...(id in slowTimeLimitMs ? { isSlow: true } : {}),
      };
    });
}

/** The question with the authors' examples before it, as turns of their own. */
export const renderMbpp = ({ shots, ask }: MbppInput): RenderedPrompt => ({
  kind: 'chat',
  messages: chatWithShots(shots, ask),
});
