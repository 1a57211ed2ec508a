import { promptText } from './openai-reply.ts';
import type { TinyLanguageModel } from './tiny-language-model.ts';
import type { TokenDictionary } from './token-dictionary.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Context {
  readonly model: TinyLanguageModel;
  readonly dictionary: TokenDictionary;
  readonly tokenGrammar: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const failure = (status: number, message: string): Answer => ({ status, body: { error: { code: status, message } } });

/** Token ids that a request forces: by a grammar of ids, or one by a bias. */
function forcedIds(body: Fields, context: Context): number[] | string {
  const { grammar, logit_bias: bias } = body;
  if (typeof grammar === 'string')
    return context.tokenGrammar
      ? [...grammar.matchAll(/<\[(\d+)\]>/gu)].map((match) => Number(match[1]))
      : 'Failed to parse grammar';
  return Array.isArray(bias) ? (bias as [number, number][]).map(([id]) => id) : [];
}

function forced(body: Fields, context: Context): Answer {
  const ids = forcedIds(body, context);
  if (typeof ids === 'string') return failure(400, ids);
  let text = promptText(body, context.dictionary);
  const probabilities = ids.map((id) => {
    const token = context.dictionary.decode([id]);
    const [best] = context.model.likeliest(text, 1);
    const top = best ? [{ id: context.dictionary.encode(best.token)[0], logprob: best.logProbability }] : [];
    const logprob = context.model.logProbability(text, token);
    text += token;
    return { id, token, logprob, top_logprobs: top };
  });
  return { status: 200, body: { completion_probabilities: probabilities } };
}

/** The endpoints that llama.cpp's server has beside the OpenAI ones. */
export function llamaCppAnswer(route: string, body: Fields, context: Context): Answer {
  switch (route) {
    case 'GET /props':
      return {
        status: 200,
        body: {
          default_generation_settings: { n_ctx: 2048 },
          total_slots: 4,
          model_path: '/models/tiny.gguf',
          chat_template: '{{ messages[0].content }}',
          bos_token: '<s>',
          build_info: 'b11434',
        },
      };
    case 'POST /tokenize':
      return { status: 200, body: { tokens: context.dictionary.encode(String(body['content'] ?? '')) } };
    case 'POST /apply-template':
      return { status: 200, body: { prompt: promptText(body, context.dictionary) } };
    case 'POST /completion':
      return forced(body, context);
    default:
      return failure(404, 'File Not Found');
  }
}
