import { z } from 'zod';
import { isEstimated } from '../core/estimate.ts';
import { defineMetric, type Metric } from '../core/ports/metric.ts';
import { defineTask } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { measureMean } from '../metrics/support/measure-mean.ts';
import { pooledShare } from '../metrics/support/pooled-share.ts';
import ifevalInstructions, { shortName, type IfevalInput } from '../scorers/ifeval-instructions.ts';
import { instructionIds } from '../scorers/ifeval/check-instruction.ts';
import { instructionArgumentsSchema } from '../scorers/ifeval/instruction.ts';
import { invalidRecord, readRecords, sourceOf } from './support/read-records.ts';

const recordSchema = z.object({
  key: z.int(),
  prompt: z.string().min(1),
  instruction_id_list: z.array(z.enum(instructionIds as [string, ...string[]])).min(1),
  kwargs: z.array(instructionArgumentsSchema),
});

const prompts = 541;

/** Prompts whose instructions contradict each other, so that no answer can follow them all. */
const contradictions: ReadonlyMap<number, string> = new Map([
  [374, 'the request to repeat holds "youngins" and "damn", which are forbidden'],
  [1627, 'the request to repeat holds commas, which are forbidden'],
  [3369, 'the request to repeat holds "right" twice, which may appear only once'],
  [3371, 'the request to repeat holds "economy", "demand" and "supply", which are forbidden'],
  [3718, 'the request to repeat holds commas, which are forbidden'],
]);

/** The upstream figure: it counts the prompts that nobody can follow as missed. */
const overAllPrompts: Metric = defineMetric({
  id: 'prompt_strict_upstream',
  title: `strict, with the ${contradictions.size} prompts that nobody can follow as missed, as upstream counts`,
  higherIsBetter: true,
  range: [0, 1],
  estimate(rows) {
    const followable = measureMean({ id: '', title: '', measure: 'prompt_strict' }).estimate(rows);
    if (!isEstimated(followable)) return followable;
    const share = (prompts - contradictions.size) / prompts;
    return {
      ...followable,
      value: followable.value * share,
      low: followable.low * share,
      high: followable.high * share,
    };
  },
});

const fourVerdicts = (prefix: string, title: string): readonly Metric[] => [
  measureMean({
    id: `${prefix}prompt_loose`,
    title: `prompts followed (loose${title})`,
    measure: `${prefix}prompt_loose`,
  }),
  pooledShare({
    id: `${prefix}instruction_strict`,
    title: `instructions followed (strict${title})`,
    part: `${prefix}instructions_strict`,
    whole: 'instructions',
  }),
  pooledShare({
    id: `${prefix}instruction_loose`,
    title: `instructions followed (loose${title})`,
    part: `${prefix}instructions_loose`,
    whole: 'instructions',
  }),
];

/** IFEval: prompts with verifiable instructions (Zhou et al. 2023), by the upstream rules and by corrected ones. */
export default defineTask<IfevalInput, null>({
  id: 'ifeval',
  title: 'IFEval: verifiable instructions',
  version: 1,
  kind: 'text',
  category: 'instructions',
  licence: 'CC-BY-4.0',
  artefacts: [
    {
      name: 'prompts',
      fileName: 'input_data.jsonl',
      sha256: [
        '67ffeee0fcb87c317c5b08a2de85557b4a7e96ada6178aa645b4954fe4b53d49',
        // The older version: key 2785 asks for one placeholder and its arguments for three.
        '86ea91641ee9e6b891330f3f019e82c481abddbdea5945106df1dfe59757fbc2',
      ],
      licence: 'CC-BY-4.0',
      hub: null,
    },
  ],
  needs: [],
  sampleCount: prompts,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 4096 },
  dialogueBudget: null,
  references: [
    {
      source: 'Qwen2.5 and Qwen3 technical reports',
      fewShot: 0,
      note: 'prompt-level strict; non-thinking mode of Qwen3 with temperature 0.7 and presence penalty 1.5, thinking mode with 0.6',
    },
  ],
  scorer: ifevalInstructions,
  metrics: [
    measureMean({ id: 'accuracy', title: 'prompts followed (strict, upstream rules)', measure: null }),
    overAllPrompts,
    ...fourVerdicts('', ', upstream rules'),
    measureMean({
      id: 'corrected_prompt_strict',
      title: 'prompts followed (strict, corrected rules)',
      measure: 'corrected_prompt_strict',
    }),
    ...fourVerdicts('corrected_', ', corrected rules'),
    ...instructionIds.map((id) =>
      measureMean({
        id: `type.${shortName(id)}`,
        title: `followed: ${shortName(id).replaceAll('_', ' ')}`,
        measure: `type.${shortName(id)}`,
      }),
    ),
  ],
  async loadSamples({ data }) {
    const records = await readRecords(data, 'prompts', recordSchema);
    return records.map(({ row, line }): Sample<IfevalInput, null> => {
      if (row.kwargs.length !== row.instruction_id_list.length) {
        throw invalidRecord(
          sourceOf(data, 'prompts'),
          { line },
          'kwargs: one set of arguments is needed for each instruction',
        );
      }
      const fault = contradictions.get(row.key);
      return {
        id: String(row.key),
        category: `${row.instruction_id_list.length}_instructions`,
        cluster: null,
        input: {
          prompt: row.prompt,
          instructions: row.instruction_id_list.map((id, index) => ({ id, given: row.kwargs[index] ?? {} })),
        },
        target: null,
        ...(fault === undefined ? {} : { fault }),
      };
    });
  },
  render: ({ input }) => ({ kind: 'chat', messages: [{ role: 'user', content: input.prompt }] }),
  inLogs: { names: ['ifeval_default', 'leaderboard_ifeval'], textOf: ({ input }) => input.prompt },
});
