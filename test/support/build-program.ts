import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** A program of the tests, built so that Node runs it by itself. */
export interface BuiltProgram {
  /** Folder of its own; `program/` in it holds the built files. */
  readonly root: string;
  /** Writes a shell script that runs it with these variables set. */
  install(path: string, variables?: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** Builds a program from its source under test/support. */
export async function buildProgram(source: string): Promise<BuiltProgram> {
  const root = mkdtempSync(join(tmpdir(), 'test-program-'));
  await build({
    logLevel: 'silent',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL(source, import.meta.url)),
      outDir: join(root, 'program'),
      rollupOptions: { output: { entryFileNames: 'main.mjs' } },
    },
  });
  return {
    root,
    install: (path, variables = {}) => {
      mkdirSync(dirname(path), { recursive: true });
      const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value} `);
      writeFileSync(
        path,
        `#!/bin/sh\n${assignments.join('')}exec "${process.execPath}" "${root}/program/main.mjs" "$@"\n`,
      );
      chmodSync(path, 0o755);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
