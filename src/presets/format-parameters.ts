import type { Architecture } from './architecture.ts';

/** `8.19 B`, with the active part of a mixture of experts: `30.5 B (3.35 B active)`; null when unknown. */
export function formatParameters({ parameters, activeParameters, kind }: Architecture): string | null {
  if (parameters === null) return null;
  const billions = (count: number): string => `${Number((count / 1e9).toPrecision(3))} B`;
  return kind === 'moe' && activeParameters !== null
    ? `${billions(parameters)} (${billions(activeParameters)} active)`
    : billions(parameters);
}
