import type { FailureCode } from '../core/failure-code.ts';
import { defineScorer } from '../core/ports/scorer.ts';
import type { Extraction, Scored } from '../core/score.ts';
import { canonicalAnswer } from '../text/answer-form.ts';
import { codeOfNoAnswer, readAnswer } from '../text/read-answer.ts';
import { answerBody } from './support/answer-body.ts';
import { callForms, callProblems } from './support/call-forms.ts';
import { compareStates, factsOfTables, type StateDifference } from './worlds/canonical-state.ts';
import type { MissionInput, MissionTarget } from './worlds/mission.ts';
import { goldMissions } from './worlds/mission-agents.ts';
import { wrongMissions } from './worlds/mission-mutants.ts';
import { missionTools, openMission, type CallRecord, type MissionOutcome } from './worlds/open-mission.ts';
import { wantedFacts } from './worlds/wanted-facts.ts';

/** What speaks against a mission, with the evidence. */
interface Fault {
  readonly code: FailureCode;
  readonly detail: string;
}

/**
 * Replays a mission against its world. It succeeds when the world is as wanted, but for ids the world made up, the answer that was asked
 * for is right, nothing forbidden was done and the calls were within the budget; where the request cannot be met, when just that was reported.
 */
export default defineScorer<MissionInput, MissionTarget>({
  id: 'mission-outcome',
  version: 2,
  score({ sample, response, settings }): Scored {
    const { input, target } = sample;
    const mission = openMission(input, settings);
    for (const turn of response.turns) mission.next(turn);
    const outcome = mission.outcome();
    const difference = compareStates({ ...knownStates(input, target), end: outcome.facts });
    const answer = judgeAnswer(outcome, target);
    const format = { format: settings.toolFormat, tools: missionTools(input).map(({ definition }) => definition) };
    const stateFaults = judgeState(outcome, difference);
    const reportFaults = judgeReport(outcome, target);
    const causes =
      stateFaults.length + reportFaults.length + answer.faults.length === 0
        ? []
        : [...formFaults(outcome, format), ...causesOf(outcome, target, difference)];
    const faults = [...causes, ...stateFaults, ...reportFaults, ...answer.faults];
    const isRight = stateFaults.length + reportFaults.length + answer.faults.length === 0;
    return {
      kind: 'scored',
      score: isRight ? 1 : 0,
      extraction: answer.extraction,
      measures: {
        level: input.level,
        goals: target.impossible ? null : difference.reached / Math.max(1, difference.wanted),
        ...callMeasures(outcome, target),
        ...callForms(response.turns, format),
      },
      codes: isRight ? [] : [...new Set(faults.map(({ code }) => code))],
      explanation: isRight
        ? null
        : faults
            .slice(0, 6)
            .map(({ code, detail }) => `${code}: ${detail}`)
            .join('; '),
    };
  },
  gold: ({ input, target }, { toolFormat }) => goldMissions({ input, target, settings: { toolFormat } }),
  wrong: ({ input, target }, { toolFormat }) => wrongMissions({ input, target, settings: { toolFormat } }),
});

type KnownStates = Omit<Parameters<typeof compareStates>[0], 'end'>;
const statesOf = new WeakMap<MissionTarget, KnownStates>();

/** Facts at the start and as wanted; remembered, because a sample is scored many times over. */
function knownStates(input: MissionInput, target: MissionTarget): KnownStates {
  const known = statesOf.get(target) ?? {
    start: factsOfTables(input.tables),
    wanted: wantedFacts(input, target.steps),
  };
  statesOf.set(target, known);
  return known;
}

function judgeState(outcome: MissionOutcome, { missing, extra, wrong }: StateDifference): readonly Fault[] {
  const fault = (code: FailureCode, details: readonly string[]): readonly Fault[] =>
    details.length === 0 ? [] : [{ code, detail: details.slice(0, 3).join(', ') }];
  return [
    ...(outcome.last === null ? [endlessFault(outcome)] : []),
    ...fault('state.forbidden_effect', outcome.forbidden),
    ...fault('state.missing_effect', missing),
    ...fault('state.extra_effect', extra),
    ...fault('state.wrong_effect', wrong),
  ];
}

/** Who does not come to an end has accomplished nothing, whatever the world looks like. */
function endlessFault({ calls, overBudget, looped }: MissionOutcome): Fault {
  if (overBudget) return { code: 'step.budget', detail: `more than ${calls.length} calls` };
  if (looped) return { code: 'step.loop', detail: `${calls.at(-1)?.name} was called again and again` };
  return { code: 'step.budget', detail: `cut off after ${calls.length} calls` };
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^(?:the|a|an) /, '')
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .replace(/\.$/, '')
    .trim();

