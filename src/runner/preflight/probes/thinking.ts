import type { ProbeId, ProbeResult } from '../../../core/fingerprint.ts';
import type { ThinkingState } from '../../../core/response.ts';
import { found, type Asking, type Probe } from '../asking.ts';

const text = 'how many minutes are there in three hours and a quarter? Reason before you answer.';

const places: Readonly<Record<ThinkingState, string>> = {
  none: 'no thinking',
  empty: 'an empty thinking block',
  paired: 'thinking between tags in the content',
  close_only: 'thinking that only its closing tag shows',
  unclosed: 'thinking in the content, not ended yet',
  field: 'thinking in a field of its own',
  field_only: 'thinking in a field of its own, not ended yet',
};

const holdsThinking = (state: ThinkingState): boolean => state !== 'none' && state !== 'empty';

async function inMode(asking: Asking, mode: 'thinking' | 'non-thinking'): Promise<ProbeResult> {
  const { turn, generation } = await asking.ask({ text, mode, maxTokens: 48 });
  const isAsAsked = holdsThinking(turn.thinking) === (mode === 'thinking');
  return found(isAsAsked ? 'yes' : 'no', places[turn.thinking], {
    state: turn.thinking,
    field: generation.reasoning === null ? 'content' : 'reasoning',
  });
}

/** Whether each mode the model has is honoured, and where its thinking comes. */
export const thinking: Probe = {
  ids: ['thinking_on', 'thinking_off'],
  run: async (asking) => {
    const { modes } = asking.parts.guidance;
    const results: Partial<Record<ProbeId, ProbeResult>> = {};
    for (const [id, mode] of [
      ['thinking_on', 'thinking'],
      ['thinking_off', 'non-thinking'],
    ] as const) {
      results[id] = modes.includes(mode)
        ? await inMode(asking, mode)
        : found('absent', `the model is not known to have a ${mode} mode`);
    }
    return results;
  },
};
