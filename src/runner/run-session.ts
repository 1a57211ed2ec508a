import { setMaxListeners } from 'node:events';
import { QwenEvalError, isQwenEvalError } from '../core/errors.ts';
import type { ScoringServices } from '../core/ports/scorer.ts';
import type { Certificate, ResultDocument } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { RunEvent } from '../core/run-event.ts';
import { recordKey } from '../core/sample-record.ts';
import type { LoadReading } from '../core/telemetry-record.ts';
import { loadEarlierRuns } from '../diagnosis/earlier-runs.ts';
import { AdaptiveLimit, type Slot } from '../scheduling/adaptive-limit.ts';
import { Turns } from '../scheduling/turns.ts';
import { Journal, readJournal } from '../store/journal.ts';
import { writeResultDocument, type RunDirectory } from '../store/run-directory.ts';
import { openRunLog, type RunLog } from '../store/run-log.ts';
import { writeParquet } from '../store/write-parquet.ts';
import type { Telemetry } from '../telemetry/open-telemetry.ts';
import { aggregateResult } from './aggregate-result.ts';
import { ErrorBudget } from './error-budget.ts';
import { EventQueue } from './event-queue.ts';
import { memoryNotice } from './memory-notice.ts';
import type { PreparedRun, PreparedTask } from './prepared-run.ts';
import type { RunnerDependencies } from './runner-dependencies.ts';
import { describeSandbox } from './open-services.ts';
import { isFatal } from './request-model.ts';
import type { SampleContext, SampleWork } from './ask-model.ts';
import { KeptAnswers } from './kept-answers.ts';
import { scoringJudge } from './plan-judge.ts';
import { systemReporter, type StartTelemetry } from './run-telemetry.ts';
import { plannedContext } from './sample-context.ts';
import { SequentialComparison } from './until-decided.ts';
import { runSample, scoreKeptAnswer, type SampleResult } from './run-sample.ts';

/** How a run is told to end early: `drain` starts nothing new and finishes what is in flight, `stop` cancels that too. */
export interface RunControl {
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
}

export interface SessionRequest {
  readonly directory: RunDirectory;
  readonly document: RunDocument;
  readonly control: RunControl;
  readonly dependencies: RunnerDependencies;
  readonly services: ScoringServices;
  readonly certify: (task: PreparedTask) => Promise<Certificate | null>;
  /** Measures beside the session; left out, the result has no system figures. */
  readonly startTelemetry?: StartTelemetry;
  /** False leaves the Parquet file out; true when absent. */
  readonly writesParquet?: boolean;
}

/** Samples that may wait for scoring before no new request is started. */
const scoringBacklog = 256;

/** One sitting of a run: does what the journal lacks, and ends with result.json. */
export class RunSession {
  readonly #prepared: PreparedRun;
  readonly #request: SessionRequest;
  readonly #events = new EventQueue<RunEvent>();
  readonly #done = new Set<string>();
  readonly #failures = new Map<string, Record<string, number>>();
  readonly #certificates = new Map<string, Certificate>();
  readonly #inProgress = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #log: RunLog;
  readonly #budget: ErrorBudget;
  readonly #limit: AdaptiveLimit;
  readonly #context: Omit<SampleContext, 'takeSlot'>;
  readonly #turns = new Turns();
  /** Aborts when nothing new is to be started. */
  readonly #ending: AbortSignal;
  #journal: Journal | null = null;
  #kept: KeptAnswers | null = null;
  #telemetry: Telemetry | null = null;
  /** What may end a task before all its samples are asked, by task. */
  readonly #comparisons = new Map<string, SequentialComparison>();
  #wastedTokens = 0;
  #fatal: unknown = null;
  #onProgress: (() => void) | null = null;

