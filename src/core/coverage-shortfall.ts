/** Least share of the samples that must be scored for a score. */
export const leastCoverage = 0.98;

/** Why so few scored samples give no score; null when they are enough, or there are none to score. */
export function coverageShortfall(scored: number, planned: number): string | null {
  if (planned === 0 || scored / planned >= leastCoverage) return null;
  const share = ((scored / planned) * 100).toFixed(1);
  return `only ${share} % of the samples are scored, and a score needs ${leastCoverage * 100} %`;
}
