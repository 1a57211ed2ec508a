import { describeMisses } from '../code-phrases.ts';
import { taskVerdict } from '../diagnosed-run.ts';
import { exampleIds, tally } from '../evidence.ts';
import type { SampleFacts } from '../sample-facts.ts';

const fewest = { within: 10, elsewhere: 30 };
const share = { within: 0.5, elsewhere: 0.02 };

/** Misses that only a category of its own kind can have: a call where none is right says nothing of its data. */
const ownKind = new Set(['select.spurious_call']);

/** One cause that fills one category and is almost unknown elsewhere: look at the data of the category first. */
export const oneCategory = taskVerdict('one_category', ({ run, plan, samples }) => {
  for (const [category, group] of byCategory(samples)) {
    const elsewhere = samples.filter((sample) => sample.category !== category);
    if (group.length < fewest.within || elsewhere.length < fewest.elsewhere) continue;
    const [code, count] = tally(group.flatMap((sample) => sample.code ?? []))[0] ?? ['', 0];
    if (ownKind.has(code)) continue;
    const others = elsewhere.filter((sample) => sample.code === code).length;
    if (count / group.length <= share.within || others / elsewhere.length > share.elsewhere) continue;
    return {
      severity: 'warning',
      summary: `${plan.task}: in ${category} ${count} of ${group.length} answers ${describeMisses(code)}, elsewhere ${others} of ${elsewhere.length}: look at the data and the prompt of that category first`,
      evidence: {
        category,
        code,
        within: count,
        of: group.length,
        elsewhere: others,
        samples: exampleIds(group.filter((sample) => sample.code === code)),
      },
      advice: `qwen-eval diagnose ${run.result.runId} --tasks ${plan.task}`,
    };
  }
  return null;
});

function byCategory(samples: readonly SampleFacts[]): ReadonlyMap<string, readonly SampleFacts[]> {
  const groups = new Map<string, SampleFacts[]>();
  for (const sample of samples) {
    if (sample.category === null) continue;
    const group = groups.get(sample.category);
    if (group) group.push(sample);
    else groups.set(sample.category, [sample]);
  }
  return groups;
}
