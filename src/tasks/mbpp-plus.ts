import { z } from 'zod';
import type { DatasetReader } from '../core/ports/dataset.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Json } from '../core/json.ts';
import type { Sample } from '../core/sample.ts';
import { codeMetrics } from '../metrics/support/code-metrics.ts';
import codeTests from '../scorers/code-tests.ts';
import type { CodeInput, CodeTarget } from '../scorers/support/code/code-sample.ts';
import { readPythonLiteral } from '../text/python-literal.ts';
import { differentialSetup, differentialTests, type Agreement } from './support/code/differential-tests.ts';
import { renderCodeQuestion } from './support/code/human-eval-form.ts';
import { restoreArguments, type CallArguments } from './support/code/mbpp-plus-values.ts';
import { invalidRecord, parseRecord, requireDistinctIds, sourceOf, type PlacedRecord } from './support/read-records.ts';
import { refuseShots } from './support/refuse-shots.ts';

/** One problem of the release has an empty dict for no inputs. */
const calls = z.union([z.array(z.array(z.custom<Json>())), z.object({ d: z.tuple([]) }).transform(() => [])]);

const recordSchema = z.object({
  task_id: z.string().regex(/^Mbpp\/\d+$/, 'is no id of the form Mbpp/2'),
  prompt: z.string().min(1),
  entry_point: z.string().regex(/^[^\W\d]\w*$/u, 'is no Python name'),
  canonical_solution: z.string().min(1),
  base_input: calls,
  plus_input: calls,
  atol: z.union([z.number(), z.object({ f: z.string() }).transform(({ f }) => Number(f))]),
});

type Problem = z.infer<typeof recordSchema>;

/** Problems whose solution is not what the question asks for, with the evidence. */
const faults: Readonly<Record<string, string>> = {
  'Mbpp/164': 'its own example wants are_equivalent(23, 47) to be True, its solution gives False',
  'Mbpp/295': 'its own example wants sum_div(8) to be 7, its solution gives 15',
};

const asSets = 'similar_elements find_char_long common_in_nested_lists extract_singly larg_nnum intersection_array';
const asTruth = 'check_str text_match_three text_starta_endb';

/** Functions whose results are not compared by value. */
const agreements: Readonly<Record<string, Agreement>> = {
  ...Object.fromEntries(`${asSets} find_dissimilar Diff`.split(' ').map((name) => [name, { kind: 'set' }])),
  ...Object.fromEntries(asTruth.split(' ').map((name) => [name, { kind: 'not_none' }])),
  // The height of a pyramid may be that of its faces or that of its tip.
  surface_Area: {
    kind: 'either',
    source: 'def other(base, height):\n    return round(base**2 + 2 * base * ((base / 2) ** 2 + height**2) ** 0.5)',
  },
  // Digits may be paired from the left, or after filling the shorter number up with zeros.
  digit_distance_nums: {
    kind: 'either',
    source:
      'def other(*numbers):\n    width = max(len(str(number)) for number in numbers)\n    pairs = zip(*(str(number).zfill(width) for number in numbers))\n    return sum(abs(int(one) - int(two)) for one, two in pairs)',
  },
};

const timeLimitMs = 15_000;
/** Problems whose solution itself works for seconds on the largest inputs. */
const slowTimeLimitMs: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    [84, 123, 271, 300, 389, 392, 583, 589, 592, 603, 630].map((id) => [`Mbpp/${id}`, 60_000] as const),
  ),
  'Mbpp/599': 300_000,
};

/**
 * Places of inputs that are left out: their results hold 6 to 128 million values, more than a sandbox of 256 MiB can make and hand over, so
 * that with them no answer could be judged.
 */
const tooLarge: Readonly<Record<string, ReadonlySet<number>>> = { 'Mbpp/255': new Set([88, 89, 93, 99, 103]) };

/** Records with integers and floats kept apart, which JSON in JavaScript does not do. */
function readRecords(text: string, source: string): readonly PlacedRecord<Problem>[] {
  return text.split('\n').flatMap((json, index) => {
    if (json.trim() === '') return [];
    const place = { source, line: index + 1 };
    let value: Json;
    try {
      value = readPythonLiteral(json);
    } catch (error) {
      throw invalidRecord(source, place, error instanceof Error ? error.message : 'is not JSON');
    }
    const pairs = (value as { readonly d?: readonly (readonly [string, Json])[] } | null)?.d ?? [];
    return [{ row: parseRecord(recordSchema, Object.fromEntries(pairs), place), line: place.line }];
  });
}

function sampleOf(problem: Problem): Sample<CodeInput, CodeTarget> {
  const { task_id: id, entry_point: entryPoint } = problem;
  const agreement = agreements[entryPoint] ?? { kind: 'value' };
  const restore = (call: CallArguments): CallArguments => restoreArguments(Number(id.slice('Mbpp/'.length)), call);
  const fault = faults[id];
  const solution = `${problem.canonical_solution.trim()}\n`;
  return {
    id,
    category: null,
    cluster: null,
    input: {
      entryPoint,
      stub: null,
      ask: `${problem.prompt.replaceAll('"""', '').trim()}\n\nAnswer with one self-contained Python program in a Markdown code block.\n`,
    },
    target: {
      solution,
      setup: differentialSetup(agreement, problem.atol),
      tests: differentialTests(entryPoint, 'expected'),
      cases: {
        kind: 'computed',
        inputs: [...problem.base_input, ...problem.plus_input]
          .filter((_, index) => tooLarge[id]?.has(index) !== true)
          .map(restore),
        results: agreement.kind === 'not_none' ? 'not_none' : 'value',
      },
      timeLimitMs: slowTimeLimitMs[id] ?? timeLimitMs,
    },
    ...(fault === undefined ? {} : { fault }),
    ...(id in slowTimeLimitMs ? { isSlow: true } : {}),
  };
}

async function readProblems(data: DatasetReader): Promise<readonly Problem[]> {
  const source = sourceOf(data, 'problems');
  const records = readRecords(await data.text('problems'), source);
  requireDistinctIds(records, (row) => row.task_id, source);
  return records.map(({ row }) => row);
}

export default defineTask<CodeInput, CodeTarget>({
  id: 'mbpp_plus',
  title: 'MBPP+ v0.1.0: 399 problems of MBPP with thirty-five times the tests',
  version: 2,
  kind: 'code',
  category: 'code',
  licence: 'Apache-2.0',
  artefacts: [
    {
      name: 'problems',
      fileName: 'MbppPlus-v0.1.0.jsonl',
      sha256: ['a855b9de667baea8e2f8aa61f898767a7336872208a85222b35622545e819fe9'],
      licence: 'Apache-2.0',
      hub: null,
    },
  ],
  needs: ['sandbox'],
  sampleCount: 399,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, extra: { release: 'v0.1.0' } },
  dialogueBudget: null,
  // Published scores are on the 378 problems of v0.2.0: none is to be put beside this one.
  references: [],
  scorer: codeTests,
  metrics: codeMetrics,
  async loadSamples({ data, settings }) {
    refuseShots('mbpp_plus', settings);
    return (await readProblems(data)).map(sampleOf);
  },
  render: ({ input }) => renderCodeQuestion(input.ask),
});
