import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { QwenEvalError } from '../../../core/errors.ts';
import type { EngineDependencies, EngineLaunch } from '../../../core/ports/engine.ts';
import { EngineLog } from './engine-log.ts';
import { claimPort } from './free-port.ts';
import { listeners } from './port-listeners.ts';
import { processTree } from './process-table.ts';
import type { ServerDialect } from './server-dialect.ts';
import { ServerProcess } from './server-process.ts';
import { startError } from './start-failure.ts';

/** What is to be started, and where. */
export interface StartRequest {
  readonly dialect: ServerDialect;
  readonly launch: EngineLaunch;
  readonly model: string;
  readonly servedName: string;
  readonly host: string;
  readonly port: number | null;
  /** Null waits as long as the server lives. */
  readonly timeoutMs: number | null;
  readonly dependencies: EngineDependencies;
}

/** A server that answers. */
export interface StartedServer {
  readonly process: ServerProcess;
  readonly log: EngineLog;
  /** Address of its OpenAI endpoints. */
  readonly baseUrl: string;
}

/**
 * Starts a server and waits until it answers. Throws E_ENGINE_START with the line of its log that says why it did not, E_NOT_OUR_SERVER when
 * another process listens on its port; nothing is left running then.
 */
export async function startServer(request: StartRequest): Promise<StartedServer> {
  const { dialect, launch, model, servedName, host, dependencies } = request;
  dependencies.signal?.throwIfAborted();
  const port = await claimPort(host, request.port);
  const [command = '', ...first] = launch.installation.command;
  let lastLine = '';
  const log = new EngineLog((line) => {
    lastLine = line;
  });
  const server = new ServerProcess(
    {
      command,
      args: [...first, ...dialect.serveArguments({ model, servedName, host, port }), ...launch.args],
      environment: { ...serverEnvironment(process.env), ...launch.environment },
    },
    (line) => log.write(line),
  );
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    await waitForHealth({ ...request, server, log, url: `${origin}${dialect.healthPath}`, lastLine: () => lastLine });
    refuseForeignListener(port, { server, title: dialect.title });
    return { process: server, log, baseUrl: `${origin}/v1` };
  } catch (error) {
    dependencies.onProgress?.(`${dialect.id} is stopped`, true);
    await server.stop();
    await log.close();
    throw error;
  }
}

/** The user's environment without keys that are for qwen-eval. */
function serverEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      !entry[0].startsWith('QE_') &&
      entry[0] !== 'OPENAI_API_KEY' &&
      entry[0] !== 'NODE_OPTIONS',
  );
  return Object.fromEntries(kept);
}

interface Waiting extends StartRequest {
  readonly server: ServerProcess;
  readonly log: EngineLog;
  readonly url: string;
  readonly lastLine: () => string;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const pollMs = 250;
const healthTimeoutMs = 2000;

async function waitForHealth(waiting: Waiting): Promise<void> {
  const { dialect, server, log, url, timeoutMs, dependencies, lastLine } = waiting;
  const startMs = dependencies.nowMs();
  let shown = '';
  for (;;) {
    if (server.exit !== null) throw await failedStart(waiting);
    if (await isHealthy(url)) {
      dependencies.onProgress?.(`${dialect.id} answers after ${seconds(dependencies.nowMs() - startMs)} s`, true);
      return;
    }
    dependencies.signal?.throwIfAborted();
    const waitedMs = dependencies.nowMs() - startMs;
    if (timeoutMs !== null && waitedMs > timeoutMs)
      throw new QwenEvalError('E_ENGINE_START', `${dialect.title} did not answer within ${timeoutMs / 1000} s`, {
        hint: 'raise "startTimeoutSeconds" in --engine-options, or leave it out to wait as long as the server lives',
        details: { log: log.lines.slice(-60) },
      });
    if (lastLine() !== shown) {
      shown = lastLine();
      dependencies.onProgress?.(`${dialect.id} is starting (${Math.round(waitedMs / 1000)} s): ${shown.trim()}`, false);
    }
    await Promise.race([sleep(pollMs), server.exited]);
  }
}

async function failedStart({ dialect, server, log }: Waiting): Promise<QwenEvalError> {
  const exit = await server.exited;
  return startError({
    title: dialect.title,
    exit,
    lines: log.lines,
    failures: dialect.failures,
    logPath: saveLog(dialect.id, log.lines),
  });
}

/** There is no run directory yet, so the log of a failed start goes into the system's folder for such. */
function saveLog(id: string, lines: readonly string[]): string | null {
  try {
    const path = join(mkdtempSync(join(tmpdir(), `qwen-eval-${id}-`)), 'engine.log');
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  } catch {
    return null;
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(healthTimeoutMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Two servers may share a port without an error, and then share its requests. */
function refuseForeignListener(
  port: number,
  { server, title }: { readonly server: ServerProcess; readonly title: string },
): void {
  const found = listeners(port);
  if (found === null || server.processId === null) return;
  const own = new Set(processTree(server.processId));
  const foreign = found.filter(({ owners }) => !owners.some((id) => own.has(id)));
  if (foreign.length === 0) return;
  const ids = foreign.flatMap(({ owners }) => owners);
  throw new QwenEvalError(
    'E_NOT_OUR_SERVER',
    `port ${port} is served by another process too${ids.length === 0 ? '' : ` (${ids.join(', ')})`}, not by ${title} alone`,
    { hint: 'end that process: it would answer part of the requests', details: { port, processes: ids } },
  );
}
