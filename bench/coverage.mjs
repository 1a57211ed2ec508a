// How often the intervals hold the truth: computed exactly where outcomes can be enumerated, simulated beside it, gated where promised.
import { binomialPmf } from '../dist/stats/binomial.js';
import { clopperPearsonInterval } from '../dist/stats/clopper-pearson.js';
import { meanEstimate } from '../dist/stats/mean-estimate.js';
import { pairedDifference } from '../dist/stats/paired-difference.js';
import { passAtKEstimate } from '../dist/stats/pass-at-k.js';
import { proportionEstimate } from '../dist/stats/proportion-estimate.js';
import { seededRng } from '../dist/stats/rng.js';
import { tangoInterval } from '../dist/stats/tango.js';
import { untilDecided } from '../dist/stats/until-decided.js';
import { wilsonInterval } from '../dist/stats/wilson.js';
import { category, clusterShares, clusterSizes } from './support/simulated-draws.mjs';

const level = 0.95;
const rng = seededRng('coverage');
const holds = ({ low, high }, truth) => low <= truth && truth <= high;
const percent = (share) => `${(100 * share).toFixed(2)} %`;
const range = (cells) => {
  const values = cells.map(({ coverage }) => coverage);
  return { min: Math.min(...values), max: Math.max(...values) };
};

/** Distance of a simulated from an exact coverage in standard errors. */
const errorsApart = (simulated, exact, draws) =>
  (simulated - exact) / Math.sqrt(Math.max(exact * (1 - exact), 1 / draws) / draws);

const shareOf = (draws, hit) => {
  let hits = 0;
  for (let draw = 0; draw < draws; draw++) if (hit()) hits += 1;
  return hits / draws;
};

/** Exact coverage of binomial intervals (one a count) at p. */
const binomialCoverage = (intervals, p) => {
  const n = intervals.length - 1;
  return intervals.reduce((sum, item, count) => (holds(item, p) ? sum + binomialPmf(count, n, p) : sum), 0);
};

function proportions(print) {
  const draws = 20_000;
  const methods = { wilson: wilsonInterval, 'clopper-pearson': clopperPearsonInterval };
  const cells = [];
  const averages = [];
  for (const n of [5, 10, 20, 50, 100, 164, 200, 500, 1319])
    for (const [method, interval] of Object.entries(methods)) {
      const intervals = Array.from({ length: n + 1 }, (_, count) => interval(count, n, level));
      for (const p of [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.98]) {
        const exact = binomialCoverage(intervals, p);
        const simulated = shareOf(draws, () => {
          let count = 0;
          for (let trial = 0; trial < n; trial++) if (rng.uniform() < p) count += 1;
          return holds(intervals[count], p);
        });
        cells.push({ method, n, p, coverage: exact, simulated, apart: errorsApart(simulated, exact, draws) });
      }
      const grid = Array.from({ length: 999 }, (_, index) => binomialCoverage(intervals, (index + 1) / 1000));
      const mean = grid.reduce((sum, coverage) => sum + coverage, 0) / grid.length;
      averages.push({ method, n, mean, min: Math.min(...grid) });
      const row = averages.at(-1);
      print(
        `${method.padEnd(16)} n ${String(n).padStart(5)}  mean over p ${percent(row.mean)}  least ${percent(row.min)}`,
      );
    }
  return { cells, averages };
}

/** Exact coverage of the paired interval over all (gained, lost) that matter. */
function trinomialCoverage(n, gained, lost) {
  const discordance = gained + lost;
  let coverage = 0;
  for (let flips = 0; flips <= n; flips++) {
    const outer = binomialPmf(flips, n, discordance);
    if (outer < 1e-12) continue;
    for (let wins = 0; wins <= flips; wins++) {
      const mass = outer * binomialPmf(wins, flips, gained / discordance);
      if (mass < 1e-14) continue;
      if (holds(tangoInterval({ gained: wins, lost: flips - wins, n }, level), gained - lost)) coverage += mass;
    }
  }
  return coverage;
}

function pairedOutcomes(print) {
  const draws = 4000;
  const cells = [];
  for (const n of [200, 500, 1000])
    for (const discordance of [0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7])
      for (const towards of [0.5, 0.6, 0.75, 0.9]) {
        const gained = discordance * towards;
        const lost = discordance - gained;
        const exact = trinomialCoverage(n, gained, lost);
        const shares = [gained, lost, 1 - discordance];
        const simulated = shareOf(draws, () => {
          const counts = [0, 0, 0];
          for (let pair = 0; pair < n; pair++) counts[category(rng, shares)] += 1;
          return holds(tangoInterval({ gained: counts[0], lost: counts[1], n }, level), gained - lost);
        });
        const apart = errorsApart(simulated, exact, draws);
        const isGated = n * discordance >= 10;
        cells.push({ method: 'tango', n, discordance, towards, coverage: exact, simulated, apart, isGated });
        print(
          `tango            n ${String(n).padStart(5)}  flips ${discordance}  gained ${towards}  ${percent(exact)}  simulated ${percent(simulated)}${isGated ? '' : '  (fewer than ten flips: not gated)'}`,
        );
      }
  return cells;
}

