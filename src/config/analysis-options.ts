import type { OptionDefinition } from './option-definition.ts';

/** Options of the commands that read what runs left: compare, gate, diagnose, recommend. */
export const analysisOptions = [
  {
    name: 'delta',
    type: 'number',
    minimum: 0.0001,
    maximum: 1,
    default: 0.02,
    placeholder: 'SHARE',
    commands: ['compare'],
    description: 'differences within ± this share of the score’s range are a tie',
  },
  {
    name: 'allowDifferent',
    type: 'list',
    placeholder: 'IDENTITY',
    commands: ['compare', 'gate'],
    description: 'parts of the identity that may differ although they must be equal, e.g. dataset, samples, shots',
  },
  {
    name: 'examples',
    type: 'integer',
    minimum: 0,
    maximum: 100,
    default: 2,
    placeholder: 'N',
    commands: ['diagnose'],
    description: 'samples shown for each failure code',
  },
] as const satisfies readonly OptionDefinition[];
