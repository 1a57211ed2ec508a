import type { ToolDefinition } from '../../../core/message.ts';
import type { FunctionCallingInput, FunctionCallingTarget } from '../../../scorers/function-calling.ts';
import { mentionsAny } from '../../../scorers/support/tool-calling/judge-reply.ts';
import type { Rng } from '../../../stats/rng.ts';
import { drawRequest, makeTool, type NameStyle, type ToolPlan, type ToolRequest } from './make-tool.ts';
import { parameterKinds, type ParameterKind } from './parameter-kinds.ts';
import { domains, partJoiners, requestFrames, type Action, type Domain, type Thing } from './word-pools.ts';

/** What a tool-calling decision can be about. */
export type FunctionCallingFamily =
  | 'simple'
  | 'one_of_n'
  | 'parallel_same'
  | 'parallel_mixed'
  | 'typed'
  | 'no_tool'
  | 'ask';

/** One sample before it has a name. */
export interface FunctionCallingProblem {
  readonly input: FunctionCallingInput;
  readonly target: FunctionCallingTarget;
}

/** What decides a sample of a family. */
export interface ProblemPlace {
  readonly family: FunctionCallingFamily;
  /** 0 to 3. */
  readonly level: number;
  readonly rng: Rng;
}

const instructions =
  'Use the tools to do what the user asks. If no tool fits, say so. If a detail is missing, ask for it.';

const byLevel = <T>(level: number, values: readonly [T, T, T, T]): T => values[level] ?? values[3];

interface Scene {
  readonly rng: Rng;
  readonly level: number;
  readonly style: NameStyle;
  readonly domain: Domain;
}

function openScene(rng: Rng, level: number): Scene {
  const styles: readonly NameStyle[] = ['verb_noun', 'noun_verb', 'camelCase', 'kebab-case'];
  return { rng, level, style: level < 2 ? 'verb_noun' : rng.pick(styles), domain: rng.pick(domains) };
}

/** Kinds of parameters for one tool: few and plain at level 0, more and optional ones above. */
function drawKinds({ rng, level }: Scene, isTyped: boolean): { kinds: ParameterKind[]; optional: number } {
  const count = byLevel(level, [1, rng.integer(1, 2), rng.integer(2, 3), rng.integer(3, 4)]);
  const pool = isTyped
    ? [...parameterKinds.typed, ...(level >= 2 ? parameterKinds.nested : [])]
    : [...parameterKinds.plain, ...(level >= 2 ? parameterKinds.typed : [])];
  const unique = [...new Map(pool.map((kind) => [kind.id, kind])).values()];
  const kinds = rng.sample(unique, count);
  const canBeOptional = level > 0 && rng.chance(0.5);
  // Optional ones stand last, so that `optional` can count from the end.
  const ordered = kinds.toSorted((a, b) => Number(a.fallback !== undefined) - Number(b.fallback !== undefined));
  return { kinds: ordered, optional: canBeOptional && ordered.at(-1)?.fallback !== undefined ? 1 : 0 };
}

/** What a tool does to what. */
interface Purpose {
  readonly action: Action;
  readonly thing: Thing;
}

const build = (scene: Scene, { action, thing }: Purpose, isTyped = false): ToolPlan =>
  makeTool(scene.rng, { action, thing, ...drawKinds(scene, isTyped), style: scene.style, level: scene.level });

const drawPurpose = ({ rng, domain }: Scene): Purpose => ({
  action: rng.pick(domain.actions),
  thing: rng.pick(domain.things),
});

const keyOf = ({ action, thing }: Purpose): string => `${action.verb} ${thing.noun}`;

/** Tools that are near the wanted ones but do something else: the same noun with other verbs, the same verb with other nouns, then any. */
function distractors(scene: Scene, wanted: readonly Purpose[], count: number): ToolPlan[] {
  const { rng, domain } = scene;
  const taken = new Set(wanted.map(keyOf));
  const near = wanted.flatMap(({ action, thing }) => [
    ...domain.actions.map((other) => ({ action: other, thing })),
    ...domain.things.map((other) => ({ action, thing: other })),
  ]);
  const far = domain.actions.flatMap((action) => domain.things.map((thing) => ({ action, thing })));
  const plans: ToolPlan[] = [];
  for (const purpose of [...rng.shuffle(near), ...rng.shuffle(far)]) {
    if (plans.length >= count) break;
    if (taken.has(keyOf(purpose))) continue;
    taken.add(keyOf(purpose));
    // Short ones: many tools are the difficulty, not long ones.
    plans.push(build({ ...scene, level: Math.min(scene.level, 1) }, purpose));
  }
  return plans;
}

const inFrame = (scene: Scene, text: string): string => {
  const sentence = (
    scene.level === 0 ? scene.rng.pick(requestFrames.slice(0, 4)) : scene.rng.pick(requestFrames)
  ).replace('{}', () => text);
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
};

function problem(
  scene: Scene,
  plans: readonly ToolPlan[],
  rest: { readonly text: string; readonly target: FunctionCallingTarget },
): FunctionCallingProblem {
  const tools: readonly ToolDefinition[] = scene.rng.shuffle(plans).map(({ definition }) => definition);
  const messages = [
    { role: 'system', content: instructions },
    { role: 'user', content: inFrame(scene, rest.text) },
  ] as const;
  return { input: { messages, tools, level: scene.level }, target: rest.target };
}