function judgeReport({ report }: MissionOutcome, { impossible }: MissionTarget): readonly Fault[] {
  if (!impossible)
    return report === null
      ? []
      : [{ code: 'answer.wrong.reported_impossible', detail: `reported ${report.reason}, but it can be done` }];
  if (report === null)
    return [
      { code: 'answer.wrong.not_reported', detail: `${impossible.entity} stands in the way, which was not reported` },
    ];
  const isRight = report.reason === impossible.reason && plain(report.entity).includes(plain(impossible.entity));
  return isRight
    ? []
    : [
        {
          code: 'answer.wrong',
          detail: `reported ${report.reason} for ${report.entity}, expected ${impossible.reason} for ${impossible.entity}`,
        },
      ];
}

function judgeAnswer(
  { last }: MissionOutcome,
  { answer }: MissionTarget,
): { readonly faults: readonly Fault[]; readonly extraction: Extraction | null } {
  if (answer === null) return { faults: [], extraction: null };
  // That it did not come to an end is told elsewhere.
  if (last === null) return { faults: [], extraction: null };
  const canonical = (value: string): string | null => canonicalAnswer(value, answer.form);
  const { value, code, extraction } = readAnswer({ ...last, answer: answerBody(last.answer) }, canonical);
  if (value !== null && value === canonical(answer.value)) return { faults: [], extraction };
  return {
    faults: [{ code: code ?? 'answer.wrong', detail: `answered ${value ?? 'nothing'}, expected ${answer.value}` }],
    extraction,
  };
}

/** A call that the last turn wrote in a form which is not the one in force, so that nobody carried it out. */
const formFaults = ({ last }: MissionOutcome, format: Parameters<typeof callProblems>[1]): readonly Fault[] =>
  last === null ? [] : callProblems(last, format);

/** What led to the failure, as far as the calls show it. */
function causesOf(
  outcome: MissionOutcome,
  { impossible, steps }: MissionTarget,
  { missing, wrong }: StateDifference,
): readonly Fault[] {
  const { calls, last, looped } = outcome;
  const invalid = calls.find((call) => call.invalid !== null);
  const causes: Fault[] = [];
  if (last !== null && last.answer.trim() === '')
    causes.push({ code: codeOfNoAnswer(last), detail: 'the last turn says nothing' });
  if (last !== null && codeOfNoAnswer(last) === 'gen.refused')
    causes.push({ code: 'gen.refused', detail: last.answer.slice(0, 80) });
  if (calls.length === 0 && (steps.length > 0 || impossible))
    causes.push({ code: 'select.no_call', detail: 'no tool was called' });
  if (invalid?.invalid)
    causes.push({ code: invalid.invalid, detail: `${invalid.name} ${invalid.arguments.slice(0, 80)}` });
  if (looped) causes.push({ code: 'step.loop', detail: `${calls.at(-1)?.name} was called again and again` });
  if (missing.length + wrong.length > 0) {
    const failed = unrecovered(outcome);
    if (failed) causes.push({ code: 'step.tool_error_unrecovered', detail: `${failed.name} answered ${failed.error}` });
    else if (missing.length > 0 && calls.length > 0 && last !== null && !invalid)
      causes.push({ code: 'step.premature_stop', detail: 'it stopped with work left' });
  }
  return causes;
}

/** An error after which the same tool never worked. */
const unrecovered = ({ calls }: MissionOutcome) =>
  calls.find(
    (call, index) =>
      call.error !== null &&
      call.invalid === null &&
      !calls.slice(index + 1).some((later) => later.name === call.name && later.error === null),
  );

function callMeasures({ calls }: MissionOutcome, { steps, answer, impossible }: MissionTarget) {
  const needed =
    steps.reduce((sum, step) => sum + step.lookups.length + step.writes.length, 0) +
    (answer?.lookups.length ?? 0) +
    (impossible ? impossible.lookups.length + 1 : 0);
  const isFault = ({ error }: CallRecord): boolean =>
    error === 'unavailable' || error === 'stale_id' || (error === 'permission_denied' && !impossible);
  const faulted = calls.filter(isFault);
  const recovered = faulted.filter((call) =>
    calls.slice(calls.indexOf(call) + 1).some((later) => later.name === call.name && !isFault(later)),
  );
  return {
    calls: calls.length,
    wasted_calls: calls.length === 0 ? null : Math.max(0, calls.length - needed) / calls.length,
    invalid_calls: calls.length === 0 ? null : calls.filter(({ invalid }) => invalid !== null).length / calls.length,
    recovered: faulted.length === 0 ? null : recovered.length / faulted.length,
  };
}
