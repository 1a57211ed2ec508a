// Random draws for simulations of interval coverage, on the project's seeded generator.

/** Standard normal, by the polar form of Box and Muller. */
function normal(rng) {
  for (;;) {
    const x = 2 * rng.uniform() - 1;
    const y = 2 * rng.uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Gamma with unit scale (Marsaglia and Tsang 2000). */
function gamma(rng, shape) {
  if (shape < 1) return gamma(rng, shape + 1) * (1 - rng.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Shares of one cluster around the given shares (which sum to 1), with intra-cluster correlation `correlation` in [0,1): Dirichlet. */
export function clusterShares(rng, shares, correlation) {
  if (correlation === 0) return shares;
  const concentration = (1 - correlation) / correlation;
  const draws = shares.map((share) => gamma(rng, share * concentration));
  const sum = draws.reduce((total, draw) => total + draw, 0);
  // Tiny shapes underflow together: the cluster then has one category alone.
  if (sum === 0) {
    const only = category(rng, shares);
    return shares.map((_, index) => (index === only ? 1 : 0));
  }
  return draws.map((draw) => draw / sum);
}

/** The index of a category drawn with the given shares. */
export function category(rng, shares) {
  let rest = rng.uniform();
  for (let index = 0; index < shares.length - 1; index++) {
    rest -= shares[index];
    if (rest < 0) return index;
  }
  return shares.length - 1;
}

/** Cluster sizes: all 4, or 1 to 7 in a fixed order with mean 4. */
export const clusterSizes = (clusters, isEqual) =>
  Array.from({ length: clusters }, (_, index) => (isEqual ? 4 : 1 + ((index * 3) % 7)));
