import type { OptionDefinition } from './option-definition.ts';

/** Options of `plan`: what of it is run, and what that may cost. */
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
    commands: ['plan'],
    description: 'with --run-all: start only what fits by estimate, and let nothing new begin after that time',
  },
  {
    name: 'budgetTokens',
    type: 'integer',
    minimum: 0,
    placeholder: 'N',
    commands: ['plan'],
    description: 'with --run-all: output tokens that may be generated, by estimate before and by count after each run',
  },
] as const satisfies readonly OptionDefinition[];
