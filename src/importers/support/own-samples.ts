import type { Json } from '../../core/json.ts';
import { readNumericExpression } from '../../text/numeric-expression.ts';
import type { LoggedSample, LoggedTask } from './imported-log.ts';

/** Questions that a log brings along with their key, as the imported tasks read them. */
export interface OwnSamples {
  readonly kind: 'choice' | 'number';
  readonly rows: readonly Json[];
  /** Id of the question that each answer is to; answers whose key cannot be read have none. */
  readonly ids: ReadonlyMap<LoggedSample, string>;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The label of the right option, out of a letter, a position counted from 0 or the option's text; null when it is none of them. */
function goldLabel(target: string, options: readonly string[]): string | null {
  const said = target.trim();
  const byText = options.indexOf(said);
  const index =
    byText >= 0 ? byText : /^\d+$/.test(said) ? Number(said) : letters.indexOf(said.replace(/^\((.)\)$/, '$1'));
  return index >= 0 && index < options.length && said !== '' ? (letters[index] ?? null) : null;
}

const plainNumber = /^[-+]?\$?\d[\d,]*(?:\.\d+)?$|^[-+]?\d+\/\d+$|^[-+]?\\[dt]?frac\{\d+\}\{\d+\}$/;

/** The exact value of a gold answer that is a number and nothing else; null for all others. */
const goldNumber = (target: string): string | null =>
  plainNumber.test(target.trim()) ? readNumericExpression(target.trim()).value : null;

const questionOf = ({ question, answer }: LoggedSample): string => {
  if (question !== null) return question;
  const { request } = answer;
  return request.kind === 'chat' ? (request.messages.at(-1)?.content ?? '') : request.context;
};

const idOf = (answer: LoggedSample): string => answer.ids[0] ?? String(answer.index ?? answer.where);

/** The log's own questions: choices where every answer has options, numbers where at least one gold answer is a number; null for free text. */
export function ownSamples({ samples }: LoggedTask): OwnSamples | null {
  if (samples.length > 0 && samples.every(({ options }) => options !== null && options.length >= 2))
    return ownChoices(samples);
  const golds = samples.map(({ target }) => goldNumber(target ?? ''));
  return golds.some((gold) => gold !== null) ? ownNumbers(samples, golds) : null;
}

function ownChoices(samples: readonly LoggedSample[]): OwnSamples {
  const rows = new Map<string, Json>();
  const ids = new Map<LoggedSample, string>();
  for (const answer of samples) {
    const options = answer.options ?? [];
    const label = goldLabel(answer.target ?? '', options);
    if (label === null) continue;
    const id = idOf(answer);
    const labelled = options.map((text, index) => ({ label: letters[index] ?? '', text }));
    rows.set(id, rows.get(id) ?? { id, question: questionOf(answer), options: labelled, label });
    ids.set(answer, id);
  }
  return { kind: 'choice', rows: inOrder(rows), ids };
}

function ownNumbers(samples: readonly LoggedSample[], golds: readonly (string | null)[]): OwnSamples {
  const rows = new Map<string, Json>();
  const ids = new Map<LoggedSample, string>();
  for (const [index, answer] of samples.entries()) {
    const id = idOf(answer);
    const gold = golds[index] ?? null;
    const fault =
      gold === null
        ? { fault: `its gold answer is no plain number, and no certified rule compares it: ${answer.target ?? 'none'}` }
        : {};
    rows.set(id, rows.get(id) ?? { id, question: questionOf(answer), value: gold ?? answer.target ?? '', ...fault });
    ids.set(answer, id);
  }
  return { kind: 'number', rows: inOrder(rows), ids };
}

/** By id, numbers by their size, so that the order of a log's lines makes no difference. */
const inOrder = (rows: ReadonlyMap<string, Json>): readonly Json[] =>
  [...rows].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, row]) => row);
