import { existsSync, readFileSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { QwenEvalError } from '../core/errors.ts';
import { closest } from '../core/closest.ts';
import type { OptionDefinition } from './option-definition.ts';
import { options } from './options.ts';

const defaultNames = ['yaml', 'yml', 'json', 'mjs'].map((extension) => `qwen-eval.config.${extension}`);

/** What a config file holds: option values by name. */
export interface LoadedConfig {
  /** Absolute path; null when there is no config file. */
  readonly path: string | null;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Helps an editor to complete a config file; returns its argument. */
export const defineConfig = (config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => config;

/** Loads the named config file, or the default one of a folder when it is there. Throws E_FILE_UNREADABLE or E_CONFIG_INVALID naming the key. */
export async function loadConfig(path: string | null, folder: string): Promise<LoadedConfig> {
  const found =
    path === null
      ? defaultNames.map((name) => resolve(folder, name)).find((name) => existsSync(name))
      : resolve(folder, path);
  if (found === undefined) return { path: null, values: {} };
  const content = await readConfig(found);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new QwenEvalError('E_CONFIG_INVALID', `${found} does not hold an object of options`, {
      hint: 'write option names as keys, e.g. `limit: 50`',
    });
  }
  const values = content as Record<string, unknown>;
  for (const key of Object.keys(values)) checkKey(found, key);
  return { path: found, values };
}

function checkKey(path: string, key: string): void {
  const known = (options as readonly OptionDefinition[]).find((option) => option.name === key);
  if (known?.secret) {
    throw new QwenEvalError('E_CONFIG_INVALID', `key ${key} of ${path} is a secret`, {
      hint: 'set it in the environment, never in a file',
    });
  }
  if (known && known.name !== 'config' && !known.environmentOnly) return;
  const suggestion = closest(
    key,
    options.map((option) => option.name),
  );
  throw new QwenEvalError('E_CONFIG_INVALID', `unknown key ${key} in ${path}`, {
    hint: suggestion ? `did you mean ${suggestion}?` : 'see `qwen-eval help run` for the options',
  });
}

async function readConfig(path: string): Promise<unknown> {
  try {
    if (extname(path) === '.mjs' || extname(path) === '.js') {
      const module = (await import(pathToFileURL(path).href)) as { default?: unknown };
      return module.default;
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
    if (extname(path) === '.json') return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new QwenEvalError(
      missing ? 'E_FILE_UNREADABLE' : 'E_CONFIG_INVALID',
      `config file ${path} cannot be read: ${(cause as Error).message}`,
      {
        hint: 'check the path and the syntax of the file',
        cause,
      },
    );
  }
}
