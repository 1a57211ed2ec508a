/** A worker thread of the sandbox's child process: one interpreter in compat mode, two in strict mode. */
import { constants } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Job } from '../support/job.ts';
import { Interpreter, type Channel } from './interpreter.ts';
import type { WorkerMessage, WorkerOutcome, WorkerSetup } from './messages.ts';
import { isNestedDeeper } from './nesting.ts';
import { DeniedCall, GuestExit } from './seal.ts';

const setup = workerData as WorkerSetup;
const answerBytes = 64 * 1024 * 1024;
/** A worker whose memory has grown past this is started anew, as memory cannot shrink. */
const spentBytes = 128 * 1024 * 1024;
const tasksBeforeRenewal = 500;
const channelDescriptor = 900;
/** A parser in WebAssembly would run over the stack on what is nested deeper; honest values stay below (MAX_DEPTH of codec.py). */
const answerDepth = 1000;
const malformedAnswer = new Uint8Array();

const tell = (message: WorkerMessage): void => parentPort?.postMessage(message, []);

// The loader looks for file constants in a way that the permission model forbids.
Object.defineProperty(process, 'binding', {
  value: (name: string) => {
    if (name === 'constants') return { fs: constants };
    throw new Error(`no binding ${name}`);
  },
});

const interrupt = new Uint8Array(setup.interrupt);
const parts = { folder: setup.folder, module: setup.module };
const snapshot = new Uint8Array(setup.snapshot);

/** How the candidate's interpreter ended during a task; null while it runs. */
let ending: WorkerOutcome | null = null;
/** Whether an interpreter was left in a state that putting its memory back may not mend. */
let isBroken = false;
let startedAt: number | null = null;

function start(): void {
  if (startedAt !== null) return;
  startedAt = performance.now();
  tell({ kind: 'started' });
}

function endingOf(error: unknown): WorkerOutcome {
  if (error instanceof DeniedCall) return { kind: 'ended', how: 'denied', detail: error.message };
  if (error instanceof GuestExit) return { kind: 'ended', how: 'exit', detail: error.message };
  // A refused call or an exit unwinds to its caller and leaves nothing outside memory; a trap or an overflow of the stack can strike anywhere.
  isBroken = true;
  return { kind: 'ended', how: 'crash', detail: error instanceof Error ? error.message : String(error) };
}

const candidate = await Interpreter.boot(parts, snapshot, { interrupt, channel: null });

const channel: Channel = {
  descriptor: channelDescriptor,
  exchange: (question) => {
    start();
    if (ending !== null) return null;
    try {
      const answer = candidate.call('answer', question, answerBytes);
      return isNestedDeeper(answer, answerDepth) ? malformedAnswer : answer;
    } catch (error) {
      ending = endingOf(error);
      return null;
    }
  },
};

const tester = setup.isStrict ? await Interpreter.boot(parts, snapshot, { interrupt, channel }) : null;

function inTwo(job: Job, other: Interpreter): WorkerOutcome {
  candidate.call('load', Buffer.from(job.candidate), answerBytes);
  try {
    const report = other.call(job.kind === 'judge' ? 'run_judge' : 'run_evaluate', Buffer.from(job.task), answerBytes);
    return ending ?? { kind: 'report', text: new TextDecoder().decode(report) };
  } catch (error) {
    isBroken = true;
    return ending ?? { kind: 'fault', detail: error instanceof Error ? error.message : String(error) };
  }
}

function inOne(job: Job): WorkerOutcome {
  start();
  try {
    candidate.call('load', Buffer.from(job.candidate), answerBytes);
    const entry = job.kind === 'judge' ? 'judge_here' : 'evaluate_here';
    const report = candidate.call(entry, Buffer.from(job.task), answerBytes);
    return { kind: 'report', text: new TextDecoder().decode(report) };
  } catch (error) {
    ending = endingOf(error);
    return ending;
  }
}

let tasks = 0;

parentPort?.on('message', (job: Job) => {
  interrupt[0] = 0;
  ending = null;
  isBroken = false;
  startedAt = null;
  const begin = performance.now();
  const outcome = tester === null ? inOne(job) : inTwo(job, tester);
  const wallMs = performance.now() - (startedAt ?? begin);
  tasks++;
  const isSpent =
    isBroken || tasks >= tasksBeforeRenewal || Math.max(candidate.memoryBytes, tester?.memoryBytes ?? 0) > spentBytes;
  tell({ kind: 'done', outcome, wallMs, isSpent });
  if (isSpent) return;
  candidate.rewind();
  tester?.rewind();
});

tell({ kind: 'ready', pythonVersion: candidate.pythonVersion, version: candidate.version });
