// Prints one line a seeded task: its id, split, samples and the SHA-256 of samples and prompts as the built program makes them. Runs on any
// Node, so that two of them can be compared: `node tools/sample-digests.mjs [SIZE]`, after a build.
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';

const size = Number(process.argv[2] ?? 1000);
const folder = new URL('../dist/tasks/', import.meta.url);
const seeded = /^(?:agent-.*|function-calling-quick|synthetic-.*|needle-grid|ruler)\.js$/;

for (const file of readdirSync(folder).toSorted()) {
  if (!seeded.test(file)) continue;
  const { default: found } = await import(new URL(file, folder).href);
  for (const task of [found].flat()) {
    // Long prompts take long: a few short ones of each kind show their bytes as well.
    const isLong = task.kind === 'long_context';
    const extra = { ...task.defaults.extra, ...(isLong ? { lengths: [512, 4096] } : {}) };
    for (const [split, seed] of [
      ['pinned', 0],
      ['fresh', 20_261_127],
    ]) {
      const settings = {
        fewShot: task.defaults.fewShot,
        choiceMode: task.choiceModes[0] ?? null,
        maxTokens: task.defaults.maxTokens,
        toolFormat: 'native',
        seed,
        split,
        size: isLong ? Math.min(size, 16) : size,
        extra,
      };
      const digest = createHash('sha256');
      let count = 0;
      for (const sample of await task.loadSamples({ data: null, settings, tokenizer: null })) {
        digest.update(JSON.stringify([sample, task.render(sample, settings)]));
        count++;
      }
      console.log(`${task.id} ${split} ${count} ${digest.digest('hex').slice(0, 16)}`);
    }
  }
}
