import { linesOf } from '../../text/text-units.ts';
import { counted, defineConstraint, type CheckResult, type Constraint } from './constraint.ts';

const bulletLines = (text: string): readonly string[] => linesOf(text).filter((line) => /^[-*•] \S/.test(line));
const numberOf = (line: string): number => Number(/^(\d{1,3})[.)] \S/.exec(line)?.[1] ?? Number.NaN);
const blocks = ['structured', 'sections', 'list', 'lines', 'parts'];

/** Rules about layout and markup. */
export const formatConstraints: readonly Constraint[] = [
  defineConstraint<{ count: number }>({
    id: 'bullets_exact',
    group: 'format',
    level: 0,
    claims: ['layout', 'list'],
    excludes: ['repeat'],
    draw: (rng, level) => ({ count: level === 0 ? rng.integer(2, 3) : rng.integer(3, 4 + level) }),
    describe: ({ count }) => [
      `Write a list of exactly ${count} points, each on a line that begins with "- ".`,
      `Use exactly ${count} bullet points; each starts with "- " on its own line.`,
    ],
    check: (text, { count }) => counted(bulletLines(text).length === count, bulletLines(text).length, 'bullet points'),
    satisfy: (draft, { count }) => void (draft.layout = { kind: 'bullets', count }),
    violate: (text) => `${text}\n- one more point`,
  }),
  defineConstraint<{ count: number }>({
    id: 'numbered_exact',
    group: 'format',
    level: 0,
    claims: ['layout', 'list', 'numbered'],
    excludes: ['repeat'],
    draw: (rng, level) => ({ count: level === 0 ? rng.integer(2, 3) : rng.integer(3, 4 + level) }),
    describe: ({ count }) => [
      `Write a numbered list of exactly ${count} points: "1. " to "${count}. ", each on its own line.`,
      `Number exactly ${count} points from "1. " upwards, one a line.`,
    ],
    check: (text, { count }) => {
      const numbers = linesOf(text)
        .map(numberOf)
        .filter((number) => !Number.isNaN(number));
      return {
        passed: numbers.length === count && numbers.every((number, index) => number === index + 1),
        measured: `numbers ${numbers.join(' ')}`,
      };
    },
    satisfy: (draft, { count }) => void (draft.layout = { kind: 'numbered', count }),
    violate: (text) => text.replace(/^1\. /m, '7. '),
  }),
  defineConstraint<Record<string, never>>({
    id: 'title',
    group: 'format',
    level: 1,
    claims: ['title', 'start'],
    excludes: ['structured', 'lines', 'quoted'],
    draw: () => ({}),
    describe: () => [
      'The first line must be a title in double angle brackets, such as <<Title>>.',
      'Begin with a line that holds only a title wrapped in << and >>.',
    ],
    check: (text) => {
      const first = linesOf(text)[0] ?? '';
      return {
        passed: /^<<[^<>]*[^<>\s][^<>]*>>$/.test(first),
        measured: `first line ${JSON.stringify(first.slice(0, 60))}`,
      };
    },
    satisfy: (draft) => void (draft.title = true),
    violate: (text) => text.replaceAll('<<', '').replaceAll('>>', ''),
  }),
  defineConstraint<{ count: number; label: string }>({
    id: 'sections',
    group: 'format',
    level: 1,
    claims: ['layout', 'sections'],
    excludes: ['repeat', 'script'],
    draw: (rng, level) => ({
      count: rng.integer(2, 2 + level),
      label: rng.pick(['Part', 'Section', 'Chapter', 'Step']),
    }),
    describe: ({ count, label }) => [
      `Divide the text into ${count} sections with the headings "${label} 1" to "${label} ${count}", each heading on its own line.`,
      `Use exactly ${count} sections; head each with a line of its own: "${label} 1", "${label} 2" and so on.`,
    ],
    check: (text, { count, label }) => {
      const pattern = new RegExp(`^[#*\\s]{0,8}${label} (\\d{1,3})[*:.]{0,3}$`, 'i');
      const numbers = linesOf(text).flatMap((line) => pattern.exec(line.slice(0, 40))?.[1] ?? []);
      return {
        passed: numbers.length === count && numbers.every((number, index) => Number(number) === index + 1),
        measured: `headings ${numbers.join(' ')}`,
      };
    },
    satisfy: (draft, { count, label }) => void (draft.layout = { kind: 'sections', count, label }),
    violate: (text, { label }) => text.replace(new RegExp(`^${label} 1$`, 'im'), 'Opening'),
  }),
  defineConstraint<{ count: number }>({
    id: 'highlights_exact',
    group: 'format',
    level: 1,
    claims: ['highlights'],
    excludes: ['structured', 'repeat', 'fence'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Make exactly ${count} words or phrases bold, like **this**.`,
      `Highlight ${count} passages, no more and no fewer, with double asterisks: **passage**.`,
    ],
    check: (text, { count }) => {
      const found = text.match(/\*\*[^*\n]{1,300}\*\*/g)?.length ?? 0;
      return counted(found === count, found, 'bold passages');
    },
    satisfy: (draft, { count }) =>
      void draft.dressed.push(...Array.from({ length: count }, () => 'highlight' as const)),
    violate: (text) => `${text} **more**`,
  }),
  defineConstraint<{ count: number }>({
    id: 'placeholders',
    group: 'format',
    level: 1,
    claims: ['placeholders'],
    excludes: ['structured', 'repeat'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level) }),
    describe: ({ count }) => [
      `Use exactly ${count} placeholders in square brackets, such as [name].`,
      `Put ${count} placeholders like [place] into the text, no more and no fewer.`,
    ],
    check: (text, { count }) => {
      const found = text.match(/\[[^[\]\n]{1,200}\]/g)?.length ?? 0;
      return counted(found === count, found, 'placeholders');
    },
    satisfy: (draft, { count }) =>
      void draft.dressed.push(...Array.from({ length: count }, () => 'placeholder' as const)),
    violate: (text) => `${text} [more]`,
  }),
  defineConstraint<{ keys: readonly string[] }>({
    id: 'json_keys',
    group: 'format',
    level: 0,
    claims: ['layout', 'structured', 'json'],
    excludes: ['title', 'postscript', 'quoted', 'repeat', 'start', 'ending', 'phrase', 'fence', 'script'],
    draw: (rng, level) => ({
      keys: rng.sample(
        ['name', 'place', 'colour', 'size', 'mood', 'reason', 'season', 'shape'],
        level === 0 ? rng.integer(1, 2) : rng.integer(2, 2 + level),
      ),
    }),
    describe: ({ keys }) => [
      `Answer only with a JSON object whose keys are exactly ${keys.map((key) => `"${key}"`).join(', ')} and whose values are strings.`,
      `The whole answer must be one JSON object with string values and just these keys: ${keys.join(', ')}.`,
    ],
    check: (text, { keys }) => checkJson(text, keys),
    satisfy: (draft, { keys }) => void (draft.layout = { kind: 'json', keys }),
    violate: (text) => text.replace('{', '{"extra": "yes", '),
  }),
  defineConstraint<{ rows: number; columns: number }>({
    id: 'table',
    group: 'format',
    level: 1,
    claims: ['layout', 'structured'],
    excludes: ['repeat', 'title', 'postscript', 'quoted', 'start', 'ending', 'phrase'],
    draw: (rng, level) => ({ rows: rng.integer(2, 2 + level), columns: rng.integer(2, 3) }),
    describe: ({ rows, columns }) => [
      `Answer with a Markdown table of ${columns} columns and exactly ${rows} rows below the header.`,
      `Write a Markdown table: a header, the line of dashes and ${rows} rows, each with ${columns} columns.`,
    ],
    check: (text, { rows, columns }) => checkTable(text, rows, columns),
    satisfy: (draft, { rows, columns }) => void (draft.layout = { kind: 'table', rows, columns }),
    violate: (text) => text.split('\n').slice(0, -1).join('\n'),
  }),
  defineConstraint<Record<string, never>>({
    id: 'code_fence',
    group: 'format',
    level: 1,
    claims: ['fence', 'start', 'ending'],
    excludes: ['json', 'quoted', 'phrase', 'title', 'repeat', 'postscript', 'lines'],
    draw: () => ({}),
    describe: () => [
      'Put the whole answer into one fenced code block (```), with nothing before or after it.',
      'The answer must be a single code block between lines of three backticks.',
    ],
    check: (text) => {
      const fences = text.split('\n').filter((line) => line.startsWith('```')).length;
      const trimmed = text.trim();
      return {
        passed: fences === 2 && /^```[a-z]{0,20}\n/.test(trimmed) && trimmed.endsWith('\n```'),
        measured: `${fences} fence lines`,
      };
    },
    satisfy: (draft) => void (draft.fenced = true),
    violate: (text) => `Here it is:\n${text}`,
  }),
  defineConstraint<{ count: number; separator: string }>({
    id: 'parts',
    group: 'format',
    level: 1,
    claims: ['layout', 'parts'],
    excludes: ['repeat'],
    draw: (rng, level) => ({ count: rng.integer(2, 2 + level), separator: rng.pick(['***', '---', '===', '+++']) }),
    describe: ({ count, separator }) => [
      `Write ${count} parts with a line of ${separator} between them.`,
      `Give exactly ${count} parts, separated by lines that hold only ${separator}.`,
    ],
    check: (text, { count, separator }) => {
      const trimmed = text.split('\n').map((line) => line.trim());
      const parts = `\n${trimmed.join('\n')}\n`.split(`\n${separator}\n`).filter((part) => part.trim() !== '').length;
      return counted(parts === count, parts, 'parts');
    },
    satisfy: (draft, { count, separator }) => void (draft.layout = { kind: 'parts', count, separator }),
    violate: (text, { separator }) => `${text}\n${separator}\nOne more part.`,
  }),
  defineConstraint<Record<string, never>>({
    id: 'quoted',
    group: 'format',
    level: 0,
    claims: ['quoted', 'start', 'ending'],
    excludes: ['phrase', 'postscript', 'repeat', ...blocks],
    draw: () => ({}),
    describe: () => [
      'Wrap the whole answer in double quotation marks.',
      'The answer must begin and end with a double quotation mark.',
    ],
    check: (text) => {
      const trimmed = text.trim();
      return {
        passed: trimmed.length > 2 && /^["“„«]/.test(trimmed) && /["”“»]$/.test(trimmed),
        measured: `${trimmed.slice(0, 1)}…${trimmed.slice(-1)}`,
      };
    },
    satisfy: (draft) => void (draft.quoted = true),
    violate: (text) => text.replace(/^\s*["“„«]/, ''),
  }),
];

function checkJson(text: string, keys: readonly string[]): CheckResult {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return { passed: false, measured: 'no JSON object' };
    const found = Object.keys(value);
    const areStrings = Object.values(value).every((member) => typeof member === 'string' && member !== '');
    return {
      passed: areStrings && found.toSorted().join() === keys.toSorted().join(),
      measured: `keys ${found.slice(0, 12).join(', ')}`,
    };
  } catch {
    return { passed: false, measured: 'no valid JSON' };
  }
}

function checkTable(text: string, rows: number, columns: number): CheckResult {
  const lines = linesOf(text).filter((line) => line.startsWith('|') && line.endsWith('|') && line.length > 1);
  const isRule = (line: string): boolean => /^[|\s:-]+$/.test(line) && line.includes('-');
  const widths = lines.map((line) => line.slice(1, -1).split('|').length);
  const passed = isRule(lines[1] ?? '') && lines.length === rows + 2 && widths.every((width) => width === columns);
  return { passed, measured: `${Math.max(0, lines.length - 2)} rows of ${[...new Set(widths)].join(' or ')} columns` };
}
