import type { SampleRecord } from '../core/sample-record.ts';
import { isTruncated } from '../core/truncated.ts';
import { leaksTemplate, leaksThinking } from '../text/leaks.ts';
import { splitThinking } from '../text/thinking.ts';

/** What a diagnosis needs of one finished sample: small, so that a run of a million samples can be diagnosed. */
export interface SampleFacts extends Pick<
  SampleRecord,
  | 'sampleId'
  | 'epoch'
  | 'category'
  | 'cluster'
  | 'score'
  | 'measures'
  | 'code'
  | 'codes'
  | 'finishReason'
  | 'thinking'
  | 'attempts'
> {
  readonly completionTokens: number | null;
  /** The token limit ended it. */
  readonly isTruncated: boolean;
  /** True for scored continuations, where nothing is generated. */
  readonly isContinuation: boolean;
  /** The answer taken, where it is as short as an option's label; else null. */
  readonly choice: string | null;
  /** Thinking stands in the answer although tags were taken out. */
  readonly leaksThinking: boolean;
  /** Thinking tags came inside the content. */
  readonly hasThinkingTags: boolean;
  /** Marks of the chat template stand in the answer. */
  readonly leaksTemplate: boolean;
  /** The calculator marks of GSM8K's published solutions stand in the answer, and not in what was asked. */
  readonly recitesMarks: boolean;
}

const none = { measures: {}, codes: [] } as const;
const longestLabel = 8;
const calculatorMark = /<<[\d\s.+*/()-]{3,40}=[\d\s.]{1,20}>>/;

/** The facts of one record. Linear in the length of the response. */
export function sampleFacts(record: SampleRecord): SampleFacts {
  const { sampleId, epoch, category, cluster, score, measures, code, codes, finishReason, thinking, attempts } = record;
  const content = record.response ?? '';
  const { answer } = splitThinking(content, { reasoning: record.reasoning });
  const value = record.extraction?.value ?? null;
  return {
    sampleId,
    epoch,
    category,
    cluster,
    score,
    // Most have none: one empty object serves them all.
    measures: Object.keys(measures).length === 0 ? none.measures : measures,
    code,
    codes: codes.length === 0 ? none.codes : codes,
    finishReason,
    thinking,
    attempts,
    completionTokens: record.usage.completionTokens,
    isTruncated: isTruncated(record),
    isContinuation: record.continuations !== null,
    choice: value !== null && value.length <= longestLabel ? value : null,
    leaksThinking: leaksThinking(answer),
    hasThinkingTags: /<\/?think(?:ing)?>/.test(content),
    leaksTemplate: leaksTemplate(answer),
    recitesMarks: calculatorMark.test(answer) && !calculatorMark.test(questionOf(record)),
  };
}

const questionOf = ({ request }: SampleRecord): string =>
  request.kind === 'chat' ? request.messages.map(({ content }) => content).join('\n') : request.context;
