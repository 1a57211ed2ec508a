import { flagOf } from '../config/option-definition.ts';
import { isEstimated, type Estimate } from '../core/estimate.ts';
import { formatEstimate } from '../text/format-estimate.ts';
import { formatTable } from '../text/text-table.ts';

type Changes = Readonly<Record<string, string | number | boolean>>;

/** What an answer costs; null where it is not known. */
interface AnswerCost {
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
  readonly seconds: number | null;
}

/** An optimisation as `optimize` gives it, as far as it is shown. */
export interface ShownOptimization {
  readonly task: string;
  readonly model: string;
  readonly verdict: 'gain' | 'no_gain';
  readonly reason: string;
  readonly winner: Changes | null;
  readonly confirmation: {
    readonly metric: string;
    readonly pairs: number;
    readonly split: string;
    readonly winner: Estimate;
    readonly unchanged: Estimate;
    readonly gain: Estimate;
    readonly cost: { readonly winner: AnswerCost; readonly unchanged: AnswerCost };
  } | null;
  readonly tried: readonly { readonly changes: Changes; readonly rounds: number; readonly failure: string | null }[];
  readonly spent: {
    readonly evaluations: number;
    readonly samples: number;
    readonly seconds: number;
    readonly outputTokens: number;
  };
  readonly directory: string;
}

/** Changes as flags of `run`: `--temperature 0 --self-check`. */
export const formatChanges = (changes: Changes): string =>
  Object.entries(changes)
    .map(([name, value]) => (value === true ? flagOf({ name }) : value === false ? '' : `${flagOf({ name })} ${value}`))
    .filter((flag) => flag !== '')
    .join(' ');

/** The result of an optimisation for a terminal: verdict, both ways of asking on fresh samples with their cost, and what was tried. */
export function formatOptimization(found: ShownOptimization): string {
  const { task, model, verdict, reason, winner, confirmation, tried, spent, directory } = found;
  const advice =
    verdict === 'gain' && winner
      ? `use \`qwen-eval run --tasks ${task} ${formatChanges(winner)}\``
      : 'keep asking without changes';
  return [
    `${task}, ${model}: ${verdict === 'gain' ? 'a gain' : 'no gain'}: ${reason} → ${advice}`,
    ...(winner && confirmation ? ['', comparisonTable(winner, confirmation)] : []),
    '',
    `tried ${tried.length} ways of asking in ${spent.evaluations} evaluations of ${spent.samples} samples: ${spent.outputTokens} tokens generated, ${spent.seconds.toFixed(0)} s`,
    ...tried
      .filter(({ failure }) => failure !== null)
      .map(({ changes, failure }) => `! left out: ${formatChanges(changes)}: ${failure}`),
    `runs: ${directory}`,
  ].join('\n');
}

function comparisonTable(winner: Changes, confirmation: NonNullable<ShownOptimization['confirmation']>): string {
  const { metric, cost, gain, pairs } = confirmation;
  const row = (name: string, estimate: Estimate, { promptTokens, outputTokens, seconds }: AnswerCost) => [
    name,
    isEstimated(estimate) ? formatEstimate(metric, estimate) : '–',
    shown(promptTokens, 0),
    shown(outputTokens, 0),
    shown(seconds, 2),
  ];
  const unknown = { promptTokens: null, outputTokens: null, seconds: null };
  return formatTable(
    [
      { title: `${pairs} fresh samples` },
      { title: `${metric} [95 % interval]` },
      { title: 'prompt tokens', align: 'right' },
      { title: 'tokens/answer', align: 'right' },
      { title: 's/answer', align: 'right' },
    ],
    [
      row(formatChanges(winner), confirmation.winner, cost.winner),
      row('no change', confirmation.unchanged, cost.unchanged),
      row('difference, paired', gain, unknown),
    ],
  );
}

const shown = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));
