import type { Json, JsonObject } from '../../../core/json.ts';
import type { ToolDefinition } from '../../../core/message.ts';
import type { ExpectedCall, GivenDetail } from '../../../scorers/support/tool-calling/tool-expectation.ts';
import type { ValueMatcher } from '../../../scorers/support/tool-calling/value-matcher.ts';
import type { Rng } from '../../../stats/rng.ts';
import type { CallToWrite } from '../../../text/tool-calls/format-tool-calls.ts';
import type { ParameterKind } from './parameter-kinds.ts';
import type { Action, Thing } from './word-pools.ts';

/** How the tools of one sample spell their names. */
export type NameStyle = 'verb_noun' | 'noun_verb' | 'camelCase' | 'kebab-case';

/** One parameter of a made-up tool. */
export interface ToolParameter {
  readonly kind: ParameterKind;
  readonly name: string;
  readonly isRequired: boolean;
}

/** A made-up tool: its definition and what a request for it needs. */
export interface ToolPlan {
  readonly definition: ToolDefinition;
  readonly action: Action;
  readonly thing: Thing;
  /** Name of the parameter that says which thing is meant. */
  readonly reference: string;
  readonly parameters: readonly ToolParameter[];
}

const capitalised = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function toolName({ verb }: Action, { noun }: Thing, style: NameStyle): string {
  if (style === 'camelCase') return verb + capitalised(noun);
  if (style === 'kebab-case') return `${verb}-${noun}`;
  return style === 'noun_verb' ? `${noun}_${verb}` : `${verb}_${noun}`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a');

/** Names for the reference parameter of a thing. */
const referenceNames = (noun: string): readonly string[] => [`${noun}_id`, `${noun}_code`, 'reference', 'id'];

export interface ToolWish {
  readonly action: Action;
  readonly thing: Thing;
  readonly kinds: readonly ParameterKind[];
  /** How many of the kinds, from the end, are optional; only kinds with a fallback can be. */
  readonly optional: number;
  readonly style: NameStyle;
  readonly level: number;
}

/** Makes a tool: its name from verb and noun, its parameters named and ordered by chance. */
export function makeTool(rng: Rng, wish: ToolWish): ToolPlan {
  const { action, thing, kinds, level } = wish;
  const reference = level === 0 ? 'id' : rng.pick(referenceNames(thing.noun));
  const firstOptional = kinds.length - wish.optional;
  const parameters = kinds.map((kind, index): ToolParameter => ({
    kind,
    name: level === 0 ? (kind.names[0] ?? kind.id) : rng.pick(kind.names),
    isRequired: index < firstOptional || kind.fallback === undefined,
  }));
  const about = level === 0 ? 'Id.' : `Code of the ${thing.noun}.`;
  const properties: [string, JsonObject][] = [
    [reference, { type: 'string', description: about }],
    ...parameters.map(({ kind, name, isRequired }): [string, JsonObject] => [
      name,
      {
        ...kind.schema,
        description: kind.description,
        ...(isRequired || kind.fallback === undefined ? {} : { default: kind.fallback }),
      },
    ]),
  ];
  const required = [reference, ...parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name)];
  const order = level === 0 ? properties : rng.shuffle(properties);
  const definition: ToolDefinition = {
    name: toolName(action, thing, wish.style),
    description: `${capitalised(action.verb)} ${article(thing.noun)} ${thing.noun}.`,
    parameters: { type: 'object', properties: Object.fromEntries(order), required },
  };
  return { definition, action, thing, reference, parameters };
}

/** A request for one tool, with the call that answers it. */
export interface ToolRequest {
  readonly plan: ToolPlan;
  readonly expected: ExpectedCall;
  readonly gold: CallToWrite;
  /** What the user wants, as an imperative without a full stop. */
  readonly text: string;
  /** What the request says, parameter by parameter. */
  readonly given: readonly GivenDetail[];
}

/** A code that names one thing: prefix and digits, from level 2 on also digits alone, which a careless reader takes for a number. */
function drawReference(rng: Rng, { prefix }: Thing, level: number): string {
  const digits = String(rng.integer(1000, 9999));
  return level >= 2 && rng.chance(0.4) ? `0${digits}` : `${prefix}-${digits}`;
}

interface Part {
  readonly name: string;
  readonly value: Json | undefined;
  readonly matcher: ValueMatcher;
  readonly clause: string;
  readonly given: GivenDetail | null;
}

function drawPart(rng: Rng, parameter: ToolParameter, options: { level: number; isLeftOut: boolean }): Part {
  const { kind, name, isRequired } = parameter;
  const names = [...new Set([name, ...kind.askNames])];
  const silent: Omit<Part, 'matcher'> = { name, value: undefined, clause: '', given: null };
  if (options.isLeftOut) return { ...silent, matcher: { kind: 'absent' } };
  if (!isRequired && kind.fallback !== undefined) {
    if (rng.chance(0.5)) return { ...silent, matcher: { kind: 'default', value: kind.fallback } };
    const detail = kind.draw(rng, options.level);
    const isFallback = detail.value === kind.fallback;
    const matcher: ValueMatcher = isFallback ? { kind: 'default', value: kind.fallback } : detail.matcher;
    return { name, value: detail.value, matcher, clause: detail.clause, given: { names, text: detail.text } };
  }
  const detail = kind.draw(rng, options.level);
  return {
    name,
    value: detail.value,
    matcher: detail.matcher,
    clause: detail.clause,
    given: { names, text: detail.text },
  };
}

const joined = (clauses: readonly string[]): string =>
  clauses.length < 3 ? clauses.join(' and ') : `${clauses.slice(0, -1).join(', ')} and ${clauses.at(-1)}`;

/** Draws a request for a tool; `leftOut` names a required parameter that the request does not mention. */
export function drawRequest(rng: Rng, plan: ToolPlan, options: { level: number; leftOut?: string }): ToolRequest {
  const { action, thing, reference } = plan;
  const { level, leftOut } = options;
  const code = leftOut === reference ? null : drawReference(rng, thing, level);
  const parts = plan.parameters.map((parameter) =>
    drawPart(rng, parameter, { level, isLeftOut: parameter.name === leftOut }),
  );
  const object = code === null ? `the ${thing.noun}` : `the ${thing.noun} ${code}`;
  const phrase = (level === 0 ? action.phrases[0] : rng.pick(action.phrases.slice(0, level + 1))) ?? '';
  const clauses = parts.map(({ clause }) => clause).filter((clause) => clause !== '');
  const values = parts.flatMap(({ name, value }): [string, Json][] => (value === undefined ? [] : [[name, value]]));
  const own: [string, Json][] = code === null ? [] : [[reference, code]];
  const matchers = parts.map(({ name, matcher }): [string, ValueMatcher] => [name, matcher]);
  return {
    plan,
    expected: {
      name: plan.definition.name,
      arguments: Object.fromEntries([[reference, { kind: 'exact', value: code ?? '' } as const], ...matchers]),
    },
    gold: { name: plan.definition.name, arguments: Object.fromEntries([...own, ...values]) },
    text: [phrase.replace('{}', object), joined(clauses)].filter((part) => part !== '').join(' '),
    given: [
      ...(code === null ? [] : [{ names: [reference, 'id', 'code', 'reference'], text: code }]),
      ...parts.flatMap(({ given }) => given ?? []),
    ],
  };
}
