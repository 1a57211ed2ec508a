import type { Json } from '../core/json.ts';
import { greedySampling, type Sampling } from '../core/sampling.ts';

export type ThinkingMode = 'thinking' | 'non-thinking' | 'unspecified';

/** How a model wants to be run. */
export interface ModelGuidance {
  readonly family: string | null;
  /** Modes the model has. */
  readonly modes: readonly ('thinking' | 'non-thinking')[];
  readonly defaultMode: ThinkingMode;
  /** Chat-template switches that put the model into a mode. */
  templateArguments(mode: ThinkingMode): Readonly<Record<string, Json>>;
  sampling(mode: ThinkingMode): Sampling;
  /** True when the family wants earlier thinking in the history. */
  readonly keepsThinking: boolean;
}

/** Guidance that can be read off a chat template: a template with `enable_thinking` has both modes. */
export function guidanceFromTemplate(template: string | null): ModelGuidance {
  const hybrid = template?.includes('enable_thinking') ?? false;
  return {
    family: null,
    modes: hybrid ? ['thinking', 'non-thinking'] : [],
    defaultMode: hybrid ? 'non-thinking' : 'unspecified',
    templateArguments: (mode) => (hybrid ? { enable_thinking: mode === 'thinking' } : {}),
    sampling: (mode) =>
      mode === 'thinking' ? { ...greedySampling, temperature: 0.6, topP: 0.95, topK: 20, minP: 0 } : greedySampling,
    keepsThinking: false,
  };
}
