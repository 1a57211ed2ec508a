import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cached = join(homedir(), '.cache/qwen-eval-real/qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');

/** Path of a real Qwen2.5-Coder-0.5B-Instruct GGUF: `QE_REAL_QWEN`, else the cache of the project's tools; null when there is none. */
export function realQwen(): string | null {
  const path = process.env['QE_REAL_QWEN'] ?? cached;
  return existsSync(path) ? path : null;
}
