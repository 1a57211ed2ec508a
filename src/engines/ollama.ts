import { z } from 'zod';
import type { Json } from '../core/json.ts';
import { defineEngine, type Engine, type EngineDescription, type EngineMemory } from '../core/ports/engine.ts';
import { parseEngineOptions } from './support/engine-options.ts';
import { HttpEngine } from './support/http-engine.ts';

const id = 'ollama';
const defaultPort = 11_434;

const optionsSchema = z.strictObject({
  /** False declares without small requests what every such server should have. */
  probe: z.boolean().default(true),
});

/** Where Ollama listens: OLLAMA_HOST as its own programs read it, else its default. */
function defaultBaseUrl(): string {
  const host = process.env['OLLAMA_HOST']?.trim() ?? '';
  if (host === '') return `http://127.0.0.1:${defaultPort}/v1`;
  const url = new URL(/^https?:\/\//.test(host) ? host : `http://${host}`);
  // 0.0.0.0 is where it listens, not where it is reached.
  const name = url.hostname === '0.0.0.0' ? '127.0.0.1' : url.hostname;
  const port = url.port === '' ? (/^https?:\/\//.test(host) ? '' : `:${defaultPort}`) : `:${url.port}`;
  return `${url.protocol}//${name}${port}/v1`;
}

const tagSchema = z.object({
  name: z.string(),
  digest: z.string().nullish(),
  size: z.number().nullish(),
  details: z
    .object({
      family: z.string().nullish(),
      parameter_size: z.string().nullish(),
      quantization_level: z.string().nullish(),
    })
    .nullish(),
});
const tagsSchema = z.object({ models: z.array(tagSchema) });
const loadedSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      size: z.number().nullish(),
      size_vram: z.number().nullish(),
      context_length: z.number().nullish(),
    }),
  ),
});

type Tag = z.infer<typeof tagSchema>;
type Loaded = z.infer<typeof loadedSchema>['models'][number];

/** Facts of the weights that do not change while they are loaded. */
const factsOf = (tag: Tag | undefined): Readonly<Record<string, Json>> => ({
  servedBy: id,
  ...(tag?.digest ? { digest: tag.digest } : {}),
  ...(tag?.details?.family ? { architecture: tag.details.family } : {}),
  ...(tag?.details?.parameter_size ? { parameterSize: tag.details.parameter_size } : {}),
  ...(tag?.details?.quantization_level ? { quantization: tag.details.quantization_level.toLowerCase() } : {}),
});

function memoryOf(tag: Tag | undefined, loaded: Loaded | undefined): EngineMemory {
  const share = loaded?.size_vram && loaded.size ? Math.round((100 * loaded.size_vram) / loaded.size) : null;
  return {
    scope: 'all',
    weightsBytes: tag?.size ?? null,
    kvCacheBytes: tag?.size && loaded?.size ? Math.max(0, loaded.size - tag.size) : null,
    kvCacheTokens: null,
    maximumConcurrency: null,
    activationBytes: null,
    graphBytes: null,
    evidence:
      loaded?.size === undefined || loaded.size === null
        ? []
        : [`/api/ps: ${loaded.size} bytes loaded${share === null ? '' : `, ${share} % of them on the GPU`}`],
  };
}

/** Adds to a description what Ollama's own endpoints tell of the model and its memory. */
async function describe(http: HttpEngine, signal?: AbortSignal): Promise<EngineDescription> {
  const described = await http.describe(signal);
  const { name } = described.model;
  const isMeant = (row: { readonly name: string }): boolean => row.name === name || row.name === `${name}:latest`;
  const tags = tagsSchema.safeParse(await http.askServer('/api/tags', signal));
  const running = loadedSchema.safeParse(await http.askServer('/api/ps', signal));
  const tag = tags.data?.models.find(isMeant);
  const loaded = running.data?.models.find(isMeant);
  const contextLength = loaded?.context_length ?? described.contextLength;
  return {
    ...described,
    model: { ...described.model, facts: { ...described.model.facts, ...factsOf(tag) } },
    contextLength,
    memory: memoryOf(tag, loaded),
    observed: {
      gpuMemoryFraction: null,
      sequences: null,
      contextLength,
      prefixCaching: null,
      kvCacheType: null,
    },
  };
}

/** Ollama, which runs already: asked over its OpenAI endpoints, described by its own. */
export default defineEngine({
  id,
  title: 'Ollama that runs already',
  local: false,
  defaultBaseUrl,
  optionsSchema,
  open: async (settings, dependencies): Promise<Engine> => {
    const { probe } = parseEngineOptions(id, optionsSchema, settings.engineOptions);
    const http = new HttpEngine({ id, probe, settings, dependencies });
    return {
      describe: (signal) => describe(http, signal),
      generate: (request, signal) => http.generate(request, signal),
      scoreContinuations: (request, signal) => http.scoreContinuations(request, signal),
      tokenize: (prompt, signal) => http.tokenize(prompt, signal),
      close: () => http.close(),
    };
  },
});