  constructor(prepared: PreparedRun, request: SessionRequest) {
    this.#prepared = prepared;
    this.#request = request;
    const { clock } = request.dependencies;
    const { options, plan } = prepared;
    this.#log = openRunLog(request.directory.logFile, {
      secrets: [options.apiKey, options.judgeApiKey, options.hfToken].filter((secret) => secret !== null),
      now: () => clock.now(),
    });
    const planned = prepared.tasks.reduce((sum, entry) => sum + entry.plan.samples.count * entry.plan.epochs, 0);
    this.#budget = new ErrorBudget({ planned, maxErrors: options.maxErrors });
    this.#limit = new AdaptiveLimit({
      start: plan.preset.startConcurrency,
      maximum: plan.preset.maxConcurrency,
      nowMs: () => clock.nowMs(),
      onChange: (limit, reason) => this.#events.push({ kind: 'limitChanged', limit, reason }),
    });
    for (const { plan: task, baseline } of prepared.tasks)
      if (baseline) this.#comparisons.set(task.task, new SequentialComparison(task, baseline));
    this.#ending = AbortSignal.any([request.control.drain, request.control.stop, this.#abort.signal]);
    // Every sample in flight listens to these two: Node would take that for a leak.
    setMaxListeners(0, this.#abort.signal, this.#ending);
    this.#context = this.#sampleContext();
  }

  /** Starts the session and gives its events. A run-level failure is thrown after everything finished is saved. */
  run(): AsyncIterable<RunEvent> {
    this.#drive().then(
      () => this.#events.end(),
      (error: unknown) => this.#events.end(error),
    );
    return this.#events;
  }

  async #drive(): Promise<void> {
    const { directory, document, control, dependencies } = this.#request;
    const startedAt = dependencies.clock.now();
    const startMs = dependencies.clock.nowMs();
    this.#journal = Journal.open(directory.samplesFile);
    for (const record of readJournal(directory.samplesFile)) {
      this.#done.add(recordKey(record));
      this.#comparisons.get(record.task)?.see(record);
    }
    this.#kept = new KeptAnswers(directory.unscoredFile, (key) => this.#done.has(key));
    const planned = Object.fromEntries(
      this.#prepared.tasks.map(({ plan }) => [plan.task, plan.samples.count * plan.epochs]),
    );
    this.#events.push({
      kind: 'runStarted',
      document,
      directory: directory.path,
      planned,
      alreadyDone: this.#done.size,
    });
    const notice = memoryNotice(document.memory);
    if (notice !== null) this.#events.push(notice);
    control.stop.addEventListener('abort', () => this.#abort.abort(), { once: true });
    if (control.stop.aborted) this.#abort.abort();
    control.drain.addEventListener(
      'abort',
      () => this.#events.push({ kind: 'draining', inFlight: this.#inProgress.size }),
      { once: true },
    );
    this.#telemetry = this.#request.startTelemetry?.(() => this.#load()) ?? null;
    const certified = this.#certifyAll();
    try {
      await this.#doAll();
      await certified;
    } finally {
      await Promise.allSettled(this.#inProgress);
      this.#journal.close();
      this.#kept.close();
      await this.#telemetry?.stop();
    }
    if (this.#fatal !== null && !isQwenEvalError(this.#fatal)) throw this.#fatal;
    const result = await this.#conclude({ startedAt, wallMs: dependencies.clock.nowMs() - startMs });
    if (this.#fatal !== null) throw this.#fatal;
    this.#events.push({ kind: 'runEnded', result, directory: directory.path, reason: this.#reason(result) });
  }

  #load(): LoadReading {
    const { inFlight, limit } = this.#limit;
    return { inFlight, limit, scoring: Math.max(0, this.#inProgress.size - inFlight) };
  }

  #reason(result: ResultDocument): 'complete' | 'incomplete' | 'interrupted' | 'error_budget' {
    if (result.status === 'complete') return 'complete';
    if (this.#request.control.drain.aborted || this.#request.control.stop.aborted) return 'interrupted';
    return this.#budget.isSpent ? 'error_budget' : 'incomplete';
  }

  get #isEnding(): boolean {
    const { drain, stop } = this.#request.control;
    return drain.aborted || stop.aborted || this.#budget.isSpent || this.#fatal !== null;
  }

  async #certifyAll(): Promise<void> {
    for (const entry of this.#prepared.tasks) {
      const { refused, task } = entry.plan;
      if (refused) {
        this.#events.push({ kind: 'taskRefused', task, ...refused });
        continue;
      }
      const certificate = await this.#request.certify(entry);
      if (!certificate) continue;
      this.#certificates.set(task, certificate);
      const { gold, wrong, passed } = certificate;
      this.#events.push({
        kind: 'taskCertified',
        task,
        passed,
        gold: `${gold.accepted}/${gold.total}`,
        wrong: `${wrong.rejected}/${wrong.total}`,
      });
    }
  }

  async #doAll(): Promise<void> {
    for (const entry of this.#prepared.tasks) {
      if (entry.selection === null) continue;
      const comparison = this.#comparisons.get(entry.plan.task);
      for (const sample of await entry.selection.open()) {
        comparison?.place(sample.id);
        if (comparison?.decided) break;
        for (let epoch = 0; epoch < entry.plan.epochs; epoch++) {
          if (this.#isEnding) return;
          if (this.#done.has(recordKey({ task: entry.plan.task, sampleId: sample.id, epoch }))) continue;
          const slot = await this.#nextSlot();
          if (slot === null) return;
          if (comparison?.decided) {
            slot.release({ kind: 'neutral' });
            break;
          }
          this.#start({ task: entry.task, plan: entry.plan, sample, epoch }, slot);
        }
      }
    }
    await Promise.all(this.#inProgress);
  }

  /** Waits for a slot, and for scoring to keep up; null when the session is to end. */
  async #nextSlot(): Promise<Slot | null> {
    while (this.#inProgress.size - this.#limit.inFlight >= scoringBacklog) {
      await new Promise<void>((resolve) => {
        this.#onProgress = resolve;
      });
    }
    const slot = await this.#limit.acquire(this.#ending);
    // Many slots may be free at once; requests go out one a turn, so that answers are read between them.
    await this.#turns.take();
    if (!this.#isEnding) return slot;
    slot?.release({ kind: 'neutral' });
    return null;
  }

  #start(work: SampleWork, slot: Slot): void {
    let first: Slot | null = slot;
    const takeSlot = (): Slot | null => {
      const taken = first;
      first = null;
      return taken;
    };
    const kept =
      this.#kept?.get(recordKey({ task: work.plan.task, sampleId: work.sample.id, epoch: work.epoch })) ?? null;
    // A kept answer asks the model nothing.
    if (kept) slot.release({ kind: 'neutral' });
    const result = kept ? scoreKeptAnswer(work, kept, this.#context) : runSample(work, { ...this.#context, takeSlot });
    const progress: Promise<void> = result
      .then((result) => this.#take(work, result))
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        slot.release({ kind: 'neutral' });
        this.#inProgress.delete(progress);
        this.#onProgress?.();
      });
    this.#inProgress.add(progress);
  }

  #take(work: SampleWork, result: SampleResult): void {
    if (result.kind === 'cancelled') return;
    if (result.kind === 'finished') {
      this.#journal?.append(result.record);
      this.#kept?.release(recordKey(result.record));
      this.#budget.succeed();
      this.#comparisons.get(result.record.task)?.see(result.record);
      this.#events.push({ kind: 'sampleFinished', record: result.record });
      return;
    }
    const { code, reason, attempts, error, answer } = result;
    if (answer) this.#kept?.keep(answer);
    const task = work.plan.task;
    const counts = this.#failures.get(task) ?? {};
    counts[code] = (counts[code] ?? 0) + 1;
    this.#failures.set(task, counts);
    this.#wastedTokens += result.wastedTokens;
    this.#log.write('error', 'sample failed', {
      task,
      sampleId: work.sample.id,
      epoch: work.epoch,
      code,
      reason,
      attempts,
    });
    this.#events.push({
      kind: 'sampleFailed',
      task,
      sampleId: work.sample.id,
      epoch: work.epoch,
      code,
      reason,
      attempts,
    });
    if (error && isFatal(error)) this.#fail(error);
    else this.#budget.fail();
  }

  /** Ends the session: finished work is kept, requests in flight are cancelled. */
  #fail(error: unknown): void {
    this.#fatal ??= error;
    this.#abort.abort();
  }

  #sampleContext(): Omit<SampleContext, 'takeSlot'> {
    const { plan, judge } = this.#prepared;
    const { dependencies } = this.#request;
    // A run that is stopped must not wait for its judge.
    const services =
      judge === null
        ? this.#request.services
        : { ...this.#request.services, judge: scoringJudge(judge, { model: plan.model, signal: this.#abort.signal }) };
    return {
      ...plannedContext(this.#prepared),
      services,
      limit: this.#limit,
      clock: dependencies.clock,
      random: dependencies.random,
      signal: this.#abort.signal,
      ending: this.#ending,
      scoringTurn: () => this.#turns.take(),
      onGap: (gapMs) => this.#telemetry?.seeGap(gapMs),
      onFailure: ({ attempt, error }) =>
        this.#log.write('warn', 'request failed', { attempt, code: error.code, reason: error.message }),
    };
  }

  async #conclude(times: { readonly startedAt: string; readonly wallMs: number }): Promise<ResultDocument> {
    const { directory, document, dependencies } = this.#request;
    const result = await aggregateResult({
      document,
      tasks: this.#prepared.tasks,
      records: readJournal(directory.samplesFile),
      certificates: this.#certificates,
      failures: this.#failures,
      wastedTokens: this.#wastedTokens,
      ...times,
      endedAt: dependencies.clock.now(),
      system: systemReporter(directory, document),
      sandbox: await describeSandbox(this.#request.services),
      earlier: loadEarlierRuns(directory, document),
      warnings: [...document.plan.warnings, ...document.plan.preset.notes],
    });
    writeResultDocument(directory, result);
    if (result.status === 'complete' && this.#request.writesParquet !== false) {
      const problem = await writeParquet(directory.samplesFile, directory.parquetFile);
      if (problem) {
        this.#log.write('warn', problem);
        this.#events.push({ kind: 'notice', level: 'warning', message: problem });
      }
    }
    return result;
  }
}

/** The error that an ended run stands for, by the reason it ended; null when it is complete. */
export function endingError(event: RunEvent & { kind: 'runEnded' }): QwenEvalError | null {
  const hint = `resume it with \`qwen-eval resume ${event.result.runId}\``;
  if (event.reason === 'complete') return null;
  if (event.reason === 'interrupted')
    return new QwenEvalError(
      'E_INTERRUPTED',
      `run ${event.result.runId} was interrupted; everything finished is saved`,
      { hint },
    );
  if (event.reason === 'error_budget') {
    return new QwenEvalError(
      'E_ERROR_BUDGET',
      `run ${event.result.runId} stopped: too many samples failed for infrastructure causes`,
      { hint: `mend the cause (see log.ndjson in the run directory), then ${hint}` },
    );
  }
  return new QwenEvalError(
    'E_RUN_INCOMPLETE',
    `run ${event.result.runId} is incomplete: some samples failed for causes that may pass`,
    { hint },
  );
}
