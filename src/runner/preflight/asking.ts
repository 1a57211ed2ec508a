import type { ProbeId, ProbeResult } from '../../core/fingerprint.ts';
import type { Generation, ResponseFormat } from '../../core/generation.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ToolDefinition } from '../../core/message.ts';
import type { Engine, EngineDescription } from '../../core/ports/engine.ts';
import type { ToolFormat } from '../../core/ports/task.ts';
import type { AssistantTurn } from '../../core/response.ts';
import { greedySampling, type Sampling } from '../../core/sampling.ts';
import type { ModelGuidance, ThinkingMode } from '../../presets/model-guidance.ts';
import { assistantTurn } from '../../text/assistant-turn.ts';
import type { Clock } from '../clock.ts';
import { collectGeneration } from '../collect-generation.ts';
import { renderPrompt } from '../render-prompt.ts';

/** Begins every prompt of the preflight, so that a server's log shows where it came from. */
export const preflightMark = 'Preflight:';

/** One small question to the server; what is left out is greedy, plain and in the quiet mode. */
export interface ProbeQuestion {
  readonly text: string;
  readonly maxTokens: number;
  readonly mode?: ThinkingMode;
  readonly tools?: readonly ToolDefinition[];
  readonly toolFormat?: ToolFormat;
  readonly stop?: readonly string[];
  readonly sampling?: Partial<Sampling>;
  readonly responseFormat?: ResponseFormat;
  readonly topLogProbabilities?: number;
}

export interface ProbeAnswer {
  readonly turn: AssistantTurn;
  readonly generation: Generation;
}

/** What probes ask with. */
export interface AskingParts {
  readonly engine: Engine;
  readonly description: EngineDescription;
  readonly guidance: ModelGuidance;
  /** Mode of the run. */
  readonly mode: ThinkingMode;
  readonly extraBody: Readonly<Record<string, Json>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each answer how many there are. */
  readonly onAnswer?: (answers: number) => void;
}

/** Asks small questions and counts them. */
export class Asking {
  readonly parts: AskingParts;
  #requests = 0;
  #answers = 0;

  constructor(parts: AskingParts) {
    this.parts = parts;
  }

  get requests(): number {
    return this.#requests;
  }

  /** The mode in which an answer comes soonest: without thinking where the model has that. */
  get quietMode(): ThinkingMode {
    const { guidance, mode } = this.parts;
    return guidance.modes.includes('non-thinking') ? 'non-thinking' : mode;
  }

  /** The question as the engine takes it. */
  render(question: ProbeQuestion): ReturnType<typeof renderPrompt> {
    const { description, guidance } = this.parts;
    return renderPrompt(
      {
        messages: [{ role: 'user', content: `${preflightMark} ${question.text}` }],
        tools: question.tools,
        format: question.toolFormat ?? null,
        templateArguments: guidance.templateArguments(question.mode ?? this.quietMode),
      },
      description,
    );
  }

  /** Throws the engine's QwenEvalError. */
  async ask(question: ProbeQuestion): Promise<ProbeAnswer> {
    const { engine, description, guidance, clock, signal, extraBody } = this.parts;
    const { prompt, opensThinking } = this.render(question);
    this.#requests += 1;
    const generation = await collectGeneration(
      engine.generate(
        {
          model: description.model.name,
          prompt,
          maxTokens: question.maxTokens,
          stop: question.stop ?? [],
          sampling: { ...greedySampling, ...question.sampling },
          responseFormat: question.responseFormat ?? { kind: 'text' },
          ...(question.topLogProbabilities === undefined ? {} : { topLogProbabilities: question.topLogProbabilities }),
          extraBody: { ...guidance.requestFields(question.mode ?? this.quietMode), ...extraBody },
        },
        signal,
      ),
      clock,
    );
    this.#answers += 1;
    this.parts.onAnswer?.(this.#answers);
    return { generation, turn: assistantTurn({ ...generation, templateOpened: opensThinking }) };
  }
}

/** Everything a model wrote: thinking, then content. */
export const writtenText = ({ generation }: ProbeAnswer): string =>
  `${generation.reasoning ?? ''}${generation.text ?? ''}`;

/** A few questions of different lengths, each answered greedily while nothing else was asked. */
export interface QuietAnswers {
  readonly questions: readonly ProbeQuestion[];
  readonly alone: readonly ProbeAnswer[];
}

/** One thing to find out; the probes of several ids share their requests. */
export interface Probe {
  readonly ids: readonly ProbeId[];
  /** Throws the engine's QwenEvalError: what it would have told is then unknown. */
  run(asking: Asking, quiet: QuietAnswers): Promise<Partial<Record<ProbeId, ProbeResult>>>;
}

/** A finding of a probe. */
export const found = (verdict: ProbeResult['verdict'], observed: string, facts: JsonObject = {}): ProbeResult => ({
  verdict,
  observed,
  facts,
});
