import type { ChatMessage } from '../message.ts';

/** A prompt that a judge is asked with; `{question_1}`, `{answer_1}` and their like stand for what is put in. */
export interface JudgePrompt {
  readonly system: string;
  readonly user: string;
}

/** The prompts of a judged task by name; part of a judged score's identity. */
export interface JudgePrompts {
  /** Whose texts they are. */
  readonly source: string;
  readonly prompts: Readonly<Record<string, JudgePrompt>>;
}

/** A model that rates answers. */
export interface Judge {
  /** Identity of the judge: model, endpoint kind and sampling; part of a judged score's identity. */
  readonly identity: string;
  /** True when the judge belongs to the family of the model under test. */
  readonly isSameFamily: boolean;
  /**
   * The judge's answer without its thinking, decoded greedily. Throws QwenEvalError E_JUDGE_FAILED when it cannot be asked;
   * `details.code` is the engine's own code.
   */
  ask(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string>;
}
