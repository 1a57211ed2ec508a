import type { RunDocument } from '../../core/run-document.ts';
import { statedQuantization } from '../../core/stated-quantization.ts';
import type { DiagnosedTask } from '../diagnosed-run.ts';
import { publishedQuantization, quantizationOf } from './find-reference.ts';
import type { ReferenceScore } from './reference-scores.ts';

/** One thing in which a published score was measured otherwise. */
export interface SettingDifference {
  /** In the order in which differences usually matter; what the source does not tell and what chance explains stand last. */
  readonly what:
    | 'data'
    | 'samples'
    | 'mode'
    | 'choice mode'
    | 'shots'
    | 'prompt'
    | 'output tokens'
    | 'temperature'
    | 'quantization';
  readonly official: string;
  readonly ours: string;
  /** False where our interval allows for it, so that it cannot explain a published score outside of it. */
  readonly mayExplain: boolean;
}

/** Output tokens a published setting states. */
function publishedBudget({ setting }: ReferenceScore): number | null {
  const found = /(?:max(?:imum)? output|output|max_tokens)\s*=?\s*(\d[\d,]{2,})/i.exec(setting);
  return found?.[1] === undefined ? null : Number(found[1].replaceAll(',', ''));
}

/** Temperature a published setting states; greedy is 0. */
function publishedTemperature({ setting }: ReferenceScore): number | null {
  if (/\bgreedy\b/i.test(setting)) return 0;
  const found = /\btemp(?:erature)?\s*=?\s*(\d?\.?\d+)/i.exec(setting);
  return found?.[1] === undefined ? null : Number(found[1]);
}

/** How the weights of a run are quantised, and from what, where the file's own name tells that it was not from the original ones. */
function weightsOf(run: RunDocument): string {
  const own = quantizationOf(run);
  const { name } = run.plan.model.facts;
  const origin = typeof name === 'string' ? statedQuantization(name) : null;
  if (own === null || origin === null || own.startsWith(origin.toLowerCase())) return own ?? 'none';
  return `${own} made from ${origin} weights`;
}

/** Everything known in which a run's setting differs from that of a published score; what the source does not say is no difference. */
export function settingDifferences(
  { run, plan }: Pick<DiagnosedTask, 'run' | 'plan'>,
  score: ReferenceScore,
): readonly SettingDifference[] {
  const { settings, sampling, samples, datasets, warnings } = plan;
  const found: SettingDifference[] = [];
  const add = (what: SettingDifference['what'], official: string, ours: string): void => {
    if (official !== ours) found.push({ what, official, ours, mayExplain: true });
  };
  const isPart = samples.limit !== null;
  const isFirstOfSorted = samples.sampleSeed === null && warnings.some((text) => text.includes('is sorted by source'));
  if (datasets.some(({ verified }) => !verified)) add('data', 'the published files', 'other files');
  if (isPart && isFirstOfSorted) add('samples', 'the whole set', `${samples.count}, the first of a sorted set`);
  const { mode } = run.document.plan;
  if (score.mode !== null && mode === 'unspecified') add('mode', score.mode, mode);
  if (score.variant === 'base' && settings.choiceMode === 'generative')
    add('choice mode', 'log-likelihood', 'generative');
  if (score.fewShot !== null) add('shots', String(score.fewShot), String(settings.fewShot));
  const ourPrompt = `version ${plan.taskVersion}`;
  const isPromptTold = /\bCoT\b/.test(score.setting);
  if (isPromptTold) add('prompt', 'chain of thought', ourPrompt);
  const budget = publishedBudget(score);
  if (budget !== null && settings.maxTokens < budget) add('output tokens', String(budget), String(settings.maxTokens));
  const temperature = publishedTemperature(score);
  if (temperature !== null && sampling.temperature !== null)
    add('temperature', String(temperature), String(sampling.temperature));
  add('quantization', publishedQuantization(score) ?? 'none', weightsOf(run.document));
  if (!isPromptTold) add('prompt', 'not published', ourPrompt);
  if (isPart && !isFirstOfSorted) {
    const ours = `${samples.count}, ${samples.sampleSeed === null ? 'the first' : 'drawn'}`;
    found.push({ what: 'samples', official: 'the whole set', ours, mayExplain: false });
  }
  return found;
}
