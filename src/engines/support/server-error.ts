import { z } from 'zod';

/** What a server said about a failure, from any of the shapes in use. */
export interface ServerErrorBody {
  readonly message: string;
  readonly type: string | null;
  /** Its own code: a number such as 400 or a word such as `context_length_exceeded`. */
  readonly code: string | null;
}

const word = z.union([z.string(), z.number()]).nullish();
const errorSchema = z.object({ message: z.string(), type: z.string().nullish(), code: word });
const bodySchema = z.union([
  z.object({ error: errorSchema }),
  // Ollama and some gateways send only a text.
  z.object({ error: z.string() }),
  // vLLM up to 0.10 and SGLang.
  errorSchema.extend({ object: z.literal('error') }),
  // FastAPI: a text, or a list of validation problems.
  z.object({ detail: z.unknown().refine((detail) => detail !== undefined) }),
  errorSchema,
]);

const longest = 500;

function tidy(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function textBody(text: string): ServerErrorBody {
  const plain = text.slice(0, 4096).replace(/<[^<>]{0,200}>/gu, ' ');
  return { message: tidy(plain), type: null, code: null };
}

/** Reads an error out of a parsed value; null when it holds none. */
export function readServerError(value: unknown): ServerErrorBody | null {
  const parsed = bodySchema.safeParse(value);
  if (!parsed.success) return null;
  const { data } = parsed;
  if ('detail' in data) {
    const detail = typeof data.detail === 'string' ? data.detail : JSON.stringify(data.detail);
    return { message: tidy(detail), type: null, code: null };
  }
  const error = 'error' in data ? data.error : data;
  if (typeof error === 'string') return { message: tidy(error), type: null, code: null };
  const code = error.code === null || error.code === undefined ? null : String(error.code);
  return { message: tidy(error.message), type: error.type ?? null, code };
}

/** Reads the body of a failed response; text that is not JSON is shown as it is, shortened. */
export function parseServerError(body: string): ServerErrorBody {
  try {
    return readServerError(JSON.parse(body)) ?? textBody(body);
  } catch {
    return textBody(body);
  }
}

const contextWords =
  /context length|context size|context window|context_length|maximum (?:model|input) length|longer than the (?:maximum )?model|max_model_len|prompt is too long|input is too long|input length exceeds|must have less than \d+ tokens/iu;

/** True when the server refused the request because prompt and output do not fit the context. */
export const saysContextExceeded = ({ message, type, code }: ServerErrorBody): boolean =>
  code === 'context_length_exceeded' || type === 'exceed_context_size_error' || contextWords.test(message);
