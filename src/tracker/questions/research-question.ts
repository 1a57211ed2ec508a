import type { TrackerComparison } from '../compare/tracker-comparison.ts';
import type { Deployment } from '../deployment.ts';
import type { MatrixRow } from '../recommend/category-matrix.ts';
import type { EngineNoise } from './engine-noise.ts';
import type { TrackedModel } from '../tracked-model.ts';
import type { TrackedRun } from '../tracked-run.ts';
import type { TrackedTask } from '../tracked-task.ts';
import type { TrackerCell } from '../tracker-cell.ts';

/** What questions are answered from. */
export interface QuestionFacts {
  /** Current cells with a result. */
  readonly tested: readonly TrackerCell[];
  readonly comparisons: readonly TrackerComparison[];
  readonly matrix: readonly MatrixRow[];
  readonly deployments: readonly Deployment[];
  readonly noise: readonly EngineNoise[];
  readonly runs: ReadonlyMap<string, TrackedRun>;
  readonly models: ReadonlyMap<string, TrackedModel>;
  readonly tasks: ReadonlyMap<string, TrackedTask>;
}

/** An answer with the runs it rests on, or what is needed for one. */
export type Answer = { readonly text: string; readonly runIds: readonly string[] } | { readonly open: string };

/** A question that every answer is looked up for anew. */
export interface ResearchQuestion {
  readonly topic: string;
  readonly question: string;
  readonly answer: (facts: QuestionFacts) => Answer;
}

/** A question with what is known of it. */
export interface AnsweredQuestion {
  readonly topic: string;
  readonly question: string;
  /** Null while it is open. */
  readonly answer: string | null;
  /** What an answer needs; null when there is one. */
  readonly needs: string | null;
  readonly runIds: readonly string[];
}

/** The task result behind a cell. */
export const resultOf = ({ runId, task }: TrackerCell, { runs }: QuestionFacts) =>
  runs.get(runId ?? '')?.result?.tasks.find((result) => result.task === task);

/** Runs of cells, each once. */
export const runsOf = (cells: readonly TrackerCell[]): readonly string[] => [
  ...new Set(cells.flatMap(({ runId }) => runId ?? [])),
];

/** Parts of an answer that are told. */
const toldParts = 8;

/** The first parts of an answer, and how many more there are. */
export function listed(parts: readonly string[]): string {
  const more = parts.length > toldParts ? `; and ${parts.length - toldParts} more` : '';
  return `${parts.slice(0, toldParts).join('; ')}${more}`;
}
