import { closest } from '../core/closest.ts';
import { modelRegistry, type RegistryModel } from './model-registry.ts';

/** A registry model that a name was matched with. */
export interface ModelMatch {
  readonly model: RegistryModel;
  /** `derived`: the name adds words the model has not, so only the architecture can be taken over. */
  readonly kind: 'exact' | 'derived';
  /** Quantisation that the name or repository states, lower case; null when it states none. */
  readonly quantization: string | null;
  /** How the name led to the model, for the user. */
  readonly explanation: string;
}

export interface ModelLookup {
  readonly match: ModelMatch | null;
  /** Ids like the name, the most alike first; for an error's hint. */
  readonly suggestions: readonly string[];
}

/** Finds the registry model a name means: registry id, hub id (also of a quantised repository), served name, Ollama tag, or GGUF file name or path. */
export function findModel(name: string, registry: readonly RegistryModel[] = modelRegistry()): ModelLookup {
  if (name.length > longestName) return { match: null, suggestions: [] };
  const match = byIdentity(name, registry) ?? byStem(name, registry) ?? byTokens(name, registry);
  return { match, suggestions: match?.kind === 'exact' ? [] : suggestionsFor(name, registry) };
}

/** No model has a longer name or path; longer texts are not searched. */
const longestName = 1000;

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function byIdentity(name: string, registry: readonly RegistryModel[]): ModelMatch | null {
  const wanted = name.toLowerCase();
  for (const model of registry) {
    const exact = { model, kind: 'exact' } as const;
    if (wanted === model.id) return { ...exact, quantization: null, explanation: `${name} is a registry id` };
    if (wanted === model.hubId.toLowerCase())
      return { ...exact, quantization: null, explanation: `${name} is the hub id of ${model.id}` };
    const repository = model.repositories.find((row) => row.hubId.toLowerCase() === wanted);
    if (repository)
      return {
        ...exact,
        quantization: repository.quantization,
        explanation: `${name} is the ${repository.quantization} repository of ${model.id}`,
      };
    if (wanted === model.gguf?.hubId.toLowerCase())
      return { ...exact, quantization: null, explanation: `${name} is the GGUF repository of ${model.id}` };
  }
  return null;
}

/** Quantisation names as they end file names, tags and repositories. */
const quantizationWord =
  /^(?:i?q\d(?:_\d|_k(?:_(?:xs|s|m|l|xl))?|_(?:xxs|xs|s|m|nl))?|[bf]?p?f?16|bf16|fp16|f32|fp8|int[48]|nvfp4|mxfp4|awq|gptq|gptq-int[48]|[48]bit|w[48]a\d{1,2})$/;

interface Stem {
  /** What is left of a name without folder, file ending, shard number, publisher, format and quantisation. */
  readonly text: string;
  readonly quantization: string | null;
}

function stemOf(name: string): Stem {
  const file = name.split(/[\\/]/).at(-1) ?? '';
  const bare = file
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .replace(/^qwen_(?=qw)/, '');
  const kept: string[] = [];
  let quantization: string | null = null;
  for (const part of bare.split(/[-:\s.](?=[a-z_]*\d*[a-z_])|[-:\s]/)) {
    if (quantizationWord.test(part)) quantization = quantization === null ? part : `${quantization}_${part}`;
    else if (part !== '' && part !== 'gguf' && part !== 'latest' && part !== 'ud') kept.push(part);
  }
  return { text: kept.join('-'), quantization };
}

function byStem(name: string, registry: readonly RegistryModel[]): ModelMatch | null {
  const stem = stemOf(name);
  const wanted = plain(stem.text);
  if (wanted === '') return null;
  const named = (text: string): RegistryModel | undefined =>
    registry.find((model) => plain(model.name) === text || plain(model.id) === text);
  const found = named(wanted);
  const give = (model: RegistryModel, explanation: string): ModelMatch => ({
    model,
    kind: 'exact',
    quantization: stem.quantization,
    explanation,
  });
  if (found) {
    const chat = found.variant === 'base' && name.includes(':') ? named(`${wanted}instruct`) : undefined;
    return chat
      ? give(chat, `the tag ${name} without "base" is the instruct model ${chat.name}`)
      : give(found, `${name} is named after ${found.name}`);
  }
  const shorter = wanted.replace(/(?:instruct|chat|it)$/, '');
  const post = shorter === wanted ? undefined : named(shorter);
  if (post && post.variant !== 'base')
    return give(post, `${name} is named after ${post.name}, which is the instruct model`);
  return null;
}

const tokensOf = (text: string): readonly string[] =>
  text.toLowerCase().match(/[a-z]+[\d.]*\d|\d[\d.]*[a-z]*|[a-z]+/g) ?? [];

/** A model whose whole name stands inside a longer one: the longest such. */
function byTokens(name: string, registry: readonly RegistryModel[]): ModelMatch | null {
  const { text, quantization } = stemOf(name);
  const tokens = tokensOf(text);
  const inside = registry
    .map((model) => ({ model, parts: tokensOf(model.name) }))
    .map((row) => ({ ...row, start: indexOfRun(tokens, row.parts) }))
    .filter((row) => row.start >= 0)
    .toSorted((a, b) => b.parts.length - a.parts.length)[0];
  if (!inside) return null;
  const added = tokens.filter((_, index) => index < inside.start || index >= inside.start + inside.parts.length);
  return {
    model: inside.model,
    kind: 'derived',
    quantization,
    explanation: `${name} adds "${added.join(' ')}" to ${inside.model.name}: taken as derived from it`,
  };
}

function indexOfRun(tokens: readonly string[], run: readonly string[]): number {
  for (let start = 0; start + run.length <= tokens.length; start++)
    if (run.every((token, index) => tokens[start + index] === token)) return start;
  return -1;
}

/** Most suggestions given. */
const suggestionCount = 3;

function suggestionsFor(name: string, registry: readonly RegistryModel[]): readonly string[] {
  const wanted = plain(stemOf(name).text);
  const ids = registry.map((model) => model.id);
  const nearest = closest(name, ids) ?? closest(wanted, ids.map(plain));
  const alike = ids.filter((id) => {
    const other = plain(id);
    return wanted.length >= 4 && (other.startsWith(wanted) || wanted.startsWith(other));
  });
  const first = ids.find((id) => id === nearest || plain(id) === nearest);
  return [...new Set([...(first === undefined ? [] : [first]), ...alike])].slice(0, suggestionCount);
}
