import type { LegacyScore } from './legacy-tracker.ts';
import { parseLabel, plainText, type MarkdownBlock } from './parse-markdown.ts';

/** A task as names in an old document are matched with it. */
export interface NamedTask {
  readonly id: string;
}

const words = (text: string): readonly string[] => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
const joined = (text: string): string => words(text).join('');

/** The task that a label means: the one of the same name, or the one whose name begins with the label or the label with it. Under a heading about agents only agent tasks are meant, elsewhere none of them. */
function taskOf(
  label: string,
  context: { readonly isAgent: boolean; readonly tasks: readonly NamedTask[] },
): string | null {
  const agents = context.tasks.filter(({ id }) => words(id).includes('agent') === context.isAgent);
  const nameOf = ({ id }: NamedTask): readonly string[] => words(id).filter((word) => word !== 'agent');
  const wanted = words(label);
  const exact = agents.find((task) => nameOf(task).join('') === joined(label));
  if (exact) return exact.id;
  const begins = agents.filter(
    (task) => startsWith(wanted, nameOf(task)) || (wanted.length > 1 && startsWith(nameOf(task), wanted)),
  );
  return begins.toSorted((a, b) => nameOf(b).length - nameOf(a).length)[0]?.id ?? null;
}

const startsWith = (long: readonly string[], short: readonly string[]): boolean =>
  short.every((word, index) => long[index] === word);

/** Scores of a section: rows of tables with a score column, and labels with a share under headings about agents or tests. */
export function readScores(blocks: readonly MarkdownBlock[], tasks: readonly NamedTask[]): readonly LegacyScore[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'table') return tableScores(block, tasks);
    if (block.kind !== 'item') return [];
    return itemScore(block, tasks);
  });
}

function tableScores(
  block: MarkdownBlock & { readonly kind: 'table' },
  tasks: readonly NamedTask[],
): readonly LegacyScore[] {
  return block.rows.flatMap(({ cells, line }): LegacyScore[] => {
    const column = (name: RegExp): string =>
      plainText(Object.entries(cells).find(([title]) => name.test(title))?.[1] ?? '');
    const text = column(/score|accuracy/i);
    const label = column(/dataset|benchmark|task/i);
    if (text === '' || label === '') return [];
    const samples = /^\d+$/.exec(column(/samples|^n$/i));
    const n = samples ? Number(samples[0]) : null;
    const value = shareOf(text);
    return [
      {
        label,
        task: taskOf(label, { isAgent: false, tasks }),
        text,
        value,
        n,
        successes: successesOf(value, n),
        note: [column(/status/i), column(/notes?/i)].filter((part) => part !== '').join(': ') || null,
        line,
      },
    ];
  });
}

function itemScore(
  block: MarkdownBlock & { readonly kind: 'item' },
  tasks: readonly NamedTask[],
): readonly LegacyScore[] {
  const section = block.path.at(-1) ?? '';
  const isAgent = /agent/i.test(section);
  const isTest = /test$/i.test(section);
  const found = parseLabel(block.text);
  if (!found || !(isAgent || isTest)) return [];
  const value = shareOf(found.value);
  if (value === null) return [];
  const label = isTest && /accuracy|score/i.test(found.label) ? section.replace(/\s*test$/i, '') : found.label;
  const counted = /(\d+)\s*\/\s*(\d+)/.exec(found.value);
  const n = counted && Number(counted[2]) > 0 ? Number(counted[2]) : null;
  return [
    {
      label,
      task: taskOf(label, { isAgent, tasks }),
      text: found.value,
      value,
      n,
      successes: counted ? Number(counted[1]) : null,
      note: null,
      line: block.line,
    },
  ];
}

/** The first percentage of a text, in [0,1]. */
function shareOf(text: string): number | null {
  const match = /(\d+(?:\.\d+)?)\s*%/.exec(text);
  const share = match ? Number(match[1]) / 100 : null;
  return share === null || share > 1 ? null : share;
}

/** Right answers where score and samples make a whole number. */
function successesOf(value: number | null, n: number | null): number | null {
  if (value === null || n === null) return null;
  const successes = Math.round(value * n);
  return Math.abs(successes - value * n) < 0.51 ? successes : null;
}
