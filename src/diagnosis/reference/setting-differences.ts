import type { DiagnosedTask } from '../diagnosed-run.ts';
import { publishedQuantization, quantizationOf } from './find-reference.ts';
import type { ReferenceScore } from './reference-scores.ts';

/** One thing in which a published score was measured otherwise. */
export interface SettingDifference {
  /** In the order in which differences usually matter. */
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

/** Everything known in which a run's setting differs from that of a published score; what the source does not say is no difference. */
export function settingDifferences(
  { run, plan }: Pick<DiagnosedTask, 'run' | 'plan'>,
  score: ReferenceScore,
): readonly SettingDifference[] {
  const { settings, sampling, samples, datasets } = plan;
  const found: SettingDifference[] = [];
  const add = (what: SettingDifference['what'], official: string, ours: string): void => {
    if (official !== ours) found.push({ what, official, ours });
  };
  if (datasets.some(({ verified }) => !verified)) add('data', 'the published files', 'other files');
  if (samples.limit !== null)
    add('samples', 'the whole set', `${samples.count}, ${samples.sampleSeed === null ? 'the first' : 'drawn'}`);
  const { mode } = run.document.plan;
  if (score.mode !== null && mode === 'unspecified') add('mode', score.mode, mode);
  if (score.variant === 'base' && settings.choiceMode === 'generative')
    add('choice mode', 'log-likelihood', 'generative');
  if (score.fewShot !== null) add('shots', String(score.fewShot), String(settings.fewShot));
  add('prompt', /\bCoT\b/.test(score.setting) ? 'chain of thought' : 'not published', `version ${plan.taskVersion}`);
  const budget = publishedBudget(score);
  if (budget !== null && settings.maxTokens < budget) add('output tokens', String(budget), String(settings.maxTokens));
  const temperature = publishedTemperature(score);
  if (temperature !== null && sampling.temperature !== null)
    add('temperature', String(temperature), String(sampling.temperature));
  add('quantization', publishedQuantization(score) ?? 'none', quantizationOf(run.document) ?? 'none');
  return found;
}
