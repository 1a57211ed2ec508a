import type { LegacyFinding, LegacyResult, LegacyTracker } from '../legacy/legacy-tracker.ts';
import { cellText, code, joinParts, tableLines } from '../markdown.ts';
import type { Section } from '../section.ts';

/** What imported old documents say: shown, and used for nothing but the plan. */
export const reported: Section = {
  name: 'reported',
  heading: '## Reported earlier, not verified',
  lines: ({ legacy }) => {
    if (legacy.length === 0) return ['No old tracker was imported; `qwen-eval import tracker FILE.md` reads one.'];
    return joinParts([
      [
        'None of this is evidence: it enters no comparison, recommendation or gate, and every score stands in the plan.',
      ],
      ...legacy.flatMap(documentParts),
    ]);
  },
};

function documentParts(document: LegacyTracker): readonly (readonly string[])[] {
  const { source, header, models, presets, results, findings, phases, notes, changelog } = document;
  const counts = ['error', 'warning', 'info'].map(
    (severity) => `${findings.filter((finding) => finding.severity === severity).length} ${severity}`,
  );
  const open = phases.map(({ title, items }) => ({ title, items: items.filter(({ isDone }) => isDone !== true) }));
  return [
    [`### ${cellText(source.name)}`],
    [
      `sha256 ${source.sha256.slice(0, 8)}, ${source.lines} lines, ${document.numbers.length} numbers; findings: ${counts.join(', ')}.`,
    ],
    labelledLines(header),
    modelTable(models),
    titled(
      '**Its presets**',
      presets.map(({ id, values, line }) => `- ${code(id)} (line ${line}): ${inOneLine(values)}`),
    ),
    ...results.flatMap((result) => resultParts(result, findings)),
    titled('**What its numbers are worth**', findings.filter(isNotAboutOneScore).map(findingLine)),
    titled('**Open in it**', listLines(open)),
    titled(
      '**What else it says**',
      listLines(notes.map(({ heading, line, items }) => ({ title: heading, line, items }))),
    ),
    titled('**Its changelog**', listLines(changelog)),
  ];
}

/** Lines under a title; nothing when there are none. */
const titled = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, '', ...lines];

type Labelled = LegacyTracker['header'];

const labelledLines = (rows: Labelled): readonly string[] =>
  rows.map(({ label, text, line }) => `- ${cellText(label)}: ${cellText(text)} (line ${line})`);

const inOneLine = (rows: Labelled): string =>
  rows.map(({ label, text }) => `${cellText(label)} ${cellText(text)}`).join('; ');

const modelTable = (models: LegacyTracker['models']): readonly string[] =>
  tableLines(
    ['Model', 'Name', 'Hugging Face id', 'Planned as', 'Size', 'Context', 'Licence', 'Priority', 'Status', 'Line'],
    models.map((model) => [
      code(model.id),
      cellText(model.name),
      model.hubId === null ? '–' : code(model.hubId),
      model.registryId === null ? 'no such model' : code(model.registryId),
      ...[model.size, model.context, model.licence, model.priority, model.status].map((text) => cellText(text ?? '–')),
      String(model.line),
    ]),
  );

interface TitledList {
  readonly title: string;
  readonly line?: number;
  readonly items: readonly { readonly text: string; readonly line: number }[];
}

/** A bullet a title, with its entries below. */
const listLines = (lists: readonly TitledList[]): readonly string[] =>
  lists
    .filter(({ items }) => items.length > 0)
    .flatMap(({ title, line, items }) => [
      `- ${cellText(title)}${line === undefined ? '' : ` (line ${line})`}`,
      ...items.map((item) => `  - ${cellText(item.text)} (line ${item.line})`),
    ]);

/** Findings about single scores stand beside them. */
const isNotAboutOneScore = ({ cells }: LegacyFinding): boolean => cells.length !== 1;

const findingLine = ({ severity, quote, explanation, lines }: LegacyFinding): string => {
  const where = lines.length === 0 ? '' : ` (line ${lines.join(', ')})`;
  return `- ${severity}: ${cellText(quote)}${where}: ${cellText(explanation)}`;
};

function resultParts(result: LegacyResult, findings: readonly LegacyFinding[]): readonly (readonly string[])[] {
  const { model, modelId, preset, status, line, figures, scores, memoryLines, issues, configuration } = result;
  const rows = scores.map((score) => {
    const own = findings.filter((finding) => finding.lines.includes(score.line) && finding.cells.length === 1);
    return [
      cellText(score.label),
      score.task === null ? 'no task of this name' : code(score.task),
      cellText(score.text),
      score.n === null ? 'not stated' : String(score.n),
      cellText(score.note ?? ''),
      String(score.line),
      cellText(own.map(({ explanation }) => explanation.replace(/\.$/, '')).join('; ')),
    ];
  });
  const values = configuration.map(
    ({ key, value }) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [
    [`**${cellText(model)}, ${cellText(preset)}** (line ${line}, planned as ${code(modelId)})`],
    [
      ...(status === null ? [] : [`- Status: ${cellText(status)}`]),
      ...labelledLines(figures),
      ...memoryLines.map((row) => `- ${cellText(row.text)} (line ${row.line})`),
      ...issues.map((issue) => `- Issue: ${cellText(issue.text)} (line ${issue.line})`),
      ...(values.length === 0
        ? []
        : [`- Configuration (line ${configuration[0]?.line}): ${cellText(values.join(', '))}`]),
    ],
    tableLines(['As named', 'Task', 'Reported', 'Samples', 'Its note', 'Line', 'What it is worth'], rows),
  ];
}
