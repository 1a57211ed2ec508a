import { isEstimated, type Estimate, type Estimated } from '../../core/estimate.ts';
import type { ReferenceComparison, Verdict } from '../../core/result-document.ts';
import { diagnosedTasks, type DiagnosedRun, type DiagnosedTask } from '../diagnosed-run.ts';
import { hasFamily, isMissed } from '../evidence.ts';
import type { SampleFacts } from '../sample-facts.ts';
import { findReference } from './find-reference.ts';
import { valueOf, type ReferenceScore } from './reference-scores.ts';
import { settingDifferences, type SettingDifference } from './setting-differences.ts';

type Cause = ReferenceComparison['causes'][number];

/** Official scores beside those of a run, task by task: whether ours agrees, how the settings differ, and why it may not. */
export const compareReferences = (run: DiagnosedRun, verdicts: readonly Verdict[]): readonly ReferenceComparison[] =>
  diagnosedTasks(run).flatMap((task) => {
    const ours = task.result.metrics[task.result.headline];
    return ours === undefined ? [] : [compareReference(task, { ours, verdicts })];
  });

function compareReference(
  task: DiagnosedTask,
  { ours, verdicts }: { readonly ours: Estimate; readonly verdicts: readonly Verdict[] },
): ReferenceComparison {
  const found = findReference(task);
  const open = { task: task.plan.task, ours, difference: null, contains: null, settingDifferences: [], causes: [] };
  if (found.kind === 'none') return { ...open, official: null, reason: found.reason };
  const { score } = found;
  const official = officialOf(score);
  const differences = settingDifferences(task, score);
  const compared = {
    ...open,
    official,
    reason: null,
    settingDifferences: differences.map(({ what, official: theirs, ours: own }) => ({
      what,
      official: theirs,
      ours: own,
    })),
  };
  if (!isEstimated(ours)) return compared;
  const contains = ours.low <= official.value && official.value <= ours.high;
  return {
    ...compared,
    difference: shifted(ours, official.value),
    contains,
    causes: contains ? [] : causesOf(task, { ours, official: official.value, differences, verdicts }),
  };
}

/** A cause with what it could cost at most, a share of the answers. */
type FaultCause = Cause & { readonly upTo: number };

const officialOf = (score: ReferenceScore): NonNullable<ReferenceComparison['official']> => ({
  value: valueOf(score),
  benchmark: score.benchmark,
  model: score.model,
  mode: score.mode,
  quantization: score.quantization,
  setting: score.setting,
  source: score.source,
  isCopy: score.tier === 'official_copy',
});

/** The difference to a value that is taken as it stands: published scores come without an interval. */
const shifted = (ours: Estimated, official: number): Estimated => ({
  ...ours,
  value: ours.value - official,
  low: ours.low - official,
  high: ours.high - official,
});

interface Gap {
  readonly ours: Estimated;
  readonly official: number;
  readonly differences: readonly SettingDifference[];
  readonly verdicts: readonly Verdict[];
}

/** Faults of answers that are not a lack of ability: what the score could gain if each had been right. */
const faults: readonly (readonly [Cause['cause'], string, (sample: SampleFacts) => boolean])[] = [
  ['truncation', 'answers cut at the token limit', (sample) => sample.isTruncated],
  ['repetition', 'answers that end in a loop', (sample) => hasFamily(sample, 'gen.repetition')],
  [
    'empty answers',
    'answers without content',
    (sample) => hasFamily(sample, 'gen.empty') || hasFamily(sample, 'gen.empty_after_think'),
  ],
  ['serving', 'answers in a form the server did not read', (sample) => hasFamily(sample, 'format_mismatch')],
  [
    'extraction',
    'answers from which nothing could be taken',
    (sample) =>
      hasFamily(sample, 'extract.no_answer') ||
      hasFamily(sample, 'extract.ambiguous') ||
      hasFamily(sample, 'extract.no_code_block'),
  ],
  ['refusals', 'refusals', (sample) => hasFamily(sample, 'gen.refused')],
];

/** Verdicts that put a whole run in doubt, whichever way the score went. */
const doubts = new Set(['mode_not_honoured', 'template_mismatch', 'wrong_tool_parser', 'dataset_changed', 'preflight']);

/** Verdicts on what a score too low looks like. */
const looks = new Set(['one_letter_bias', 'chance', 'zero']);

const usual: Readonly<Record<SettingDifference['what'], string>> = {
  data: 'another version of the questions',
  samples: 'a part of the set is not the set',
  mode: 'thinking changes scores by ten points and more',
  'choice mode': 'written answers are scored otherwise than log-probabilities',
  shots: 'examples before the question show the form of the answer',
  prompt: 'the wording asks for something else',
  'output tokens': 'long answers were allowed to end',
  temperature: 'sampling costs or gains a few points',
  quantization: 'quantised weights lose a little, small models more',
};

/** What may explain a gap, the likeliest first: doubts about the run, then faults that are large enough, then settings, then smaller faults, then memory of the questions. */
function causesOf(task: DiagnosedTask, gap: Gap): readonly Cause[] {
  const { ours, official, differences, verdicts } = gap;
  const isLower = ours.value < official;
  const missing = Math.abs(official - ours.value);
  const about = verdicts.filter(({ evidence }) => {
    const { task: named } = evidence;
    return typeof named !== 'string' || named === task.plan.task;
  });
  const doubtful = about
    .filter(({ id, severity }) => doubts.has(id) && severity === 'error')
    .map(({ id, summary }): Cause => ({ cause: id, explanation: summary, upTo: null }));
  const faulty = isLower ? faultCauses(task) : [];
  const large = faulty.filter(({ upTo }) => upTo >= missing / 2);
  const settings = differences
    .filter(({ mayExplain }) => mayExplain)
    .map(({ what, official: theirs, ours: own }): Cause => ({
      cause: what,
      explanation: `${what}: ${theirs} there, ${own} here (${usual[what]})`,
      upTo: null,
    }));
  const seen = isLower ? [] : about.filter(({ id }) => id === 'contamination');
  const alarming = isLower ? about.filter(({ id }) => looks.has(id)) : [];
  return [
    ...doubtful,
    ...large,
    ...alarming.map(({ id, summary }): Cause => ({ cause: id, explanation: summary, upTo: null })),
    ...seen.map(({ id, summary }): Cause => ({ cause: id, explanation: summary, upTo: null })),
    ...settings,
    ...faulty.filter((cause) => !large.includes(cause)),
    ...(isLower ? [] : [{ cause: 'easier marking', explanation: 'the published rule may be stricter', upTo: null }]),
  ];
}

function faultCauses({ samples }: DiagnosedTask): readonly FaultCause[] {
  const scored = samples.filter((sample) => sample.score !== null);
  const missed = scored.filter(isMissed);
  return faults
    .map(([cause, what, holds]): FaultCause => {
      const hit = missed.filter(holds).length;
      const upTo = hit / scored.length;
      return {
        cause,
        explanation: `${hit} of ${scored.length} are ${what}: at most ${(upTo * 100).toFixed(1)} points`,
        upTo,
      };
    })
    .filter(({ upTo }) => upTo > 0)
    .toSorted((x, y) => y.upTo - x.upTo);
}
