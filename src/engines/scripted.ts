import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { QwenEvalError, type ErrorCode } from '../core/errors.ts';
import type { FinishReason, GenerationDelta, GenerationRequest, Prompt } from '../core/generation.ts';
import {
  defineEngine,
  supported,
  unsupported,
  type Capabilities,
  type Engine,
  type EngineDependencies,
  type EngineDescription,
} from '../core/ports/engine.ts';
import type { ContinuationScore } from '../core/response.ts';
import { closedEngineError } from './support/closed-engine-error.ts';
import { parseEngineOptions } from './support/engine-options.ts';
import { promptText } from './support/prompt-text.ts';
import { readOptionFile } from './support/read-option-file.ts';
import { requireCapability } from './support/require-capability.ts';

const faultCodes = [
  'E_ENGINE_RATE_LIMIT',
  'E_ENGINE_UNREACHABLE',
  'E_ENGINE_TIMEOUT',
  'E_ENGINE_STREAM',
  'E_ENGINE_SERVER',
  'E_ENGINE_AUTH',
  'E_ENGINE_REQUEST',
  'E_CONTEXT_EXCEEDED',
  'E_ENGINE_CRASHED',
] as const satisfies readonly ErrorCode[];

const retryable = new Set<ErrorCode>([
  'E_ENGINE_RATE_LIMIT',
  'E_ENGINE_UNREACHABLE',
  'E_ENGINE_TIMEOUT',
  'E_ENGINE_STREAM',
  'E_ENGINE_SERVER',
  'E_ENGINE_CRASHED',
]);

const ruleSchema = z.strictObject({
  /** Regular expression on the prompt's text; left out, the rule fits every prompt. */
  when: z.string().optional(),
  /** The rule holds for this many requests, then the next fitting one. */
  times: z.int().positive().optional(),
  /** The answer; null is a null content. */
  text: z.string().nullable().optional(),
  /** Answers taken in turn, the first again after the last. */
  texts: z.array(z.string()).min(1).optional(),
  /** Answers with the prompt's own text. */
  echo: z.boolean().default(false),
  reasoning: z.string().optional(),
  toolCalls: z
    .array(z.strictObject({ id: z.string().nullable().default(null), name: z.string(), arguments: z.string() }))
    .default([]),
  finishReason: z.enum(['stop', 'length', 'tool_calls', 'content_filter', 'abort', 'error', 'unknown']).optional(),
  /** False leaves all token counts null. */
  usage: z.boolean().default(true),
  latencyMs: z.number().nonnegative().default(0),
  pieceDelayMs: z.number().nonnegative().default(0),
  fault: z
    .strictObject({
      code: z.enum(faultCodes),
      message: z.string().optional(),
      /** Pieces of the answer that come before the fault. */
      afterPieces: z.int().nonnegative().default(0),
      retryAfterMs: z.number().nonnegative().optional(),
    })
    .optional(),
  /** Log-probability of each continuation; `*` stands for every other one. */
  continuations: z.record(z.string(), z.number().nullable()).optional(),
});

const scriptSchema = z.strictObject({ rules: z.array(ruleSchema).min(1) });

const optionsSchema = z.union([z.strictObject({ script: z.string().min(1) }), scriptSchema]);

type Rule = z.infer<typeof ruleSchema>;

interface CompiledRule {
  readonly rule: Rule;
  readonly pattern: RegExp | null;
  used: number;
}

async function loadScript(options: z.infer<typeof optionsSchema>): Promise<readonly Rule[]> {
  if ('rules' in options) return options.rules;
  const text = await readOptionFile('script', options.script);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new QwenEvalError('E_CONFIG_INVALID', `script file ${options.script} is not JSON`, {
      hint: 'A script is a JSON object with a member "rules".',
      cause,
    });
  }
  return parseEngineOptions('scripted', scriptSchema, parsed as Record<string, unknown>).rules;
}

