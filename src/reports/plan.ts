import { formatCount } from '../text/format-count.ts';
import { formatDuration } from '../text/format-duration.ts';
import { formatTable } from '../text/text-table.ts';
import { variantText } from '../tracker/tracker-cell.ts';
import { sumCosts, type EvaluationPlan, type PlanItem, type PlanPhase } from '../tracker/plan/evaluation-plan.ts';

/** Cells that are listed of a phase. */
const shownItems = 20;

/** The evaluation plan as tables for a terminal. */
export function formatPlan({ phases }: EvaluationPlan): string {
  const open = phases.filter((phase) => phase.items.length > 0);
  if (open.length === 0) return 'Nothing is left to evaluate.';
  return [...open.map(phaseText), totalText(open)].join('\n\n');
}

const costText = (items: readonly PlanItem[]): string => {
  const { cells, seconds, outputTokens, unknown } = sumCosts(items);
  const more = unknown === 0 ? '' : `, and ${unknown} of unknown cost`;
  return `${cells} ${cells === 1 ? 'cell' : 'cells'}, about ${formatDuration(seconds)} and ${formatCount(outputTokens)} output tokens${more}`;
};

function phaseText(phase: PlanPhase): string {
  const shown = phase.items.slice(0, shownItems);
  const more = phase.items.length - shown.length;
  const first = shown[0];
  return [
    `${phase.title}: ${costText(phase.items)}`,
    formatTable(
      [
        { title: 'model' },
        { title: 'preset' },
        { title: 'task' },
        { title: 'time', align: 'right' },
        { title: 'tokens', align: 'right' },
        { title: 'why' },
      ],
      shown.map((item) => [
        item.model,
        item.preset,
        taskOf(item),
        item.cost.seconds === null ? '?' : formatDuration(item.cost.seconds),
        item.cost.outputTokens === null ? '?' : formatCount(item.cost.outputTokens),
        shortened(item.blocked === null ? item.reason : `${item.reason} (not now: ${item.blocked})`),
      ]),
    ),
    ...(more > 0 ? [`and ${more} more (--json has all)`] : []),
    ...(first
      ? [`cost of the first: tokens ${first.cost.basis.tokens}; time ${first.cost.basis.time}`, `  ${first.command}`]
      : []),
  ].join('\n');
}

const taskOf = (item: PlanItem): string => {
  const variant = variantText(item);
  return variant === '' ? item.task : `${item.task} (${variant})`;
};

/** Characters of a reason that a terminal line has room for; `--json` and the tracker have all. */
const shownReason = 160;

const shortened = (text: string): string => (text.length <= shownReason ? text : `${text.slice(0, shownReason - 1)}…`);

const totalText = (phases: readonly PlanPhase[]): string =>
  `In all ${costText(phases.flatMap((phase) => phase.items))}. Run the first with \`qwen-eval plan --run-next\`, or as much as fits with \`--run-all --budget-minutes N\`.`;
