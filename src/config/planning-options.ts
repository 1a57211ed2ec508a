import type { OptionDefinition } from './option-definition.ts';

/** What of a plan is run, and what that or an optimisation may cost. */
export const planningOptions = [
  {
    name: 'runNext',
    type: 'boolean',
    commands: ['plan'],
    description: 'run the first cell of the plan that can be run',
  },
  {
    name: 'runAll',
    type: 'boolean',
    commands: ['plan'],
    description: 'run the cells of the plan in order, within the budget',
  },
  {
    name: 'budgetMinutes',
    type: 'number',
    minimum: 0,
    placeholder: 'MINUTES',
    commands: ['plan', 'optimize'],
    description: 'start only what fits by estimate, and let nothing new begin after that time (plan: with --run-all)',
  },
  {
    name: 'budgetTokens',
    type: 'integer',
    minimum: 0,
    placeholder: 'N',
    commands: ['plan', 'optimize'],
    description:
      'output tokens that may be generated, by estimate before and by count after each run (plan: with --run-all)',
  },
] as const satisfies readonly OptionDefinition[];
