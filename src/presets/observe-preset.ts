import type { ObservedSettings } from '../core/ports/engine.ts';
import type { DeploymentValues } from './flags/flag-table.ts';

/** What a running server’s settings say of the preset it was started with. */
export interface PresetObservation {
  /** The one preset that nothing seen contradicts; null when there is none or more than one. */
  readonly preset: string | null;
  /** `yes` only when every setting of the preset was seen and is as the preset sets it; `no` when one differs. */
  readonly confirmed: 'yes' | 'no' | 'unknown';
  readonly notes: readonly string[];
}

const titles: Readonly<Record<keyof DeploymentValues, string>> = {
  gpuMemoryFraction: 'memory share',
  sequences: 'parallel sequences',
  contextLength: 'context',
  prefixCaching: 'prefix caching',
  kvCacheType: 'KV cache type',
};

const keys = Object.keys(titles) as (keyof DeploymentValues)[];

/** Settings of a preset that the server was seen to have otherwise. */
const contradictions = (values: DeploymentValues, observed: ObservedSettings): readonly (keyof DeploymentValues)[] =>
  keys.filter((key) => values[key] !== null && observed[key] !== null && values[key] !== observed[key]);

const unseen = (values: DeploymentValues, observed: ObservedSettings): readonly (keyof DeploymentValues)[] =>
  keys.filter((key) => values[key] !== null && observed[key] === null);

/** Compares what a running server shows of its settings with what each preset would have set. */
export function observePreset(
  requested: string,
  presets: readonly { readonly id: string; readonly values: DeploymentValues }[],
  observed: ObservedSettings,
): PresetObservation {
  const fitting = presets.filter(({ values }) => contradictions(values, observed).length === 0);
  const asked = presets.find(({ id }) => id === requested);
  const isSeen = keys.some((key) => observed[key] !== null);
  if (!asked || !isSeen) return { preset: null, confirmed: 'unknown', notes: [] };
  const different = contradictions(asked.values, observed);
  const hidden = unseen(asked.values, observed);
  return {
    preset: fitting.length === 1 ? (fitting[0]?.id ?? null) : null,
    confirmed: different.length > 0 ? 'no' : hidden.length > 0 ? 'unknown' : 'yes',
    notes:
      different.length > 0
        ? different.map(
            (key) =>
              `the server’s ${titles[key]} is ${String(observed[key])}, preset ${requested} sets ${String(asked.values[key])}`,
          )
        : hidden.length > 0
          ? [
              `the server does not show its ${hidden.map((key) => titles[key]).join(', ')}: preset ${requested} is not confirmed`,
            ]
          : [],
  };
}
