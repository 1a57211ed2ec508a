import { isEstimated } from '../../core/estimate.ts';
import { unpairedProportionSampleSize } from '../../stats/sample-size.ts';
import { formatShare } from '../../text/format-estimate.ts';
import type { JudgedCandidate } from './deployment-candidate.ts';
import type { DeploymentNeeds } from './deployment-needs.ts';
import type { Hardware } from './hardware.ts';
import { judgeCandidate, type Evidence } from './judge-candidate.ts';
import { listCandidates, type CandidateScope } from './list-candidates.ts';

/** A measurement that could turn the advice. */
export interface DecidingMeasurement {
  readonly why: string;
  readonly command: string;
}

/** What to deploy, on what evidence, and what would change it. */
export interface DeploymentAdvice {
  readonly hardware: Hardware;
  readonly needs: DeploymentNeeds;
  /** Null when nothing has room or everything is known to fail a need. */
  readonly advice: JudgedCandidate | null;
  /** `measured` when its quality was measured and every need is met by measurement; else `assumed`, and `reason` says what is. */
  readonly confidence: 'measured' | 'assumed' | 'none';
  readonly reason: string;
  /** Next in order, of other models or weights. */
  readonly alternatives: readonly JudgedCandidate[];
  readonly wouldChange: readonly DecidingMeasurement[];
  /** Candidates that were left out, by reason. */
  readonly left: Readonly<Record<string, number>>;
}

/** Alternatives and measurements that are shown. */
const shown = 3;

/** Chooses among everything that has room: what is known to fail a need is out, what is measured to meet them comes first, then the higher measured quality, then by assumption the newer and larger model. */
export function recommendDeployment(
  scope: CandidateScope,
  context: {
    readonly hardware: Hardware;
    readonly needs: DeploymentNeeds;
    readonly evidence: Evidence;
    readonly basePreset: string;
  },
): DeploymentAdvice {
  const { hardware, needs } = context;
  const listed = listCandidates(scope, context);
  const judged = listed.candidates.map((candidate) => judgeCandidate(candidate, context));
  const left: Record<string, number> = { ...listed.left };
  const possible = judged.filter((candidate) => {
    const failed = failedNeed(candidate);
    if (failed !== null) left[failed] = (left[failed] ?? 0) + 1;
    return failed === null;
  });
  const ranked = possible.toSorted((a, b) => compare(a, b, context.basePreset));
  const [advice = null] = ranked;
  if (advice === null) {
    return {
      hardware,
      needs,
      advice,
      confidence: 'none',
      reason: noneReason(left),
      alternatives: [],
      wouldChange: [],
      left,
    };
  }
  const others = ranked.filter(
    (one, index) => !isSameModel(one, advice) && ranked.findIndex((other) => isSameModel(other, one)) === index,
  );
  const isMeasured =
    isEstimated(advice.quality.estimate) && Object.values(advice.meets).every((met) => met !== 'unknown');
  return {
    hardware,
    needs,
    advice,
    confidence: isMeasured ? 'measured' : 'assumed',
    reason: reasonOf(advice, isMeasured),
    alternatives: others.slice(0, shown),
    wouldChange: measurements(advice, { others, needs }).slice(0, shown + 1),
    left,
  };
}

const isSameModel = (a: JudgedCandidate, b: JudgedCandidate): boolean =>
  a.model.id === b.model.id && a.quantization === b.quantization;

function failedNeed({ meets }: JudgedCandidate): string | null {
  if (meets.quality === 'no') return 'its measured quality is below the floor';
  if (meets.latency === 'no') return 'its first token comes too late';
  return meets.budget === 'no' ? 'its tokens cost too much' : null;
}

function noneReason(left: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(left).toSorted(([, a], [, b]) => b - a);
  if (reasons.length === 0) return 'no engine for this hardware takes any of the models';
  return `none of the candidates will do: ${reasons.map(([reason, count]) => `${reason} (${count})`).join(', ')}`;
}

/** Needs that are met by measurement. */
const known = ({ meets }: JudgedCandidate): number => Object.values(meets).filter((met) => met === 'yes').length;

const lowOf = ({ quality }: JudgedCandidate): number => (isEstimated(quality.estimate) ? quality.estimate.low : -1);

