import { defineTask, type Task } from '../core/ports/task.ts';
import { contextMetrics } from '../metrics/support/context-metrics.ts';
import longContextRecall, { type LongContextInput, type LongContextTarget } from '../scorers/long-context-recall.ts';
import { biographyFamily } from './long-context/biography-family.ts';
import type { LongContextFamily } from './long-context/long-context-case.ts';
import { needleFamilies } from './long-context/needle-families.ts';
import { defaultLengths, drawCase, lengthsLeftOut, planSamples, type Cell } from './long-context/plan-samples.ts';
import { wordListFamilies } from './long-context/word-list-families.ts';

const version = 1;

/** Lengths in turn; depths spread evenly however many samples there are. */
const cell = (index: number, lengths: readonly number[]): Cell => {
  const round = Math.floor(index / lengths.length);
  return { length: lengths[index % lengths.length] ?? 0, depth: ((round * 618) % 1000) / 1000 };
};

function rulerTask(family: LongContextFamily): Task<LongContextInput, LongContextTarget> {
  const id = `ruler_${family.id}`;
  return defineTask<LongContextInput, LongContextTarget>({
    id,
    title: `Long context: ${family.title}`,
    version,
    kind: 'long_context',
    category: 'long_context',
    licence: 'Apache-2.0',
    artefacts: [],
    needs: ['tokenizer'],
    sampleCount: null,
    chanceLevel: null,
    sorted: false,
    choiceModes: [],
    defaults: { fewShot: 0, maxTokens: 512, size: 80, extra: { lengths: defaultLengths } },
    dialogueBudget: null,
    references: [],
    leftOut: lengthsLeftOut,
    scorer: longContextRecall,
    metrics: contextMetrics(defaultLengths),
    loadSamples: (context) => planSamples({ task: id, version, family, cell }, context),
    render: ({ input }) => ({
      kind: 'chat',
      messages: [{ role: 'user', content: drawCase(family, input).write(input.units) }],
    }),
  });
}

/** Long-context families in the manner of RULER (Hsieh et al. 2024), from seeded text: search, tracing, counting and questions. */
export default [...needleFamilies, ...wordListFamilies, biographyFamily].map(rulerTask);
