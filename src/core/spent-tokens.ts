import type { SampleRecord } from './sample-record.ts';

type Spender = Pick<SampleRecord, 'usage' | 'finishReason' | 'response'>;

/** True when the engine turned the request away before it generated anything, e.g. for a prompt longer than its context. */
export const wasTurnedAway = ({ usage, finishReason, response }: Spender): boolean =>
  finishReason === 'error' && response === null && usage.completionTokens === null;

/** Tokens of a sample; null where the engine does not count. A request that was turned away spent none. */
export const spentTokens = (record: Spender): { readonly prompt: number | null; readonly completion: number | null } =>
  wasTurnedAway(record)
    ? { prompt: record.usage.promptTokens ?? 0, completion: 0 }
    : { prompt: record.usage.promptTokens, completion: record.usage.completionTokens };
