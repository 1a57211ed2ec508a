import type { Metric } from '../../../core/ports/metric.ts';
import { measureMean } from '../../../metrics/support/measure-mean.ts';
import { triggerScores } from '../../../metrics/trigger-scores.ts';

/** How much of what was meant as a call can be read: by the standard parser, and with repairs. */
export const parsedCallMetrics: readonly Metric[] = [
  measureMean({
    id: 'parsed_strict',
    title: 'attempted calls that the standard parser reads',
    measure: 'parsed_strict',
  }),
  measureMean({
    id: 'parsed_lenient',
    title: 'attempted calls that can be read with repairs',
    measure: 'parsed_lenient',
  }),
];

/** What stands beside the headline of a task about tool calls: the decision, the choice, the arguments and the form, each apart. */
export const toolCallMetrics: readonly Metric[] = [
  measureMean({ id: 'plain_accuracy', title: 'accuracy over all samples', measure: null }),
  measureMean({ id: 'accuracy_lenient', title: 'accuracy after harmless repairs of the form', measure: 'lenient' }),
  measureMean({
    id: 'repair_gain',
    title: 'right only after a repair (a serving artefact when large)',
    measure: 'repair_gain',
    higherIsBetter: false,
  }),
  ...triggerScores,
  measureMean({ id: 'tool_selection', title: 'right tools among those called or due', measure: 'tool_selected' }),
  measureMean({ id: 'argument_accuracy', title: 'right arguments of the right tools', measure: 'arguments_right' }),
  measureMean({ id: 'schema_validity', title: 'calls that are valid by schema', measure: 'schema_valid' }),
  measureMean({
    id: 'hallucinated_tools',
    title: 'calls of tools that are not on offer',
    measure: 'hallucinated',
    higherIsBetter: false,
  }),
  ...parsedCallMetrics,
];
