import type { OptionDefinition } from './option-definition.ts';

/** Prices that a run's cost is reckoned with, in whatever currency they are given. */
export const costOptions = [
  {
    name: 'pricePerHour',
    type: 'number',
    minimum: 0,
    placeholder: 'PRICE',
    commands: ['run', 'resume', 'recommend'],
    description: 'price of the machine for an hour, to reckon what a sample and a right answer cost',
  },
  {
    name: 'pricePerKwh',
    type: 'number',
    minimum: 0,
    placeholder: 'PRICE',
    commands: ['run', 'resume'],
    description: 'price of a kilowatt-hour, for the energy that the cards took',
  },
] as const satisfies readonly OptionDefinition[];
