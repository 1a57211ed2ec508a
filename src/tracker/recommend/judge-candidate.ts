import { isEstimated, unavailable, type Estimate } from '../../core/estimate.ts';
import { groupBy } from '../../core/group-by.ts';
import { meanOfIndependent } from '../../stats/mean-of-independent.ts';
import type { DeploymentCandidate, JudgedCandidate, Met } from './deployment-candidate.ts';
import type { DeploymentNeeds } from './deployment-needs.ts';
import type { Hardware } from './hardware.ts';
import { overallQuality, shareOfScore, type MeasuredScore, type MeasuredSystem } from './measured-evidence.ts';

/** What was measured. */
export interface Evidence {
  readonly scores: readonly MeasuredScore[];
  readonly systems: readonly MeasuredSystem[];
}

/** Joins a candidate with what was measured: quality of the same weights under any preset and engine, the same preset first; cost only of the same engine, preset and card. */
export function judgeCandidate(
  candidate: DeploymentCandidate,
  context: { readonly evidence: Evidence; readonly needs: DeploymentNeeds; readonly hardware: Hardware },
): JudgedCandidate {
  const { evidence, needs, hardware } = context;
  const quality = qualityOf(candidate, { scores: evidence.scores, category: needs.category });
  const own = evidence.systems.filter((system) => isSameDeployment(system, candidate, hardware));
  const timed = own.find(({ outputTokensPerSecond }) => isEstimated(outputTokensPerSecond));
  const first = own.find(({ timeToFirstTokenMs }) => timeToFirstTokenMs !== null);
  const weighed = own.find(({ memoryBytes }) => memoryBytes !== null);
  const throughput = {
    estimate: timed?.outputTokensPerSecond ?? unavailable('not measured on this hardware'),
    runId: timed?.runId ?? null,
  };
  const costPerMillionTokens = costOf(candidate, { throughput: throughput.estimate, needs });
  return {
    ...candidate,
    quality,
    throughput,
    firstTokenMs: { p95: first?.timeToFirstTokenMs ?? null, runId: first?.runId ?? null },
    measuredMemory: { bytes: weighed?.memoryBytes ?? null, runId: weighed?.runId ?? null },
    costPerMillionTokens,
    meets: {
      quality: meetsFloor(quality.estimate, needs.qualityFloor),
      latency: meetsLatency(candidate, { measured: first?.timeToFirstTokenMs ?? null, wanted: needs.latencyMs }),
      budget: meetsBudget(costPerMillionTokens, needs.budgetPerMillionTokens),
    },
  };
}

const isSameWeights = (
  score: Pick<MeasuredScore, 'model' | 'quantization'>,
  { model, quantization }: DeploymentCandidate,
): boolean => score.model === model.id && score.quantization === quantization;

function isSameDeployment(system: MeasuredSystem, candidate: DeploymentCandidate, hardware: Hardware): boolean {
  const isSameCard =
    hardware.kind === 'cpu'
      ? system.cards.length === 0
      : system.cards.length === hardware.count &&
        system.cards.every((card) => card.includes(hardware.device?.title ?? hardware.name));
  return (
    isSameWeights(system, candidate) &&
    system.engine === candidate.engine &&
    system.preset === candidate.preset.id &&
    isSameCard
  );
}

function qualityOf(
  candidate: DeploymentCandidate,
  { scores, category }: { readonly scores: readonly MeasuredScore[]; readonly category: string | null },
): JudgedCandidate['quality'] {
  const own = scores.filter(
    (score) => isSameWeights(score, candidate) && (category === null || score.category === category),
  );
  const nearest = groupBy(own, ({ task }) => task).flatMap(
    ([, group]) => group.toSorted((a, b) => distance(a, candidate) - distance(b, candidate))[0] ?? [],
  );
  return {
    estimate: nearest.length === 0 ? unavailable('not measured with these weights') : overallQuality(nearest),
    byCategory: groupBy(nearest, (score) => score.category).map(([name, group]) => ({
      category: name,
      estimate: meanOfIndependent(group.map(shareOfScore)),
      tasks: group.map(({ task }) => task),
    })),
    runIds: [...new Set(nearest.map(({ runId }) => runId))],
  };
}

const distance = (score: MeasuredScore, { preset, engine }: DeploymentCandidate): number =>
  Number(score.preset !== preset.id) * 2 + Number(score.engine !== engine);

function meetsFloor(quality: Estimate, floor: number | null): Met {
  if (floor === null) return 'not asked';
  if (!isEstimated(quality)) return 'unknown';
  return quality.low >= floor ? 'yes' : quality.high < floor ? 'no' : 'unknown';
}

function meetsLatency(
  { leastFirstTokenMs }: DeploymentCandidate,
  { measured, wanted }: { readonly measured: number | null; readonly wanted: number | null },
): Met {
  if (wanted === null) return 'not asked';
  if (measured !== null) return measured <= wanted ? 'yes' : 'no';
  return leastFirstTokenMs !== null && leastFirstTokenMs > wanted ? 'no' : 'unknown';
}

function costOf(
  { limitTokensPerSecond }: DeploymentCandidate,
  { throughput, needs }: { readonly throughput: Estimate; readonly needs: DeploymentNeeds },
): JudgedCandidate['costPerMillionTokens'] {
  const { pricePerHour } = needs;
  if (pricePerHour === null) return null;
  const cost = (tokensPerSecond: number): number => (pricePerHour / (tokensPerSecond * 3600)) * 1e6;
  if (isEstimated(throughput)) return { value: cost(throughput.value), basis: 'measured' };
  return limitTokensPerSecond === null ? null : { value: cost(limitTokensPerSecond), basis: 'limit' };
}

/** At the limit of physics the cost is the least there can be. */
function meetsBudget(cost: JudgedCandidate['costPerMillionTokens'], budget: number | null): Met {
  if (budget === null) return 'not asked';
  if (cost === null) return 'unknown';
  if (cost.basis === 'limit') return cost.value > budget ? 'no' : 'unknown';
  return cost.value <= budget ? 'yes' : 'no';
}
