import { z } from 'zod';
import type { ProbeResult } from '../../../core/fingerprint.ts';
import type { EngineDescription } from '../../../core/ports/engine.ts';
import { findModel } from '../../../presets/find-model.ts';
import type { RegistryModel } from '../../../presets/model-registry.ts';
import { found, type Probe, type QuietAnswers } from '../asking.ts';

const metaSchema = z.object({ n_params: z.number().positive() });

/** What counts of the same weights may differ by for other causes than embeddings. */
const tolerance = 0.05;

/** Least and most parameters a server may count: embeddings may be left out, and a tied one stands twice in files that quantise the head apart. */
function countableParameters({ architecture }: RegistryModel): readonly [number, number] | null {
  const { parameters, hiddenSize, vocabularySize, tiedEmbeddings } = architecture;
  if (parameters === null) return null;
  const embedding = (hiddenSize ?? 0) * (vocabularySize ?? 0);
  const own = tiedEmbeddings === false ? 2 * embedding : embedding;
  const most = tiedEmbeddings === false ? parameters : parameters + embedding;
  return [(parameters - own) * (1 - tolerance), most * (1 + tolerance)];
}

const exactModel = (name: string | null): RegistryModel | null => {
  const match = name === null ? null : findModel(name).match;
  return match?.kind === 'exact' ? match.model : null;
};

/** Parameters the server counts in its file; null where it does not tell. */
function countedParameters({ model }: EngineDescription): number | null {
  return metaSchema.safeParse(model.facts['meta']).data?.n_params ?? null;
}

const isWithin = (value: number, [least, most]: readonly [number, number]): boolean => value >= least && value <= most;

function judge(description: EngineDescription, { alone }: QuietAnswers): ProbeResult {
  const { name, root } = description.model;
  const answered = alone.map(({ generation }) => generation.servedModel).find((served) => served !== null) ?? null;
  const facts = { asked: name, answered, root, parameters: countedParameters(description) };
  const asked = exactModel(name);
  for (const [what, other] of [
    ['its answers say', answered],
    ['its weights are from', root],
  ] as const) {
    const served = exactModel(other);
    if (asked && served && served.id !== asked.id)
      return found('no', `the server lists ${name} and ${what} ${other}`, facts);
  }
  const countable = asked && countableParameters(asked);
  if (countable && facts.parameters !== null && !isWithin(facts.parameters, countable)) {
    const expected = asked.architecture.parameters;
    return found('no', `${name} has ${expected} parameters and the server counts ${facts.parameters}`, facts);
  }
  if (answered === null && root === null && facts.parameters === null)
    return found('unknown', 'the engine does not say which model answers', facts);
  return found('yes', `nothing contradicts that ${name} answers`, facts);
}

/** Whether the model that answers is the one that was asked for, as far as the server says. */
export const servedModel: Probe = {
  ids: ['served_model'],
  run: (asking, quiet) => Promise.resolve({ served_model: judge(asking.parts.description, quiet) }),
};
