import { isEstimated } from '../../core/estimate.ts';
import { describeMisses } from '../code-phrases.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { countOf, exampleIds, isMissed, tally } from '../evidence.ts';
import type { SampleFacts } from '../sample-facts.ts';

/** A headline whose interval ends below this is within noise of zero. */
const nothing = 0.05;
const fewest = 4;

const causeOf = ({ code, form }: SampleFacts): string => (code === null ? 'were wrong' : describeMisses(code, form));

/** A score of nothing, with what all those answers have in common. */
export const zero = taskVerdict('zero', ({ run, plan, result, samples }) => {
  const headline = result.metrics[result.headline];
  const scored = samples.filter((sample) => sample.score !== null);
  if (!headline || !isEstimated(headline) || scored.length < fewest || result.headline === 'rating') return null;
  if (headline.value > 0 && headline.high >= nothing) return null;
  const misses = scored.filter(isMissed);
  const causes = tally(misses.map(causeOf));
  const [cause, count] = causes[0] as readonly [string, number];
  const shown = (headline.value * 100).toFixed(headline.value === 0 ? 0 : 1);
  const reach =
    headline.high >= nothing
      ? ` (the interval of ${scored.length} samples reaches ${(headline.high * 100).toFixed(0)} %)`
      : '';
  const like = misses.filter((sample) => causeOf(sample) === cause);
  return {
    severity: 'error',
    summary: `${plan.task}: ${shown} % because ${countOf(count, scored.length)} answers ${cause}${reach}`,
    evidence: {
      scored: scored.length,
      causes: Object.fromEntries(causes.slice(0, 5)),
      codes: Object.fromEntries(tally(misses.map(({ code }) => code ?? 'none')).slice(0, 5)),
      samples: exampleIds(like),
    },
    advice: `qwen-eval diagnose ${run.result.runId} --tasks ${plan.task}`,
  };
});
