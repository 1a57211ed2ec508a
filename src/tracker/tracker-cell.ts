import type { Estimate } from '../core/estimate.ts';
import type { ReferenceComparison } from '../core/result-document.ts';
import type { IdentityDifference } from '../diagnosis/cell-identity.ts';
import type { CellSystem } from './cell-system.ts';
import type { ReportedScore } from './legacy/reported-score.ts';

export type CellStatus = 'tested' | 'pending' | 'failed' | 'refused' | 'incomplete' | 're-evaluate';

/** A result of a cell that is no longer, or not yet, the one it shows. */
export interface CellHistoryEntry {
  readonly runId: string;
  readonly createdAt: string;
  readonly status: CellStatus;
  readonly headline: string;
  readonly estimate: Estimate;
  /** Against the shown result. */
  readonly differences: readonly IdentityDifference[];
  readonly comparability: string;
}

/** model × preset × task, and the mode and choice mode it was asked in: what the tracker plans and shows. */
export interface TrackerCell {
  readonly model: string;
  readonly preset: string;
  readonly task: string;
  /** Null while the cell has no run. */
  readonly mode: string | null;
  readonly choiceMode: string | null;
  readonly engine: string | null;
  readonly status: CellStatus;
  /** Why the status is not `tested`; null when there is nothing to say. */
  readonly reason: string | null;
  readonly headline: string;
  /** Of the newest complete run of the current identity; of the last valid one when it is to be re-evaluated. */
  readonly estimate: Estimate;
  /** Run the estimate comes from; the newest run where there is none. */
  readonly runId: string | null;
  /** Sample × epoch; null without a run. */
  readonly counts: { readonly planned: number; readonly scored: number; readonly truncated: number } | null;
  /** What changed since the run that is shown; empty when nothing did. */
  readonly drift: readonly IdentityDifference[];
  readonly notes: readonly string[];
  /** The official score beside it, or why there is none; null where nothing was compared. */
  readonly official: ReferenceComparison | null;
  /** Memory and bottleneck of the run that is shown; null without a run. */
  readonly system: CellSystem | null;
  /** Newest first. */
  readonly history: readonly CellHistoryEntry[];
  /** What old documents say of it: not verified, and no evidence. */
  readonly reported: readonly ReportedScore[];
}

/** `thinking, generative`: how a cell was asked; empty where there is nothing to tell. */
export const variantText = ({ mode, choiceMode }: Pick<TrackerCell, 'mode' | 'choiceMode'>): string =>
  [mode === 'unspecified' ? null : mode, choiceMode].filter((part) => part !== null && part !== '').join(', ');

/** `model, preset, mode`, of what is known. */
export const placeName = ({ model, preset, mode }: Pick<TrackerCell, 'model' | 'preset' | 'mode'>): string =>
  [model, preset, mode === 'unspecified' ? null : mode].filter((part) => part !== null && part !== '').join(', ');

/** `model, preset, mode, task`. */
export const cellName = (cell: Pick<TrackerCell, 'model' | 'preset' | 'mode' | 'task'>): string =>
  `${placeName(cell)}, ${cell.task}`;

/** Text that tells cells apart. */
export const cellKey = (cell: Pick<TrackerCell, 'model' | 'preset' | 'task' | 'mode' | 'choiceMode'>): string =>
  [cell.model, cell.preset, cell.task, cell.mode ?? '', cell.choiceMode ?? ''].join('\u0000');
