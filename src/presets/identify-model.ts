import type { Architecture } from './architecture.ts';
import { checkDisplayName } from './check-display-name.ts';
import type { DescribedModel } from './describe-gguf.ts';
import { findModel, type ModelMatch } from './find-model.ts';
import type { RegistryModel } from './model-registry.ts';

/** What is known of the model that answers, the weights' own statements first. */
export interface IdentityEvidence {
  /** Header of the weights, or their config.json; null for a server elsewhere. */
  readonly described: DescribedModel | null;
  /** Path or hub id behind the served name. */
  readonly root: string | null;
  /** What the user typed. */
  readonly requested: string | null;
  /** The name requests carry. */
  readonly name: string;
}

/** Which model answers, as far as the evidence goes. */
export interface ModelIdentification {
  /** Null when nothing names a known model, or what it names is contradicted. */
  readonly model: RegistryModel | null;
  /** Dimensions of the weights, or of the model they are named after; null when nothing is known. */
  readonly architecture: Architecture | null;
  readonly quantization: string | null;
  /** How the model was found, for the user. */
  readonly explanation: string;
  readonly warnings: readonly string[];
}

/** Decides which model answers: the weights' header before the path behind a served name, before what was typed, before the served name. What disagrees is a warning. */
export function identifyModel(evidence: IdentityEvidence): ModelIdentification {
  const { described } = evidence;
  const names = [described?.name, evidence.root, evidence.requested, evidence.name].filter(
    (name): name is string => name !== null && name !== undefined,
  );
  const matches = names.map((name) => ({ name, match: findModel(name).match })).filter(isMatched);
  const found = decide(matches);
  const warnings = [...(described?.warnings ?? []), ...(found ? disagreements(found, { names, matches }) : [])];
  if (found === null)
    return {
      model: null,
      architecture: described?.architecture ?? null,
      quantization: described?.quantization ?? null,
      explanation: `${evidence.name} is in no registry: nothing but its template and header is known`,
      warnings,
    };
  const { model, kind, explanation } = found.match;
  const refutations = described ? refute(model, described.architecture) : [];
  const isModel = kind === 'exact' && refutations.length === 0;
  return {
    model: isModel ? model : null,
    architecture: described?.architecture ?? model.architecture,
    quantization:
      described?.quantization ?? matches.map(({ match }) => match.quantization).find((word) => word !== null) ?? null,
    explanation,
    warnings: [
      ...warnings,
      ...(kind === 'derived' ? [`${explanation}: neither its guidance nor its scores apply`] : []),
      ...(refutations.length === 0
        ? []
        : [`${found.name} names ${model.name}, but the weights are another model: ${refutations.join(', ')}`]),
    ],
  };
}

interface Matched {
  readonly name: string;
  readonly match: ModelMatch;
}

const isMatched = (row: { readonly name: string; readonly match: ModelMatch | null }): row is Matched =>
  row.match !== null;

/** The first exact match; its instruct sibling where a later name says so, for names often drop that ending. */
function decide(matches: readonly Matched[]): Matched | null {
  const exact = matches.filter(({ match }) => match.kind === 'exact');
  const [first] = exact;
  if (first === undefined) return matches[0] ?? null;
  if (first.match.model.variant !== 'base' || /base/i.test(first.name)) return first;
  return (
    exact.find(({ match }) => areSiblings(match.model, first.match.model) && match.model.variant !== 'base') ?? first
  );
}

/** Other names that mean another model than the one decided on. */
function disagreements(
  found: Matched,
  { names, matches }: { readonly names: readonly string[]; readonly matches: readonly Matched[] },
): readonly string[] {
  const said = new Set<string>();
  for (const { name, match } of matches) {
    const isMeant =
      match.model === found.match.model ||
      (areSiblings(match.model, found.match.model) && ![name, found.name].some((text) => /base/i.test(text)));
    if (match.kind === 'exact' && !isMeant)
      said.add(`${name} names ${match.model.name}, but ${found.name} is ${found.match.model.name}`);
  }
  for (const name of names) {
    if (matches.some((row) => row.name === name)) continue;
    for (const reason of checkDisplayName(name, found.match.model.hubId)) said.add(reason);
  }
  return [...said];
}

/** Post-trained and base model of one size. */
const areSiblings = (a: RegistryModel, b: RegistryModel): boolean =>
  a.family.id === b.family.id && a.architecture.id === b.architecture.id;

/** Dimensions of the weights that the named model has not. */
function refute(model: RegistryModel, actual: Architecture): readonly string[] {
  return (['layers', 'hiddenSize', 'heads', 'kvHeads'] as const)
    .filter(
      (key) => model.architecture[key] !== null && actual[key] !== null && model.architecture[key] !== actual[key],
    )
    .map((key) => `${key} ${actual[key]} in place of ${model.architecture[key]}`);
}
