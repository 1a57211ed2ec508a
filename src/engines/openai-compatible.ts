import { z } from 'zod';
import { defineEngine } from '../core/ports/engine.ts';
import { parseEngineOptions } from './support/engine-options.ts';
import { HttpEngine } from './support/http-engine.ts';

const id = 'openai-compatible';

const optionsSchema = z.strictObject({
  /** False declares without small requests what every such server should have, for endpoints that charge by the request. */
  probe: z.boolean().default(true),
});

/** Any server with the OpenAI endpoints: vLLM, SGLang, llama.cpp, Ollama, gateways. */
export default defineEngine({
  id,
  title: 'OpenAI-compatible server',
  local: false,
  optionsSchema,
  open: async (settings, dependencies) => {
    const { probe } = parseEngineOptions(id, optionsSchema, settings.engineOptions);
    return new HttpEngine({ id, probe, settings, dependencies });
  },
});
