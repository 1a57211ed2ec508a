import type { RunDocument } from '../../core/run-document.ts';
import { registryModelOf } from '../server-advice.ts';
import type { DiagnosedTask } from '../diagnosed-run.ts';
import { referenceScores, type ReferenceScore } from './reference-scores.ts';

/** Quantisations that are no loss against the published precision. */
const full = new Set(['bf16', 'f16', 'fp16', 'f32']);

/** Quantisation of a run's weights; null for full precision and where nothing says so. */
export function quantizationOf({ plan }: Pick<RunDocument, 'plan'>): string | null {
  const told = plan.model.facts['quantization'];
  const word = typeof told === 'string' ? told.toLowerCase().replaceAll('-', '_') : null;
  return word === null || full.has(word) ? null : word;
}

/** Published quantisation in our spelling; null for full precision. */
export const publishedQuantization = ({ quantization }: ReferenceScore): string | null =>
  quantization === null || full.has(quantization) ? null : quantization;

/** The published score to compare with, or why there is none. */
export type FoundReference =
  | { readonly kind: 'found'; readonly score: ReferenceScore; readonly others: readonly ReferenceScore[] }
  | { readonly kind: 'none'; readonly reason: string };

const none = (reason: string): FoundReference => ({ kind: 'none', reason });

/** Finds the official score of the run's very model on a task in its mode, the setting nearest to the run's first. A base model's score is never lent to a model trained from it, nor the other way round. */
export function findReference(
  { run, plan }: Pick<DiagnosedTask, 'run' | 'plan'>,
  scores: readonly ReferenceScore[] = referenceScores(),
): FoundReference {
  const model = registryModelOf(run.document);
  if (model === null) return none('the model is in no registry');
  const onTask = scores.filter((row) => row.task === plan.task && row.tier !== 'third_party');
  if (onTask.length === 0) return none(`nothing official is known of ${plan.task}`);
  const own = onTask.filter((row) => row.hubId === model.hubId);
  const { mode } = run.document.plan;
  const inMode = own.filter((row) => row.mode === null || mode === 'unspecified' || row.mode === mode);
  if (inMode.length === 0) return none(whyNone(own, { hubId: model.hubId, mode, onTask }));
  const wanted = quantizationOf(run.document);
  const ranked = inMode.toSorted((x, y) => distance(x, { plan, wanted }) - distance(y, { plan, wanted }));
  const [score, ...others] = ranked as [ReferenceScore, ...ReferenceScore[]];
  return { kind: 'found', score, others };
}

function whyNone(
  own: readonly ReferenceScore[],
  context: { readonly hubId: string; readonly mode: string; readonly onTask: readonly ReferenceScore[] },
): string {
  const { hubId, mode, onTask } = context;
  const [other] = own;
  if (other !== undefined) return `no official value in ${mode} mode, only in ${other.mode} mode`;
  const base = onTask.find((row) => row.hubId === `${hubId}-Base` || row.hubId === hubId.replace(/-Instruct$/, ''));
  return base === undefined
    ? 'no official value'
    : `no official value; there is one of ${base.model}, and a base model’s score is not lent`;
}

/** How far a published setting is from the run's: quantisation, then shots, then copies after originals. */
function distance(
  row: ReferenceScore,
  { plan, wanted }: { readonly plan: DiagnosedTask['plan']; readonly wanted: string | null },
): number {
  const otherWeights = publishedQuantization(row) === wanted ? 0 : publishedQuantization(row) === null ? 1 : 2;
  const otherShots = row.fewShot === null ? 0.5 : row.fewShot === plan.settings.fewShot ? 0 : 1;
  return otherWeights * 100 + otherShots * 10 + (row.tier === 'official' ? 0 : 1);
}
