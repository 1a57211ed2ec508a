import type { Json } from '../../../core/json.ts';

/** Arguments of one call, in tagged form (src/sandbox/python/codec.py). */
export type CallArguments = readonly Json[];

const tuple = (value: Json | undefined): Json => (Array.isArray(value) ? { t: value } : (value ?? null));
const members = (value: Json | undefined): Json => (Array.isArray(value) ? value.map(tuple) : (value ?? null));
const everyList = (value: Json): Json => (Array.isArray(value) ? { t: value.map(everyList) } : value);

const complexForm = /^\(?(.*?)((?:[-+]|^)(?:[\d.]+(?:e[-+]?\d+)?)?)j\)?$/;

/** A complex number from Python's way to write it; JSON has none. */
function complex(value: Json | undefined): Json {
  const text = typeof value === 'string' ? value : String(value);
  const [, real = '', imaginary = ''] = complexForm.exec(text) ?? [];
  if (imaginary === '') return { c: [text.replaceAll(/[()]/g, ''), '0.0'] };
  return { c: [real === '' ? '0.0' : real, /\d/.test(imaginary) ? imaginary : `${imaginary}1`] };
}

/** Values of a dict as tuples. */
function tupleValues(value: Json | undefined): Json {
  const pairs = (value as { readonly d?: readonly (readonly [Json, Json])[] } | undefined)?.d;
  return pairs === undefined ? (value ?? null) : { d: pairs.map(([key, item]) => [key, tuple(item)]) };
}

const setOrDict = (value: Json): Json => (Array.isArray(value) ? (value.length > 0 ? { s: value } : { d: [] }) : value);

/** What the lists that JSON holds stand for, by problem: the released data was written without tuples, sets and complex numbers. */
const restorers: readonly {
  readonly ids: readonly number[];
  readonly restore: (call: CallArguments) => CallArguments;
}[] = [
  {
    ids: [2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809],
    restore: (call) => call.map(tuple),
  },
  {
    ids: [63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780],
    restore: (call) => call.map(members),
  },
  { ids: [75, 413, 444, 753], restore: ([first, ...rest]) => [members(first), ...rest] },
  { ids: [106, 750], restore: ([first = null, second]) => [first, tuple(second)] },
  {
    ids: [115],
    restore: ([first = null]) => [Array.isArray(first) ? (first as readonly Json[]).map(setOrDict) : first],
  },
  { ids: [124], restore: ([first, second]) => [{ f: String(first) }, complex(second)] },
  { ids: [252], restore: ([first]) => [complex(first)] },
  { ids: [250, 307, 405, 446, 617, 720, 763, 808], restore: ([first, ...rest]) => [tuple(first), ...rest] },
  { ids: [259, 401, 445], restore: (call) => call.map((argument) => tuple(members(argument))) },
  { ids: [278], restore: ([first]) => [tuple(members(first))] },
  { ids: [722], restore: ([first, ...rest]) => [tupleValues(first), ...rest] },
  { ids: [580, 615, 791], restore: (call) => call.map(everyList) },
];

const byId = new Map(restorers.flatMap(({ ids, restore }) => ids.map((id) => [id, restore] as const)));

/** The arguments of a call as the problem means them. */
export const restoreArguments = (id: number, call: CallArguments): CallArguments => byId.get(id)?.(call) ?? call;
