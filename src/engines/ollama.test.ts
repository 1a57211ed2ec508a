import { afterEach, describe, expect, it } from 'vitest';
import { engineDependencies, engineSettings } from '../../test/support/engine-settings.ts';
import { startOpenAiServer, type OpenAiServer } from '../../test/support/openai-server.ts';
import ollama from './ollama.ts';

const servers: OpenAiServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

const tag = {
  name: 'qwen3:8b',
  model: 'qwen3:8b',
  size: 5_225_388_164,
  digest: '500a1f067a9f782620b40bee6f7b0c89e17ae61f686b92c24933e4ca4b2b8b41',
  details: { format: 'gguf', family: 'qwen3', parameter_size: '8.2B', quantization_level: 'Q4_K_M' },
};

async function serve(routes: Readonly<Record<string, unknown>>) {
  const server = await startOpenAiServer({
    dialect: 'plain',
    models: [{ id: 'qwen3:8b', object: 'model', created: 1, owned_by: 'library' }],
    routes: { 'GET /api/version': { version: '0.12.6' }, ...routes },
  });
  servers.push(server);
  const engine = await ollama.open(engineSettings({ baseUrls: [server.url] }), engineDependencies());
  const description = await engine.describe();
  await engine.close();
  return description;
}

describe('Ollama', () => {
  it('tells weights, quantisation, context and memory by its own endpoints', async () => {
    const loaded = { name: 'qwen3:8b', size: 6_654_289_920, size_vram: 3_327_144_960, context_length: 4096 };
    expect(await serve({ 'GET /api/tags': { models: [tag] }, 'GET /api/ps': { models: [loaded] } })).toMatchObject({
      engine: 'ollama',
      version: '0.12.6',
      contextLength: 4096,
      model: { name: 'qwen3:8b', facts: { servedBy: 'ollama', digest: tag.digest, quantization: 'q4_k_m' } },
      memory: {
        weightsBytes: 5_225_388_164,
        kvCacheBytes: 6_654_289_920 - 5_225_388_164,
        evidence: ['/api/ps: 6654289920 bytes loaded, 50 % of them on the GPU'],
      },
      observed: { contextLength: 4096, sequences: null },
    });
  });

  it('knows nothing of what those endpoints do not say', async () => {
    expect(await serve({})).toMatchObject({
      contextLength: null,
      model: { facts: { servedBy: 'ollama' } },
      memory: { weightsBytes: null, kvCacheBytes: null, evidence: [] },
    });
  });

  it.each([
    [undefined, 'http://127.0.0.1:11434/v1'],
    ['0.0.0.0:9000', 'http://127.0.0.1:9000/v1'],
    ['gpu-box', 'http://gpu-box:11434/v1'],
    ['https://ollama.example', 'https://ollama.example/v1'],
  ])('is looked for where OLLAMA_HOST %s says', (host, url) => {
    const before = process.env['OLLAMA_HOST'];
    if (host === undefined) delete process.env['OLLAMA_HOST'];
    else process.env['OLLAMA_HOST'] = host;
    try {
      expect(ollama.defaultBaseUrl?.()).toBe(url);
    } finally {
      if (before === undefined) delete process.env['OLLAMA_HOST'];
      else process.env['OLLAMA_HOST'] = before;
    }
  });
});
