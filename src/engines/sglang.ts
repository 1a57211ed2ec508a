import { defineManagedEngine } from './support/server/managed-engine.ts';
import { sglangMemory } from './support/server/sglang-memory.ts';
import { readOutput } from './support/server/read-output.ts';

const askMs = 120_000;

async function readVersion(command: readonly string[]): Promise<string | null> {
  const [python = ''] = command;
  const text = await readOutput([python, '-c', 'import sglang; print(sglang.__version__)'], askMs);
  return /^(\d+\.\d+\S*)\s*$/m.exec(text ?? '')?.[1] ?? null;
}

/** SGLang, started with a preset's flags. */
export default defineManagedEngine(
  {
    id: 'sglang',
    title: 'SGLang',
    programs: ['python3', 'python'],
    module: 'sglang',
    installHint:
      'install SGLang into a virtual environment (pip install "sglang[all]") and name it: --engine-options \'{"virtualEnvironment": "/path/venv"}\'; it needs a GPU',
    serveArguments: ({ model, servedName, host, port }) => [
      '-m',
      'sglang.launch_server',
      '--model-path',
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
    readMemory: sglangMemory,
    failures: [
      {
        cause: 'not_installed',
        pattern: /No module named '?sglang/,
        meaning: 'this Python has no SGLang',
        hint: () =>
          'name the virtual environment that has it: --engine-options \'{"virtualEnvironment": "/path/venv"}\'',
      },
      {
        cause: 'out_of_memory',
        pattern: /Not enough memory\. Please try to increase --mem-fraction-static/,
        meaning: 'no memory is left for the KV cache',
        hint: () => 'take a preset with a larger memory share, or a smaller or quantised model',
      },
      {
        cause: 'context_too_long',
        pattern: /context_length .* is greater than the derived context_length/,
        meaning: 'the model has a shorter context',
        hint: () => 'set a shorter context with --max-model-len',
      },
    ],
    modelInfo: { path: '/get_model_info', field: 'model_path' },
    isVersion: (reported, installed) => reported === installed,
    isContext: (reported, asked) => reported === asked,
  },
  'hub',
);
