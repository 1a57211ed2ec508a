// Writes data/built-in-model.json and the tables of docs/built-in-model.md from what training and evaluation left:
// node tools/built-in-model/write-card.mjs TRAINING_FOLDER SCORES.json QUICK.json CORPUS.jsonl.json...
// SCORES.json and QUICK.json are what `qwen-eval run --json` printed for the model in both modes: at full size, and at the size of the
// regression test (test/e2e/built-in-model.test.ts). Needs a build.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';

const [folder, scoresFile, quickFile, ...corpora] = process.argv.slice(2);
const root = new URL('../../', import.meta.url);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const { formatShare } = await import(new URL('dist/text/format-estimate.js', root));

const bytes = readFileSync(new URL('data/built-in-model.gguf', root));
const { parameters, shape, runs, ...trained } = json(`${folder}/summary.json`);

/** Headline scores by mode and task. */
const scoresOf = ({ runs }) =>
  Object.fromEntries(
    runs.map(({ mode, tasks }) => [
      mode,
      Object.fromEntries(
        tasks.map(({ task, headline, metrics }) => {
          const { value, low, high, level, n } = metrics[headline];
          return [task, { value, low, high, level, n }];
        }),
      ),
    ]),
  );

const full = json(scoresFile);
const direct = new Map(full.runs.find(({ mode }) => mode === 'non-thinking').tasks.map((task) => [task.task, task]));
const scores = scoresOf(full);
const card = {
  file: 'built-in-model.gguf',
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sizeBytes: bytes.length,
  architecture: 'qwen3',
  weights: 'trained on generated text only; no official release',
  licence: 'Apache-2.0',
  parameters,
  shape,
  training: {
    commands: runs.map(({ corpus, tokens, decay, letter_weight: weight, free_letters: isFree }) => {
      const schedule = `--tokens ${tokens} --decay ${decay} --letter-weight ${weight}`;
      return `python train.py ${corpus} FOLDER ${schedule}${isFree ? ' --free-letters' : ''}`;
    }),
    ...trained,
    corpora: corpora.map(json),
  },
  scores,
  quickScores: scoresOf(json(quickFile)),
};
writeFileSync(new URL('data/built-in-model.json', root), `${JSON.stringify(card, null, 2)}\n`);
copyFileSync(`${folder}/loss.csv`, new URL('loss.csv', import.meta.url));

const page = new URL('docs/built-in-model.md', root);
const tableOf = (head, rows) => {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
};
const tables = {
  scores: tableOf(
    ['task', 'non-thinking', 'thinking', 'samples'],
    Object.entries(scores.thinking).map(([task, score]) => [
      `\`${task}\``,
      formatShare(scores['non-thinking'][task]),
      formatShare(score),
      score.n,
    ]),
  ),
  parts: tableOf(
    ['part', 'non-thinking', 'thinking', 'samples'],
    full.runs
      .find(({ mode }) => mode === 'thinking')
      .tasks.flatMap(({ task, categories }) =>
        Object.entries(categories).map(([part, score]) => [
          `\`${task}\` ${part}`,
          formatShare(direct.get(task).categories[part]),
          formatShare(score),
          score.n,
        ]),
      ),
  ),
};
const text = Object.entries(tables).reduce(
  (written, [name, table]) =>
    written.replace(
      new RegExp(`(<!-- ${name} -->\n)[^]*(<!-- end of ${name} -->)`),
      (_, start, end) => `${start}${table}\n${end}`,
    ),
  readFileSync(page, 'utf8'),
);
writeFileSync(page, text);
