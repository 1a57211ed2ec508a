import { basename } from 'node:path';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { isQwenEvalError, QwenEvalError } from '../../../core/errors.ts';
import type { GenerationDelta, GenerationRequest, Prompt } from '../../../core/generation.ts';
import {
  defineEngine,
  type ContinuationRequest,
  type Engine,
  type EngineDependencies,
  type EngineDescription,
  type EngineInstallation,
  type EngineMemory,
  type EnginePlugin,
  type EngineSettings,
  type ModelIdentity,
} from '../../../core/ports/engine.ts';
import type { ContinuationScore } from '../../../core/response.ts';
import { parseEngineOptions } from '../engine-options.ts';
import { readGgufHeader, summarizeGguf } from '../gguf-header.ts';
import { hashFile } from '../hash-file.ts';
import { HttpEngine } from '../http-engine.ts';
import { findProgram } from './find-program.ts';
import { installedVersion } from './installed-version.ts';
import type { ServerDialect } from './server-dialect.ts';
import { explain } from './start-failure.ts';
import { startServer, type StartedServer } from './start-server.ts';

const optionsSchema = z.strictObject({
  /** Program to start, with first arguments if it needs any. */
  command: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).readonly()]).optional(),
  /** Folder of the Python virtual environment that holds the program. */
  virtualEnvironment: z.string().min(1).optional(),
  host: z.string().min(1).default('127.0.0.1'),
  /** Left out, a free one. */
  port: z.int().min(1).max(65_535).optional(),
  /** Further flags for its command line. */
  args: z.array(z.string()).readonly().default([]),
  /** Left out, as long as the server lives. */
  startTimeoutSeconds: z.number().positive().optional(),
  /** False declares without small requests what every such server should have. */
  probe: z.boolean().default(true),
});

/** Declares an engine that qwen-eval starts as a server of the given kind, or adopts when it runs already. */
export function defineManagedEngine(dialect: ServerDialect, modelSource: 'gguf-file' | 'hub'): EnginePlugin {
  const { id, title } = dialect;
  return defineEngine({
    id,
    title,
    local: false,
    modelSource,
    optionsSchema,
    locate: async (engineOptions) => locate(dialect, engineOptions),
    open: async (settings, dependencies) => {
      const { probe } = parseEngineOptions(id, optionsSchema, settings.engineOptions);
      if (settings.baseUrls.length > 0) return new HttpEngine({ id, probe, settings, dependencies });
      return openManaged(dialect, settings, dependencies);
    },
  });
}

async function locate(
  dialect: ServerDialect,
  engineOptions: EngineSettings['engineOptions'],
): Promise<EngineInstallation> {
  const options = parseEngineOptions(dialect.id, optionsSchema, engineOptions);
  const command = findProgram({
    names: dialect.programs,
    command: options.command ?? null,
    virtualEnvironment: options.virtualEnvironment ?? null,
    path: process.env['PATH'] ?? '',
    installHint: dialect.installHint,
  });
  const version = installedVersion(command[0] ?? '', dialect.id) ?? (await dialect.readVersion(command));
  if (dialect.module !== undefined && version === null)
    throw new QwenEvalError('E_ENGINE_MISSING', `${command[0]} has no module ${dialect.module}`, {
      hint: dialect.installHint,
    });
  return { command, version, flags: await dialect.readFlags(command) };
}

async function openManaged(
  dialect: ServerDialect,
  settings: EngineSettings,
  dependencies: EngineDependencies,
): Promise<Engine> {
  const { model } = settings;
  const { host, port, probe, startTimeoutSeconds } = parseEngineOptions(
    dialect.id,
    optionsSchema,
    settings.engineOptions,
  );
  if (model === null)
    throw new QwenEvalError('E_OPTION_INVALID', `engine ${dialect.id} needs a model to serve`, {
      hint: 'name it with --model, or give --base-url of a server that runs already',
    });
  // Without a preset, as for a judge, the server has its own defaults.
  const installation = settings.launch?.installation ?? (await locate(dialect, settings.engineOptions));
  const launch = settings.launch ?? { installation, args: [], environment: {} };
  const servedName = existsSync(model) ? basename(model).replace(/\.gguf$/i, '') : model;
  const started = await startServer({
    dialect,
    launch,
    model,
    servedName,
    host,
    port: port ?? null,
    timeoutMs: startTimeoutSeconds === undefined ? null : startTimeoutSeconds * 1000,
    dependencies,
  });
  return new ManagedEngine({
    dialect,
    settings: { ...settings, launch },
    model,
    started,
    http: new HttpEngine({
      id: dialect.id,
      probe,
      settings: { ...settings, model: servedName, baseUrls: [started.baseUrl] },
      dependencies,
    }),
  });
}

interface ManagedParts {
  readonly dialect: ServerDialect;
  readonly settings: EngineSettings;
  /** Path or hub id of the weights. */
  readonly model: string;
  readonly started: StartedServer;
  readonly http: HttpEngine;
}

/** A server that qwen-eval started: asked over HTTP, described by its log too, and ended with the engine. */
class ManagedEngine implements Engine {
  readonly #parts: ManagedParts;
  readonly #memory: EngineMemory;
  #isChecked = false;

  constructor(parts: ManagedParts) {
    this.#parts = parts;
    this.#memory = parts.dialect.readMemory(parts.started.log.lines);
  }

