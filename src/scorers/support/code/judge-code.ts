import type { Json } from '../../../core/json.ts';
import type { Sandbox, SandboxProgram, SandboxVerdict } from '../../../core/ports/sandbox.ts';
import type { Sample } from '../../../core/sample.ts';
import { headOffset, type CodeReading } from '../../../text/code-answer.ts';
import { readPythonLiteral } from '../../../text/python-literal.ts';
import type { CodeCases, CodeInput, CodeTarget } from './code-sample.ts';

/** A solution has at least this long for all its results, before calibration. */
const solutionLimitMs = 60_000;

/** Imports and helpers that the stub shows before the function to write: a model need not repeat them. */
export const preambleOf = ({ stub, entryPoint }: CodeInput): string =>
  stub === null ? '' : stub.slice(0, headOffset(stub, entryPoint));

const future = /^from __future__ import [^\n]*\n?/gm;

/** A program without blank lines around it, so that answers which differ in these alone are one program. */
function bare(program: string): string {
  const first = Math.max(0, program.search(/\S/));
  return `${program.slice(program.lastIndexOf('\n', first) + 1).trimEnd()}\n`;
}

/** The program an answer stands for: a body behind the stub, or code of its own behind the stub's imports and helpers where it does not begin with them. */
export function candidateOf(input: CodeInput, shape: CodeReading['shape'], code: string): string {
  const stub = input.stub ?? '';
  if (shape === 'body') return bare(`${stub}${/[^\n]$/.test(stub) ? '\n' : ''}${code}`);
  const preamble = preambleOf(input);
  const own = bare(code);
  if (own.startsWith(preamble.trimStart())) return own;
  // These imports must come before all other statements.
  const futures = own.match(future)?.join('') ?? '';
  return bare(`${futures}${preamble}${futures === '' ? own : own.replaceAll(future, '')}`);
}

const literals = new WeakMap<CodeCases, Readonly<Record<string, Json>>>();

function literalValues(cases: Extract<CodeCases, { readonly kind: 'literal' }>): Readonly<Record<string, Json>> {
  const known = literals.get(cases);
  if (known !== undefined) return known;
  const inputs = readPythonLiteral(cases.inputs);
  const values = cases.expected === null ? { inputs } : { inputs, expected: readPythonLiteral(cases.expected) };
  literals.set(cases, values);
  return values;
}

/** What the tests compare with; results that are not in the data are those of the solution, which the sandbox remembers. */
async function valuesOf(
  sample: Sample<CodeInput, CodeTarget>,
  sandbox: Sandbox,
): Promise<Readonly<Record<string, Json>>> {
  const { cases, solution, timeLimitMs } = sample.target;
  if (cases === null) return {};
  if (cases.kind === 'literal') return literalValues(cases);
  const { verdict, calls } = await sandbox.evaluate({
    id: `${sample.id} solution`,
    candidate: solution,
    entryPoint: sample.input.entryPoint,
    inputs: cases.inputs,
    timeLimitMs: Math.max(solutionLimitMs, 2 * timeLimitMs),
  });
  const expected = calls.map((call) => {
    if (call.kind !== 'returned') throw new Error(`the solution of ${sample.id} raises ${call.error}: ${call.detail}`);
    return cases.results === 'value' || typeof call.value === 'boolean' ? call.value : call.value !== null;
  });
  if (verdict.kind !== 'passed') throw new Error(`the solution of ${sample.id} ended with ${verdict.kind}`);
  return { inputs: cases.inputs, expected };
}

/** A candidate with the tests of a sample. Throws when the sample's own solution does not give the results to compare with. */
export async function testProgram(
  sample: Sample<CodeInput, CodeTarget>,
  candidate: string,
  sandbox: Sandbox,
): Promise<SandboxProgram> {
  const { setup, tests, timeLimitMs } = sample.target;
  const { entryPoint } = sample.input;
  return {
    id: sample.id,
    candidate,
    setup,
    tests,
    entryPoint,
    values: await valuesOf(sample, sandbox),
    timeLimitMs,
  };
}

/** Verdicts that may lie with code which only tries the answer out. */
const notOfTheTests = new Set<SandboxVerdict['kind']>(['runtime', 'syntax', 'timeout', 'memory', 'denied']);

/** A verdict, and whether it is that of the program without what only tries it out. */
export interface CodeVerdict {
  readonly verdict: SandboxVerdict;
  readonly isCore: boolean;
}

/**
 * Runs an answer's code against the tests of its sample. Where it does not get as far as a failing test, its core is run as well: an
 * example call that breaks, or reads an input, says nothing of the function.
 */
export async function judgeCode(
  sample: Sample<CodeInput, CodeTarget>,
  reading: CodeReading,
  sandbox: Sandbox,
): Promise<CodeVerdict> {
  const run = async (code: string): Promise<SandboxVerdict> =>
    sandbox.run(await testProgram(sample, candidateOf(sample.input, reading.shape, code), sandbox));
  const verdict = await run(reading.extraction.value ?? '');
  if (reading.core === null || !notOfTheTests.has(verdict.kind)) return { verdict, isCore: false };
  const core = await run(reading.core);
  return core.kind === 'passed' ? { verdict: core, isCore: true } : { verdict, isCore: false };
}
