import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';
import type { Json } from '../core/json.ts';
import type { RunDocument } from '../core/run-document.ts';
import type { TaskPlan } from '../core/run-plan.ts';

/**
 * What a difference means. `deployment`: another thing answered. `data` and `version`: the question or its marking changed.
 * `setting`: the user asked otherwise.
 */
export type IdentityKind = 'deployment' | 'data' | 'version' | 'setting';

/** One named part of what a result stands on. */
interface IdentityPart {
  readonly kind: IdentityKind;
  readonly value: string;
  /** False where nobody looked: what is not known differs from nothing. */
  readonly isKnown?: boolean;
  /** True when results that differ in it may still be compared, with the difference stated. */
  readonly comparable: boolean;
  /** What the value was made of, where it has members: a difference names only those that differ. */
  readonly members?: Members;
}

type Members = Readonly<Record<string, Json>>;

/** What a result of one task stands on, by the name of the part. */
export type CellIdentity = Readonly<Record<string, IdentityPart>>;

export interface IdentityDifference {
  readonly part: string;
  readonly kind: IdentityKind;
  readonly before: string;
  readonly after: string;
  readonly comparable: boolean;
}

const shortHash = (value: unknown): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 8);

const shown = (value: unknown): string => {
  const text = canonicalJson(value);
  return text.length <= 120 ? text : shortHash(value);
};

/** Who answers in a run: model, server, template and engine. */
export function deploymentIdentity({ plan, fingerprint }: Pick<RunDocument, 'plan' | 'fingerprint'>): CellIdentity {
  const part = (value: string): IdentityPart => ({ kind: 'deployment', value, comparable: true });
  const unknown = (value: string): IdentityPart => ({ ...part(value), isKnown: false });
  const { model, engine } = plan;
  return {
    model: part(model.sha256 === null ? model.name : `sha256 ${model.sha256.slice(0, 8)}`),
    server:
      fingerprint === null ? unknown('not fingerprinted') : part(`fingerprint ${fingerprint.identity.slice(0, 8)}`),
    template:
      engine.templateSha256 === null ? unknown('not known') : part(`sha256 ${engine.templateSha256.slice(0, 8)}`),
    engine: part([engine.id, engine.version].filter((text) => text !== null).join(' ')),
  };
}

/** Everything a result of one task of a run stands on. */
export function cellIdentity(document: Pick<RunDocument, 'plan' | 'fingerprint'>, task: TaskPlan): CellIdentity {
  const { plan } = document;
  const { settings } = task;
  const may = (value: string): IdentityPart => ({ kind: 'setting', value, comparable: true });
  const mayOf = (members: Members): IdentityPart => ({ ...may(shown(members)), members });
  const must = (value: string): IdentityPart => ({ kind: 'setting', value, comparable: false });
  return {
    ...deploymentIdentity(document),
    'task version': { kind: 'version', value: String(task.taskVersion), comparable: false },
    'scorer version': { kind: 'version', value: `${task.scorer} ${task.scorerVersion}`, comparable: false },
    ...Object.fromEntries(
      task.datasets.map(({ name, sha256 }) => [
        `dataset ${name}`,
        { kind: 'data', value: `sha256 ${sha256.slice(0, 8)}`, comparable: false } as const,
      ]),
    ),
    samples: must(`${task.samples.count} (${task.samples.digest.slice(0, 8)})`),
    epochs: may(String(task.epochs)),
    // Examples are drawn by the seed; that of generated samples stands in their ids.
    shots: must(settings.fewShot === 0 ? '0' : `${settings.fewShot} (seed ${settings.seed})`),
    'choice mode': must(settings.choiceMode ?? 'none'),
    'tool format': must(settings.toolFormat ?? 'none'),
    'output tokens': may(String(settings.maxTokens)),
    'task settings': must(shown({ ...settings.extra, split: settings.split })),
    sampling: mayOf(task.sampling),
    prompt: must(task.workflow?.promptVariant ?? 'plain'),
    workflow: must(furtherSteps(task)),
    ...judgeIdentity(task),
    mode: may(plan.mode),
    'engine settings': mayOf(plan.engine.settings),
    'preset flags': mayOf(plan.preset.resolved),
  };
}

