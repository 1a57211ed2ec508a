import type { RuleVerdict } from '../../core/ports/rule-set.ts';
import type { ScoringServices } from '../../core/ports/scorer.ts';
import type { SampleRecord } from '../../core/sample-record.ts';
import type { Sample } from '../../core/sample.ts';
import { loadRuleSet, ruleSetIds } from '../../runner/load-plugin.ts';
import { recordedResponse } from '../../runner/recorded-response.ts';
import { mapInOrder } from '../../runner/map-in-order.ts';
import { scoreRecord } from '../../runner/score-record.ts';
import type { LoggedSample } from './imported-log.ts';
import type { ResolvedTask } from './resolve-task.ts';

/** One answer of a log with our verdict on it. */
export interface ScoredAnswer {
  readonly resolved: ResolvedTask;
  readonly logged: LoggedSample;
  readonly record: SampleRecord;
  /** What our copy of the tool's rules says, by the name of the rule set. */
  readonly byRules: ReadonlyMap<string, RuleVerdict>;
}

/** Answers scored at once where a scorer waits for a sandbox. */
const inFlight = 8;

/** Scores every answer whose question is known, in the order of the benchmark. */
export async function scoreLogged(
  tasks: readonly ResolvedTask[],
  services: ScoringServices,
): Promise<readonly ScoredAnswer[]> {
  const scored: ScoredAnswer[] = [];
  for (const resolved of tasks) {
    const order = new Map(resolved.all.map(({ id }, index) => [id, index]));
    const placeOf = (id: string): number => order.get(id) ?? order.size;
    const answers = [...resolved.samples].toSorted(
      ([a, x], [b, y]) => placeOf(x.id) - placeOf(y.id) || a.epoch - b.epoch,
    );
    const score = (answer: readonly [LoggedSample, Sample]) => scoreOne(resolved, { answer, services });
    for await (const answer of mapInOrder(answers, inFlight, score)) scored.push(answer);
  }
  return scored;
}

async function scoreOne(
  resolved: ResolvedTask,
  input: { readonly answer: readonly [LoggedSample, Sample]; readonly services: ScoringServices },
): Promise<ScoredAnswer> {
  const { task, settings } = resolved;
  const [logged, sample] = input.answer;
  const unscored = unscoredRecord(resolved, { logged, sample });
  if (logged.failure !== null)
    return {
      resolved,
      logged,
      record: { ...unscored, unscored: logged.failure, code: 'infra.engine' },
      byRules: new Map(),
    };
  const response = recordedResponse(unscored);
  const answer = { ...unscored, thinking: response.thinking };
  const { record } = await scoreRecord(answer, { task, sample, settings, services: input.services });
  const byRules = new Map<string, RuleVerdict>();
  const known = await ruleSetIds();
  for (const id of new Set(logged.verdicts.flatMap(({ rules }) => rules ?? []))) {
    if (!known.includes(id)) continue;
    const rule = (await loadRuleSet(id)).tasks[task.inLogs?.rulesOf ?? task.id];
    if (rule) byRules.set(id, await rule.apply({ sample, response, settings }, input.services));
  }
  return { resolved, logged, record, byRules };
}

function unscoredRecord(
  { task }: ResolvedTask,
  { logged, sample }: { readonly logged: LoggedSample; readonly sample: Sample },
): SampleRecord {
  return {
    task: task.id,
    sampleId: sample.id,
    epoch: logged.epoch,
    category: sample.category,
    cluster: sample.cluster,
    ...logged.answer,
    thinking: 'none',
    turns: null,
    transcript: null,
    extraction: null,
    score: null,
    measures: {},
    unscored: null,
    code: null,
    codes: [],
    explanation: null,
    attempts: 1,
    seed: null,
  };
}
