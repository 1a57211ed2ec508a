/** A Python that has nothing but SGLang, which behaves as SGLang 0.5.4 does on its command line, in its log and over HTTP, without a GPU. */
import { metricsPages } from '../metrics-pages.ts';
import { startOpenAiServer } from '../openai-server.ts';

const [flag, module, ...rest] = process.argv.slice(2);
if (flag !== '-m' || module !== 'sglang.launch_server') {
  process.stderr.write(`No module named ${module ?? ''}\n`);
  process.exit(1);
}
const value = (name: string): string | undefined => {
  const index = rest.indexOf(name);
  return index < 0 ? undefined : rest[index + 1];
};
const log = (text: string): boolean => process.stderr.write(`[2026-11-26 10:00:00] ${text}\n`);
const model = value('--model-path') ?? '';
const context = Number(value('--context-length'));
if (process.env['FAKE_SGLANG_FAILURE'] === 'memory') {
  log('RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.');
  process.exit(1);
}
log(`server_args=ServerArgs(model_path='${model}', mem_fraction_static=${value('--mem-fraction-static')})`);
log('Load weight begin. avail mem=78.60 GB');
log(
  'Load weight end. elapsed=3.10 s, type=Qwen3ForCausalLM, dtype=torch.bfloat16, avail mem=63.20 GB, mem usage=15.30 GB.',
);
log('KV Cache is allocated. #tokens: 350257, K size: 24.05 GB, V size: 24.05 GB');
log('Capture cuda graph end. Time elapsed: 8.38 s. mem usage=0.92 GB. avail mem=10.30 GB.');
log(`max_total_num_tokens=350257, chunked_prefill_size=8192, max_running_requests=64, context_len=${context}`);
await startOpenAiServer({
  dialect: 'plain',
  port: Number(value('--port')),
  record: false,
  models: [
    {
      id: value('--served-model-name'),
      object: 'model',
      owned_by: 'sglang',
      root: value('--served-model-name'),
      max_model_len: context,
    },
  ],
  routes: {
    'GET /health': '',
    'GET /get_model_info': { model_path: process.env['FAKE_SGLANG_MODEL'] ?? model, is_generation: true },
    'GET /get_server_info': {
      mem_fraction_static: Number(value('--mem-fraction-static')),
      max_running_requests: Number(value('--max-running-requests')),
      context_length: context,
      disable_radix_cache: rest.includes('--disable-radix-cache'),
    },
    'GET /metrics': metricsPages.sglang,
  },
});
log('The server is fired up and ready to roll!');
