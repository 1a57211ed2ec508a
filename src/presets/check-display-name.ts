/** What a model's name says of it; null where it does not say. */
export interface NamedModel {
  /** Generation, e.g. `2.5`, `3`, `3.8`; `qwq` for QwQ. */
  readonly generation: string | null;
  /** Size in billions as written, experts' active part included: `7b`, `30b-a3b`. */
  readonly size: string | null;
  readonly speciality: 'coder' | 'math' | null;
}

/** Reads generation, size and speciality out of a model's name, hub id or file name. */
export function parseModelName(name: string): NamedModel {
  const text = name.toLowerCase().split('/').at(-1) ?? '';
  // Where an underscore may stand for a decimal point (`qwen3_0_6b`), nothing is read.
  const generation =
    /qwen[-\s]?(\d(?:\.\d)?)(?![\d.]{0,6}b\b|_\d)/.exec(text)?.[1] ?? (text.includes('qwq') ? 'qwq' : null);
  const size = /(?<![a-z\d.]|\d_)(\d{1,4}(?:\.\d{1,3})?)([bt])(?:[-_\s](a\d{1,3}(?:\.\d)?b))?(?![a-z\d])/.exec(text);
  return {
    generation,
    size: size ? `${size[1]}${size[2]}${size[3] ? `-${size[3]}` : ''}` : null,
    speciality: /(?<![a-z])coder(?![a-z])/.test(text) ? 'coder' : /(?<![a-z])math(?![a-z])/.test(text) ? 'math' : null,
  };
}

/** Reasons why a display name and a hub id cannot mean the same model: generation, size or speciality that both state and state differently. Empty when nothing contradicts. */
export function checkDisplayName(name: string, hubId: string): readonly string[] {
  const shown = parseModelName(name);
  const actual = parseModelName(hubId);
  const reasons: string[] = [];
  const contradicts = (what: string, a: string | null, b: string | null): void => {
    if (a !== null && b !== null && a !== b) reasons.push(`"${name}" says ${what} ${a}, but ${hubId} is ${b}`);
  };
  contradicts('generation', shown.generation, actual.generation);
  // "30b" is short for "30b-a3b".
  if (!(actual.size ?? '').startsWith(`${shown.size}-`) && !(shown.size ?? '').startsWith(`${actual.size}-`))
    contradicts('size', shown.size, actual.size);
  if (shown.speciality !== null && shown.speciality !== actual.speciality && actual.generation !== null)
    reasons.push(`"${name}" says ${shown.speciality}, but ${hubId} does not`);
  return reasons;
}