function compileRule(rule: Rule): CompiledRule {
  try {
    return { rule, pattern: rule.when === undefined ? null : new RegExp(rule.when, 'su'), used: 0 };
  } catch (cause) {
    throw new QwenEvalError('E_OPTION_INVALID', `"when" of a script rule is no regular expression: ${rule.when}`, {
      hint: 'Mend the expression; it is matched on the text of the whole prompt.',
      cause,
    });
  }
}

/** The first fitting rule that is not used up; throws E_ENGINE_REQUEST when none fits, so that nothing passes as an empty answer. */
function takeRule(rules: readonly CompiledRule[], text: string): { readonly rule: Rule; readonly turn: number } {
  for (const candidate of rules) {
    if (candidate.pattern !== null && !candidate.pattern.test(text)) continue;
    if (candidate.rule.times !== undefined && candidate.used >= candidate.rule.times) continue;
    return { rule: candidate.rule, turn: candidate.used++ };
  }
  throw new QwenEvalError(
    'E_ENGINE_REQUEST',
    `the script has no rule for the prompt ${JSON.stringify(text.slice(0, 80))}`,
    {
      hint: 'Add a rule without "when" and "times" at the end of the script.',
    },
  );
}

function answerOf({ rule, turn }: { readonly rule: Rule; readonly turn: number }, prompt: string): string | null {
  if (rule.echo) return prompt;
  if (rule.texts !== undefined) return rule.texts[turn % rule.texts.length] ?? '';
  return rule.text === undefined ? (rule.toolCalls.length > 0 ? null : '') : rule.text;
}

const piecesOf = (text: string): string[] => text.match(/\s*\S+|\s+$/gu) ?? [];

interface CutAnswer {
  readonly pieces: readonly string[];
  readonly reason: FinishReason;
}

/** Cuts an answer at the first stop text and at the token limit; a piece counts as one token. */
function cutAnswer(text: string, request: GenerationRequest): CutAnswer {
  const ends = request.stop.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  const pieces = piecesOf(ends.length === 0 ? text : text.slice(0, Math.min(...ends)));
  return pieces.length > request.maxTokens
    ? { pieces: pieces.slice(0, request.maxTokens), reason: 'length' }
    : { pieces, reason: 'stop' };
}

function faultError(fault: NonNullable<Rule['fault']>): QwenEvalError {
  return new QwenEvalError(fault.code, fault.message ?? `the script says ${fault.code}`, {
    hint: 'This fault comes from the script of the scripted engine.',
    retryable: retryable.has(fault.code),
    details: fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs },
  });
}

function capabilitiesOf(rules: readonly Rule[]): Capabilities {
  const scripted = unsupported('a script gives fixed text');
  return {
    messages: supported,
    text: supported,
    tokens: unsupported('a script is matched on text'),
    tools: supported,
    jsonSchema: scripted,
    continuationLogProbabilities: rules.some((rule) => rule.continuations !== undefined)
      ? supported
      : unsupported('no rule of the script has "continuations"'),
    tokenLogProbabilities: scripted,
    tokenize: unsupported('a script has no tokenizer'),
    stop: supported,
    seed: scripted,
  };
}

