import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import type { GenerationDelta, GenerationRequest } from '../core/generation.ts';
import {
  defineEngine,
  supported,
  unsupported,
  type Capabilities,
  type ContinuationRequest,
  type Engine,
  type EngineDependencies,
  type EngineDescription,
} from '../core/ports/engine.ts';
import type { ContinuationScore } from '../core/response.ts';
import { closedEngineError } from './support/closed-engine-error.ts';
import { parseEngineOptions } from './support/engine-options.ts';
import { promptText } from './support/prompt-text.ts';
import { readOptionFile } from './support/read-option-file.ts';
import {
  continuationHash,
  parseRecording,
  promptHash,
  type RecordedAnswer,
  type Recording,
} from './support/recording.ts';
import { requireCapability } from './support/require-capability.ts';

const optionsSchema = z.strictObject({
  /** samples.jsonl of a run, or JSONL records with `prompt` or `messages`, and `response`. */
  file: z.string().min(1),
  /** Finds the answer by what is asked, or gives the file's answers in order. */
  by: z.enum(['prompt', 'order']).default('prompt'),
  /** True gives an answer again when it is asked for more often than it was recorded. */
  repeat: z.boolean().default(false),
});

type Options = z.infer<typeof optionsSchema>;

const fixed = unsupported('recorded answers are given as they are');

function capabilitiesOf({ scores }: Recording): Capabilities {
  return {
    messages: supported,
    text: supported,
    tokens: unsupported('recordings hold text'),
    tools: supported,
    jsonSchema: fixed,
    continuationLogProbabilities: scores.size > 0 ? supported : unsupported('the recording holds none'),
    tokenLogProbabilities: unsupported('recordings hold none'),
    tokenize: unsupported('recordings have no tokenizer'),
    stop: fixed,
    seed: fixed,
  };
}

const unknownPrompt = (file: string, what: string): QwenEvalError =>
  new QwenEvalError('E_ENGINE_REQUEST', `${file} holds no answer to ${what}`, {
    hint: 'Replay with the tasks, limits, seed and settings of the recorded run.',
  });

class ReplayEngine implements Engine {
  readonly #options: Options;
  readonly #recording: Recording;
  readonly #nowMs: () => number;
  readonly #description: EngineDescription;
  readonly #given = new Map<string, number>();
  #closed = false;

  constructor(options: Options, recording: Recording, work: { model: string; dependencies: EngineDependencies }) {
    this.#options = options;
    this.#recording = recording;
    this.#nowMs = work.dependencies.nowMs;
    this.#description = {
      engine: 'replay',
      version: null,
      model: { name: work.model, root: null, sha256: null, facts: {} },
      servedModels: [work.model],
      contextLength: null,
      capabilities: capabilitiesOf(recording),
      chatTemplate: null,
      parallelRequests: null,
      metricsUrl: null,
      processId: null,
      settings: { by: options.by, answers: recording.inOrder.length },
    };
  }

  async describe(): Promise<EngineDescription> {
    return this.#description;
  }

  async *generate(request: GenerationRequest, signal?: AbortSignal): AsyncGenerator<GenerationDelta> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedEngineError('replay');
    const answer = this.#find(request);
    yield { kind: 'open', atMs: this.#nowMs() };
    if (answer.reasoning !== null) yield { kind: 'reasoning', text: answer.reasoning, atMs: this.#nowMs() };
    if (answer.text !== null) yield { kind: 'content', text: answer.text, atMs: this.#nowMs() };
    for (const [index, call] of answer.toolCalls.entries()) {
      const { id, name, arguments: argumentsText } = call;
      yield { kind: 'tool_call', index, id, name, argumentsText, atMs: this.#nowMs() };
    }
    signal?.throwIfAborted();
    const { finishReason: reason, usage } = answer;
    yield { kind: 'finish', reason, rawReason: null, usage, atMs: this.#nowMs() };
  }

  async scoreContinuations(request: ContinuationRequest, signal?: AbortSignal): Promise<readonly ContinuationScore[]> {
    signal?.throwIfAborted();
    requireCapability('scoring continuations', this.#description.capabilities.continuationLogProbabilities);
    const context = promptText(request.context);
    const scores = this.#recording.scores.get(continuationHash(context, request.continuations));
    if (scores === undefined)
      throw unknownPrompt(this.#options.file, `the choice ${JSON.stringify(context.slice(-80))}`);
    return scores;
  }

  async tokenize(): Promise<readonly number[]> {
    requireCapability('tokenising', this.#description.capabilities.tokenize);
    return [];
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #find({ prompt, sampling }: GenerationRequest): RecordedAnswer {
    const { file, by } = this.#options;
    if (by === 'order') return this.#take('', this.#recording.inOrder, 'one more request');
    const key = promptHash(prompt);
    const recorded = this.#recording.answers.get(key);
    const what = `the prompt ${JSON.stringify(prompt.kind === 'tokens' ? prompt.ids.length : promptText(prompt).slice(0, 80))}`;
    if (recorded === undefined) throw unknownPrompt(file, what);
    // Epochs of a sample differ in their seed; without one they come in the order of the file.
    const ofSeed = recorded.filter((answer) => answer.seed !== null && answer.seed === sampling.seed);
    if (ofSeed.length > 0) return this.#take(`${key}/${sampling.seed}`, ofSeed, what);
    return this.#take(key, recorded, what);
  }

  /** The next answer of a list; a repeat is a new question, so an answer is not given twice unless that was asked for. */
  #take(key: string, answers: readonly RecordedAnswer[], what: string): RecordedAnswer {
    const turn = this.#given.get(key) ?? 0;
    this.#given.set(key, turn + 1);
    const answer = answers[this.#options.repeat ? turn % answers.length : turn];
    if (answer !== undefined) return answer;
    const times = `${what}: it is asked ${turn + 1} times and recorded ${answers.length} times`;
    throw unknownPrompt(this.#options.file, times);
  }
}

/** Gives recorded answers again: scoring, diagnosis and reports without a model. */
export default defineEngine({
  id: 'replay',
  title: 'Recorded answers',
  local: true,
  usesGpu: false,
  isSimulated: true,
  optionsSchema,
  open: async (settings, dependencies) => {
    const options = parseEngineOptions('replay', optionsSchema, settings.engineOptions);
    const recording = parseRecording(await readOptionFile('file', options.file), options.file);
    return new ReplayEngine(options, recording, { model: settings.model ?? 'replay', dependencies });
  },
});
