import type { Task, TaskSettings } from '../../src/core/ports/task.ts';
import type { SampleResponse } from '../../src/core/response.ts';
import type { Sample } from '../../src/core/sample.ts';
import { scoreResponse, type ExplainedOutcome } from '../../src/runner/score-response.ts';
import { loadTaskSamples, settingsOf } from './load-task-samples.ts';

/** What became of one kind of response over all samples. */
export interface KindTally {
  right: number;
  total: number;
  /** Primary failure codes by count. */
  readonly codes: Map<string, number>;
  /** The first response that did not do what was expected of its kind. */
  example: string | null;
}

/** Tallies of a certificate's renderings: `gold` should all be right, `wrong` none. */
export interface OracleReport {
  readonly samples: number;
  readonly gold: ReadonlyMap<string, KindTally>;
  readonly wrong: ReadonlyMap<string, KindTally>;
}

/** Scores one response as a run does, primary code and all. */
export async function explainedScore<Input, Target>(
  task: Task<Input, Target>,
  asked: { readonly sample: Sample<Input, Target>; readonly settings: TaskSettings; readonly response: SampleResponse },
): Promise<ExplainedOutcome & { readonly score: number }> {
  const { sample, settings, response } = asked;
  const services = { sandbox: null, judge: null };
  const explained = await scoreResponse({ task, sample, settings, response, services });
  if (explained.outcome.kind !== 'scored') throw new Error(`${sample.id} was not scored: ${explained.outcome.reason}`);
  return { ...explained, score: explained.outcome.score };
}

function tallyOf(tallies: Map<string, KindTally>, kind: string): KindTally {
  const known = tallies.get(kind);
  if (known !== undefined) return known;
  const tally: KindTally = { right: 0, total: 0, codes: new Map(), example: null };
  tallies.set(kind, tally);
  return tally;
}

/**
 * Lets the scorer's own oracle and mutants answer every sample of a task. A mutant whose response equals a gold rendering is no mutant:
 * that is a fault of the harness and throws.
 */
export async function reportOracles<Input, Target>(
  task: Task<Input, Target>,
  changes: Partial<TaskSettings>,
): Promise<OracleReport> {
  const settings = settingsOf(task, changes);
  const samples = await loadTaskSamples(task, settings);
  const gold = new Map<string, KindTally>();
  const wrong = new Map<string, KindTally>();
  for (const sample of samples) {
    const golden = task.scorer.gold(sample, settings);
    const known = new Set(golden.map(({ response }) => JSON.stringify(response)));
    for (const { kind, response } of task.scorer.wrong(sample, settings)) {
      if (known.has(JSON.stringify(response))) throw new Error(`${sample.id}: mutant ${kind} equals a gold rendering`);
      await count({ tallies: wrong, kind, expected: 0 }, { sample, response });
    }
    for (const { kind, response } of golden) await count({ tallies: gold, kind, expected: 1 }, { sample, response });
  }
  return { samples: samples.length, gold, wrong };

  async function count(
    at: { readonly tallies: Map<string, KindTally>; readonly kind: string; readonly expected: 0 | 1 },
    asked: { readonly sample: Sample<Input, Target>; readonly response: SampleResponse },
  ): Promise<void> {
    const { score, code, outcome } = await explainedScore(task, { ...asked, settings });
    const tally = tallyOf(at.tallies, at.kind);
    tally.total++;
    tally.right += score;
    if (code !== null) tally.codes.set(code, (tally.codes.get(code) ?? 0) + 1);
    if (score !== at.expected) {
      const said = asked.response.text ?? JSON.stringify(asked.response.toolCalls);
      tally.example ??= `${asked.sample.id} ${at.kind}: ${said} → ${JSON.stringify(outcome)}`;
    }
  }
}

/** Kinds whose share of right answers is not the wanted one, with an example each. */
export const unexpected = (tallies: ReadonlyMap<string, KindTally>, share: 0 | 1): readonly string[] =>
  [...tallies].flatMap(([kind, { right, total, example }]) =>
    right === share * total ? [] : [`${kind}: ${right} of ${total} right; ${example}`],
  );

/** Primary codes of a kind, most frequent first. */
export const codesOf = (tallies: ReadonlyMap<string, KindTally>, kind: string): readonly string[] =>
  [...(tallies.get(kind)?.codes ?? [])].toSorted((a, b) => b[1] - a[1]).map(([code]) => code);
