import type { SampleRecord } from './sample-record.ts';

/** True when the token limit ended a sample: the server said so, or scoring saw it by the number of tokens. */
export const isTruncated = ({
  finishReason,
  code,
  codes,
}: Pick<SampleRecord, 'finishReason' | 'code' | 'codes'>): boolean =>
  finishReason === 'length' || [code, ...codes].some((one) => one?.startsWith('gen.truncated') ?? false);
