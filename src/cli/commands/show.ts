import { closest } from '../../core/closest.ts';
import { exitCodes, isQwenEvalError, QwenEvalError } from '../../core/errors.ts';
import { formatResult } from '../../reports/console.ts';
import { findRunDirectory, loadResultDocument, loadRunDocument } from '../../store/run-directory.ts';
import { defineCommand, type Invocation } from '../command.ts';
import { describeRow } from '../describe-row.ts';
import { listings } from '../listings.ts';

export default defineCommand({
  id: 'show',
  summary: 'show one model, preset, task, engine, dataset or run in full',
  arguments: [
    { name: 'thing', description: 'id of what is shown, or its kind followed by its id', required: true },
    { name: 'id', description: 'id, when the kind is given', required: false },
  ],
  example: 'qwen-eval show preset balanced',
  run: async (invocation) => {
    const [first = '', second] = invocation.arguments;
    const kinds = second === undefined ? Object.keys(listings) : [kindOf(first)];
    const id = second ?? first;
    for (const kind of kinds) {
      const detail = (await listings[kind]?.detail?.(id, invocation)) ?? null;
      if (detail) return { exitCode: exitCodes.ok, ...detail };
      const row = (await rowsOf(kind, invocation)).find((candidate) => candidate['id'] === id);
      if (row && kind !== 'runs') return { exitCode: exitCodes.ok, document: row, text: describeRow(row) };
    }
    if (kinds.includes('runs')) {
      const shown = showRun(invocation, id);
      if (shown) return shown;
    }
    throw await notFound(invocation, { id, kinds });
  },
});

/** `preset` and `presets` both name the kind. */
function kindOf(word: string): string {
  const kind = Object.keys(listings).find((name) => name === word || name === `${word}s`);
  if (kind) return kind;
  throw new QwenEvalError('E_USAGE', `there is no kind ${word}`, {
    hint: `kinds: ${Object.keys(listings).join(', ')}`,
  });
}

const rowsOf = async (kind: string, invocation: Invocation) => (await listings[kind]?.rows(invocation)) ?? [];

async function notFound(
  invocation: Invocation,
  asked: { readonly id: string; readonly kinds: readonly string[] },
): Promise<QwenEvalError> {
  const ids = (await Promise.all(asked.kinds.map((kind) => rowsOf(kind, invocation))))
    .flat()
    .map((row) => String(row['id']));
  const suggestion = closest(asked.id, ids);
  return new QwenEvalError('E_USAGE', `nothing is called ${asked.id}`, {
    hint: suggestion ? `did you mean ${suggestion}?` : 'see `qwen-eval list tasks` and the other lists',
  });
}

function showRun(invocation: Invocation, reference: string) {
  try {
    const directory = findRunDirectory(invocation.options.out, reference);
    const document = loadRunDocument(directory);
    const result = loadResultDocument(directory);
    const text = result
      ? formatResult(result)
      : `run ${directory.runId} has no result yet: \`qwen-eval resume ${directory.runId}\``;
    return {
      exitCode: exitCodes.ok,
      document: { run: document, result, path: directory.path },
      text: `${text}\n\nrun directory: ${directory.path}`,
    };
  } catch (error) {
    if (isQwenEvalError(error) && error.code === 'E_RUN_NOT_FOUND') return null;
    throw error;
  }
}
