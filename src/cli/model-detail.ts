import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Options } from '../config/options.ts';
import type { JsonObject } from '../core/json.ts';
import { kvBytesPerToken, stateBytesPerSequence } from '../presets/architecture.ts';
import { findModel } from '../presets/find-model.ts';
import { identifyModel } from '../presets/identify-model.ts';
import type { RegistryModel } from '../presets/model-registry.ts';
import { modelMemory } from '../presets/model-memory.ts';
import { readGguf, readHubModel, type ModelHeader } from '../runner/read-model-header.ts';
import { systemDependencies, type DataOptions } from '../runner/system-dependencies.ts';
import { describeRow } from './describe-row.ts';
import type { Detail } from './detail.ts';

/** A model in full: a known one by any of its names, or a GGUF file, a folder of weights or a hub repository by what it says of itself. Null when the text names none. */
export async function modelDetail(
  name: string,
  input: {
    readonly options: DataOptions & Pick<Options, 'offline'>;
    /** True when the user said that it is a model, so that the hub may be asked. */
    readonly isNamedModel: boolean;
  },
): Promise<Detail | null> {
  const header = await headerOf(name, input);
  if (header !== null) return detailOf(describedModel(name, header));
  const { match } = findModel(name);
  const isMeant = match?.kind === 'exact' && (input.isNamedModel || match.model.id === name);
  return isMeant ? detailOf(knownModel(match.model)) : null;
}

const detailOf = (document: JsonObject): Detail => ({ document, text: describeRow(document) });

async function headerOf(
  name: string,
  { options, isNamedModel }: { readonly options: DataOptions; readonly isNamedModel: boolean },
): Promise<ModelHeader | null> {
  if (/\.gguf$/i.test(name) && existsSync(name)) return readGguf(resolve(name));
  if (!existsSync(join(name, 'config.json')) && !isNamedModel) return null;
  return readHubModel(name, systemDependencies(options).fetchModelFile);
}

/** What a file, folder or repository says of itself, and which known model that makes it. */
function describedModel(name: string, { described, template }: ModelHeader): JsonObject {
  const identity = identifyModel({ described, root: name, requested: null, name: basename(name) });
  const { architecture } = described;
  return {
    id: name,
    name: described.name,
    registryId: identity.model?.id ?? null,
    identifiedBy: identity.explanation,
    quantization: described.quantization,
    contextLength: described.contextLength,
    weightBytes: described.weightBytes,
    parameters: architecture.parameters,
    kvBytesPerToken: kvBytesPerToken(architecture),
    thinkingSwitch: template?.includes('enable_thinking') ?? null,
    chatTemplate: template !== null,
    architecture: { ...architecture },
    warnings: [...identity.warnings],
  };
}

/** Everything the registry holds of a model, with how its family wants to be asked and served. */
function knownModel(model: RegistryModel): JsonObject {
  const { family, architecture, gguf } = model;
  const isBase = model.variant === 'base';
  const { id: _id, sources: _sources, reviewed: _reviewed, unknown: _unknown, ...dimensions } = architecture;
  return {
    id: model.id,
    name: model.name,
    hubId: model.hubId,
    family: family.title,
    released: family.released,
    variant: model.variant,
    licence: model.licence,
    priority: model.priority,
    contextLength: model.contextLength,
    extendedContextLength: model.extendedContextLength,
    modes: isBase ? [] : [...family.modes],
    defaultMode: isBase ? null : (model.defaultMode ?? family.defaultMode),
    switch: isBase ? null : family.switch,
    softSwitches: isBase ? [] : [...family.softSwitches],
    effort: isBase ? null : family.effort,
    keepsThinking: isBase ? null : family.keepsThinking,
    sampling: isBase ? [] : family.sampling.map((row) => ({ ...row, note: row.note ?? null })),
    toolFormat: isBase ? null : family.toolFormat,
    toolParsers: isBase ? {} : { ...family.toolParsers },
    reasoningParsers: isBase ? {} : { ...family.reasoningParsers },
    minimumVersions: { ...family.minimumVersions },
    architecture: dimensions,
    kvBytesPerToken: kvBytesPerToken(architecture),
    stateBytesPerSequence: stateBytesPerSequence(architecture),
    memory: modelMemory(model),
    repositories: model.repositories.map((row) => ({ ...row })),
    gguf: gguf === null ? null : { ...gguf },
    unknown: { ...model.unknown, ...architecture.unknown },
    note: [model.note, family.note].filter((note) => note !== null).join('; ') || null,
    sources: [...new Set([...model.sources, ...architecture.sources, ...family.sources])],
    reviewed: model.reviewed,
  };
}