  async describe(signal?: AbortSignal): Promise<EngineDescription> {
    const { http, settings, model, started } = this.#parts;
    const described = await this.#explained(http.describe(signal));
    const { observed: _observed, ...description } = described;
    if (!this.#isChecked) this.#refuseOtherServer(described, await this.#servedPath(signal));
    this.#isChecked = true;
    const { args = [], installation } = settings.launch ?? {};
    return {
      ...description,
      version: installation?.version ?? described.version,
      model: { ...described.model, root: model, ...(await weightsIdentity(model, described.model.facts)) },
      processId: started.process.processId,
      settings: { ...described.settings, arguments: [...args] },
      memory: this.#memory,
      ...(installation ? { installation } : {}),
    };
  }

  generate(request: GenerationRequest, signal?: AbortSignal): AsyncIterable<GenerationDelta> {
    const inner = this.#parts.http.generate(request, signal);
    return {
      [Symbol.asyncIterator]: () => {
        const deltas = inner[Symbol.asyncIterator]();
        return {
          next: () => this.#explained(deltas.next()),
          return: async (value?: unknown) => (await deltas.return?.(value)) ?? { done: true, value: undefined },
        };
      },
    };
  }

  scoreContinuations(request: ContinuationRequest, signal?: AbortSignal): Promise<readonly ContinuationScore[]> {
    return this.#explained(this.#parts.http.scoreContinuations(request, signal));
  }

  tokenize(prompt: Prompt, signal?: AbortSignal): Promise<readonly number[]> {
    return this.#explained(this.#parts.http.tokenize(prompt, signal));
  }

  logTo(path: string): void {
    this.#parts.started.log.attach(path);
  }

  async close(): Promise<void> {
    const { http, started } = this.#parts;
    await http.close();
    await started.process.stop();
    await started.log.close();
  }

  /** A request that fails because the server died says so, with the line of its log that tells why. */
  async #explained<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (error) {
      const died = await this.#death(error);
      throw died ?? error;
    }
  }

  async #death(error: unknown): Promise<QwenEvalError | null> {
    const { dialect, started } = this.#parts;
    if (!isQwenEvalError(error) || !brokenCodes.has(error.code)) return null;
    // The connection breaks a moment before the end of the process is known.
    const exit = await Promise.race([started.process.exited, pause()]);
    if (exit === null) return null;
    const { lines } = started.log;
    const found = explain(lines.slice(-200), dialect.failures);
    const line = found?.line ?? lines.at(-1)?.trim() ?? '';
    return new QwenEvalError(
      'E_ENGINE_CRASHED',
      `${dialect.title} ended (${exit.signal ?? `exit code ${exit.code}`})${line === '' ? '' : `: ${JSON.stringify(line.slice(0, 400))}`}`,
      {
        hint: `${found?.failure.hint(line) ?? 'look into engine.log in the run directory'}; then resume the run`,
        cause: error,
        details: { exitCode: exit.code, signal: exit.signal, log: lines.slice(-60) },
      },
    );
  }

  /** Path of the weights as an endpoint of the server's own tells it; null when it has none. */
  async #servedPath(signal: AbortSignal | undefined): Promise<string | null> {
    const { dialect, http } = this.#parts;
    if (!dialect.modelInfo) return null;
    const info = await http.askServer(dialect.modelInfo.path, signal);
    const value = (info as Readonly<Record<string, unknown>> | null)?.[dialect.modelInfo.field];
    return typeof value === 'string' ? value : null;
  }

  /** Throws E_NOT_OUR_SERVER when what answers is not what was started. */
  #refuseOtherServer(described: EngineDescription, path: string | null): void {
    const { dialect, settings, model } = this.#parts;
    const { name } = described.model;
    const root = path ?? described.model.root;
    const asked = settings.contextLength;
    const installed = settings.launch?.installation.version ?? null;
    const reported = described.contextLength;
    const differences = [
      ...(root !== null && root !== model && root !== name ? [`it serves ${root}, not ${model}`] : []),
      ...(asked !== null && reported !== null && !dialect.isContext(reported, asked)
        ? [`its context is ${reported} tokens, not ${asked}`]
        : []),
      ...(installed !== null && described.version !== null && !dialect.isVersion(described.version, installed)
        ? [`it is version ${described.version}, not ${installed}`]
        : []),
    ];
    if (differences.length === 0) return;
    throw new QwenEvalError(
      'E_NOT_OUR_SERVER',
      `what answers is not the ${dialect.title} that was started: ${differences.join('; ')}`,
      { hint: 'end the other server on that port, or name another port in --engine-options', details: { differences } },
    );
  }
}

const brokenCodes = new Set(['E_ENGINE_UNREACHABLE', 'E_ENGINE_STREAM', 'E_ENGINE_SERVER', 'E_ENGINE_TIMEOUT']);

const pause = (): Promise<null> => new Promise((resolve) => void setTimeout(() => resolve(null), 1500).unref());

/** Hash and header of a weights file, as the embedded engine gives them; a folder of weights has neither. */
async function weightsIdentity(
  path: string,
  facts: ModelIdentity['facts'],
): Promise<Pick<ModelIdentity, 'sha256' | 'facts'>> {
  if (!/\.gguf$/i.test(path) || !existsSync(path)) return { sha256: null, facts };
  const { chatTemplate: _template, ...header } = summarizeGguf(await readGgufHeader(path));
  return { sha256: await hashFile(path), facts: { ...facts, ...header } };
}
