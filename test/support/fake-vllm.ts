import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A program named `vllm` on this machine. */
export interface FakeVllm {
  /** Folder to put on PATH. */
  readonly folder: string;
  /** A virtual environment that holds it, with the packages it says it has. */
  virtualEnvironment(version: string): string;
  remove(): void;
}

/** Builds the pretended vLLM into a folder of its own. */
export async function installFakeVllm(): Promise<FakeVllm> {
  const root = mkdtempSync(join(tmpdir(), 'fake-vllm-'));
  await build({
    logLevel: 'silent',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('fake-vllm/main.ts', import.meta.url)),
      outDir: join(root, 'program'),
      rollupOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  });
  const folder = join(root, 'bin');
  writeProgram(folder, root, '');
  return {
    folder,
    virtualEnvironment: (version) => {
      const environment = join(root, `venv-${version}`);
      writeProgram(join(environment, 'bin'), root, `FAKE_VLLM_VERSION=${version} `);
      for (const name of [`vllm-${version}`, 'torch-2.8.0', 'flash_attn-2.8.3', 'requests-2.32.0'])
        mkdirSync(join(environment, 'lib/python3.12/site-packages', `${name}.dist-info`), { recursive: true });
      return environment;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function writeProgram(folder: string, root: string, assignments: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'vllm');
  writeFileSync(path, `#!/bin/sh\n${assignments}exec "${process.execPath}" "${root}/program/main.mjs" "$@"\n`);
  chmodSync(path, 0o755);
}
