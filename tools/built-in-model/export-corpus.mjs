// Writes the training corpus of the built-in model as JSON Lines {family, prompt, thinking, direct}, the two answers to a prompt being those
// with and without thinking, and beside it OUT.jsonl.json with seeds, counts and the sha256:
// node tools/built-in-model/export-corpus.mjs OUT.jsonl STAGE
// Every text comes from the project's own seeded generators, on a split that no evaluation draws from; a question that an evaluation on the
// seeds below also happens to ask is left out. Needs a build.
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';

const dist = (path) => import(new URL(`../../dist/${path}`, import.meta.url));
const { loadTask } = await dist('runner/load-plugin.js');
const { renderChatTemplate } = await dist('prompt/chat-template.js');
const { renderToolPrompt } = await dist('prompt/tool-format.js');
const { seededRng } = await dist('stats/rng.js');
const { makeWordProblem } = await dist('tasks/synthetic/word-problem.js');
const { problemTemplates } = await dist('tasks/synthetic/problem-templates.js');
const { makeChoiceQuestion } = await dist('tasks/synthetic/choice-question.js');
const { choiceTemplates } = await dist('tasks/synthetic/choice-templates.js');
const { makeTinyFunction, tinyFunctionLevels } = await dist('tasks/synthetic/tiny-function.js');
const { renderWordProblem } = await dist('tasks/support/boxed-math.js');
const { renderChoice } = await dist('tasks/support/render-choice.js');

/**
 * The two stages of training: seed, samples of each family, and how a choice is thought about. What is learnt soon in the first stage has
 * a smaller part in the second.
 */
const stages = {
  1: {
    seed: 1,
    sizes: { arithmetic: 32_000, choice: 32_000, code: 5000, tools: 4500, json: 7000, recall: 9000 },
    choiceThought: (options, gold) => `${gold.text} is ${gold.label}`,
  },
  2: {
    seed: 2,
    sizes: { arithmetic: 9000, choice: 13_000, code: 2000, tools: 2400, json: 4000, recall: 900 },
    choiceThought: (options, gold) =>
      options.map((option) => `${option.label}. ${option.text} ${option === gold ? 'yes' : 'no'}`).join('\n'),
  },
};

const [, , out, stage] = process.argv;
const { seed: trainingSeed, sizes, choiceThought } = stages[stage];
const trainingSplit = 'training';
const evaluationSplits = ['pinned', 'fresh'];
if (evaluationSplits.includes(trainingSplit)) throw new Error('the training split is an evaluation split');
const evaluationSeeds = Array.from({ length: 10 }, (_, seed) => seed);

const template = {
  source: readFileSync(new URL('chat-template.jinja', import.meta.url), 'utf8').replace(/\n$/, ''),
  bosToken: null,
  eosToken: '<|im_end|>',
};

const settingsFor = (task, more) => ({
  fewShot: 0,
  choiceMode: task.choiceModes.length > 0 ? 'generative' : null,
  maxTokens: 64,
  toolFormat: task.needs.includes('tools') ? 'hermes' : null,
  seed: 1,
  split: trainingSplit,
  size: 1,
  extra: {},
  ...more,
});

// Length in tokens is asked of the engine in a run; a fixed ratio is near enough for text that only has to have about the right length.
const charactersPerToken = 4;
const count = (text) => Promise.resolve(Math.ceil(text.length / charactersPerToken));
const tokenizer = {
  source: 'ratio',
  count,
  encode: async (text) => Array.from({ length: await count(text) }, () => 0),
};

/** Samples of a task on a split: its prompt's messages, and its gold answer as the scorer writes it first. */
async function* taskSamples(id, { extra, split, seed, size }) {
  const task = await loadTask(id);
  const settings = settingsFor(task, { extra: { ...task.defaults.extra, ...extra }, split, seed, size });
  for (const sample of await task.loadSamples({ data: null, settings, tokenizer, contextLength: null })) {
    const rendered = task.render(sample, settings);
    const messages = rendered.tools
      ? renderToolPrompt(rendered.messages, rendered.tools, 'hermes').messages
      : rendered.messages;
    yield { sample, messages, answer: () => task.scorer.gold(sample, settings)[0].response.text };
  }
}

const ofTask = (id, extra, thought) =>
  async function* (size, seed) {
    for await (const { sample, messages, answer } of taskSamples(id, { extra, split: trainingSplit, seed, size })) {
      const text = answer();
      yield { messages, answer: text, direct: text, thought: thought(sample, text) };
    }
  };

