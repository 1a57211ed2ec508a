import { closest } from '../core/closest.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';

/** A task of a suite, with settings of the task's own where the suite asks for others than its defaults. */
export interface SuiteEntry {
  readonly task: string;
  readonly extra: JsonObject;
}

const plain = (...tasks: readonly string[]): readonly SuiteEntry[] => tasks.map((task) => ({ task, extra: {} }));

const agentTasks = plain(
  'agent_function_calling',
  'agent_instruction_following',
  'agent_multi_turn',
  'agent_tool_use',
  'agent_reasoning',
  'agent_json',
);

/** Named sets of tasks. The synthetic one needs no download and fits a model of a few million parameters. */
export const suites: Readonly<Record<string, readonly SuiteEntry[]>> = {
  tracker: [
    ...plain('gsm8k', 'arc_challenge', 'hellaswag', 'humaneval', 'mbpp', 'mt_bench', 'function_calling_quick'),
    ...agentTasks,
  ],
  synthetic: [
    ...plain('synthetic_arithmetic', 'synthetic_choice', 'synthetic_code'),
    { task: 'agent_function_calling', extra: { levels: [0] } },
    { task: 'agent_json', extra: { levels: [0, 1] } },
    { task: 'ruler_single', extra: { lengths: [128, 256, 512, 768] } },
  ],
  agents: [...plain('function_calling_quick'), ...agentTasks],
  long_context: plain(
    'needle_grid',
    'ruler_single',
    'ruler_multikey',
    'ruler_multivalue',
    'ruler_multiquery',
    'ruler_variable_tracing',
    'ruler_common_words',
    'ruler_frequent_words',
    'ruler_qa',
  ),
  quick: plain('gsm8k', 'arc_challenge', 'humaneval', 'function_calling_quick'),
};

/** Tasks that `--tasks` and `--suite` name together; the synthetic suite when neither is given. Throws E_OPTION_INVALID for an unknown suite. */
export function selectTasks(tasks: readonly string[] | null, suite: string | null): readonly SuiteEntry[] {
  if (tasks === null && suite === null) return suites['synthetic'] ?? [];
  const members = suite === null ? [] : suites[suite];
  if (members === undefined) {
    const suggestion = closest(suite ?? '', Object.keys(suites));
    throw new QwenEvalError('E_OPTION_INVALID', `there is no suite ${suite}`, {
      hint: `${suggestion ? `did you mean ${suggestion}? ` : ''}suites: ${Object.keys(suites).join(', ')}`,
    });
  }
  const named = (tasks ?? []).filter((task) => !members.some((entry) => entry.task === task));
  return [...members, ...plain(...named)];
}
