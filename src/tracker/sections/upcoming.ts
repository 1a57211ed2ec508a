import { groupBy } from '../../core/group-by.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { cellText, code, joinParts } from '../markdown.ts';
import { sumCosts, type PlanGroup, type PlanItem, type PlanPhase, type PlanPhaseId } from '../plan/evaluation-plan.ts';
import type { Section } from '../section.ts';
import { priorityNames } from '../tracked-model.ts';
import { variantText } from '../tracker-cell.ts';
import type { TrackerModel } from '../tracker.ts';

/** What is to be evaluated next, with boxes that follow the runs. */
export const upcoming: Section = {
  name: 'upcoming',
  heading: '## Upcoming evaluations',
  lines: ({ plan, models }) => {
    if (plan.phases.every(({ items, groups }) => items.length + groups.length === 0))
      return ['Nothing is left to evaluate.'];
    const parts = plan.phases.flatMap((phase, index) => phaseParts(phase, { number: index + 1, models }));
    return joinParts([
      [
        'Start the first with `qwen-eval plan --run-next`; `qwen-eval plan` lists every cell with its cost and command.',
      ],
      ...parts,
    ]);
  },
};

function phaseParts(
  phase: PlanPhase,
  context: { readonly number: number; readonly models: readonly TrackerModel[] },
): readonly (readonly string[])[] {
  const title = [`### Phase ${context.number}: ${phase.title}`];
  if (phase.items.length === 0 && phase.groups.length === 0) return [title, [`*${emptyPhases[phase.id]}*`]];
  const { cells, outputTokens, seconds, unknown } = sumCosts(phase.items);
  const more = unknown === 0 ? '' : `, and ${unknown} cells of unknown cost`;
  const cost =
    cells === 0
      ? 'done'
      : `${cells} ${cells === 1 ? 'cell' : 'cells'}, about ${formatDuration(seconds)} and ${formatCount(outputTokens)} output tokens${more}`;
  return [
    title,
    [`*${cost}*`],
    phase.groups.length === 0 ? phase.items.map(itemLine) : groupLines(phase, context.models),
  ];
}

const emptyPhases: Readonly<Record<PlanPhaseId, string>> = {
  're-evaluate':
    'nothing: every result stands on what is installed and measured now, and no run is unfinished or failed',
  complete: 'nothing: no model is under evaluation yet',
  'new-models': 'nothing: every model of the registry is under evaluation',
  advanced: 'nothing: no model is under evaluation yet',
};

const itemLine = ({ model, preset, task, mode, choiceMode, reason, blocked, command }: PlanItem): string => {
  const variant = variantText({ mode, choiceMode });
  const asked = variant === '' ? '' : ` (${variant})`;
  const what = `- [ ] ${code(model)}, ${cellText(preset)}, ${code(task)}${asked}: ${cellText(reason)}`;
  return blocked === null ? `${what} → ${code(command)}` : `${what}; not now: ${cellText(blocked)}`;
};

/** Tasks that are named of a group. */
const namedTasks = 6;

function groupLines({ id, groups }: PlanPhase, models: readonly TrackerModel[]): readonly string[] {
  if (id !== 'new-models') return groups.map(groupLine);
  const rows = groups.map((group) => ({ group, model: models.find((model) => model.id === group.model) }));
  const first = rows.filter(({ model }) => model?.priority === 1);
  const later = groupBy(
    rows.filter(({ model }) => model?.priority !== 1),
    ({ model }) => priorityNames[model?.priority ?? 0] ?? 'no',
  );
  return [
    ...first.map(
      ({ group, model }) =>
        `- [ ] ${code(group.model)}${model?.size ? ` (${cellText(model.size)})` : ''}: ${group.total} cells`,
    ),
    ...later.map(
      ([priority, members]) =>
        `- [ ] ${priority} priority, ${members.reduce((sum, { group }) => sum + group.total, 0)} cells: ${members.map(({ group }) => code(group.model)).join(', ')}`,
    ),
  ];
}

function groupLine({ model, preset, done, total, left }: PlanGroup): string {
  const name = preset === null ? code(model) : `${code(model)}, ${cellText(preset)}`;
  const tested = `${done} of ${total} tested`;
  if (left.length === 0) return `- [x] ${name}: ${tested}`;
  const more = left.length > namedTasks ? ` and ${left.length - namedTasks} more` : '';
  return `- [ ] ${name}: ${tested}; left: ${left.slice(0, namedTasks).map(code).join(', ')}${more}`;
}
