import type { ChatMessage } from '../message.ts';

/** A model that rates answers. Throws QwenEvalError E_JUDGE_FAILED when it cannot be asked. */
export interface Judge {
  /** Identity of the judge: model, endpoint kind and sampling; part of a judged score's identity. */
  readonly identity: string;
  /** True when the judge belongs to the family of the model under test. */
  readonly isSameFamily: boolean;
  ask(messages: readonly ChatMessage[], signal?: AbortSignal): Promise<string>;
}
