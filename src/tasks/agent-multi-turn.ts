import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { retention, unreliability } from '../metrics/support/conversation-metrics.ts';
import { byCategory, byLevel, measureMean } from '../metrics/support/measure-mean.ts';
import { pooledShare } from '../metrics/support/pooled-share.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import conversationCheckpoints, { distanceBuckets } from '../scorers/conversation-checkpoints.ts';
import { openingMessages } from '../scorers/conversations/conversation-agents.ts';
import type { ConversationInput, ConversationTarget } from '../scorers/conversations/conversation-script.ts';
import { listTools } from '../scorers/conversations/list-editor.ts';
import { openConversation } from '../scorers/conversations/open-conversation.ts';
import { factTracking } from './conversations/fact-tracking.ts';
import { listEditing } from './conversations/list-editing.ts';
import { askings, shardedProblem } from './conversations/sharded-problem.ts';
import { standingRules } from './conversations/standing-rules.ts';
import { parsedCallMetrics } from './support/agents/tool-call-metrics.ts';
import { lazily, levelsOf, samplePlaces, type SamplePlace } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3];
const task = 'agent_multi_turn';
/** Every family twice in a round, but the problem in three askings once, so that each has about a quarter of the samples. */
const families = ['facts', 'rules', 'editing', 'facts', 'rules', 'editing', 'sharding'];

function scriptAt({ family, rng, level, variant }: SamplePlace): Omit<ConversationInput, 'level'> {
  if (family === 'facts') return { turns: factTracking(rng, level), list: null, asking: null };
  if (family === 'rules') return { turns: standingRules(rng, level), list: null, asking: null };
  if (family === 'editing') return { ...listEditing(rng, level), asking: null };
  return { turns: shardedProblem(rng, { level, variant }), list: null, asking: askings[variant] ?? null };
}

function* samples(settings: TaskSettings): Generator<Sample<ConversationInput, ConversationTarget>> {
  const variants = (family: string): number => (family === 'sharding' ? askings.length : 1);
  const layout = { task, version: 1, families, variants, levels: levelsOf(settings, levels) };
  for (const place of samplePlaces(layout, settings)) {
    const script = scriptAt(place);
    yield {
      id: place.id,
      category: script.asking === null ? place.family : `${place.family}_${script.asking}`,
      cluster: script.asking === null ? null : place.item,
      input: { level: place.level, ...script },
      target: { checkpoints: script.turns.filter(({ checkpoint }) => checkpoint !== null).length },
    };
  }
}

/** Multi-turn coherence against a scripted user: facts, standing rules, a list edited by reference, and problems told bit by bit. */
export default defineTask<ConversationInput, ConversationTarget>({
  id: task,
  title: 'Multi-turn coherence: a scripted user, checked turn by turn',
  version: 1,
  kind: 'dialogue',
  category: 'chat',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: ['tools'],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, size: 200, extra: { levels } },
  dialogueBudget: { turns: 64, tokens: null, wallMs: null },
  references: [],
  scorer: conversationCheckpoints,
  metrics: [
    measureMean({ id: 'accuracy', title: 'checkpoints passed, mean over conversations', measure: null }),
    measureMean({ id: 'strict', title: 'conversations with every checkpoint passed', measure: 'strict' }),
    ...reliabilityMetrics,
    retention,
    measureMean({
      id: 'contradiction',
      title: 'conversations that answer an equal question differently',
      measure: 'contradiction',
      higherIsBetter: false,
    }),
    unreliability,
    ...parsedCallMetrics,
    ...byCategory('accuracy', 'checkpoints passed', [
      'facts',
      'rules',
      'editing',
      'sharding_full',
      'sharding_concat',
      'sharding_sharded',
    ]),
    ...byLevel('accuracy', 'checkpoints passed', levels),
    ...Array.from({ length: 10 }, (_, turn) =>
      measureMean({ id: `turn_${turn + 1}`, title: `checkpoints of turn ${turn + 1}`, measure: `turn_${turn + 1}` }),
    ),
    ...distanceBuckets.map(({ id }) =>
      pooledShare({
        id: `distance_${id}`,
        title: `facts told ${id.replace('_up', ' or more').replace('_', ' to ')} turns before`,
        part: `distance_${id}_passed`,
        whole: `distance_${id}_asked`,
      }),
    ),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => ({
    kind: 'chat',
    messages: openingMessages(input),
    ...(input.list === null ? {} : { tools: listTools(input.level) }),
  }),
  openDialogue: ({ input }, settings) => openConversation(input, settings),
});
