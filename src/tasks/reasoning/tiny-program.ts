import type { Rng } from '../../stats/rng.ts';
import { atLevel, integerAt, numberSteps, type ReasoningFamily } from './reasoning-family.ts';

/** Variables are numbers until they are named. */
type Value = { readonly variable: number } | { readonly constant: number };

type Statement =
  | { readonly kind: 'set'; readonly target: number; readonly value: Value }
  | { readonly kind: 'change'; readonly target: number; readonly sign: '+' | '-' | '*'; readonly value: Value }
  | { readonly kind: 'repeat'; readonly times: number; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly left: number; readonly limit: number; readonly body: readonly Statement[] };

interface Trace {
  readonly values: number[];
  readonly steps: string[];
}

const names = ['x', 'y', 'z', 'a', 'b', 'c', 'n', 'm', 'k', 't'];
const largest = 5_000;

/** Programs of a tiny language (assignments, repetition, conditions) whose printed number is asked. */
export const tinyProgram: ReasoningFamily = {
  id: 'tiny_program',
  build(rng, level) {
    const variables = atLevel([1, 2, 2, 3], level);
    const start = Array.from({ length: variables }, (_, target): Statement => ({
      kind: 'set',
      target,
      value: { constant: rng.integer(2, 9) },
    }));
    const body = Array.from(
      {
        length: integerAt(rng, level, { low: [1, 3, 3, 4], high: [2, 3, 4, 6] }),
      },
      () => draw(rng, { variables, level, depth: 0 }),
    );
    const printed = rng.integer(0, variables - 1);
    const trace = run([...start, ...body], variables);
    const answer = trace?.values[printed];
    if (!trace || answer === undefined || trace.steps.length === 0) return null;
    const less = run([...start, ...body.map(oneLess)], variables)?.values[printed];
    const missing = run([...start, ...body.slice(0, -1)], variables)?.values[printed];
    if (constantsOf([...start, ...body]).includes(answer) || missing === answer) return null;
    return (variant) => {
      const own = rng.fork(variant);
      const called = own.sample(level === 0 ? names.slice(0, 3) : names, variables + 1);
      const name = (variable: number): string => called[variable] ?? '';
      const first = variant === 'renamed' ? own.shuffle(start) : start;
      const idle = own.integer(10, 30);
      const spare = variant === 'distractor' ? [`${name(variables)} = ${idle === answer ? idle + 1 : idle}`] : [];
      const lines = [...first, ...body].flatMap((statement) => write(statement, { name, indent: '' }));
      const at = own.integer(0, first.length);
      const program = [...lines.slice(0, at), ...spare, ...lines.slice(at), `print ${name(printed)}`].join('\n');
      return {
        question: `${explain(level)}\n\n${program}\n\nWhat number does this program print?`,
        form: 'integer',
        answer: String(answer),
        steps: numberSteps(trace.steps),
        nearMisses: [
          ...(less === undefined || less === answer ? [] : [{ kind: 'off_by_one', value: String(less) } as const]),
          ...(missing === undefined ? [] : [{ kind: 'intermediate_value', value: String(missing) } as const]),
        ],
      };
    };
  },
};

const explain = (level: number): string =>
  level === 0
    ? 'Read this program.'
    : 'In this language `repeat N:` runs its indented lines N times, and `if A > B:` runs its indented lines once when A is greater than B. Lines run from top to bottom.';

function draw(rng: Rng, at: { readonly variables: number; readonly level: number; readonly depth: number }): Statement {
  const { variables, level, depth } = at;
  const target = rng.integer(0, variables - 1);
  if (level > 0 && depth < (level > 2 ? 2 : 1) && rng.chance(0.4)) {
    const body = Array.from({ length: rng.integer(1, 2) }, () => draw(rng, { ...at, depth: depth + 1 }));
    if (rng.chance(level === 1 ? 0.3 : 0.6)) return { kind: 'repeat', times: rng.integer(2, level > 2 ? 4 : 3), body };
    return { kind: 'if', left: target, limit: rng.integer(3, 12), body };
  }
  const sign = rng.pick(['+', '+', '-', '*'] as const);
  const other = (target + 1) % variables;
  const value =
    level > 0 && variables > 1 && rng.chance(0.4)
      ? { variable: other }
      : { constant: rng.integer(2, sign === '*' ? 4 : 9) };
  return { kind: 'change', target, sign, value };
}

/** Runs a program; null when it computes beyond ±5,000 or for too long. */
function run(program: readonly Statement[], variables: number): Trace | null {
  const trace: Trace = { values: Array.from({ length: variables }, () => 0), steps: [] };
  return execute(program, trace) ? trace : null;
}

function execute(program: readonly Statement[], trace: Trace): boolean {
  for (const statement of program) {
    if (trace.steps.length > 40) return false;
    if (statement.kind === 'repeat') {
      for (let time = 0; time < statement.times; time++) if (!execute(statement.body, trace)) return false;
    } else if (statement.kind === 'if') {
      if ((trace.values[statement.left] ?? 0) > statement.limit && !execute(statement.body, trace)) return false;
    } else if (!assign(statement, trace)) return false;
  }
  return true;
}

function assign(statement: Extract<Statement, { target: number }>, { values, steps }: Trace): boolean {
  const value = 'constant' in statement.value ? statement.value.constant : (values[statement.value.variable] ?? 0);
  if (statement.kind === 'set') {
    values[statement.target] = value;
    return true;
  }
  const before = values[statement.target] ?? 0;
  const after = statement.sign === '+' ? before + value : statement.sign === '-' ? before - value : before * value;
  values[statement.target] = after;
  steps.push(`${before} ${statement.sign} ${value < 0 ? `(${value})` : value} = ${after}`);
  return Math.abs(after) <= largest;
}

/** The same program with every repetition one round short: the usual slip. */
function oneLess(statement: Statement): Statement {
  if (statement.kind === 'repeat') return { ...statement, times: statement.times - 1, body: statement.body };
  return statement.kind === 'if' ? { ...statement, body: statement.body.map(oneLess) } : statement;
}

function constantsOf(program: readonly Statement[]): number[] {
  return program.flatMap((statement) => {
    if (statement.kind === 'repeat') return [statement.times, ...constantsOf(statement.body)];
    if (statement.kind === 'if') return [statement.limit, ...constantsOf(statement.body)];
    return 'constant' in statement.value ? [statement.value.constant] : [];
  });
}

function write(
  statement: Statement,
  how: { readonly name: (variable: number) => string; readonly indent: string },
): string[] {
  const { name, indent } = how;
  if (statement.kind === 'repeat' || statement.kind === 'if') {
    const head =
      statement.kind === 'repeat' ? `repeat ${statement.times}:` : `if ${name(statement.left)} > ${statement.limit}:`;
    return [indent + head, ...statement.body.flatMap((inner) => write(inner, { name, indent: `${indent}  ` }))];
  }
  const value = 'constant' in statement.value ? String(statement.value.constant) : name(statement.value.variable);
  const target = name(statement.target);
  return [
    indent + (statement.kind === 'set' ? `${target} = ${value}` : `${target} = ${target} ${statement.sign} ${value}`),
  ];
}