const callTarget = (requests: readonly ToolRequest[]): FunctionCallingTarget => ({
  expected: { kind: 'calls', calls: requests.map(({ expected }) => expected) },
  gold: { calls: requests.map(({ gold }) => gold), reply: '' },
});

function oneCall(scene: Scene, toolCount: number, isTyped: boolean): FunctionCallingProblem {
  const { rng, level } = scene;
  const purpose = drawPurpose(scene);
  const plan = build(scene, purpose, isTyped);
  const request = drawRequest(rng, plan, { level });
  const others = distractors(scene, [purpose], toolCount - 1);
  return problem(scene, [plan, ...others], { text: request.text, target: callTarget([request]) });
}

function parallelSame(scene: Scene): FunctionCallingProblem {
  const { rng, level } = scene;
  const purpose = drawPurpose(scene);
  const plan = build(scene, purpose);
  const count = byLevel(level, [2, 2, 3, rng.integer(3, 4)]);
  const requests = distinctRequests(rng, plan, { level, count });
  const others = distractors(scene, [purpose], byLevel(level, [0, 1, 3, 6]));
  const text = requests.map((request) => request.text).join(rng.pick(partJoiners));
  return problem(scene, [plan, ...others], { text, target: callTarget(requests) });
}

/** Requests for one tool about different things. */
function distinctRequests(rng: Rng, plan: ToolPlan, options: { level: number; count: number }): ToolRequest[] {
  const requests = new Map<unknown, ToolRequest>();
  while (requests.size < options.count) {
    const request = drawRequest(rng, plan, { level: options.level });
    requests.set(request.gold.arguments[plan.reference], request);
  }
  return [...requests.values()];
}

function parallelMixed(scene: Scene): FunctionCallingProblem {
  const { rng, domain, level } = scene;
  const count = byLevel(level, [2, 2, 3, 3]);
  const actions = rng.sample(domain.actions, count);
  const wanted = actions.map((action) => ({ action, thing: rng.pick(domain.things) }));
  const plans = wanted.map((purpose) => build(scene, purpose));
  const requests = plans.map((plan) => drawRequest(rng, plan, { level }));
  const others = distractors(scene, wanted, byLevel(level, [0, 1, 3, 6]));
  const text = requests.map((request) => request.text).join(rng.pick(partJoiners));
  return problem(scene, [...plans, ...others], { text, target: callTarget(requests) });
}

function noTool(scene: Scene): FunctionCallingProblem {
  const { rng, level } = scene;
  const purpose = drawPurpose(scene);
  const request = drawRequest(rng, build(scene, purpose), { level });
  const plans = distractors(
    scene,
    [purpose],
    byLevel(level, [rng.integer(1, 2), rng.integer(2, 4), rng.integer(4, 8), rng.integer(8, 16)]),
  );
  const reply = 'None of the available tools can do that.';
  return problem(scene, plans, {
    text: request.text,
    target: { expected: { kind: 'none' }, gold: { calls: [], reply } },
  });
}

/** Words by which a question for a parameter can be recognised. */
function askNamesOf(plan: ToolPlan, name: string): readonly string[] {
  const parameter = plan.parameters.find((candidate) => candidate.name === name);
  if (parameter !== undefined) return [...new Set([...parameter.kind.askNames, parameter.name])];
  return ['id', 'code', 'reference', 'identifier', 'number', `which ${plan.thing.noun}`, plan.reference];
}

function ask(scene: Scene): FunctionCallingProblem {
  const { rng, level } = scene;
  for (;;) {
    const purpose = drawPurpose(scene);
    const plan = build(scene, purpose);
    const candidates = [
      plan.reference,
      ...plan.parameters.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    ];
    const parameter = rng.pick(candidates);
    const names = askNamesOf(plan, parameter);
    const request = drawRequest(rng, plan, { level, leftOut: parameter });
    const others = distractors(scene, [purpose], byLevel(level, [0, 1, 3, 7]));
    const reply = `Which ${names[0]} should I use?`;
    const expected = { kind: 'ask', parameter, names, given: request.given } as const;
    const made = problem(scene, [plan, ...others], {
      text: request.text,
      target: { expected, gold: { calls: [], reply } },
    });
    // A request that uses a word of the question would let an echo pass.
    if (!made.input.messages.some(({ role, content }) => role === 'user' && mentionsAny(content, names))) return made;
  }
}

/** Makes one problem of a family; a pure function of the place. */
export function makeProblem({ family, level, rng }: ProblemPlace): FunctionCallingProblem {
  const scene = openScene(rng, level);
  switch (family) {
    case 'simple':
      return oneCall(scene, 1, false);
    case 'one_of_n':
      return oneCall(scene, byLevel(level, [2, rng.integer(4, 6), rng.integer(8, 14), rng.integer(16, 24)]), false);
    case 'typed':
      return oneCall(scene, 1, true);
    case 'parallel_same':
      return parallelSame(scene);
    case 'parallel_mixed':
      return parallelMixed(scene);
    case 'no_tool':
      return noTool(scene);
    case 'ask':
      return ask(scene);
  }
}
