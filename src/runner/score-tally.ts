import type { Estimate } from '../core/estimate.ts';
import type { RuleVerdict } from '../core/ports/rule-set.ts';
import type { Task } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { findFencedBlocks } from '../text/fenced-blocks.ts';
import type { OutsideResponse } from './outside-responses.ts';
import { ResponseTally, tallied, type TalliedResponse } from './response-tally.ts';
import type { ExplainedOutcome } from './score-response.ts';

/** A verdict on a response with what it rests on. */
interface Judgement {
  /** Null when unscored. */
  readonly correct: boolean | null;
  readonly extracted: string | null;
  readonly explanation: string | null;
}

/** One scored response, by the rules asked for. */
export interface ScoredResponse extends Judgement {
  readonly sampleId: string;
  readonly epoch: number;
  readonly score: number | null;
  /** Primary failure code of the certified scorer; null where it finds the answer right. */
  readonly code: string | null;
  /** The certified verdict, where other rules were asked for. */
  readonly certified?: Judgement;
}

/** A response on which the certified scorer and the rules asked for differ. */
export interface Disagreement {
  readonly sampleId: string;
  readonly epoch: number;
  readonly certified: Judgement;
  readonly theirs: Judgement;
}

/** Metrics and counts of one set of rules. */
export interface RuleTotals {
  readonly metrics: Readonly<Record<string, Estimate>>;
  readonly counts: ResponseTally['counts'];
}

/** What the certified scorer says beside the rules asked for, and where the two differ. */
export interface Comparison {
  readonly certified: RuleTotals;
  readonly differing: number;
  /** The first of them, with why each came to its verdict. */
  readonly differences: readonly Disagreement[];
}

/** Differences that are kept with their reasons; all are counted. */
const differencesKept = 1000;

function judgementOf({ outcome }: ExplainedOutcome): Judgement {
  if (outcome.kind === 'unscored') {
    return { correct: null, extracted: outcome.extraction?.value ?? null, explanation: outcome.reason };
  }
  const isRight = outcome.score === 1;
  const { extraction } = outcome;
  const taken = extraction?.method ? `The answer taken (${extraction.method}) is right.` : null;
  return {
    correct: isRight,
    extracted: extraction?.value ?? null,
    explanation: outcome.explanation ?? (isRight ? taken : null),
  };
}

type PeerVerdict = RuleVerdict | { readonly failed: string };

const peerJudgement = (verdict: PeerVerdict): Judgement =>
  'failed' in verdict
    ? { correct: null, extracted: null, explanation: verdict.failed }
    : { correct: verdict.correct, extracted: verdict.extracted, explanation: verdict.why };

/** A peer's verdict in the form that the tally adds up: it has no failure codes of its own. */
function peerOutcome(verdict: PeerVerdict): ExplainedOutcome {
  if ('failed' in verdict) {
    const outcome = { kind: 'unscored', code: 'scorer.fault', reason: verdict.failed, repeatable: false } as const;
    return { outcome, code: 'scorer.fault', codes: [] };
  }
  const score = verdict.correct ? 1 : 0;
  const outcome = { kind: 'scored', score, extraction: null, measures: {}, codes: [], explanation: null } as const;
  return { outcome, code: null, codes: [] };
}

/** Adds responses up by the certified scorer and, where asked for, by other rules, which are never mixed. */
export class ScoreTally {
  readonly #certified = new ResponseTally();
  readonly #theirs = new ResponseTally();
  readonly #differences: Disagreement[] = [];
  #differing = 0;
  readonly #brokenByFence: string[] = [];

  /** Counts a response by the certified rules alone. */
  count({ sample, finishReason }: OutsideResponse, explained: ExplainedOutcome): void {
    this.#certified.add(sample, tallied(explained, finishReason === 'length'));
  }

  /** Counts a response that was scored elsewhere by the certified rules alone. */
  countScored(sample: Sample, response: TalliedResponse): void {
    this.#certified.add(sample, response);
  }

  /** Counts a response and gives what is to be told of it. */
  add(answer: OutsideResponse, explained: ExplainedOutcome, verdict: PeerVerdict | null): ScoredResponse {
    const { sample, epoch } = answer;
    this.count(answer, explained);
    const { outcome, code } = explained;
    const certified = judgementOf(explained);
    const place = { sampleId: sample.id, epoch };
    if (verdict === null) {
      const explanation = outcome.kind === 'scored' ? outcome.explanation : outcome.reason;
      return { ...place, ...certified, explanation, score: outcome.kind === 'scored' ? outcome.score : null, code };
    }
    const theirs = peerJudgement(verdict);
    this.#theirs.add(sample, tallied(peerOutcome(verdict), answer.finishReason === 'length'));
    if (theirs.correct !== certified.correct) {
      this.#differing++;
      const isLost = certified.correct === true && theirs.correct === false;
      if (isLost && findFencedBlocks(answer.response ?? '').length > 0) this.#brokenByFence.push(sample.id);
      if (this.#differences.length < differencesKept) this.#differences.push({ ...place, certified, theirs });
    }
    const score = theirs.correct === null ? null : theirs.correct ? 1 : 0;
    return { ...place, ...theirs, score, code, certified };
  }

  /** Samples that the certified scorer finds right in a code fence and the other rules find wrong. */
  get brokenByFence(): readonly string[] {
    return this.#brokenByFence;
  }

  /** The certified totals. */
  certified(task: Task): RuleTotals {
    return { metrics: this.#certified.metrics(task), counts: this.#certified.counts };
  }

  /** The totals of the rules asked for, and how the certified ones compare. */
  compared(task: Task): RuleTotals & Comparison {
    return {
      metrics: this.#theirs.metrics(task),
      counts: this.#theirs.counts,
      certified: this.certified(task),
      differing: this.#differing,
      differences: this.#differences,
    };
  }
}
