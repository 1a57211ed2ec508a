import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { byCategory, byLevel, countMean, measureMean } from '../metrics/support/measure-mean.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import missionOutcome from '../scorers/mission-outcome.ts';
import type { MissionInput, MissionTarget } from '../scorers/worlds/mission.ts';
import { openingOf } from '../scorers/worlds/mission-agents.ts';
import { missionTools, openMission } from '../scorers/worlds/open-mission.ts';
import { worlds } from '../scorers/worlds/worlds.ts';
import { buildMission } from './missions/build-mission.ts';
import { parsedCallMetrics } from './support/agents/tool-call-metrics.ts';
import { lazily, levelsOf, samplePlaces } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3];
const version = 2;
const task = 'agent_tool_use';
const families = worlds.map(({ id }) => id);

/** One mission in this many cannot be met (and none at level 0). */
const deadEndEvery = 12;

function* samples(settings: TaskSettings): Generator<Sample<MissionInput, MissionTarget>> {
  const layout = { task, version, families, variants: 1, levels: levelsOf(settings, levels) };
  for (const place of samplePlaces(layout, settings)) {
    const isDeadEnd = place.level > 0 && place.rng.fork('dead-end').integer(1, deadEndEvery) === 1;
    const { input, target } = buildMission(place.rng, { world: place.family, level: place.level, isDeadEnd });
    yield { id: place.id, category: place.family, cluster: null, input, target };
  }
}

/** Stateful tool use: missions in six worlds with faults, judged by the state they leave. */
export default defineTask<MissionInput, MissionTarget>({
  id: task,
  title: 'Tool use: missions in stateful worlds, judged by the state they leave',
  version,
  kind: 'tools',
  category: 'tools',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: ['tools'],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 2048, size: 200, extra: { levels } },
  dialogueBudget: { turns: 80, tokens: null, wallMs: null },
  references: [],
  scorer: missionOutcome,
  metrics: [
    measureMean({ id: 'accuracy', title: 'missions accomplished', measure: null }),
    ...reliabilityMetrics,
    measureMean({ id: 'goals', title: 'wanted changes made', measure: 'goals' }),
    measureMean({ id: 'recovered', title: 'faults after which the tool worked', measure: 'recovered' }),
    measureMean({
      id: 'wasted_calls',
      title: 'calls beyond those needed',
      measure: 'wasted_calls',
      higherIsBetter: false,
    }),
    measureMean({
      id: 'invalid_calls',
      title: 'calls that were not valid',
      measure: 'invalid_calls',
      higherIsBetter: false,
    }),
    countMean({ id: 'calls', title: 'calls a mission', measure: 'calls', higherIsBetter: false }),
    ...parsedCallMetrics,
    ...byCategory('accuracy', 'missions accomplished', families),
    ...byLevel('accuracy', 'missions accomplished', levels),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }) => ({
    kind: 'chat',
    messages: openingOf(input),
    tools: missionTools(input).map(({ definition }) => definition),
  }),
  openDialogue: ({ input }, settings) => openMission(input, settings),
});
