import { isBefore } from './command-line.ts';

const stamp = '11-26 10:00:00';

/** What a log line is written with. */
export interface LogFacts {
  readonly version: string;
  readonly model: string;
  readonly port: number;
  readonly share: number;
  readonly context: number;
}

const api = (text: string): string => `(APIServer pid=${process.pid}) INFO ${stamp} ${text}`;
const core = (text: string): string => `(EngineCore_0 pid=${process.pid + 1}) INFO ${stamp} ${text}`;

/** Numbers of the pretended card, so that tests can compare what was read with what was written. */
export const cardFacts = {
  weightsGib: 15.2683,
  cacheGib: 51.45,
  cacheTokens: 374_640,
  activationGib: 1.41,
  graphGib: 0.61,
};

/** The log of a start as the versions write it. */
export function startLines({ version, model, port, share, context }: LogFacts): readonly string[] {
  const { weightsGib, cacheGib, cacheTokens, activationGib, graphGib } = cardFacts;
  const tokens = cacheTokens.toLocaleString('en-US');
  const concurrency = (cacheTokens / context).toFixed(2);
  const perRequest = context.toLocaleString('en-US');
  const isOld = isBefore(version, '0.20.0');
  return [
    `INFO ${stamp} [__init__.py:216] Automatically detected platform cuda.`,
    api(`[api_server.py:1896] vLLM API server version ${version}`),
    api(
      `[utils.py:328] non-default args: {'model_tag': '${model}', 'port': ${port}, 'gpu_memory_utilization': ${share}}`,
    ),
    core(`[gpu_model_runner.py:2338] Starting to load model ${model}...`),
    `\rLoading safetensors checkpoint shards:  50% Completed | 2/4 [00:01<00:01,  1.9it/s]\rLoading safetensors checkpoint shards: 100% Completed | 4/4 [00:02<00:00,  1.9it/s]`,
    core('[default_loader.py:268] Loading weights took 2.51 seconds'),
    isOld
      ? core(`[gpu_model_runner.py:2392] Model loading took ${weightsGib} GiB and 3.112233 seconds`)
      : core(`[gpu_model_runner.py:5516] Model loading took ${weightsGib.toFixed(2)} GiB memory and 3.112233 seconds`),
    core(`[gpu_worker.py:298] Available KV cache memory: ${cacheGib} GiB`),
    ...(isOld
      ? [
          core(`[kv_cache_utils.py:864] GPU KV cache size: ${tokens} tokens`),
          core(`[kv_cache_utils.py:868] Maximum concurrency for ${perRequest} tokens per request: ${concurrency}x`),
        ]
      : [
          core(
            `[kv_cache_utils.py:1876] GPU KV cache size: ${tokens} tokens, Maximum concurrency for ${perRequest} tokens per request: ${concurrency}x`,
          ),
        ]),
    core(`[gpu_model_runner.py:3118] Graph capturing finished in 5 secs, took ${graphGib} GiB`),
    core(
      `[gpu_worker.py:391] Free memory on device (78.6/79.1 GiB) on startup. Desired GPU memory utilization is (${share}, 67.2 GiB). Actual usage is 15.27 GiB for weight, ${activationGib} GiB for peak activation, 0.12 GiB for non-torch memory, and ${graphGib} GiB for CUDAGraph memory.`,
    ),
    core('[core.py:218] init engine (profile, create kv cache, warmup model) took 25.31 seconds'),
    api('[launcher.py:34] Available routes are:'),
    `(APIServer pid=${process.pid}) INFO:     Started server process [${process.pid}]`,
  ];
}

const engineCoreDied = [
  `(EngineCore_0 pid=${process.pid + 1}) Process EngineCore_0:`,
  `(APIServer pid=${process.pid}) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_0': 1}`,
];

const error = (text: string): string => `(EngineCore_0 pid=${process.pid + 1}) ERROR ${stamp} [core.py:708] ${text}`;

/** Last words by the kind of failure, as the sources have them. */
export const failureLines: Readonly<Record<string, readonly string[]>> = {
  weights: [
    error('EngineCore failed to start.'),
    error(
      'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.02 GiB. GPU 0 has a total capacity of 23.64 GiB of which 512.00 MiB is free.',
    ),
    ...engineCoreDied,
  ],
  busy: [
    error(
      'ValueError: Free memory on device (10.2/79.1 GiB) on startup is less than desired GPU memory utilization (0.85, 67.2 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.',
    ),
    ...engineCoreDied,
  ],
  cache: [
    error(
      'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
    ),
    ...engineCoreDied,
  ],
  context: [
    error(
      "ValueError: To serve at least one request with the models's max seq len (32768), (4.50 GiB KV cache is needed, which is larger than the available KV cache memory (2.10 GiB). Based on the available memory, the estimated maximum model length is 15280. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
    ),
    ...engineCoreDied,
  ],
  model: [
    `(APIServer pid=${process.pid}) OSError: Qwen/Qwen3-9B is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'`,
  ],
  gpu: [
    `INFO ${stamp} [__init__.py:220] No platform detected, vLLM is running on UnspecifiedPlatform`,
    `(APIServer pid=${process.pid}) RuntimeError: Failed to infer device type, please set the environment variable \`VLLM_LOGGING_LEVEL=DEBUG\` to turn on verbose logging to help debug the issue.`,
  ],
  mystery: [`(APIServer pid=${process.pid}) KeyError: 'rotary'`],
};
