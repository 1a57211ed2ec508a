import { closest } from '../core/closest.ts';
import { QwenEvalError } from '../core/errors.ts';

const agentTasks = [
  'agent_function_calling',
  'agent_instruction_following',
  'agent_multi_turn',
  'agent_tool_use',
  'agent_reasoning',
  'agent_json',
];

/** Named sets of tasks. */
export const suites: Readonly<Record<string, readonly string[]>> = {
  tracker: [
    'gsm8k',
    'arc_challenge',
    'hellaswag',
    'humaneval',
    'mbpp',
    'mt_bench',
    'function_calling_quick',
    ...agentTasks,
  ],
  synthetic: ['synthetic_arithmetic', 'synthetic_choice'],
  agents: ['function_calling_quick', ...agentTasks],
  long_context: [
    'needle_grid',
    'ruler_single',
    'ruler_multikey',
    'ruler_multivalue',
    'ruler_multiquery',
    'ruler_variable_tracing',
  ],
  quick: ['gsm8k', 'arc_challenge', 'humaneval', 'function_calling_quick'],
};

/** Task ids that `--tasks` and `--suite` name together; the synthetic suite when neither is given. Throws E_OPTION_INVALID for an unknown suite. */
export function selectTasks(tasks: readonly string[] | null, suite: string | null): readonly string[] {
  if (tasks === null && suite === null) return suites['synthetic'] ?? [];
  const members = suite === null ? [] : suites[suite];
  if (members === undefined) {
    const suggestion = closest(suite ?? '', Object.keys(suites));
    throw new QwenEvalError('E_OPTION_INVALID', `there is no suite ${suite}`, {
      hint: `${suggestion ? `did you mean ${suggestion}? ` : ''}suites: ${Object.keys(suites).join(', ')}`,
    });
  }
  return [...new Set([...members, ...(tasks ?? [])])];
}
