// node-llama-cpp's own loop, for comparison: raw-binding.mjs JOB, where JOB is JSON. Prints {tokensPerSecond, processorMs} or {questionMs}.
// Started with UV_THREADPOOL_SIZE=1, without which its sequences garble each other.
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const job = JSON.parse(process.argv[2]);
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: job.modelPath });
const context = await model.createContext({
  sequences: job.sequences,
  contextSize: job.contextLength,
  batchSize: 512,
  threads: job.threads,
  flashAttention: job.flashAttention,
});

async function generate(prompt, sequence) {
  const atMs = [];
  for await (const _ of sequence.evaluate(model.tokenize(prompt, true), { temperature: 0, yieldEogToken: true })) {
    atMs.push(performance.now());
    if (atMs.length === job.tokens) break;
  }
  return atMs;
}

async function throughput() {
  const sequences = job.prompts.map(() => context.getSequence());
  await generate(job.prompts[0], sequences[0]);
  await sequences[0].clearHistory();
  const before = process.cpuUsage();
  const times = await Promise.all(job.prompts.map((prompt, index) => generate(prompt, sequences[index])));
  const all = times.flat();
  const first = Math.min(...times.map(([atMs]) => atMs));
  const { user, system } = process.cpuUsage(before);
  return {
    tokensPerSecond: (1000 * (all.length - times.length)) / (Math.max(...all) - first),
    processorMs: (user + system) / 1000 / all.length,
  };
}

/** Every continuation with its whole context, all probabilities of every position: what the documentation shows. */
async function naiveChoice() {
  const sequence = context.getSequence();
  const started = performance.now();
  for (const { context: given, continuations } of job.questions)
    for (const continuation of continuations) {
      const shared = model.tokenize(given, true).length;
      const tokens = model.tokenize(given + continuation, true);
      const generateNext = { probabilities: true, options: { temperature: 0 } };
      await sequence.controlledEvaluate(
        tokens.map((token, index) =>
          index >= shared - 1 && index < tokens.length - 1 ? [token, { generateNext }] : token,
        ),
      );
      await sequence.clearHistory();
    }
  return { questionMs: (performance.now() - started) / job.questions.length };
}

console.log(JSON.stringify(await (job.questions ? naiveChoice() : throughput())));
await llama.dispose();
