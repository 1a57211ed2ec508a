import { isEstimated } from '../../core/estimate.ts';
import { describeMisses } from '../code-phrases.ts';
import { taskVerdict, type DiagnosedTask } from '../diagnosed-run.ts';
import { countOf, exampleIds, isMissed, tally } from '../evidence.ts';
import { rerunCommand } from '../rerun-command.ts';
import { isCapable, registryModelOf } from '../server-advice.ts';
import type { SampleFacts } from '../sample-facts.ts';

/** A headline below the first, or whose interval ends below the second, is as good as none. */
const nothing = { value: 0.02, high: 0.05 };
const fewest = 4;

const causeOf = ({ code }: SampleFacts): string => (code === null ? 'were wrong' : describeMisses(code));

/** Families of answers from which nothing was read, and which may be asked for again in the form that counts. */
const unreadable = /^(?:extract\.|json(?:\.|$))/;
/** Tasks that leave room for a second request. */
const asksAgain = new Set(['text', 'choice', 'code', 'long_context']);

/** What may mend the most frequent cause; where the answers are plainly wrong, a look at more of them. */
function adviceOf({ run, plan, result }: DiagnosedTask, code: string | null): string {
  const { toolFormat } = plan.settings;
  if (code !== null && unreadable.test(code) && asksAgain.has(result.kind ?? '') && !plan.workflow?.answerRetries)
    return rerunCommand(run.document, plan.task, { answerRetries: 2 });
  if (code?.startsWith('select.no_call') && toolFormat !== null) {
    const written = registryModelOf(run.document)?.family.toolFormat ?? 'hermes';
    const other = toolFormat !== 'native' && isCapable(run.document, 'tools') ? 'native' : written;
    if (other !== toolFormat) return rerunCommand(run.document, plan.task, { toolFormat: other });
  }
  return `qwen-eval diagnose ${run.result.runId} --tasks ${plan.task} --examples 10`;
}

/** A score of nothing, with what all those answers have in common. */
export const zero = taskVerdict('zero', (task) => {
  const { plan, result, samples } = task;
  const headline = result.metrics[result.headline];
  const scored = samples.filter((sample) => sample.score !== null);
  if (!headline || !isEstimated(headline) || scored.length < fewest || result.headline === 'rating') return null;
  if (headline.value >= nothing.value && headline.high >= nothing.high) return null;
  const misses = scored.filter(isMissed);
  const causes = tally(misses.map(causeOf));
  const [cause, count] = causes[0] as readonly [string, number];
  const shown = (headline.value * 100).toFixed(headline.value === 0 ? 0 : 1);
  const reach =
    headline.high >= nothing.high
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
    advice: adviceOf(task, like[0]?.code ?? null),
  };
});
