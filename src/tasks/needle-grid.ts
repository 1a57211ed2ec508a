import { QwenEvalError } from '../core/errors.ts';
import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import { contextMetrics } from '../metrics/support/context-metrics.ts';
import longContextRecall, { type LongContextInput, type LongContextTarget } from '../scorers/long-context-recall.ts';
import { singleNeedle } from './long-context/needle-families.ts';
import { defaultLengths, drawCase, lengthsLeftOut, planSamples } from './long-context/plan-samples.ts';

const defaultDepths = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
const samplesPerCell = 3;
const version = 1;
const family = singleNeedle;

function depthsOf(settings: TaskSettings): readonly number[] {
  const asked = settings.extra['depths'] ?? defaultDepths;
  const depths = Array.isArray(asked) ? asked : [asked];
  if (depths.length === 0 || !depths.every((depth) => typeof depth === 'number' && depth >= 0 && depth <= 1)) {
    throw new QwenEvalError('E_OPTION_INVALID', `these are no depths: ${JSON.stringify(asked)}`, {
      hint: 'give numbers from 0 (start of the text) to 1 (its end)',
    });
  }
  return depths as readonly number[];
}

/** One fact at every depth of every length: the grid is gone through once before any cell gets its second sample. */
export default defineTask<LongContextInput, LongContextTarget>({
  id: 'needle_grid',
  title: 'Long context: one fact by length and depth',
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
  defaults: {
    fewShot: 0,
    maxTokens: 512,
    size: defaultLengths.length * defaultDepths.length * samplesPerCell,
    extra: { lengths: defaultLengths, depths: defaultDepths },
  },
  dialogueBudget: null,
  references: [],
  leftOut: lengthsLeftOut,
  scorer: longContextRecall,
  metrics: contextMetrics(defaultLengths),
  loadSamples(context) {
    const depths = depthsOf(context.settings);
    const cell = (index: number, lengths: readonly number[]) => ({
      length: lengths[index % lengths.length] ?? 0,
      depth: depths[Math.floor(index / lengths.length) % depths.length] ?? 0,
    });
    return planSamples({ task: 'needle_grid', version, family, cell }, context);
  },
  render: ({ input }) => ({
    kind: 'chat',
    messages: [{ role: 'user', content: drawCase(family, input).write(input.units) }],
  }),
});
