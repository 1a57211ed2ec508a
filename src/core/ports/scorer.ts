import type { SampleResponse } from '../response.ts';
import type { Sample } from '../sample.ts';
import type { ScoreOutcome } from '../score.ts';
import type { Judge } from './judge.ts';
import type { Sandbox, SandboxProgram } from './sandbox.ts';
import type { TaskSettings } from './task.ts';

/** What a scorer may be given; each is present only when the task declares that it needs it. */
export interface ScoringServices {
  readonly sandbox: Sandbox | null;
  readonly judge: Judge | null;
}

export interface ScoringInput<Input = unknown, Target = unknown> {
  readonly sample: Sample<Input, Target>;
  readonly response: SampleResponse;
  readonly settings: TaskSettings;
}

/** A made-up response for the certificate, with the kind of rendering or mistake it stands for. */
export interface LabelledResponse {
  /** E.g. `fenced`, `close-only-think`, `off-by-one`. */
  readonly kind: string;
  readonly response: SampleResponse;
  /** What the judge says when it is asked about this response, in order; for scorers that need a judge. */
  readonly judgeReplies?: readonly string[];
  /** The score it must get, null for unscored; when absent a gold response must score 1 and a wrong one anything else. */
  readonly expectedScore?: number | null;
}

/**
 * Turns a response into a score. Total: never throws on any text; deterministic; linear in the length of the response.
 * `gold` gives renderings that must all score 1, `wrong` answers of known kind that must all score below 1; a label may ask for another score.
 */
export interface Scorer<Input = unknown, Target = unknown> {
  /** Equals the file name. */
  readonly id: string;
  /** Raised whenever a verdict can change. */
  readonly version: number;
  score(input: ScoringInput<Input, Target>, services: ScoringServices): ScoreOutcome | Promise<ScoreOutcome>;
  gold(sample: Sample<Input, Target>, settings: TaskSettings): readonly LabelledResponse[];
  wrong(sample: Sample<Input, Target>, settings: TaskSettings): readonly LabelledResponse[];
  /** Where answers are run: the sample's own solution with its tests, which time limits are calibrated on. */
  solution?(input: { readonly sample: Sample<Input, Target>; readonly sandbox: Sandbox }): Promise<SandboxProgram>;
}

/** Declares a scorer. */
export const defineScorer = <Input, Target>(scorer: Scorer<Input, Target>): Scorer<Input, Target> => scorer;
