import type { SamplingUse } from './model-guidance.ts';

const uses: Readonly<Record<string, SamplingUse>> = {
  code: 'coding',
  math: 'reasoning',
  reasoning: 'reasoning',
};

/** What a family's guidance calls the work of a task category. */
export const samplingUse = (category: string): SamplingUse => uses[category] ?? 'general';
