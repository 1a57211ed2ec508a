/**
 * The process between qwen-eval and a server it started. It leads a process group of its own, so that a terminal's Ctrl-C does not reach
 * the server, and lives as long as its channel: when qwen-eval is gone, by whatever signal, the server and all that it started is ended.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardVariable, stopGraceMs, type GuardReport, type GuardRequest } from './guard-protocol.ts';
import { listProcesses, markedProcesses } from './process-table.ts';

const pollMs = 100;
/** Milliseconds after which a process that was killed counts as stuck in the kernel. */
const killedGraceMs = 5000;

let server: ChildProcess | null = null;
let ending: Promise<void> | null = null;

let reported: Promise<void> = Promise.resolve();

function report(message: GuardReport): void {
  if (process.connected) reported = new Promise((resolve) => process.send?.(message, () => resolve()));
}

/** The server and all that it started: its group, and what has left the group but still carries the mark. */
const members = (): readonly number[] =>
  [
    ...new Set([
      ...listProcesses()
        .filter(({ group }) => group === process.pid)
        .map(({ id }) => id),
      ...markedProcesses(process.pid),
    ]),
  ].filter((id) => id !== process.pid);

function signalAll(signal: NodeJS.Signals): void {
  for (const id of members()) {
    try {
      process.kill(id, signal);
    } catch {
      // It ended in between.
    }
  }
}

async function areGone(withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  // Looking through all processes takes a while on a busy machine, so it is not the rounds that count.
  while (members().length > 0) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

async function endAll(): Promise<void> {
  if (process.platform === 'win32') await killTree();
  else {
    signalAll('SIGTERM');
    if (!(await areGone(stopGraceMs))) {
      signalAll('SIGKILL');
      await areGone(killedGraceMs);
    }
  }
  await Promise.race([reported, sleep(killedGraceMs)]);
  process.exit(0);
}

/** Windows has no groups; taskkill ends a tree. */
const killTree = (): Promise<void> =>
  new Promise((resolve) => {
    if (server?.pid === undefined) resolve();
    else execFile('taskkill', ['/pid', String(server.pid), '/T', '/F'], () => resolve());
  });

function start({ command, args, environment }: Extract<GuardRequest, { kind: 'start' }>): void {
  server = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...environment, [guardVariable]: String(process.pid) },
  });
  server.once('error', (error: NodeJS.ErrnoException) => {
    report({ kind: 'failed', code: error.code ?? '', message: error.message });
    ending ??= endAll();
  });
  server.once('spawn', () => report({ kind: 'started', processId: server?.pid ?? 0 }));
  server.once('exit', (code, signal) => {
    report({ kind: 'exited', code, signal });
    ending ??= endAll();
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  ending ??= endAll();
});
process.on('message', (message: GuardRequest) => {
  if (message.kind === 'start') start(message);
  else ending ??= endAll();
});
