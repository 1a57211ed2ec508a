import { styleText } from 'node:util';
import { isEstimated } from '../core/estimate.ts';
import type { RunEvent } from '../core/run-event.ts';
import { formatEstimate, formatShare } from '../text/format-estimate.ts';
import { formatTable } from '../text/text-table.ts';
import { meanEstimate } from '../stats/mean-estimate.ts';
import { proportionEstimate } from '../stats/proportion-estimate.ts';
import type { CommandStreams } from './command.ts';

interface TaskProgress {
  planned: number;
  done: number;
  failed: number;
  scored: number;
  scoreSum: number;
  /** Ratings from 1 to 10, of tasks that are rated. */
  ratings: number[];
  truncated: number;
  certificate: 'pending' | 'passed' | 'failed' | 'refused';
}

const redrawEveryMs = 200;
const plainLineEveryMs = 10_000;

/** Shows a run on stderr while it goes: a grid that is redrawn on a terminal (at most five times a second), a line every ten seconds elsewhere. */
export class LiveProgress {
  readonly #streams: CommandStreams;
  readonly #nowMs: () => number;
  readonly #tasks = new Map<string, TaskProgress>();
  #title = '';
  #startMs = 0;
  #shownMs = -Infinity;
  #doneBefore = 0;
  #tokens: number | null = 0;
  #limit: number | null = null;
  #lines = 0;

  constructor(streams: CommandStreams, nowMs: () => number) {
    this.#streams = streams;
    this.#nowMs = nowMs;
  }

  see(event: RunEvent): void {
    switch (event.kind) {
      case 'runStarted':
        this.#start(event);
        break;
      case 'sampleFinished':
        this.#finish(event);
        break;
      case 'sampleFailed':
        this.#task(event.task).failed += 1;
        break;
      case 'taskCertified':
        this.#task(event.task).certificate = event.passed ? 'passed' : 'failed';
        break;
      case 'taskRefused':
        this.#task(event.task).certificate = 'refused';
        this.#message(`${event.task} refused: ${event.message}`);
        break;
      case 'limitChanged':
        this.#limit = event.limit;
        break;
      case 'notice':
        this.#message(event.message);
        break;
      case 'draining':
      case 'runEnded':
        break;
    }
    this.#show(event.kind === 'runEnded');
  }

  #start(event: RunEvent & { kind: 'runStarted' }): void {
    const { plan } = event.document;
    const mode = plan.mode === 'unspecified' ? '' : `, ${plan.mode}`;
    this.#title = `${plan.model.name} on ${plan.engine.id}, preset ${plan.preset.requested}${mode} → ${event.directory}`;
    this.#startMs = this.#nowMs();
    this.#doneBefore = event.alreadyDone;
    for (const [task, planned] of Object.entries(event.planned)) this.#task(task).planned = planned;
    if (!this.#streams.isLive) this.#streams.err(`${this.#title}\n`);
  }

  #task(id: string): TaskProgress {
    let task = this.#tasks.get(id);
    if (!task) {
      task = {
        planned: 0,
        done: 0,
        failed: 0,
        scored: 0,
        scoreSum: 0,
        ratings: [],
        truncated: 0,
        certificate: 'pending',
      };
      this.#tasks.set(id, task);
    }
    return task;
  }

  #finish({ record }: RunEvent & { kind: 'sampleFinished' }): void {
    const task = this.#task(record.task);
    task.done += 1;
    if (record.finishReason === 'length') task.truncated += 1;
    if (record.score !== null) {
      task.scored += 1;
      task.scoreSum += record.score;
      const { rating } = record.measures;
      if (typeof rating === 'number') task.ratings.push(rating);
    }
    const { completionTokens } = record.usage;
    this.#tokens = this.#tokens === null || completionTokens === null ? null : this.#tokens + completionTokens;
  }

  #message(text: string): void {
    this.#clear();
    this.#streams.err(`${text}\n`);
  }

  #show(isLast: boolean): void {
    const nowMs = this.#nowMs();
    const everyMs = this.#streams.isLive ? redrawEveryMs : plainLineEveryMs;
    if (!isLast && nowMs - this.#shownMs < everyMs) return;
    if (!this.#streams.isLive) {
      // A short run needs no progress lines; the first comes after one interval.
      if (this.#shownMs !== -Infinity || isLast) this.#streams.err(`${this.#summary(nowMs)}\n`);
      this.#shownMs = nowMs;
      return;
    }
    this.#shownMs = nowMs;
    this.#clear();
    if (isLast) return;
    const text = `${styleText('bold', this.#title)}\n${this.#grid()}\n${this.#summary(nowMs)}\n`;
    this.#streams.err(text);
    this.#lines = text
      .split('\n')
      .slice(0, -1)
      .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / this.#streams.columns)), 0);
  }

  #clear(): void {
    if (this.#lines > 0) this.#streams.err(`\u001B[${this.#lines}A\u001B[0J`);
    this.#lines = 0;
  }

  #grid(): string {
    const rows = [...this.#tasks].map(([id, task]) => [
      id,
      `${task.done}/${task.planned}`,
      bar(task.planned === 0 ? 0 : task.done / task.planned),
      scoreOf(task),
      task.truncated === 0 ? '' : `${task.truncated} truncated`,
      task.failed === 0 ? '' : `${task.failed} failed`,
    ]);
    return formatTable(
      [
        { title: 'task' },
        { title: 'done', align: 'right' },
        { title: '' },
        { title: 'score [95 %]' },
        { title: '' },
        { title: '' },
      ],
      rows,
    );
  }

  #summary(nowMs: number): string {
    const all = [...this.#tasks.values()];
    const done = all.reduce((sum, task) => sum + task.done, 0);
    const failed = all.reduce((sum, task) => sum + task.failed, 0);
    const planned = all.reduce((sum, task) => sum + task.planned, 0) - this.#doneBefore;
    const elapsed = (nowMs - this.#startMs) / 1000;
    const parts = [`${done}/${planned} samples`, `${elapsed.toFixed(0)} s`];
    if (done > 0 && done < planned) parts.push(`${formatDuration((elapsed / done) * (planned - done))} left`);
    if (this.#tokens !== null && elapsed > 0) parts.push(`${(this.#tokens / elapsed).toFixed(0)} tokens/s`);
    if (this.#limit !== null) parts.push(`${this.#limit} at once`);
    if (failed > 0) parts.push(`${failed} failed`);
    return parts.join(', ');
  }
}

function scoreOf(task: TaskProgress): string {
  if (task.certificate === 'refused') return 'refused';
  if (task.certificate === 'failed') return 'certificate failed';
  if (task.certificate === 'pending') return 'certifying';
  if (task.ratings.length > 0) return formatEstimate('rating', meanEstimate(task.ratings, { range: [1, 10] }));
  const isShare = Number.isInteger(task.scoreSum);
  const estimate = proportionEstimate(isShare ? task.scoreSum : Math.round(task.scoreSum), task.scored);
  return isEstimated(estimate) ? formatShare(estimate) : '';
}

const barWidth = 16;

const bar = (share: number): string => {
  const full = Math.round(Math.min(1, share) * barWidth);
  return `${'━'.repeat(full)}${'┄'.repeat(barWidth - full)}`;
};

/** Seconds as `42 s`, `3 min` or `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
