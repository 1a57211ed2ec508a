import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Json } from '../../core/json.ts';
import type { Sandbox, SandboxEvaluation, SandboxEvaluationResult } from '../../core/ports/sandbox.ts';

const callSchema = z.union([
  z.strictObject({ kind: z.literal('returned'), value: z.custom<Json>(), wallMs: z.number() }),
  z.strictObject({ kind: z.literal('raised'), error: z.string(), detail: z.string(), wallMs: z.number() }),
]);

const resultSchema = z.strictObject({
  verdict: z.strictObject({ kind: z.literal('passed'), error: z.null(), detail: z.null(), wallMs: z.number() }),
  calls: z.array(callSchema).readonly(),
});

/** sha256 (hex) of what an evaluation depends on: the program, its arguments, and the interpreter. */
async function keyOf(sandbox: Sandbox, evaluation: SandboxEvaluation): Promise<string> {
  const { backend, version, pythonVersion } = await sandbox.describe();
  const { candidate, entryPoint, inputs } = evaluation;
  const identity = JSON.stringify([backend, version, pythonVersion, candidate, entryPoint, inputs]);
  return createHash('sha256').update(identity).digest('hex');
}

function read(path: string): SandboxEvaluationResult | null {
  try {
    return resultSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

// A cache that cannot be written costs time, not truth.
function write(path: string, result: SandboxEvaluationResult): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(result));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}

/** A sandbox that makes each complete evaluation once and keeps what came of it below the cache folder, by the hash of all it depends on. */
export function rememberEvaluations(sandbox: Sandbox, cacheDir: string): Sandbox {
  const known = new Map<string, Promise<SandboxEvaluationResult>>();
  const evaluate = async (key: string, evaluation: SandboxEvaluation, signal: AbortSignal | undefined) => {
    const path = join(cacheDir, 'evaluations', `${key}.json`);
    const kept = read(path);
    if (kept !== null) return kept;
    const result = await sandbox.evaluate(evaluation, signal);
    if (result.verdict.kind === 'passed') write(path, result);
    else known.delete(key);
    return result;
  };
  return {
    describe: () => sandbox.describe(),
    run: (program, signal) => sandbox.run(program, signal),
    evaluate: async (evaluation, signal) => {
      const key = await keyOf(sandbox, evaluation);
      const going = known.get(key);
      if (going !== undefined) return going;
      const result = evaluate(key, evaluation, signal);
      known.set(key, result);
      result.catch(() => known.delete(key));
      return result;
    },
    setTimeFactor: (factor) => sandbox.setTimeFactor(factor),
    close: () => sandbox.close(),
  };
}
