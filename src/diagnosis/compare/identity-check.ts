import { closest } from '../../core/closest.ts';
import { QwenEvalError } from '../../core/errors.ts';
import type { RunDocument } from '../../core/run-document.ts';
import type { TaskPlan } from '../../core/run-plan.ts';
import { cellIdentity, identityDifferences } from '../cell-identity.ts';

/** A part of the identity in which two runs differ. */
export interface DifferingIdentity {
  /** E.g. `model`, `dataset test`, `choice mode`. */
  readonly identity: string;
  readonly a: string;
  readonly b: string;
  /** True when results that differ in it answer different questions and are compared only when allowed. */
  readonly mustBeEqual: boolean;
  /** Tasks that differ in it. */
  readonly tasks: readonly string[];
}

/** A task of both runs as each planned it. */
export interface TaskPair {
  readonly a: TaskPlan;
  readonly b: TaskPlan;
}

type Identified = Pick<RunDocument, 'plan' | 'fingerprint'>;
type Documents = { readonly a: Identified; readonly b: Identified };

/** Everything in which two runs differ over their common tasks: what must be equal first. */
export function differingIdentity(documents: Documents, pairs: readonly TaskPair[]): readonly DifferingIdentity[] {
  const found = new Map<string, DifferingIdentity & { readonly tasks: string[] }>();
  const add = (task: string | null, entry: Omit<DifferingIdentity, 'tasks'>): void => {
    const key = `${entry.identity}\u0000${entry.a}\u0000${entry.b}`;
    const known = found.get(key) ?? { ...entry, tasks: [] };
    if (task !== null) known.tasks.push(task);
    found.set(key, known);
  };
  for (const entry of deploymentDifferences(documents)) add(null, entry);
  for (const { a, b } of pairs) {
    const differences = identityDifferences(cellIdentity(documents.a, a), cellIdentity(documents.b, b));
    for (const { part, kind, comparable, before, after } of differences) {
      if (kind === 'deployment' && part !== 'template') continue;
      add(a.task, { identity: part, a: before, b: after, mustBeEqual: !comparable });
    }
  }
  return [...found.values()].toSorted((x, y) => Number(y.mustBeEqual) - Number(x.mustBeEqual));
}

/** Who answered, by the names people use. */
function deploymentDifferences({ a, b }: Documents): readonly Omit<DifferingIdentity, 'tasks'>[] {
  const parts = (document: Identified): Readonly<Record<string, string>> => {
    const { model, engine, preset } = document.plan;
    const quantization = model.facts['quantization'] ?? model.facts['quantisation'];
    return {
      model: model.registryId ?? model.name,
      weights: model.sha256 === null ? 'not known' : `sha256 ${model.sha256.slice(0, 8)}`,
      quantization: typeof quantization === 'string' ? quantization : 'not known',
      engine: [engine.id, engine.version].filter((text) => text !== null).join(' '),
      preset: preset.requested,
    };
  };
  const [first, second] = [parts(a), parts(b)];
  return Object.entries(first).flatMap(([identity, value]) => {
    const other = second[identity] ?? '';
    return value === other ? [] : [{ identity, a: value, b: other, mustBeEqual: false }];
  });
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, ' ');

/** True when a name of `--allow-different` means a part: the part itself (`choice-mode`) or its kind (`dataset` for `dataset test`). */
const allows = (name: string, identity: string): boolean =>
  plain(identity) === plain(name) || plain(identity).startsWith(`${plain(name)} `);

/** Names of everything that two runs may differ in; those of a dataset follow it. */
const identityNames = [
  'dataset',
  'samples',
  'task version',
  'scorer version',
  'prompt',
  'shots',
  'choice mode',
  'tool format',
  'task settings',
  'workflow',
  'judge',
  'judge settings',
  'judge prompts',
  'judge engine version',
  'model',
  'weights',
  'quantization',
  'engine',
  'server',
  'template',
  'preset',
  'mode',
  'sampling',
  'epochs',
  'output tokens',
  'engine settings',
  'preset flags',
];

/** Refuses a name of `--allow-different` that means no part of an identity. Throws E_OPTION_INVALID. */
export function requireIdentityNames(allowed: readonly string[]): void {
  const unknown = allowed.find(
    (name) => !plain(name).startsWith('dataset ') && !identityNames.some((identity) => allows(name, identity)),
  );
  if (unknown === undefined) return;
  const names = identityNames.map((name) => name.replaceAll(' ', '-'));
  const near = closest(unknown.replaceAll(/[\s_]+/g, '-'), names);
  throw new QwenEvalError(
    'E_OPTION_INVALID',
    `--allow-different got ${JSON.stringify(unknown)}, which is no part of an identity`,
    {
      hint: `${near === null ? '' : `did you mean ${near}? `}it takes ${names.join(', ')}`,
    },
  );
}

/** Refuses runs that differ in what must be equal and was not allowed to differ. Throws E_NOT_COMPARABLE naming each part with both values. */
export function requireComparable(differing: readonly DifferingIdentity[], allowed: readonly string[]): void {
  const barriers = differing.filter(
    ({ mustBeEqual, identity }) => mustBeEqual && !allowed.some((name) => allows(name, identity)),
  );
  if (barriers.length === 0) return;
  const named = barriers.map(({ identity, a, b, tasks }) => `${identity} (${tasks.join(', ')}): ${a} against ${b}`);
  const names = [...new Set(barriers.map(({ identity }) => identity.replaceAll(' ', '-')))];
  throw new QwenEvalError('E_NOT_COMPARABLE', `the runs are not comparable, they differ in ${named.join('; ')}`, {
    hint: `run both with the same settings, leave the tasks out with --tasks, or give --allow-different ${names.join(',')}`,
    details: { differing: barriers },
  });
}
