import { QwenEvalError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Engine, EngineDescription } from '../core/ports/engine.ts';
import type { Tokenizer } from '../core/ports/tokenizer.ts';
import { greedySampling } from '../core/sampling.ts';
import type { Clock } from './clock.ts';
import { collectGeneration } from './collect-generation.ts';

/** Words of one counted piece: well inside the smallest window, and long enough for what is lost at its ends not to count. */
const wordsAtOnce = 600;

interface Counting {
  readonly engine: Engine;
  readonly description: EngineDescription;
  readonly extraBody: Readonly<Record<string, Json>>;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Counts in the model's own tokens: by the engine's tokenizer, else by what the server says that a prompt has (`calibration`). */
export function promptTokenizer(counting: Counting): Tokenizer {
  const { engine, description } = counting;
  const encode = (text: string): Promise<readonly number[]> => engine.tokenize({ kind: 'text', text });
  if (description.capabilities.tokenize.supported) {
    return { source: 'engine', encode, count: async (text) => (await encode(text)).length };
  }
  // What the chat template adds to every prompt, learnt from a prompt of one token.
  let template: Promise<number> | null = null;
  return {
    source: 'calibration',
    encode,
    async count(text) {
      template ??= promptTokens('a', counting).then((tokens) => tokens - 1);
      const own = await template;
      let sum = 0;
      for (const piece of piecesOf(text)) sum += (await promptTokens(piece, counting)) - own;
      return sum;
    },
  };
}

function piecesOf(text: string): readonly string[] {
  const words = text.split(/(?= )/);
  return Array.from({ length: Math.ceil(words.length / wordsAtOnce) }, (_, index) =>
    words.slice(index * wordsAtOnce, (index + 1) * wordsAtOnce).join(''),
  );
}

async function promptTokens(
  text: string,
  { engine, description, extraBody, clock, signal }: Counting,
): Promise<number> {
  const request = {
    model: description.model.name,
    prompt: { kind: 'messages', messages: [{ role: 'user', content: text }] },
    maxTokens: 1,
    stop: [],
    sampling: greedySampling,
    responseFormat: { kind: 'text' },
    extraBody,
  } as const;
  const { usage } = await collectGeneration(engine.generate(request, signal), clock);
  if (usage.promptTokens !== null) return usage.promptTokens;
  throw new QwenEvalError('E_CAPABILITY', 'the server neither tokenises nor says how many tokens a prompt has', {
    hint: 'Lengths in tokens need one of both: use a server with /tokenize, or one that reports usage.prompt_tokens.',
  });
}
