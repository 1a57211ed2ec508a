import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Copies blocks far larger than a processor's cache for a while, and says how many bytes were copied. */
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads');
const from = Buffer.alloc(workerData.bytes, 1);
const to = Buffer.alloc(workerData.bytes, 2);
from.copy(to);
parentPort.postMessage('ready');
Atomics.wait(workerData.gate, 0, 0);
const end = performance.now() + workerData.ms;
let copied = 0;
while (performance.now() < end) copied += from.copy(to);
parentPort.postMessage(copied);
`;

const blockBytes = 64 * 2 ** 20;
const measureMs = 300;
/** More threads than this add nothing to what the memory moves. */
const mostThreads = 16;

/** Bytes a second that memory moves when all cores copy: each byte copied is read and written once. An upper limit of what a model can read needs head room above it. */
export async function measureBandwidth(): Promise<number> {
  const count = Math.min(mostThreads, availableParallelism());
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from(
    { length: count },
    () => new Worker(workerCode, { eval: true, workerData: { bytes: blockBytes, ms: measureMs, gate } }),
  );
  try {
    await Promise.all(workers.map(nextMessage));
    const copied = Promise.all(workers.map(nextMessage));
    const startMs = performance.now();
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    const bytes = (await copied).reduce<number>((sum, value) => sum + Number(value), 0);
    return (2 * bytes * 1000) / (performance.now() - startMs);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const nextMessage = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