function* arithmetic(size, seed) {
  const stories = Object.keys(problemTemplates);
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`arithmetic/${trainingSplit}/${seed}/${index}`);
    // The easier levels come more often: a model of a few million parameters learns to add before it learns to plan.
    const level = rng.pick([0, 0, 0, 1, 1, 2, 3]);
    const { question, solution, answer } = makeWordProblem(rng, { template: rng.pick(stories), level });
    const { messages } = renderWordProblem({ question, shots: [] });
    yield {
      messages,
      answer: `\\boxed{${answer}}`,
      direct: `${solution}\n\\boxed{${answer}}`,
      thought: solution,
      // Without thinking it mostly answers at once, so that the two modes differ.
      withSteps: rng.chance(0.3),
    };
  }
}

function* choice(size, seed) {
  const kinds = Object.keys(choiceTemplates);
  const settings = settingsFor({ choiceModes: ['generative'], needs: [] }, {});
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`choice/${trainingSplit}/${seed}/${index}`);
    const example = makeChoiceQuestion(rng, { template: rng.pick(kinds), level: rng.pick([0, 0, 0, 1, 1, 2, 3]) });
    const input = {
      question: example.question,
      options: example.options,
      measure: 'acc',
      continuation: 'text',
      shots: [],
    };
    const gold = example.options.find(({ label }) => label === example.label);
    const answer = `The answer is ${example.label}.`;
    yield {
      messages: renderChoice(input, settings).messages,
      answer,
      direct: answer,
      thought: choiceThought(example.options, gold),
    };
  }
}

function* code(size, seed) {
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`code/${trainingSplit}/${seed}/${index}`);
    const { instruction, solution } = makeTinyFunction(rng, rng.pick(tinyFunctionLevels));
    const answer = `\`\`\`python\n${solution}\`\`\``;
    yield {
      messages: [{ role: 'user', content: instruction }],
      answer,
      direct: answer,
      thought: solution.split('return ')[1].trim(),
    };
  }
}

const callNames = (text) => [...text.matchAll(/"name": "([^"]+)"/g)].map((match) => match[1]).join(', ') || 'no call';
const fieldNames = (text) => Object.keys(JSON.parse(text)).join(', ');

/** Families in order. Rows are short, so that a CPU sees many of them. */
const families = {
  arithmetic,
  choice,
  code,
  tools: ofTask('agent_function_calling', { levels: [0] }, (_, text) => callNames(text)),
  json: ofTask('agent_json', { levels: [0] }, (_, text) => fieldNames(text)),
  recall: ofTask('ruler_single', { lengths: [128, 128, 160, 192] }, (_, text) => text.replace('ANSWER: ', '')),
};

/** Questions that an evaluation on a pinned or fresh split asks: none of them may be trained on. */
async function evaluationQuestions() {
  const questions = new Set();
  const tasks = [
    ['synthetic_arithmetic', {}],
    ['synthetic_choice', {}],
    ['synthetic_code', {}],
    ['agent_function_calling', { levels: [0] }],
    ['agent_json', { levels: [0] }],
    ['ruler_single', { lengths: [128, 192] }],
  ];
  for (const [id, extra] of tasks) {
    for (const split of evaluationSplits) {
      for (const seed of evaluationSeeds) {
        for await (const { messages } of taskSamples(id, { extra, split, seed, size: 400 }))
          questions.add(messages.at(-1).content);
      }
    }
  }
  return questions;
}

const forbidden = await evaluationQuestions();
const stream = createWriteStream(out);
const sha256 = createHash('sha256');
const totals = {};
for (const [family, make] of Object.entries(families)) {
  const tally = { samples: 0, leftOut: 0, characters: 0 };
  for await (const sample of make(sizes[family], trainingSeed)) {
    const { messages, answer, direct, thought, withSteps = true } = sample;
    if (forbidden.has(messages.at(-1).content)) {
      tally.leftOut += 1;
      continue;
    }
    const [prompt, closed] = [true, false].map(
      (thinks) => renderChatTemplate(template, { messages, templateArguments: { enable_thinking: thinks } }).text,
    );
    if (closed !== `${prompt}<think>\n\n</think>\n\n`)
      throw new Error('the modes differ in more than the thinking block');
    const thinking = `<think>\n${thought}\n</think>\n\n${answer}<|im_end|>`;
    const line = `${JSON.stringify({ family, prompt, thinking, direct: `${withSteps ? direct : answer}<|im_end|>` })}\n`;
    tally.samples += 1;
    tally.characters += line.length;
    sha256.update(line);
    if (!stream.write(line)) await once(stream, 'drain');
  }
  totals[family] = tally;
  console.error(family, JSON.stringify(tally));
}
stream.end();
await once(stream, 'finish');
const evaluation = { splits: evaluationSplits, seeds: evaluationSeeds, questions: forbidden.size };
const card = {
  sha256: sha256.digest('hex'),
  stage: Number(stage),
  trainingSplit,
  trainingSeed,
  evaluation,
  families: totals,
};
writeFileSync(`${out}.json`, `${JSON.stringify(card, null, 2)}\n`);
