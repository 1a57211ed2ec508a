import { QwenEvalError } from '../../../core/errors.ts';
import type { ServerExit } from './server-process.ts';

/** A cause of a failed start, by the line of the log that says so. */
export interface StartFailure {
  /** Stable name, for programs. */
  readonly cause:
    | 'out_of_memory'
    | 'context_too_long'
    | 'model_unknown'
    | 'model_file'
    | 'flag_unknown'
    | 'port_taken'
    | 'no_gpu'
    | 'not_installed'
    | 'not_supported';
  readonly pattern: RegExp;
  /** What happened, in plain words. */
  readonly meaning: string;
  /** How it is mended, given the line. */
  readonly hint: (line: string) => string;
}

const lessMemory = (): string =>
  'take --preset memory_optimized, a shorter context (--max-model-len), a smaller or quantised model, or end what else uses the memory';

/** What every server says in much the same words. */
const common: readonly StartFailure[] = [
  {
    cause: 'port_taken',
    pattern: /address already in use|errno 98\b|couldn't bind|failed to bind|port \d+ is already/i,
    meaning: 'its port is taken',
    hint: () => 'end what runs there, or leave the port out of --engine-options to get a free one',
  },
  {
    cause: 'flag_unknown',
    pattern: /unrecognized arguments?:|invalid argument: |unknown (?:argument|option)|invalid choice: |no such option/i,
    meaning: 'it does not know a flag',
    hint: () =>
      'take the flag out of "args" in --engine-options; if it is a preset’s, report it: `qwen-eval show preset` shows what is sent to which version',
  },
  {
    cause: 'no_gpu',
    pattern:
      /no cuda gpus? (?:are|is) available|found no nvidia driver|torch not compiled with cuda|failed to infer device type|cuda driver version is insufficient|libcuda\.so\.1: cannot open/i,
    meaning: 'it finds no GPU it can use',
    hint: () =>
      'check `nvidia-smi` and the driver; without a GPU use --engine llama-server or the embedded engine with a GGUF file',
  },
  {
    cause: 'out_of_memory',
    pattern:
      /out of memory|outofmemoryerror|cannot allocate memory|std::bad_alloc|unable to allocate|failed to allocate|not enough memory/i,
    meaning: 'it ran out of memory',
    hint: lessMemory,
  },
  {
    cause: 'model_unknown',
    pattern:
      /is not a local folder and is not a valid model identifier|repositorynotfound|repository not found|gated repo|is not a valid (?:repo|model) id|does not appear to have a file named/i,
    meaning: 'it cannot find the model',
    hint: () =>
      'check the name (`qwen-eval list models`) and the network; for a gated model set HF_TOKEN to a token that may read it',
  },
];

/** Explains why a server ended before it answered: the cause with the line that says so, else the last lines. */
export function startError(input: {
  readonly title: string;
  readonly exit: ServerExit;
  readonly lines: readonly string[];
  readonly failures: readonly StartFailure[];
  /** File with the whole log; null when there is none. */
  readonly logPath: string | null;
}): QwenEvalError {
  const { title, exit, lines, failures, logPath } = input;
  const where = logPath === null ? '' : `; its whole log is ${logPath}`;
  const details = { exitCode: exit.code, signal: exit.signal, log: lines.slice(-60), logPath };
  if (exit.startError !== null)
    return new QwenEvalError('E_ENGINE_START', `${title} could not be started: ${exit.startError.message}`, {
      hint: 'check that the program may be run',
      details: { ...details, cause: exit.startError.code },
    });
  const found = explain(lines, failures);
  if (found !== null)
    return new QwenEvalError(
      'E_ENGINE_START',
      `${title} did not start: ${found.failure.meaning}: ${JSON.stringify(shortened(found.line))}`,
      { hint: `${found.failure.hint(found.line)}${where}`, details: { ...details, cause: found.failure.cause } },
    );
  const last = lines.slice(-3).map(shortened).join(' | ');
  const end = exit.signal === 'SIGKILL' ? 'it was killed, probably for lack of memory' : endOf(exit);
  return new QwenEvalError(
    'E_ENGINE_START',
    `${title} did not start: ${end}${last === '' ? '' : `; its last words: ${JSON.stringify(last)}`}`,
    {
      hint: `${exit.signal === 'SIGKILL' ? lessMemory() : 'look into its log'}${where}`,
      details: { ...details, cause: exit.signal === 'SIGKILL' ? 'out_of_memory' : null },
    },
  );
}

/** The failure whose words come first in the log, because what follows it are consequences; null when no line is known. */
export function explain(
  lines: readonly string[],
  own: readonly StartFailure[],
): { readonly failure: StartFailure; readonly line: string } | null {
  const failures = [...own, ...common];
  for (const line of lines) {
    const failure = failures.find(({ pattern }) => pattern.test(line));
    if (failure) return { failure, line: line.trim() };
  }
  return null;
}

const endOf = ({ code, signal }: ServerExit): string =>
  signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;

const longestLine = 400;

const shortened = (line: string): string =>
  line.length <= longestLine ? line.trim() : `${line.trim().slice(0, longestLine)}…`;
