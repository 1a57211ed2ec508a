import { z } from 'zod';
import type { Job, JobResult } from '../support/job.ts';
import { lateLimitMs } from '../support/late-limit.ts';
import { closedError, type Lane } from '../support/lanes.ts';
import { parseTesterReport, verdictOf } from '../support/tester-report.ts';
import type { ZygoteProcess } from './zygote-process.ts';

const endingSchema = z.object({
  alive: z.boolean(),
  signal: z.number().nullable(),
  exit: z.number().nullable(),
  peakBytes: z.number(),
});

const reportSchema = z.object({
  wallMs: z.number(),
  stoppedBy: z.enum(['time', 'preparation', 'disk', 'output']).nullable(),
  inStep: z.boolean(),
  children: z.array(endingSchema).min(1),
});

type Report = z.infer<typeof reportSchema>;

/** Time over its own limit after which a fork-server that says nothing is given up, its time for preparing the tests included. */
const silenceMs = 75_000;
const signalNames: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

/** How a job's verdict is made of what the fork-server and the tester said. */
export function jobResultOf(report: Report, verdictText: string, isStrict: boolean): JobResult {
  const { wallMs } = report;
  const tester = parseTesterReport(verdictText);
  const none = (verdict: JobResult['verdict']): JobResult => ({ verdict, calls: [] });
  switch (report.stoppedBy) {
    case 'time':
      return none(verdictOf('timeout', null, { wallMs }));
    case 'preparation':
      return none(verdictOf('fault', 'Preparation', { detail: 'the tests could not be prepared in time', wallMs }));
    case 'disk':
      return none(verdictOf('denied', 'DiskQuota', { detail: 'the program filled its scratch folder', wallMs }));
    case 'output':
      return none(verdictOf('fault', 'Output', { detail: 'the report of the tests is too large', wallMs }));
    case null:
  }
  if (tester !== null && tester.kind !== 'gone') {
    return { verdict: verdictOf(tester.kind, tester.error, { detail: tester.detail, wallMs }), calls: tester.calls };
  }
  if (tester === null && isStrict) {
    const [, testerEnding] = report.children;
    const how = testerEnding?.signal ? `signal ${testerEnding.signal}` : `status ${testerEnding?.exit}`;
    return none(verdictOf('fault', 'Tester', { detail: `the tests' own interpreter ended with ${how}`, wallMs }));
  }
  return { verdict: endingVerdict(report), calls: tester?.calls ?? [] };
}

/** The verdict on a candidate whose interpreter ended, by how it ended. */
function endingVerdict(report: Report): JobResult['verdict'] {
  const { wallMs, children } = report;
  const [ending] = children;
  if (ending === undefined || ending.alive)
    return verdictOf('runtime', 'ClosedChannel', { detail: 'the program closed the channel to its tests', wallMs });
  if (ending.signal === null) {
    const detail = `the program ended its interpreter with status ${ending.exit}`;
    return verdictOf('runtime', 'SystemExit', { detail, wallMs });
  }
  const name = signalNames[ending.signal] ?? `signal ${ending.signal}`;
  const detail = `the program's interpreter was ended by ${name}`;
  if (name === 'SIGXCPU') return verdictOf('timeout', name, { detail, wallMs });
  if (name === 'SIGKILL') return verdictOf('memory', name, { detail, wallMs });
  return verdictOf(name === 'SIGSYS' ? 'denied' : 'runtime', name, { detail, wallMs });
}

/** One fork-server that does one job at a time and is started again when it is lost. */
export class ZygoteLane implements Lane {
  readonly #start: () => Promise<ZygoteProcess>;
  readonly #isStrict: boolean;
  #zygote: ZygoteProcess | null;
  #closed = false;

  constructor(zygote: ZygoteProcess, start: () => Promise<ZygoteProcess>, isStrict: boolean) {
    this.#zygote = zygote;
    this.#start = start;
    this.#isStrict = isStrict;
  }

  async execute(job: Job, signal: AbortSignal | undefined): Promise<JobResult> {
    signal?.throwIfAborted();
    const first = await this.#attempt(job, signal);
    // A fork-server that is lost is our trouble, not the program's: the job is done once more on a fresh one.
    return first ?? (await this.#attempt(job, signal)) ?? this.#lost();
  }

  async #attempt(job: Job, signal: AbortSignal | undefined): Promise<JobResult | null> {
    if (this.#closed) throw closedError();
    const zygote = (this.#zygote ??= await this.#start());
    const onAbort = (): void => zygote.kill();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const candidate = Buffer.from(job.candidate);
      const task = Buffer.from(job.task);
      const lateMs = lateLimitMs(job.limitMs);
      const header = Buffer.alloc(20);
      const mode = (this.#isStrict ? 0 : 1) + (job.kind === 'evaluate' ? 2 : 0);
      [mode, job.limitMs, lateMs, candidate.length, task.length].forEach((value, index) =>
        header.writeUInt32LE(value, 4 * index),
      );
      zygote.write([header, candidate, task]);
      const lengths = await zygote.read(8, lateMs + silenceMs);
      const report = await zygote.read(lengths.readUInt32LE(0), silenceMs);
      const verdict = await zygote.read(lengths.readUInt32LE(4), silenceMs);
      const parsed = reportSchema.parse(JSON.parse(report.toString()));
      if (!parsed.inStep) this.#drop(zygote);
      return jobResultOf(parsed, verdict.toString(), this.#isStrict);
    } catch {
      signal?.throwIfAborted();
      this.#drop(zygote);
      return null;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      if (zygote.ended) this.#drop(zygote);
    }
  }

  #drop(zygote: ZygoteProcess): void {
    zygote.kill();
    if (this.#zygote === zygote) this.#zygote = null;
  }

  #lost(): JobResult {
    return {
      verdict: verdictOf('fault', 'ForkServer', { detail: 'the fork-server was lost twice', wallMs: 0 }),
      calls: [],
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#zygote?.close();
    this.#zygote = null;
  }
}
