import { weightBytes } from '../../../presets/weight-bytes.ts';
import type { LegacyCheck } from './legacy-check.ts';

const amount = /(\d+(?:\.\d+)?)\s*(G(?:i?)B)/;

/** Sizes given in bytes that are the number of parameters. */
export const checkSizes: LegacyCheck = (legacy, { models }) =>
  legacy.models.flatMap((model) => {
    const match = amount.exec(model.size ?? '');
    const known = models.find(({ id }) => id === model.registryId);
    const parameters = known?.architecture.parameters ?? null;
    const weights = known ? (weightBytes(known.architecture, null)?.bytes ?? null) : null;
    if (!match || known === undefined || parameters === null || weights === null) return [];
    const stated = Number(match[1]) * 1e9;
    if (Math.abs(stated - parameters) > 0.1 * parameters || Math.abs(stated - weights) < 0.2 * weights) return [];
    return [
      {
        id: 'legacy.size_is_parameters',
        severity: 'warning',
        quote: `${model.name}: ${model.size}`,
        explanation: `${model.size} is about the number of parameters of ${known.name} (${(parameters / 1e9).toFixed(2)} billion), not the size of its weights: in 16 bits they take ${(weights / 1e9).toFixed(2)} GB`,
        lines: [model.line],
        cells: [],
      },
    ];
  });
