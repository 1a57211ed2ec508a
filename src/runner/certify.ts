import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalJson } from '../core/canonical-json.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { Judge } from '../core/ports/judge.ts';
import type { LabelledResponse, ScoringServices } from '../core/ports/scorer.ts';
import type { Task, TaskSettings } from '../core/ports/task.ts';
import type { Certificate } from '../core/result-document.ts';
import type { Sample } from '../core/sample.ts';
import type { ScoreOutcome } from '../core/score.ts';
import { seededRng } from '../stats/rng.ts';
import { rememberVerdicts } from './remember-verdicts.ts';

/** What a scorer is certified over. */
export interface CertifyInput {
  readonly samples: Iterable<Sample>;
  readonly settings: TaskSettings;
  readonly services: ScoringServices;
  /** sha256 of the data files the samples come from; empty for synthetic tasks. */
  readonly datasets: readonly string[];
}

export interface CertifyOptions {
  /** `full`: all gold; `sample`: all gold for scorers without a sandbox, a seeded sample of problems for those with one. */
  readonly scope: 'full' | 'sample';
  /** Problems of a `sample`; 12 where the task needs a sandbox and all of them elsewhere when absent. */
  readonly sampleSize?: number;
  readonly seed?: number;
  /** Scorings in flight at once, 4 when absent. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
}

interface Check {
  readonly sample: Sample;
  readonly labelled: LabelledResponse;
  readonly isGold: boolean;
}

interface Tally {
  readonly gold: { accepted: number; total: number };
  readonly wrong: { rejected: number; total: number };
  readonly failures: { sampleId: string; kind: string; explanation: string }[];
}

/** Failures kept for the message. */
const failuresKept = 5;
/** Milliseconds of scoring between two turns of the event loop, so that requests in flight are served and their times stay right. */
const turnAfterMs = 3;
const sandboxSampleSize = 12;

const sampleSizeOf = (task: Task, options: CertifyOptions): number | null => {
  if (options.scope === 'full') return null;
  return options.sampleSize ?? (task.needs.includes('sandbox') ? sandboxSampleSize : null);
};

/** sha256 (hex) over everything a certificate depends on: scorer, task, data, settings, sandbox and scope. */
export async function certificateKey(
  task: Task,
  input: Omit<CertifyInput, 'samples'>,
  options: CertifyOptions,
): Promise<string> {
  const sandbox = input.services.sandbox === null ? null : await input.services.sandbox.describe();
  const { choiceMode, toolFormat, seed, split, extra } = input.settings;
  const sampleSize = sampleSizeOf(task, options);
  const identity = {
    scorer: [task.scorer.id, task.scorer.version],
    task: [task.id, task.version],
    datasets: input.datasets.toSorted(),
    settings: { choiceMode, toolFormat, seed, split, extra },
    sandbox: sandbox === null ? null : [sandbox.backend, sandbox.mode, sandbox.version, sandbox.pythonVersion],
    scope: sampleSize === null ? 'all' : [sampleSize, options.seed ?? 0],
  };
  return createHash('sha256').update(canonicalJson(identity)).digest('hex');
}

/** The problems to certify over, and those left out because they are known to be broken. */
function chooseSamples(task: Task, samples: Iterable<Sample>, options: CertifyOptions) {
  const sound: Sample[] = [];
  const excluded: { sampleId: string; reason: string }[] = [];
  for (const sample of samples) {
    if (sample.fault === undefined) sound.push(sample);
    else excluded.push({ sampleId: sample.id, reason: sample.fault });
  }
  const size = sampleSizeOf(task, options);
  if (size === null || size >= sound.length) return { chosen: sound, excluded };
  const quick = sound.filter((sample) => sample.isSlow !== true);
  const chosen = seededRng(`${options.seed ?? 0}/certify/${task.id}`).sample(quick, Math.min(size, quick.length));
  return { chosen, excluded };
}

function* checksOf(task: Task, samples: readonly Sample[], settings: TaskSettings): Generator<Check> {
  for (const sample of samples) {
    for (const labelled of task.scorer.gold(sample, settings)) yield { sample, labelled, isGold: true };
    for (const labelled of task.scorer.wrong(sample, settings)) yield { sample, labelled, isGold: false };
  }
}

/** A judge that says what a labelled response wants it to say, and fails when it is asked more often. */
function scriptedJudge(replies: readonly string[]): Judge {
  let next = 0;
  return {
    identity: 'certificate',
    isSameFamily: false,
    ask: () => {
      const reply = replies[next++];
      return reply === undefined
        ? Promise.reject(new QwenEvalError('E_JUDGE_FAILED', 'the certificate has no further judge reply'))
        : Promise.resolve(reply);
    },
  };
}

function describeOutcome(outcome: ScoreOutcome): string {
  if (outcome.kind === 'unscored') return `unscored, ${outcome.code}: ${outcome.reason}`;
  const extracted = outcome.extraction === null ? '' : `, extracted ${JSON.stringify(outcome.extraction.value)}`;
  const explanation = outcome.explanation === null ? '' : `: ${outcome.explanation}`;
  return `score ${outcome.score}${extracted}${explanation}`;
}

interface Verdict {
  readonly isAsExpected: boolean;
  /** What happened, where it is not as expected. */
  readonly text: string;
}

const asExpected: Verdict = { isAsExpected: true, text: '' };

/** True when a check came out as it must. */
function meets(outcome: ScoreOutcome, { labelled, isGold }: Check): boolean {
  const score = outcome.kind === 'scored' ? outcome.score : null;
  if (labelled.expectedScore !== undefined) return score === labelled.expectedScore;
  return (score === 1) === isGold;
}

/** A scorer must be total: a throw fails the check whichever side it stands on. */
const thrown = (error: unknown): Verdict => ({
  isAsExpected: false,
  text: `the scorer threw: ${error instanceof Error ? error.message : String(error)}`,
});

function verdictOf(outcome: ScoreOutcome, check: Check): Verdict {
  return meets(outcome, check) ? asExpected : { isAsExpected: false, text: describeOutcome(outcome) };
}

/** Scores a check; without a promise where the scorer needs none, as there are millions. */
function runCheck(task: Task, check: Check, input: CertifyInput): Verdict | Promise<Verdict> {
  const { sample, labelled } = check;
  const { services, settings } = input;
  const scripted =
    labelled.judgeReplies === undefined ? services : { ...services, judge: scriptedJudge(labelled.judgeReplies) };
  try {
    const scored = task.scorer.score({ sample, response: labelled.response, settings }, scripted);
    return scored instanceof Promise
      ? scored.then((outcome) => verdictOf(outcome, check)).catch(thrown)
      : verdictOf(scored, check);
  } catch (error) {
    return thrown(error);
  }
}

function count(tally: Tally, check: Check, verdict: Verdict): void {
  if (check.isGold) {
    tally.gold.total++;
    if (verdict.isAsExpected) tally.gold.accepted++;
  } else {
    tally.wrong.total++;
    if (verdict.isAsExpected) tally.wrong.rejected++;
  }
  if (verdict.isAsExpected || tally.failures.length >= failuresKept) return;
  const explanation = `${check.isGold ? 'a right answer was refused' : 'a wrong answer was accepted'} (${verdict.text})`;
  tally.failures.push({ sampleId: check.sample.id, kind: check.labelled.kind, explanation });
}

/** Lets the event loop turn when work has held it up for a while; all who work wait for the same turn, for one that went on would hold it up still. */
function turnTaker(): () => Promise<void> | undefined {
  let sinceMs = performance.now();
  let turn: Promise<void> | null = null;
  return () => {
    if (turn === null && performance.now() - sinceMs > turnAfterMs)
      turn = nextTurn().then(() => {
        turn = null;
        sinceMs = performance.now();
      });
    return turn ?? undefined;
  };
}

/**
 * Feeds a task's scorer its gold answers in every rendering and wrong answers of every kind. Passes when every gold one scores 1 and no
 * wrong one does; samples with a `fault` are left out by name. Throws E_DATASET_EMPTY when there is nothing to certify over, and the
 * signal's reason when it is aborted.
 */
export async function certifyTask(task: Task, given: CertifyInput, options: CertifyOptions): Promise<Certificate> {
  const { chosen, excluded } = chooseSamples(task, given.samples, options);
  const { sandbox: opened } = given.services;
  // Most renderings of an answer hold the same program; it is run once.
  const slow = new Set(chosen.filter(({ isSlow }) => isSlow === true).map(({ id }) => id));
  const sandbox = opened === null ? null : rememberVerdicts(opened, slow);
  const input = { ...given, services: { ...given.services, sandbox } };
  const tally: Tally = { gold: { accepted: 0, total: 0 }, wrong: { rejected: 0, total: 0 }, failures: [] };
  const checks = checksOf(task, chosen, input.settings);
  const giveWay = turnTaker();
  const work = async (): Promise<void> => {
    for (const check of checks) {
      options.signal?.throwIfAborted();
      const verdict = runCheck(task, check, input);
      count(tally, check, verdict instanceof Promise ? await verdict : verdict);
      const turn = giveWay();
      if (turn !== undefined) await turn;
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency ?? 4) }, work));
  const { gold, wrong, failures } = tally;
  if (gold.total === 0 || wrong.total === 0) {
    throw new QwenEvalError('E_DATASET_EMPTY', `${task.id} has no samples to certify its scorer over`, {
      hint: 'check the data file and the limit',
    });
  }
  const passed = gold.accepted === gold.total && wrong.rejected === wrong.total;
  const counts = sandbox?.counts();
  const programs = counts === undefined || counts.asked === 0 ? {} : { programs: counts };
  return { gold, wrong, excluded, passed, failures, ...programs, key: await certificateKey(task, input, options) };
}
