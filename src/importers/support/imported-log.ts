import type { JsonObject } from '../../core/json.ts';
import type { ChoiceMode } from '../../core/ports/task.ts';
import type { Sampling } from '../../core/sampling.ts';
import type { SampleRecord } from '../../core/sample-record.ts';

/** What the tool that wrote a log said of one answer. */
export interface LoggedVerdict {
  /** Its metric, with the name of the filter where it has several. */
  readonly metric: string;
  /** The measure of ours that it is to be compared with; null for the score itself. */
  readonly measure: string | null;
  /** In [0,1]; null when the tool gave none. */
  readonly score: number | null;
  /** What it took for the answer; null when it does not say. */
  readonly extracted: string | null;
  /** Our rule set that follows its rules, to say why it came to its verdict; null when there is none. */
  readonly rules: string | null;
  /** How the tool comes to such a verdict, as a sentence, where no rule set says it. */
  readonly how: string | null;
}

/** One answer of a log, in our words. Unknown is null. */
export interface LoggedSample {
  /** Where it stands, for messages. */
  readonly where: string;
  /** Names that may be the id of a sample of ours. */
  readonly ids: readonly string[];
  /** Position in the dataset, where the tool counts. */
  readonly index: number | null;
  /** The question as the log has it apart from the prompt; null where it stands only in the request. */
  readonly question: string | null;
  /** Texts of the options in order; null when it is no choice. */
  readonly options: readonly string[] | null;
  /** The gold answer as the log has it; null when it has none. */
  readonly target: string | null;
  readonly epoch: number;
  readonly answer: Pick<
    SampleRecord,
    'request' | 'response' | 'reasoning' | 'toolCalls' | 'finishReason' | 'usage' | 'timings' | 'continuations'
  >;
  /** Why there is no answer: a fault of server or network; null when there is one. Never counted as wrong. */
  readonly failure: string | null;
  readonly verdicts: readonly LoggedVerdict[];
}

/** The answers to one benchmark. */
export interface LoggedTask {
  /** As the tool calls it. */
  readonly name: string;
  readonly choiceMode: ChoiceMode | null;
  readonly fewShot: number | null;
  readonly maxTokens: number | null;
  readonly sampling: Partial<Sampling>;
  readonly samples: readonly LoggedSample[];
  /** The tool's own summary, by metric. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Doubts about this part of the log. */
  readonly warnings: readonly string[];
}

/** What one evaluation by another tool left. */
export interface ImportedLog {
  readonly tool: string;
  readonly version: string | null;
  /** Every file that was read, with its sha256. */
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  readonly model: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly wallMs: number | null;
  /** Settings of the tool and its engine, as it recorded them. */
  readonly settings: JsonObject;
  readonly templateSha256: string | null;
  readonly tasks: readonly LoggedTask[];
}

/** Times of a request that nobody took. */
export const unknownTimings: SampleRecord['timings'] = {
  startedAt: null,
  latencyMs: null,
  timeToFirstChunkMs: null,
  timeToFirstTokenMs: null,
  timeToFirstContentMs: null,
  meanGapMs: null,
  maxGapMs: null,
  chunks: null,
};
