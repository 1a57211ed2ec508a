import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { byLevel, measureMean } from '../metrics/support/measure-mean.ts';
import { pooledShare } from '../metrics/support/pooled-share.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import { constraints } from '../scorers/constraints/constraint-table.ts';
import instructionConstraints, {
  type InstructionInput,
  type InstructionTarget,
} from '../scorers/instruction-constraints.ts';
import { buildInstructions } from './instructions/build-instructions.ts';
import { lazily, levelsOf, samplePlaces } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3];
const version = 2;
const task = 'agent_instruction_following';

function* samples(settings: TaskSettings): Generator<Sample<InstructionInput, InstructionTarget>> {
  const asked = levelsOf(settings, levels);
  const layout = { task, version, families: ['rules'], variants: 1, levels: asked };
  for (const place of samplePlaces(layout, settings)) {
    const turn = Math.floor(place.index / asked.length);
    const { prompt, constraints: uses, text } = buildInstructions(place.rng, { level: place.level, turn });
    yield {
      id: place.id,
      category: `${uses.length}_rule${uses.length === 1 ? '' : 's'}`,
      cluster: null,
      input: { prompt, level: place.level, constraints: uses },
      target: { text },
    };
  }
}

/** Instruction following: one to five rules about form that a program checks, and that a constructed text proves can be kept together. */
export default defineTask<InstructionInput, InstructionTarget>({
  id: task,
  title: 'Instruction following: rules about form, checked by program',
  version,
  kind: 'text',
  category: 'instructions',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: [],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, size: 200, extra: { levels } },
  dialogueBudget: null,
  references: [],
  scorer: instructionConstraints,
  metrics: [
    measureMean({ id: 'accuracy', title: 'prompts with all rules kept (strict)', measure: null }),
    measureMean({ id: 'prompt_loose', title: 'prompts with all rules kept (loose)', measure: 'prompt_loose' }),
    pooledShare({
      id: 'instruction_strict',
      title: 'rules kept (strict)',
      part: 'instructions_strict',
      whole: 'instructions',
    }),
    pooledShare({
      id: 'instruction_loose',
      title: 'rules kept (loose)',
      part: 'instructions_loose',
      whole: 'instructions',
    }),
    ...reliabilityMetrics,
    ...byLevel('accuracy', 'prompts with all rules kept', levels),
    ...constraints.map(({ id }) =>
      measureMean({ id: `if.${id}`, title: `rule kept: ${id.replaceAll('_', ' ')}`, measure: `if.${id}` }),
    ),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => ({ kind: 'chat', messages: [{ role: 'user', content: input.prompt }] }),
});