/** Simulated designs with clusters, and unclustered scores between 0 and 1. */
function* designs() {
  const clusters = 200;
  for (const isEqual of [true, false])
    for (const correlation of [0, 0.1, 0.4, 0.8])
      for (const p of [0.03, 0.1, 0.3, 0.5, 0.9])
        yield {
          name: `proportion, clusters ${isEqual ? 'equal' : 'unequal'}, correlation ${correlation}, p ${p}`,
          isGated: clusters * Math.min(p, 1 - p) >= 10,
          hit: () => {
            const totals = clusterSizes(clusters, isEqual).map((n) => {
              const shares = clusterShares(rng, [p, 1 - p], correlation);
              let sum = 0;
              for (let trial = 0; trial < n; trial++) if (rng.uniform() < shares[0]) sum += 1;
              return { sum, n };
            });
            const sum = totals.reduce((total, item) => total + item.sum, 0);
            const n = totals.reduce((total, item) => total + item.n, 0);
            return holds(proportionEstimate(sum, n, { clusters: totals, level }), p);
          },
        };
  for (const isEqual of [true, false])
    for (const correlation of [0, 0.4, 0.8])
      for (const [gained, lost] of [
        [0.05, 0.05],
        [0.1, 0.04],
        [0.3, 0.1],
      ])
        yield {
          name: `paired, clusters ${isEqual ? 'equal' : 'unequal'}, correlation ${correlation}, gained ${gained}, lost ${lost}`,
          isGated: true,
          hit: () => {
            const [a, b, labels] = [[], [], []];
            for (const [index, n] of clusterSizes(clusters, isEqual).entries()) {
              const shares = clusterShares(rng, [gained, lost, 1 - gained - lost], correlation);
              for (let trial = 0; trial < n; trial++) {
                const drawn = category(rng, shares);
                a.push(drawn === 0 ? 1 : 0);
                b.push(drawn === 1 ? 1 : 0);
                labels.push(String(index));
              }
            }
            return holds(pairedDifference(a, b, { clusters: labels }).interval(level), gained - lost);
          },
        };
  // Seven categories of equal weight, as `agent_function_calling` has them; [gained, lost] by category.
  const categories = [30, 40, 25, 25, 40, 20, 20];
  for (const [name, shares] of [
    ['20 % flip', () => [0.1, 0.1]],
    ['10 % flip', () => [0.05, 0.05]],
    ['25 % flip, one side better', () => [0.2, 0.05]],
    ['half of them flip more', (index) => (index % 2 === 0 ? [0.2, 0.1] : [0.02, 0])],
    ['one of them flips', (index) => (index === 5 ? [0.5, 0.1] : [0.01, 0.01])],
  ])
    yield {
      name: `paired, mean over categories, ${name}`,
      isGated: true,
      hit: () => {
        const [a, b, strata] = [[], [], []];
        let truth = 0;
        for (const [index, n] of categories.entries()) {
          const [gained, lost] = shares(index);
          truth += (gained - lost) / categories.length;
          for (let trial = 0; trial < n; trial++) {
            const drawn = category(rng, [gained, lost, 1 - gained - lost]);
            a.push(drawn === 0 ? 1 : 0);
            b.push(drawn === 1 ? 1 : 0);
            strata.push(String(index));
          }
        }
        return holds(pairedDifference(a, b, { strata }).interval(level), truth);
      },
    };
  for (const correlation of [0.1, 0.5]) {
    // Scores in quarters; a cluster shares its quarter shares.
    const shares = [0.1, 0.15, 0.2, 0.25, 0.3];
    const truth = shares.reduce((sum, share, index) => sum + (share * index) / 4, 0);
    const draw = (labels, push) => {
      for (const [index, n] of clusterSizes(clusters, false).entries()) {
        const own = clusterShares(rng, shares, correlation);
        for (let trial = 0; trial < n; trial++) {
          labels.push(String(index));
          push(category(rng, own) / 4, category(rng, own) / 4);
        }
      }
    };
    yield {
      name: `mean of scores, clusters unequal, correlation ${correlation}`,
      isGated: true,
      hit: () => {
        const [values, labels] = [[], []];
        draw(labels, (value) => values.push(value));
        return holds(meanEstimate(values, { clusters: labels, level, range: [0, 1] }), truth);
      },
    };
    yield {
      name: `paired scores, clusters unequal, correlation ${correlation}`,
      isGated: true,
      hit: () => {
        const [a, b, labels] = [[], [], []];
        draw(labels, (first, second) => {
          a.push(first);
          b.push(second);
        });
        return holds(pairedDifference(a, b, { clusters: labels }).interval(level), 0);
      },
    };
  }
  for (const k of [1, 3])
    for (const shape of [0.3, 0.6]) {
      // Pass rates of problems vary as Beta(2 shape, 2(1 − shape)); pass@k of such a problem in closed form.
      const [alpha, beta] = [2 * shape, 2 * (1 - shape)];
      let allFail = 1;
      for (let index = 0; index < k; index++) allFail *= (beta + index) / (alpha + beta + index);
      yield {
        name: `pass@${k} of 5 attempts, mean pass rate ${shape}`,
        isGated: true,
        hit: () => {
          const problems = Array.from({ length: clusters }, () => {
            const [rate] = clusterShares(rng, [shape, 1 - shape], 1 / 3);
            let passed = 0;
            for (let attempt = 0; attempt < 5; attempt++) if (rng.uniform() < rate) passed += 1;
            return { n: 5, passed };
          });
          return holds(passAtKEstimate(problems, { k, level }), 1 - allFail);
        },
      };
    }
}

