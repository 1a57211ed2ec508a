// How fast recorded answers are scored again: a million answers to GSM8K from a JSON Lines file through `score`, and whether memory stays flat.
import { spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const problems = 1319;
const largeCount = 1_000_000;
const smallCount = 200_000;

/** The benchmark's own file where it is at hand, else one of its form with made-up problems. */
function findData(folder) {
  const candidates = [process.env.QE_BENCH_DATA, here('../../shared/data')];
  const found = candidates.find((path) => path && existsSync(join(path, 'gsm8k', 'test.jsonl')));
  if (found) return { arguments: ['--data-dir', found], file: join(found, 'gsm8k', 'test.jsonl'), source: 'GSM8K' };
  const data = join(folder, 'data');
  mkdirSync(data);
  const rows = Array.from({ length: problems }, (_, index) => {
    const [crates, bottles] = [3 + (index % 40), 4 + (index % 17)];
    const solution = `There are ${crates} crates with ${bottles} bottles each, so ${crates}*${bottles}=${crates * bottles} bottles.`;
    return JSON.stringify({
      question: `How many bottles are in ${crates} crates of ${bottles}? (${index})`,
      answer: `${solution}\n#### ${crates * bottles}`,
    });
  });
  writeFileSync(join(data, 'gsm8k-test.jsonl'), `${rows.join('\n')}\n`);
  const file = join(data, 'gsm8k-test.jsonl');
  return { arguments: ['--data-dir', data, '--allow-unverified-data'], file, source: 'made up in the form of GSM8K' };
}

/** Endings of an answer as models write them; every fourth one is wrong. */
const endings = [
  (gold) => `Therefore, the answer is \\boxed{${gold}}.`,
  (gold) => `The final answer is **${gold}**.`,
  (gold) => `$$\n\\boxed{${gold}}\n$$`,
  (gold) => `So it comes to ${gold}1 in the end.`,
];

/** Texts of answers by problem: the worked solution in a few dozen words, thinking before every third. */
function answersOf(file) {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line, index) => {
      const [solution, gold] = JSON.parse(line).answer.split('####');
      const steps = solution.replaceAll(/<<[^<>]*>>/g, '').trim();
      const thinking = index % 3 === 0 ? `<think>\n${steps}\n</think>\n\n` : '';
      return `${thinking}Let me work it out step by step.\n\n${steps}\n\n${endings[index % endings.length](gold.trim())}`;
    });
}

async function writeResponses(path, texts, count) {
  const stream = createWriteStream(path);
  for (let start = 0; start < count; start += 5000) {
    const rows = [];
    for (let index = start; index < Math.min(count, start + 5000); index++) {
      const problem = index % texts.length;
      rows.push(`${JSON.stringify({ sampleId: `test/${problem}`, response: texts[problem], finishReason: 'stop' })}\n`);
    }
    if (!stream.write(rows.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

/** One scoring by the built program from process start to process end. */
async function scoring(responses, { data, folder, count }) {
  const usageFile = join(folder, 'usage.json');
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', here('support/report-usage.mjs'), here('../dist/cli/main.js'), 'score', '--task', 'gsm8k'].concat(
      ['--responses', responses, '--summary', '--json'],
      data.arguments,
    ),
    { stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env.PATH, HOME: folder, QE_BENCH_USAGE: usageFile } },
  );
  let text = '';
  child.stdout.on('data', (part) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`score ended with ${code}`);
  const { counts, metrics } = JSON.parse(text);
  if (counts.scored !== count) throw new Error(`${counts.scored} of ${count} answers were scored`);
  return {
    seconds: (performance.now() - startMs) / 1000,
    accuracy: metrics.accuracy.value,
    ...JSON.parse(readFileSync(usageFile, 'utf8')),
  };
}

export default async function rescore({ print }) {
  const folder = mkdtempSync(join(tmpdir(), 'rescore-'));
  try {
    const data = findData(folder);
    const texts = answersOf(data.file);
    const responses = join(folder, 'responses.jsonl');
    const measured = {};
    for (const count of [smallCount, largeCount]) {
      await writeResponses(responses, texts, count);
      print(`${count} answers, ${(statSync(responses).size / 2 ** 20).toFixed(0)} MiB`);
      measured[count] = await scoring(responses, { data, folder, count });
    }
    const [small, large] = [measured[smallCount], measured[largeCount]];
    return {
      figures: {
        answersPerSecond: largeCount / large.seconds,
        answersPerCpuSecond: (1000 * largeCount) / large.cpuMs,
        seconds: large.seconds,
        peakRssMiB: large.rssBytes / 2 ** 20,
        peakRssMiBAt200000: small.rssBytes / 2 ** 20,
        bytesPerAnswer: statSync(responses).size / largeCount,
        accuracy: large.accuracy,
      },
      environment: { data: data.source },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
