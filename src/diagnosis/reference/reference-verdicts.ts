import { isEstimated } from '../../core/estimate.ts';
import type { ReferenceComparison, Verdict } from '../../core/result-document.ts';
import { formatEstimate, formatMargin } from '../../text/format-estimate.ts';

const id = 'reference_gap';

/** Says of each task whose interval does not hold the official score what explains it best. */
export const referenceVerdicts = (comparisons: readonly ReferenceComparison[], runId: string): readonly Verdict[] =>
  comparisons.flatMap(({ task, official, ours, contains, causes, difference }) => {
    if (official === null || contains !== false || !isEstimated(ours) || difference === null) return [];
    const metric = official.value > 1 ? 'rating' : 'accuracy';
    const published = metric === 'rating' ? String(official.value) : (official.value * 100).toFixed(1);
    const [first] = causes;
    const why = first === undefined ? 'nothing in the settings explains it' : `likeliest: ${first.explanation}`;
    return [
      {
        id,
        severity: 'warning',
        summary: `${task}: ${formatMargin(metric, ours)} here, ${published} published for ${official.model} (${official.setting}); ${why}`,
        evidence: {
          task,
          official: official.value,
          ours: formatEstimate(metric, ours),
          source: official.source,
          causes: causes.map(({ cause }) => cause),
        },
        advice: `qwen-eval diagnose ${runId} --tasks ${task}`,
      },
    ];
  });
