import type { LegacyFinding, LegacyTracker } from './legacy-tracker.ts';

/** A score that an old document reports of a cell: not verified, and no evidence. */
export interface ReportedScore {
  readonly model: string;
  readonly preset: string;
  readonly task: string;
  /** As written. */
  readonly text: string;
  /** File and line. */
  readonly source: string;
  /** What was found: about this score alone first, then about many, the gravest first. */
  readonly findings: readonly Pick<LegacyFinding, 'id' | 'severity' | 'explanation'>[];
}

const gravityOf = ({ severity }: Pick<LegacyFinding, 'severity'>): number =>
  ['error', 'warning', 'info'].indexOf(severity);

/** Every score of old documents that stands for a cell. */
export const reportedScores = (documents: readonly LegacyTracker[]): readonly ReportedScore[] =>
  documents.flatMap(({ source, results, findings }) =>
    results.flatMap(({ modelId, preset, scores }) =>
      scores.flatMap(({ task, text, line }): readonly ReportedScore[] => {
        if (task === null) return [];
        const about = findings.filter(({ cells }) =>
          cells.some((cell) => cell.model === modelId && cell.preset === preset && cell.task === task),
        );
        return [
          {
            model: modelId,
            preset,
            task,
            text,
            source: `${source.name} line ${line}`,
            // What is said of this score alone comes before what is said of many.
            findings: about
              .toSorted(
                (a, b) => Number(a.cells.length > 1) - Number(b.cells.length > 1) || gravityOf(a) - gravityOf(b),
              )
              .map(({ id, severity, explanation }) => ({ id, severity, explanation })),
          },
        ];
      }),
    ),
  );
