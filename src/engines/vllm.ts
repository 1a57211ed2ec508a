import { defineManagedEngine } from './support/server/managed-engine.ts';
import { vllmMemory } from './support/server/vllm-memory.ts';
import { readOutput } from './support/server/read-output.ts';

/** It imports torch before it answers. */
const askMs = 120_000;

async function readVersion(command: readonly string[]): Promise<string | null> {
  const text = await readOutput([...command, '--version'], askMs);
  return /^(\d+\.\d+\S*)\s*$/m.exec(text ?? '')?.[1] ?? null;
}

/** vLLM, started with a preset's flags for its version. */
export default defineManagedEngine(
  {
    id: 'vllm',
    title: 'vLLM',
    programs: ['vllm'],
    installHint:
      'install vLLM into a virtual environment (pip install vllm) and name it: --engine-options \'{"virtualEnvironment": "/path/venv"}\'; it needs a GPU',
    serveArguments: ({ model, servedName, host, port }) => [
      'serve',
      model,
      '--served-model-name',
      servedName,
      '--host',
      host,
      '--port',
      String(port),
    ],
    healthPath: '/health',
    readVersion,
    // Its help takes as long as a start, and the flag table knows its versions.
    readFlags: async () => null,
    readMemory: vllmMemory,
    failures: [
      {
        cause: 'context_too_long',
        pattern: /To serve at least one request with the models's max seq len/,
        meaning: 'the context does not fit the memory',
        hint: (line) => {
          const most = /estimated maximum model length is (\d+)/.exec(line)?.[1];
          return most === undefined
            ? 'set a shorter context with --max-model-len'
            : `set --max-model-len to ${most} at most`;
        },
      },
      {
        cause: 'out_of_memory',
        pattern: /Free memory on device .* on startup is less than desired GPU memory utilization/,
        meaning: 'other processes hold the GPU’s memory',
        hint: () => 'end what uses the GPU (`nvidia-smi` shows it), or take a preset with a smaller memory share',
      },
      {
        cause: 'out_of_memory',
        pattern: /No available memory for the cache blocks|CUDA out of memory occurred when warming up sampler/,
        meaning: 'no memory is left for the KV cache',
        hint: () =>
          'take a preset with a larger memory share, fewer sequences, a smaller or quantised model, or more GPUs ("args": ["--tensor-parallel-size", "2"])',
      },
      {
        cause: 'out_of_memory',
        pattern: /Error in memory profiling\. Initial free memory/,
        meaning: 'another process gave memory back while it measured',
        hint: () => 'wait until the GPU is quiet, then start again',
      },
      {
        cause: 'flag_unknown',
        pattern: /invalid (?:tool call|reasoning) parser/,
        meaning: 'it does not know a parser',
        hint: () => 'take a newer vLLM, or name another parser in "args" of --engine-options',
      },
      {
        cause: 'not_supported',
        pattern:
          /not divisible by weight quantization block|Quantization method specified .* does not match|is not supported for now|Unknown quantization method/,
        meaning: 'it cannot serve these weights so',
        hint: () => 'leave --quantization out, or change the number of GPUs',
      },
    ],
    isVersion: (reported, installed) => reported === installed,
    isContext: (reported, asked) => reported === asked,
  },
  'hub',
);
