import { checkDisplayName } from '../../../presets/check-display-name.ts';
import type { LegacyCheck } from './legacy-check.ts';

/** Display names and ids that mean another model than the hub id beside them. */
export const checkNames: LegacyCheck = ({ models, results }) =>
  models.flatMap((model) => {
    if (model.hubId === null) return [];
    const reasons = checkDisplayName(model.name, model.hubId);
    if (reasons.length === 0) return [];
    const own = results.filter((result) => result.model === model.name);
    return [
      {
        id: 'legacy.name_contradicts_id',
        severity: 'error',
        quote: `${model.id}, ${model.name}: ${model.hubId}`,
        explanation: `${reasons.join('; ')}: what was evaluated is ${model.hubId}${model.registryId === null ? '' : `, which is planned as ${model.registryId}`}`,
        lines: [model.line],
        cells: own.flatMap((result) =>
          result.scores.flatMap(({ task }) =>
            task === null ? [] : [{ model: result.modelId, preset: result.preset, task }],
          ),
        ),
      },
    ];
  });
