import { coverageShortfall } from '../core/coverage-shortfall.ts';
import { unavailable, type Estimate } from '../core/estimate.ts';
import type { Metric, MetricRow } from '../core/ports/metric.ts';
import type { SandboxDescription } from '../core/ports/sandbox.ts';
import type { Certificate, ResultDocument, TaskResult } from '../core/result-document.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { SampleRecord } from '../core/sample-record.ts';
import { spentTokens, wasTurnedAway } from '../core/spent-tokens.ts';
import { diagnoseRun } from '../diagnosis/diagnose-run.ts';
import type { EarlierRun } from '../diagnosis/earlier-runs.ts';
import { sampleFacts, type SampleFacts } from '../diagnosis/sample-facts.ts';
import { anytimeMean } from '../stats/anytime-interval.ts';
import { proportionEstimate } from '../stats/proportion-estimate.ts';
import { LengthTally } from './length-figures.ts';
import type { PreparedTask } from './prepared-run.ts';
import type { RequestTimeline } from './request-timeline.ts';
import { RunAccounting } from './run-accounting.ts';
import { decisionOf } from './until-decided.ts';

export interface AggregationInput {
  readonly document: RunDocument;
  readonly tasks: readonly PreparedTask[];
  /** Records of the journal, in any order. */
  readonly records: Iterable<SampleRecord>;
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** Samples that failed for causes that may pass, by task and code, in this session. */
  readonly failures: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly wastedTokens: number;
  /** Null where nobody knows: the times of an imported run. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly wallMs: number | null;
  /** Makes the system figures from the times of the run's requests; null where nothing was measured. */
  readonly system: ((timeline: RequestTimeline) => Promise<ResultDocument['system']>) | null;
  /** Earlier runs beside this one, for what only a comparison shows. */
  /** Where answers ran; null when none did. */
  readonly sandbox: SandboxDescription | null;
  readonly earlier: readonly EarlierRun[];
  readonly warnings: readonly string[];
}

/** Computes result.json from the journal. Samples enter the metrics in plan order, so that a resumed run gives the same numbers. */
export async function aggregateResult(input: AggregationInput): Promise<ResultDocument> {
  const accounting = new RunAccounting();
  const lengths = new LengthTally();
  const tallies = new Map(input.tasks.map((entry) => [entry.plan.task, new TaskTally()]));
  for (const record of input.records) {
    const tally = tallies.get(record.task);
    if (!tally) continue;
    accounting.add(record);
    lengths.add(record);
    tally.add(record);
  }
  const tasks: TaskResult[] = [];
  let isComplete = true;
  for (const entry of input.tasks) {
    const tally = tallies.get(entry.plan.task) ?? new TaskTally();
    const task = await taskResult(entry, { tally, input });
    tasks.push(task);
    isComplete &&= entry.selection === null || tally.recorded >= task.counts.planned;
  }
  const { plan } = input.document;
  const result: ResultDocument = {
    schemaVersion: 1,
    runId: input.document.runId,
    planHash: input.document.planHash,
    status: isComplete ? 'complete' : 'incomplete',
    model: plan.model.name,
    engine: plan.engine.id,
    preset: plan.preset.requested,
    mode: plan.mode,
    tasks,
    diagnosis: [],
    references: [],
    usage: { ...accounting.usage, wasted: input.wastedTokens },
    timings: {
      startedAt: input.startedAt,
      endedAt: input.endedAt,
      wallMs: input.wallMs === null ? null : Math.round(input.wallMs),
      outputTokensPerSecond: accounting.outputTokensPerSecond(),
      samplesPerSecond: accounting.samplesPerSecond(),
      timeToFirstTokenMs: accounting.timeToFirstTokenMs(),
      byLength: lengths.figures(),
      attempts: accounting.attempts,
    },
    system: (await input.system?.(accounting.timeline)) ?? null,
    warnings: input.warnings,
  };
  const { document, earlier } = input;
  const samples = new Map([...tallies].map(([task, { facts }]) => [task, facts]));
  return { ...result, ...diagnoseRun({ document, result, samples, earlier }) };
}

