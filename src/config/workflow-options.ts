import { promptVariants } from '../core/prompt-variant.ts';
import type { OptionDefinition } from './option-definition.ts';

const asked = ['run', 'plan', 'optimize'];

/** Options about what stands around a task's question, and how `optimize` searches among them. */
export const workflowOptions = [
  {
    name: 'promptVariant',
    type: 'string',
    choices: promptVariants,
    default: 'plain',
    commands: asked,
    description: 'sentence behind each question: none, or a request to think, plan, take care or be brief',
  },
  {
    name: 'selfCheck',
    type: 'boolean',
    default: false,
    commands: asked,
    description: 'ask the model to check its answer and give it again; the second one counts',
  },
  {
    name: 'answerRetries',
    type: 'integer',
    minimum: 0,
    maximum: 5,
    default: 0,
    placeholder: 'N',
    commands: asked,
    description: 'how often an answer from which nothing can be read is asked for again',
  },
  {
    name: 'samples',
    type: 'list',
    placeholder: 'ID',
    commands: ['run', 'plan'],
    description: 'only these samples, by id, in dataset order',
  },
  {
    name: 'candidates',
    type: 'integer',
    minimum: 2,
    maximum: 256,
    default: 16,
    placeholder: 'N',
    commands: ['optimize'],
    description: 'ways of asking to search among, the one without changes included',
  },
  {
    name: 'confirm',
    type: 'integer',
    minimum: 2,
    default: 200,
    placeholder: 'N',
    commands: ['optimize'],
    description: 'fresh samples on which the winner is compared with the way of asking without changes',
  },
  {
    name: 'space',
    type: 'json',
    placeholder: 'JSON',
    commands: ['optimize'],
    description: 'values to search among by option, e.g. {"temperature": [0, 0.7], "selfCheck": [true]}',
  },
] as const satisfies readonly OptionDefinition[];
