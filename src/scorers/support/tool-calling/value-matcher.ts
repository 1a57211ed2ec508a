import { canonicalJson } from '../../../core/canonical-json.ts';
import type { Json } from '../../../core/json.ts';
import { matchInOrder } from '../match-in-order.ts';
import { maximumMatching } from '../maximum-matching.ts';

/** What a value must be to count as right. Each parameter has its own. */
export type ValueMatcher =
  /** Equal as JSON: key order and number spelling do not matter. */
  | { readonly kind: 'exact'; readonly value: Json }
  /** A string equal but for letter case and runs of white space. */
  | { readonly kind: 'caseless'; readonly value: string }
  /** A number within `tolerance` (absolute); 0 is exact. */
  | { readonly kind: 'number'; readonly value: number; readonly tolerance: number }
  /** Any of several. */
  | { readonly kind: 'oneOf'; readonly options: readonly ValueMatcher[] }
  /** An array in this order. */
  | { readonly kind: 'list'; readonly items: readonly ValueMatcher[] }
  /** An array in any order, each item matched once. */
  | { readonly kind: 'set'; readonly items: readonly ValueMatcher[] }
  /** An object with these members and no others but those that may be left out. */
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, ValueMatcher>> }
  /** Left out, or given as the schema's default: both mean the same. */
  | { readonly kind: 'default'; readonly value: Json }
  /** Left out; an explicit null means the same where the schema allows it. */
  | { readonly kind: 'absent' };

/** True when a value may be left out. */
const mayBeAbsent = (matcher: ValueMatcher): boolean =>
  matcher.kind === 'default' ||
  matcher.kind === 'absent' ||
  (matcher.kind === 'oneOf' && matcher.options.some((option) => mayBeAbsent(option)));

const folded = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function matchesSet(items: readonly ValueMatcher[], values: readonly Json[]): boolean {
  if (items.length !== values.length) return false;
  const edges = items.map((item) => values.flatMap((value, index) => (matchesValue(item, value) ? [index] : [])));
  return maximumMatching(edges, values.length).every((partner) => partner !== null);
}

function matchesObject(members: Readonly<Record<string, ValueMatcher>>, value: Json): boolean {
  if (!isObject(value)) return false;
  const isKnown = Object.keys(value).every((key) => Object.hasOwn(members, key));
  return isKnown && Object.entries(members).every(([key, matcher]) => matchesValue(matcher, value[key]));
}

/** True when a value is right; undefined stands for a value that was left out. */
export function matchesValue(matcher: ValueMatcher, value: Json | undefined): boolean {
  if (value === undefined) return mayBeAbsent(matcher);
  switch (matcher.kind) {
    case 'exact':
      return canonicalJson(matcher.value) === canonicalJson(value);
    case 'caseless':
      return typeof value === 'string' && folded(value) === folded(matcher.value);
    case 'number':
      return typeof value === 'number' && Math.abs(value - matcher.value) <= matcher.tolerance;
    case 'oneOf':
      return matcher.options.some((option) => matchesValue(option, value));
    case 'list':
      return Array.isArray(value) && matchInOrder(matcher.items, value as readonly Json[], matchesValue);
    case 'set':
      return Array.isArray(value) && matchesSet(matcher.items, value);
    case 'object':
      return matchesObject(matcher.members, value);
    case 'default':
      return canonicalJson(matcher.value) === canonicalJson(value);
    case 'absent':
      return value === null;
  }
}
