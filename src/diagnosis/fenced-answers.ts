import { isEstimated, type Estimate } from '../core/estimate.ts';
import type { Verdict } from '../core/result-document.ts';
import { formatMargin } from '../text/format-estimate.ts';
import { countOf, isNotable } from './evidence.ts';

/** What was found of answers that stand in code fences, by rules that run an answer as it came behind the prompt. */
export interface FencedAnswers {
  readonly task: string;
  readonly rules: string;
  readonly scored: number;
  /** Fenced answers that those rules call wrong and the certified scorer right. */
  readonly fenced: readonly string[];
  /** The headline by those rules, and by the certified scorer. */
  readonly theirs: Estimate;
  readonly certified: Estimate;
  /** The command that scores the same answers by the certified rules. */
  readonly advice: string;
}

/** Says how many answers a rule calls wrong for their fences alone; nothing where they are few. */
export function fencedAnswers(found: FencedAnswers): readonly Verdict[] {
  const { task, rules, scored, fenced, theirs, certified, advice } = found;
  if (!isNotable(fenced.length, scored) || !isEstimated(theirs)) return [];
  const isZero = theirs.value === 0;
  const what = `${countOf(fenced.length, scored)} answers were fenced and the rule wants continuations`;
  const right = isEstimated(certified) ? `; the certified rules find ${formatMargin('accuracy', certified)} %` : '';
  return [
    {
      id: isZero ? 'zero' : 'fenced_answers',
      severity: 'error',
      summary: isZero
        ? `${task}: 0 % by the rules ${rules} because ${what}${right}`
        : `${task}: ${formatMargin('accuracy', theirs)} % by the rules ${rules}: ${what}${right}`,
      evidence: { task, rules, fenced: fenced.length, answers: scored, samples: fenced.slice(0, 3) },
      advice,
    },
  ];
}
