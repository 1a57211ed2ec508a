import type { ResponseFormat } from '../core/generation.ts';
import { QwenEvalError } from '../core/errors.ts';
import type { JsonSchema } from '../core/json.ts';
import { defineTask, type TaskSettings } from '../core/ports/task.ts';
import type { Sample } from '../core/sample.ts';
import { byLevel, measureMean } from '../metrics/support/measure-mean.ts';
import { reliabilityMetrics } from '../metrics/support/reliability-metrics.ts';
import jsonOutput, { type JsonOutputInput, type JsonOutputTarget } from '../scorers/json-output.ts';
import { balancedPlaces } from './support/agents/balanced-places.ts';
import { makeJsonProblem } from './support/agents/json-problem.ts';
import { lazily, levelsOf } from './synthetic/synthetic-samples.ts';

const levels = [0, 1, 2, 3, 4];

function* samples(settings: TaskSettings): Generator<Sample<JsonOutputInput, JsonOutputTarget>> {
  const shares = [['json', 1]] as const;
  for (const { id, level, rng } of balancedPlaces(
    { task: 'agent_json', version: 1, shares, levels: levelsOf(settings, levels) },
    settings,
  )) {
    yield { id, category: `depth_${level + 1}`, cluster: null, ...makeJsonProblem(rng, level) };
  }
}

/** What the server is asked to hold the output to: nothing, any JSON, or the schema. Throws E_OPTION_INVALID for an unknown mode. */
function responseFormatOf({ extra }: TaskSettings, schema: JsonSchema): ResponseFormat {
  switch (extra.mode ?? 'prompt') {
    case 'prompt':
      return { kind: 'text' };
    case 'json_object':
      return { kind: 'json_object' };
    case 'json_schema':
      return { kind: 'json_schema', name: 'answer', schema };
    default:
      throw new QwenEvalError('E_OPTION_INVALID', `agent_json has no mode ${JSON.stringify(extra.mode)}`, {
        hint: 'modes: prompt, json_object, json_schema',
      });
  }
}

/** JSON to a schema from a passage: strict, valid and right; and how far each weaker reading would get. */
export default defineTask<JsonOutputInput, JsonOutputTarget>({
  id: 'agent_json',
  title: 'JSON output validity: strict, valid by schema, content right',
  version: 1,
  kind: 'text',
  category: 'json',
  licence: 'Apache-2.0',
  artefacts: [],
  needs: [],
  sampleCount: null,
  chanceLevel: null,
  sorted: false,
  choiceModes: [],
  defaults: { fewShot: 0, maxTokens: 1024, size: 200, extra: { levels, mode: 'prompt' } },
  dialogueBudget: null,
  references: [],
  scorer: jsonOutput,
  metrics: [
    measureMean({ id: 'accuracy', title: 'strict JSON, valid by schema, content right', measure: null }),
    measureMean({ id: 'json_strict', title: 'the whole response is JSON', measure: 'json_strict' }),
    measureMean({ id: 'json_fenced', title: 'JSON, at most inside one fence', measure: 'json_fenced' }),
    measureMean({ id: 'json_extractable', title: 'one JSON object can be found', measure: 'json_extractable' }),
    measureMean({ id: 'json_repairable', title: 'JSON after harmless repairs', measure: 'json_repairable' }),
    measureMean({ id: 'schema_valid', title: 'valid by schema, once read', measure: 'schema_valid' }),
    measureMean({ id: 'content_right', title: 'content right, once read', measure: 'content_right' }),
    measureMean({ id: 'fields_right', title: 'fields that are right', measure: 'fields_right' }),
    measureMean({
      id: 'accuracy_extracted',
      title: 'right when fences and prose are forgiven',
      measure: 'right_when_extracted',
    }),
    ...reliabilityMetrics,
    ...byLevel('accuracy', 'accuracy', levels),
  ],
  loadSamples: ({ settings }) => Promise.resolve(lazily(() => samples(settings))),
  render: ({ input }, settings) => ({
    kind: 'chat',
    messages: [{ role: 'user', content: input.prompt }],
    responseFormat: responseFormatOf(settings, input.schema),
  }),
});