function compare(a: JudgedCandidate, b: JudgedCandidate, basePreset: string): number {
  return (
    known(b) - known(a) ||
    lowOf(b) - lowOf(a) ||
    compareNewest(a, b) ||
    bitsRank(a) - bitsRank(b) ||
    speedOf(b) - speedOf(a) ||
    // Equals stay in the order of the engines and presets.
    Number(a.preset.id !== basePreset) - Number(b.preset.id !== basePreset)
  );
}

/** Without measurements: newer families, then larger models. */
const compareNewest = (a: JudgedCandidate, b: JudgedCandidate): number =>
  b.model.family.released.localeCompare(a.model.family.released) ||
  (b.model.architecture.parameters ?? 0) - (a.model.architecture.parameters ?? 0) ||
  (a.model.id < b.model.id ? -1 : a.model.id > b.model.id ? 1 : 0);

/** 16 bits, 8 bits, fewer. */
const bitsRank = ({ quantization }: JudgedCandidate): number =>
  quantization === null ? 0 : /8/.test(quantization) ? 1 : 2;

const speedOf = ({ throughput }: JudgedCandidate): number =>
  isEstimated(throughput.estimate) ? throughput.estimate.low : 0;

function reasonOf({ quality, meets }: JudgedCandidate, isMeasured: boolean): string {
  if (isMeasured)
    return `measured ${formatShare(quality.estimate)} over ${quality.byCategory.map(({ category }) => category).join(', ')}`;
  const open = Object.entries(meets).flatMap(([need, met]) => (met === 'unknown' ? [need] : []));
  if (!isEstimated(quality.estimate))
    return `nothing was measured with these weights: that newer and larger models are better is assumed${open.length === 0 ? '' : `; not known: ${open.join(', ')}`}`;
  return `measured ${formatShare(quality.estimate)}; not known: ${open.join(', ')}`;
}

function measurements(
  advice: JudgedCandidate,
  { others, needs }: { readonly others: readonly JudgedCandidate[]; readonly needs: DeploymentNeeds },
): readonly DecidingMeasurement[] {
  const found: DecidingMeasurement[] = [];
  const name = (one: JudgedCandidate): string =>
    `${one.model.id}${one.quantization === null ? '' : ` in ${one.quantization}`}`;
  const isOpen =
    advice.meets.quality === 'unknown' || advice.meets.latency === 'unknown' || advice.meets.budget === 'unknown';
  if (!isEstimated(advice.quality.estimate) || isOpen)
    found.push({
      why: `quality, speed and memory of the advice itself (${name(advice)}) on this hardware`,
      command: measureCommand(advice),
    });
  for (const other of others) {
    if (!isEstimated(other.quality.estimate)) {
      found.push({ why: `${name(other)} has room too and was never measured`, command: measureCommand(other) });
    } else if (isEstimated(advice.quality.estimate) && other.quality.estimate.high > advice.quality.estimate.low) {
      found.push({ why: decideText(advice, { other, name: name(other) }), command: measureCommand(other) });
    }
  }
  if (needs.qualityFloor === null && found.length === 0)
    found.push({
      why: 'a quality floor: with one, a smaller model may do',
      command: 'qwen-eval recommend --quality-floor 0.7',
    });
  return found;
}

/** Samples that would tell two measured qualities apart, where they differ at all. */
function decideText(
  advice: JudgedCandidate,
  { other, name }: { readonly other: JudgedCandidate; readonly name: string },
): string {
  const [mine, theirs] = [advice.quality.estimate, other.quality.estimate];
  const base = `${name} is not told apart: ${formatShare(theirs)} against ${formatShare(mine)}`;
  if (!isEstimated(mine) || !isEstimated(theirs) || mine.value === theirs.value) return base;
  return `${base}; about ${unpairedProportionSampleSize(mine.value, theirs.value)} samples of each would`;
}

const measureCommand = ({ model, engine, preset, quantization }: JudgedCandidate): string =>
  `qwen-eval run --model ${model.id} --engine ${engine} --preset ${preset.id}${quantization === null ? '' : ` --quantization ${quantization}`} --suite tracker`;