/** What the records of one task come to, before they are put in plan order. */
class TaskTally {
  /** Everything kept of a record: one object serves the metrics and the diagnosis, so that a run of many samples stays small. */
  readonly facts: SampleFacts[] = [];
  /** The scored ones by epoch and sample. */
  readonly #rows: Map<string, Row>[] = [];
  /** Samples that were answered and have no score. */
  readonly unscoredIds = new Set<string>();
  readonly byCode: Record<string, number> = {};
  readonly thinking: Record<string, number> = {};
  recorded = 0;
  /** Recorded samples whose request the engine took. */
  answered = 0;
  truncated = 0;
  promptTokens: number | null = 0;
  completionTokens: number | null = 0;

  add(record: SampleRecord): void {
    this.recorded += 1;
    const facts = sampleFacts(record);
    this.facts.push(facts);
    if (facts.isTruncated) this.truncated += 1;
    if (record.code !== null) this.byCode[record.code] = (this.byCode[record.code] ?? 0) + 1;
    if (record.continuations === null) this.thinking[record.thinking] = (this.thinking[record.thinking] ?? 0) + 1;
    const { prompt, completion } = spentTokens(record);
    this.promptTokens = addKnown(this.promptTokens, prompt);
    this.completionTokens = addKnown(this.completionTokens, completion);
    if (!wasTurnedAway(record)) this.answered += 1;
    if (!isScored(facts)) {
      this.unscoredIds.add(facts.sampleId);
      return;
    }
    const rows = (this.#rows[facts.epoch] ??= new Map());
    rows.set(facts.sampleId, facts);
  }

  row(sampleId: string, epoch: number): Row | undefined {
    return this.#rows[epoch]?.get(sampleId);
  }

  get tokens(): TaskResult['tokens'] {
    const { recorded, answered, promptTokens, completionTokens } = this;
    if (recorded === 0) return { prompt: null, completion: null, meanCompletion: null };
    const meanCompletion = completionTokens === null || answered === 0 ? null : completionTokens / answered;
    return { prompt: promptTokens, completion: completionTokens, meanCompletion };
  }
}

const addKnown = (sum: number | null, part: number | null): number | null =>
  sum === null || part === null ? null : sum + part;

async function taskResult(
  entry: PreparedTask,
  context: { readonly tally: TaskTally; readonly input: AggregationInput },
): Promise<TaskResult> {
  const { tally, input } = context;
  const { plan } = entry;
  const rows = await inPlanOrder(entry, tally);
  const decided = await decisionOf(entry, {
    recorded: tally.recorded,
    outcomeOf: (sampleId) => tally.row(sampleId, 0) ?? (tally.unscoredIds.has(sampleId) ? null : undefined),
  });
  const isEarly = decided?.isEarly ?? false;
  // A task that was decided early asked for no more samples than it has.
  const planned = isEarly ? tally.recorded : plan.samples.count * plan.epochs;
  const estimate = (metric: Metric, some: readonly MetricRow[]): Estimate =>
    isEarly ? estimateAtAnyTime(metric, some) : metric.estimate(some);
  const failures = input.failures.get(plan.task) ?? {};
  const certificate = input.certificates.get(plan.task) ?? null;
  const coverage = planned === 0 ? 0 : rows.length / planned;
  const withheld = withheldReason(entry, {
    certificate,
    scored: rows.length,
    planned,
    uncertified: input.document.plan.responseRules.allowUncertified,
  });
  const headline = entry.task.metrics[0];
  return {
    task: plan.task,
    headline: headline.id,
    ...estimatesOf(entry.task, rows, { withheld, estimate }),
    ...(decided ? { decided } : {}),
    bounds: boundsOf(rows, { planned, range: headline.range }),
    coverage,
    truncationRate:
      tally.recorded === 0 ? unavailable('no sample is finished') : proportionEstimate(tally.truncated, tally.recorded),
    kind: entry.task.kind,
    category: entry.task.category,
    chanceLevel: entry.task.chanceLevel,
    counts: {
      planned,
      scored: rows.length,
      unscored: planned - rows.length,
      truncated: tally.truncated,
      byCode: sortedCounts({ ...tally.byCode, ...failures }),
    },
    certificate,
    ...(input.sandbox !== null && entry.task.needs.includes('sandbox') ? { sandbox: input.sandbox } : {}),
    refused:
      plan.refused ??
      certificateRefusal(plan.task, { certificate, uncertified: input.document.plan.responseRules.allowUncertified }),
    observedThinking: tally.thinking,
    tokens: tally.tokens,
    warnings: plan.warnings,
  };
}

async function inPlanOrder(entry: PreparedTask, tally: TaskTally): Promise<readonly Row[]> {
  if (entry.selection === null || tally.recorded === 0) return [];
  const ordered: Row[] = [];
  for (const sample of await entry.selection.open()) {
    for (let epoch = 0; epoch < entry.plan.epochs; epoch++) {
      const row = tally.row(sample.id, epoch);
      if (row) ordered.push(row);
    }
  }
  return ordered;
}

/** A scored sample. */
type Row = SampleFacts & { readonly score: number };

const isScored = (facts: SampleFacts): facts is Row => facts.score !== null;

/** All metrics of a task, and its headline by parts; unavailable throughout where a score is withheld. */
function estimatesOf(
  { metrics }: PreparedTask['task'],
  rows: readonly Row[],
  {
    withheld,
    estimate,
  }: {
    readonly withheld: string | null;
    readonly estimate: (metric: Metric, some: readonly MetricRow[]) => Estimate;
  },
): Pick<TaskResult, 'metrics' | 'completedOnly' | 'categories' | 'lengths'> {
  const [headline] = metrics;
  if (withheld !== null) {
    const missing = unavailable(withheld);
    return {
      metrics: Object.fromEntries(metrics.map(({ id }) => [id, missing])),
      completedOnly: missing,
      categories: {},
      lengths: {},
    };
  }
  const ofHeadline = (some: readonly MetricRow[]): Estimate => estimate(headline, some);
  const completed = rows.filter((row) => !row.isTruncated);
  return {
    metrics: Object.fromEntries(metrics.map((metric) => [metric.id, estimate(metric, rows)])),
    completedOnly: ofHeadline(completed),
    categories: byGroup(rows, ({ category }) => category, ofHeadline),
    lengths: byGroup(rows, ({ measures }) => measures['length'] ?? null, ofHeadline),
  };
}

/** A metric over samples whose number was not fixed beforehand. */
function estimateAtAnyTime({ sampleValue, range, title }: Metric, rows: readonly MetricRow[]): Estimate {
  if (sampleValue === undefined)
    return unavailable(`${title} has no interval that holds for a task which was decided early`);
  return anytimeMean(
    rows.map((row) => sampleValue(row)).filter((value) => value !== null),
    { range },
  );
}

function withheldReason(
  entry: PreparedTask,
  facts: {
    readonly certificate: Certificate | null;
    readonly scored: number;
    readonly planned: number;
    readonly uncertified: boolean;
  },
): string | null {
  if (entry.plan.refused) return entry.plan.refused.message;
  if (facts.certificate && !facts.certificate.passed && !facts.uncertified)
    return 'the scorer did not pass its certificate';
  return coverageShortfall(facts.scored, facts.planned);
}

function certificateRefusal(
  task: string,
  facts: { readonly certificate: Certificate | null; readonly uncertified: boolean },
): TaskResult['refused'] {
  const { certificate } = facts;
  if (!certificate || certificate.passed || facts.uncertified) return null;
  const failure = certificate.failures[0];
  return {
    code: 'E_NOT_CERTIFIED',
    message: `the scorer of ${task} did not pass its certificate${failure ? `: ${failure.kind} on ${failure.sampleId}: ${failure.explanation}` : ''}`,
    hint: `see \`qwen-eval certify --tasks ${task}\`; --uncertified reports the score with a banner`,
  };
}

/** The headline if every unscored sample had the worst score, or the best, in the headline's own unit; scores are shares of its range. */
function boundsOf(
  rows: readonly MetricRow[],
  facts: { readonly planned: number; readonly range: readonly [number, number] },
): TaskResult['bounds'] {
  if (facts.planned === 0) return null;
  const [lowest, highest] = facts.range;
  const sum = rows.reduce((total, row) => total + row.score, 0);
  const inUnit = (share: number): number => lowest + (highest - lowest) * share;
  return {
    worst: inUnit(sum / facts.planned),
    best: inUnit((sum + facts.planned - rows.length) / facts.planned),
  };
}

/** The headline of each group of samples that has a name. */
function byGroup(
  rows: readonly MetricRow[],
  nameOf: (row: MetricRow) => string | number | null,
  estimate: (group: readonly MetricRow[]) => Estimate,
): Record<string, Estimate> {
  const groups = new Map<string, MetricRow[]>();
  for (const row of rows) {
    const name = nameOf(row);
    if (name === null) continue;
    const group = groups.get(String(name));
    if (group) group.push(row);
    else groups.set(String(name), [row]);
  }
  return Object.fromEntries(
    [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, group]) => [name, estimate(group)]),
  );
}

const sortedCounts = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