function simulatedDesigns(print) {
  const draws = 6000;
  return [...designs()].map(({ name, isGated, hit }) => {
    const coverage = shareOf(draws, hit);
    print(
      `simulated        ${name}  ${percent(coverage)}${isGated ? '' : '  (fewer than ten of one outcome: not gated)'}`,
    );
    return { name, coverage, isGated };
  });
}

/** Share of runs in which peeking every 20 pairs ever names a winner between equals. */
function sequentialError(print) {
  const runs = 400;
  const error = shareOf(runs, () => {
    const differences = [];
    while (differences.length < 500) {
      for (let pair = 0; pair < 20; pair++) differences.push([1, -1, 0][category(rng, [0.1, 0.1, 0.8])]);
      const { verdict } = untilDecided(differences);
      if (verdict === 'a' || verdict === 'b') return true;
    }
    return false;
  });
  print(`until decided    a winner between equals, asked 25 times: ${percent(error)} of ${runs} runs`);
  return { error, limit: 0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs) };
}

/** Measures all intervals; `--cells` adds every cell to the figures; ends with exit code 1 when a promise is broken. */
export default async function coverage({ arguments: options = [], print = console.error } = {}) {
  const { cells, averages } = proportions(print);
  const paired = pairedOutcomes(print);
  const designed = simulatedDesigns(print);
  const sequential = sequentialError(print);
  const exact = averages.filter(({ method }) => method === 'clopper-pearson');
  const wilson = averages.filter(({ method, n }) => method === 'wilson' && n >= 50);
  const gatedPairs = range(paired.filter(({ isGated }) => isGated));
  const gatedDesigns = range(designed.filter(({ isGated }) => isGated));
  const apart = Math.max(...[...cells, ...paired].map((cell) => Math.abs(cell.apart)));
  const promises = {
    // The largest of 264 standard normal distances exceeds 4.5 once in 500 benchmarks.
    simulatedEqualsExact: apart < 4.5,
    clopperPearsonNeverBelow: exact.every(({ min }) => min >= level),
    wilsonMeanWithinOne: wilson.every(({ mean }) => Math.abs(mean - level) <= 0.01),
    pairedWithinOneAndAHalf: gatedPairs.min >= 0.935 && gatedPairs.max <= 0.965,
    clusteredWithinOneAndAHalf: gatedDesigns.min >= 0.935 && gatedDesigns.max <= 0.965,
    sequentialErrorBelowFive: sequential.error <= sequential.limit,
  };
  const passed = Object.values(promises).every(Boolean);
  if (!passed) process.exitCode = 1;
  const figures = {
    passed,
    ...promises,
    exactCells: cells.length + paired.length,
    largestDistanceInStandardErrors: apart,
    clopperPearsonLeast: Math.min(...exact.map(({ min }) => min)),
    wilsonMeanLeast: Math.min(...wilson.map(({ mean }) => mean)),
    wilsonMeanMost: Math.max(...wilson.map(({ mean }) => mean)),
    pairedLeast: gatedPairs.min,
    pairedMost: gatedPairs.max,
    clusteredLeast: gatedDesigns.min,
    clusteredMost: gatedDesigns.max,
    ungatedLeast: range([...paired, ...designed].filter(({ isGated }) => !isGated)).min,
    ungatedMost: range([...paired, ...designed].filter(({ isGated }) => !isGated)).max,
    sequentialError: sequential.error,
    ...(options.includes('--cells') && { proportionCells: cells, pairedCells: paired, clusteredCells: designed }),
  };
  return { name: 'coverage', figures, environment: {} };
}
