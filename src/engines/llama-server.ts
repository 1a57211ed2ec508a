import { defineManagedEngine } from './support/server/managed-engine.ts';
import { llamaServerMemory } from './support/server/llama-server-memory.ts';
import { readOutput } from './support/server/read-output.ts';

const askMs = 30_000;

async function readVersion(command: readonly string[]): Promise<string | null> {
  const text = (await readOutput([...command, '--version'], askMs)) ?? '';
  // Builds were numbered before they had versions: `version: 6325 (4d74393b)`, `version: 0.6.0 (build 11434, commit …)`.
  const build = /version:\s*b?(\d+)\s*\(/.exec(text)?.[1] ?? /\(build (\d+)/.exec(text)?.[1] ?? '0';
  return build === '0' ? (/version:\s*(\S+)/.exec(text)?.[1] ?? null) : build;
}

/** Its help starts quickly and knows best which flags this build has. */
async function readFlags(command: readonly string[]): Promise<readonly string[] | null> {
  const text = (await readOutput([...command, '--help'], askMs)) ?? '';
  const flags = new Set([...text.matchAll(/(?<=^|[\s,])--[a-z][a-z0-9-]*/gm)].map(([flag]) => flag));
  // Where its levels have no names, its number means another thing.
  if (!/\d: trace/.test(text)) flags.delete('--verbosity');
  return flags.size === 0 ? null : [...flags];
}

/** llama.cpp's own server: a GGUF file behind OpenAI endpoints. */
export default defineManagedEngine(
  {
    id: 'llama-server',
    title: 'llama.cpp server',
    programs: ['llama-server'],
    installHint:
      'install llama.cpp (its releases hold llama-server), or name the program: --engine-options \'{"command": "/path/llama-server"}\'',
    serveArguments: ({ model, servedName, host, port }) => [
      '--model',
      model,
      '--alias',
      servedName,
      '--host',
      host,
      '--port',
      String(port),
    ],
    healthPath: '/health',
    readVersion,
    readFlags,
    readMemory: llamaServerMemory,
    failures: [
      {
        cause: 'not_supported',
        pattern: /unknown model architecture|unsupported model architecture|unknown pre-tokenizer type/i,
        meaning: 'this build does not know the model’s kind',
        hint: () => 'take a newer llama.cpp',
      },
      {
        cause: 'model_file',
        pattern:
          /invalid magic|failed to open gguf|tensor .* data is not within the file bounds|gguf_init_from_file|corrupted or incomplete/i,
        meaning: 'the model file cannot be read',
        hint: () => 'check that the file is a whole GGUF file; fetch it again',
      },
    ],
    // A build that does not know its own number calls itself b0.
    isVersion: (reported, installed) => !/^\d+$/.test(installed) || reported.includes(installed),
    // A slot’s context is rounded up to a multiple of 256.
    isContext: (reported, asked) => reported >= asked && reported < asked + 256,
  },
  'gguf-file',
);