/** Parts of an answer with the pauses and the fault of its rule. */
async function* play(
  rule: Rule,
  answer: CutAnswer & { readonly text: string | null; readonly prompt: string },
  { nowMs, signal }: { readonly nowMs: () => number; readonly signal: AbortSignal | undefined },
): AsyncGenerator<GenerationDelta> {
  const pause = async (ms: number): Promise<void> => {
    if (ms > 0) await sleep(ms, undefined, { signal });
    signal?.throwIfAborted();
  };
  await pause(rule.latencyMs);
  if (rule.fault?.afterPieces === 0) throw faultError(rule.fault);
  yield { kind: 'open', atMs: nowMs() };
  if (rule.reasoning !== undefined) yield { kind: 'reasoning', text: rule.reasoning, atMs: nowMs() };
  for (const [index, text] of answer.pieces.entries()) {
    if (rule.fault?.afterPieces === index) throw faultError(rule.fault);
    yield { kind: 'content', text, atMs: nowMs() };
    await pause(rule.pieceDelayMs);
  }
  if (rule.fault !== undefined) throw faultError(rule.fault);
  if (answer.text === '') yield { kind: 'content', text: '', atMs: nowMs() };
  for (const [index, call] of rule.toolCalls.entries())
    yield { kind: 'tool_call', index, id: call.id, name: call.name, argumentsText: call.arguments, atMs: nowMs() };
  const counted = rule.usage ? { prompt: piecesOf(answer.prompt).length, completion: answer.pieces.length } : null;
  yield {
    kind: 'finish',
    reason: rule.finishReason ?? (rule.toolCalls.length > 0 ? 'tool_calls' : answer.reason),
    rawReason: null,
    usage: {
      promptTokens: counted?.prompt ?? null,
      completionTokens: counted?.completion ?? null,
      reasoningTokens: null,
      cachedPromptTokens: null,
    },
    atMs: nowMs(),
  };
}

function scoreByRule(rule: Rule, text: string): ContinuationScore {
  const table = rule.continuations ?? {};
  const value = Object.hasOwn(table, text) ? table[text] : table['*'];
  if (value === undefined)
    throw new QwenEvalError('E_ENGINE_REQUEST', `the script has no log-probability of ${JSON.stringify(text)}`, {
      hint: 'Add the continuation, or "*", to "continuations" of the rule.',
    });
  const best = Math.max(...Object.values(table).filter((other) => other !== null));
  return {
    text,
    logProbability: value,
    tokenCount: piecesOf(text).length,
    isGreedy: value === null ? null : value >= best,
  };
}

function openScript(model: string, rules: readonly Rule[], { nowMs }: EngineDependencies): Engine {
  const compiled = rules.map(compileRule);
  const capabilities = capabilitiesOf(rules);
  let closed = false;
  const take = (prompt: Prompt): ReturnType<typeof takeRule> & { readonly text: string } => {
    if (closed) throw closedEngineError('scripted');
    const text = promptText(prompt);
    return { ...takeRule(compiled, text), text };
  };
  const description: EngineDescription = {
    engine: 'scripted',
    version: null,
    model: { name: model, root: null, sha256: null, facts: {} },
    servedModels: [model],
    contextLength: null,
    capabilities,
    chatTemplate: null,
    parallelRequests: null,
    metricsUrl: null,
    processId: null,
    settings: { rules: rules.length },
  };
  return {
    describe: async () => description,
    generate: async function* (request, signal) {
      signal?.throwIfAborted();
      const taken = take(request.prompt);
      const text = answerOf(taken, taken.text);
      const answer = { ...cutAnswer(text ?? '', request), text, prompt: taken.text };
      yield* play(taken.rule, answer, { nowMs, signal });
    },
    scoreContinuations: async ({ context, continuations }, signal) => {
      signal?.throwIfAborted();
      requireCapability('scoring continuations', capabilities.continuationLogProbabilities);
      const { rule } = take(context);
      if (rule.latencyMs > 0) await sleep(rule.latencyMs, undefined, { signal });
      if (rule.fault !== undefined) throw faultError(rule.fault);
      return continuations.map((text) => scoreByRule(rule, text));
    },
    tokenize: async () => {
      requireCapability('tokenising', capabilities.tokenize);
      return [];
    },
    close: async () => {
      closed = true;
    },
  };
}

/** Answers from rules given as data: for tests and for showing what a diagnosis looks like. */
export default defineEngine({
  id: 'scripted',
  title: 'Scripted answers',
  local: true,
  usesGpu: false,
  isSimulated: true,
  optionsSchema,
  open: async (settings, dependencies) => {
    const options = parseEngineOptions('scripted', optionsSchema, settings.engineOptions);
    return openScript(settings.model ?? 'scripted', await loadScript(options), dependencies);
  },
});
