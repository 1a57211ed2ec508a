import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram } from './build-program.ts';

/** A program named `vllm` on this machine. */
export interface FakeVllm {
  /** Folder to put on PATH. */
  readonly folder: string;
  /** Path that every process of it has in its command line. */
  readonly program: string;
  /** A virtual environment that holds it. */
  virtualEnvironment(version: string): string;
  remove(): void;
}

/** Builds the pretended vLLM into a folder of its own. */
export async function installFakeVllm(): Promise<FakeVllm> {
  const program = await buildProgram('fake-vllm/main.ts');
  const folder = join(program.root, 'bin');
  program.install(join(folder, 'vllm'));
  return {
    folder,
    program: join(program.root, 'program'),
    virtualEnvironment: (version) => {
      const environment = join(program.root, `venv-${version}`);
      program.install(join(environment, 'bin/vllm'), { FAKE_VLLM_VERSION: version });
      const metadata = `lib/python3.12/site-packages/vllm-${version}.dist-info`;
      mkdirSync(join(environment, metadata), { recursive: true });
      return environment;
    },
    remove: program.remove,
  };
}