/** What follows an answer, where something does. */
function furtherSteps({ workflow }: TaskPlan): string {
  if (workflow === undefined) return 'none';
  const { selfCheck, answerRetries } = workflow;
  return selfCheck || answerRetries > 0 ? shown({ selfCheck, answerRetries }) : 'none';
}

/** Ratings of different judges, or of one judge asked otherwise, are different measures. */
function judgeIdentity({ judge }: TaskPlan): CellIdentity {
  if (judge === undefined) return {};
  const { model, sha256, engine, engineVersion, mode, sampling, maxTokens, prompts } = judge;
  const weights = sha256 === null ? '' : ` (sha256 ${sha256.slice(0, 8)})`;
  const must = (value: string): IdentityPart => ({ kind: 'setting', value, comparable: false });
  return {
    judge: must(`${model}${weights} on ${engine}`),
    'judge settings': must(shown({ mode, maxTokens, temperature: sampling.temperature, seed: sampling.seed })),
    'judge engine version': {
      kind: 'version',
      value: engineVersion === null ? 'not known' : `${engine} ${engineVersion}`,
      isKnown: engineVersion !== null,
      comparable: true,
    },
    'judge prompts': must(`${prompts.source} (sha256 ${prompts.sha256.slice(0, 8)})`),
  };
}

/** What is known of a later identity over what was known before it. */
export const knownSince = (before: CellIdentity, after: CellIdentity): CellIdentity => ({
  ...before,
  ...Object.fromEntries(
    Object.entries(after).filter(([part, { isKnown }]) => isKnown !== false || before[part] === undefined),
  ),
});

/** Parts in which two results are known to differ, in the order of the parts. */
export function identityDifferences(before: CellIdentity, after: CellIdentity): readonly IdentityDifference[] {
  const parts = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return parts.flatMap((part) => {
    const [old, now] = [before[part], after[part]];
    const known = now ?? old;
    if (!known || old?.value === now?.value || [old, now].some((one) => one?.isKnown === false)) return [];
    const { kind, comparable } = known;
    const [left, right] = differingMembers(old, now) ?? [old?.value ?? 'none', now?.value ?? 'none'];
    return [{ part, kind, comparable, before: left, after: right }];
  });
}

/** The members in which two parts differ, on each side; null where they have none. */
function differingMembers(
  old: IdentityPart | undefined,
  now: IdentityPart | undefined,
): readonly [string, string] | null {
  const [before, after] = [old?.members, now?.members];
  if (before === undefined || after === undefined) return null;
  const text = (value: Json | undefined): string => canonicalJson(value ?? null);
  const names = Object.keys({ ...before, ...after })
    .filter((name) => text(before[name]) !== text(after[name]))
    .toSorted();
  const side = (members: Members): string =>
    names.map((name) => `${name} ${members[name] === undefined ? 'none' : shown(members[name])}`).join(', ');
  return [side(before), side(after)];
}

/** `engine vllm 0.10.2 → vllm 0.11.0; dataset test …`. */
export const formatDifferences = (differences: readonly IdentityDifference[]): string =>
  differences.map(({ part, before, after }) => `${part} ${before} → ${after}`).join('; ');

/** Says whether results that differ so may be compared. */
export function formatComparability(differences: readonly IdentityDifference[]): string {
  const barriers = differences.filter((difference) => !difference.comparable).map(({ part }) => part);
  if (barriers.length > 0) return `not comparable: ${barriers.join(', ')} differ`;
  return differences.length === 0
    ? 'same identity'
    : `comparable with the difference stated: ${differences.map(({ part }) => part).join(', ')}`;
}
