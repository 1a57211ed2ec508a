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
  const { source, results, findings, phases, changelog } = document;
  const open = phases.flatMap(({ title, items }) =>
    items.filter(({ isDone }) => isDone !== true).map((item) => ({ title, ...item })),
  );
  const counts = ['error', 'warning', 'info'].map(
    (severity) => `${findings.filter((finding) => finding.severity === severity).length} ${severity}`,
  );
  return [
    [`### ${cellText(source.name)}`],
    [
      `sha256 ${source.sha256.slice(0, 8)}, ${source.lines} lines, ${document.numbers.length} numbers; findings: ${counts.join(', ')}.`,
    ],
    ...results.flatMap((result) => resultParts(result, findings)),
    ['**What its numbers are worth**', '', ...findings.filter(isNotAboutOneScore).map(findingLine)],
    open.length === 0
      ? []
      : ['**Open in it**', '', ...open.map(({ title, text }) => `- ${cellText(title)}: ${cellText(text)}`)],
    changelog.length === 0
      ? []
      : [
          '**Its changelog**',
          '',
          ...changelog.map(({ title, line, items }) => `- ${cellText(title)} (line ${line}): ${items.length} entries`),
        ],
  ];
}

/** Findings about single scores stand beside them. */
const isNotAboutOneScore = ({ cells }: LegacyFinding): boolean => cells.length !== 1;

const findingLine = ({ severity, quote, explanation, lines }: LegacyFinding): string => {
  const where = lines.length === 0 ? '' : ` (line ${lines.join(', ')})`;
  return `- ${severity}: ${cellText(quote)}${where}: ${cellText(explanation)}`;
};

/** The configuration it states, in one line. */
const configurationLine = ({ configuration }: LegacyResult): readonly string[] => {
  const [first] = configuration;
  if (first === undefined) return [];
  const values = configuration.map(
    ({ key, value }) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [`Configuration as stated (line ${first.line}): ${cellText(values.join(', '))}`];
};

function resultParts(result: LegacyResult, findings: readonly LegacyFinding[]): readonly (readonly string[])[] {
  const { model, modelId, preset, figures, scores } = result;
  const rows = scores.map((score) => {
    const own = findings.filter((finding) => finding.lines.includes(score.line) && finding.cells.length === 1);
    return [
      cellText(score.label),
      score.task === null ? 'no task of this name' : code(score.task),
      cellText(score.text),
      score.n === null ? 'not stated' : String(score.n),
      String(score.line),
      cellText(own.map(({ explanation }) => explanation).join('; ')),
    ];
  });
  return [
    [`**${cellText(model)}, ${cellText(preset)}** (planned as ${code(modelId)})`],
    figures.map(({ label, text, line }) => `- ${cellText(label)}: ${cellText(text.replace(/^- /, ''))} (line ${line})`),
    configurationLine(result),
    tableLines(['As named', 'Task', 'Reported', 'Samples', 'Line', 'What it is worth'], rows),
  ];
}
