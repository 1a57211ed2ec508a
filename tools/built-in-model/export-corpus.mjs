// Writes the training corpus of the built-in model as JSON Lines {family, prompt, thinking, direct}, the two answers to a prompt being those
// with and without thinking, in the order of training, and beside it OUT.jsonl.json with seeds, counts and the sha256:
// node tools/built-in-model/export-corpus.mjs OUT.jsonl 1|2|3
// Every text comes from the project's own seeded generators, on a split that no evaluation draws from; a question that an evaluation on the
// seeds below also happens to ask is left out. Needs a build.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const dist = (path) => import(new URL(`../../dist/${path}`, import.meta.url));
const { loadTask } = await dist('runner/load-plugin.js');
const { renderChatTemplate } = await dist('prompt/chat-template.js');
const { renderToolPrompt } = await dist('prompt/tool-format.js');
const { seededRng } = await dist('stats/rng.js');
const { makeWordProblem } = await dist('tasks/synthetic/word-problem.js');
const { problemTemplates } = await dist('tasks/synthetic/problem-templates.js');
const { makeChoiceQuestion } = await dist('tasks/synthetic/choice-question.js');
const { choiceTemplates } = await dist('tasks/synthetic/choice-templates.js');
const { makeTinyFunction } = await dist('tasks/synthetic/tiny-function.js');
const { renderWordProblem } = await dist('tasks/support/boxed-math.js');
const { renderChoice } = await dist('tasks/support/render-choice.js');
const { categories } = await dist('tasks/synthetic/category-words.js');
const { colours, objects, people } = await dist('tasks/reasoning/word-lists.js');
const { choiceWork } = await import('./choice-work.mjs');

const named = ({ text, label }) => `${text} (${label})`;
const letterOnly = ({ label }) => `The answer is ${label}.`;

/** A choice that is worked out in every answer, with a letter at the end of each line, so that the letter asked for can be copied. */
const chooseByWork = ({ options }, gold, { told, result }) =>
  worked([...options.map((option) => `${told(option)} ${option.label}`), `${result} ${gold.label}`], gold);

/** What is drawn where a corpus says nothing else. */
const usual = {
  // The easier levels come more often: a model of a few million parameters learns to add before it learns to plan.
  arithmeticLevels: [0, 0, 0, 1, 1, 2, 3],
  // Without thinking it mostly answers at once, so that the two modes differ.
  stepsWithoutThinking: 0.3,
  jsonLevels: [0, 0, 0, 0, 1],
  lengths: [128, 128, 160, 192, 320],
  keptCalls: {},
};

/**
 * The corpora, in the order of training: seed, samples of each family in two parts that follow each other, and how options are looked up
 * and chosen. The first begins mostly with finding again what stands in the context, since all else needs it, and names an option by its
 * text. In the second choices are worked out. The third is for what the first two left weak: sums of larger numbers, problems of several
 * steps, nested JSON, two different calls, and that no tool fits.
 */
const corpora = {
  1: {
    seed: 1,
    parts: [
      { copies: 4000, labels: 2500, arithmetic: 500, choice: 1500 },
      {
        copies: 600,
        labels: 3000,
        arithmetic: 15_000,
        choice: 20_000,
        code: 3000,
        tools: 3700,
        json: 5000,
        recall: 3300,
      },
    ],
    chosen: (option) => `The answer is ${named(option)}.`,
    choose({ options }, gold, { hasProperty, told, result }) {
      const thought = hasProperty
        ? options.map((option) => `${option.label}. ${told(option)}`).join('\n')
        : `It is ${result}`;
      const answer = this.chosen(gold);
      return { answer, direct: answer, thought };
    },
    lookUp(rng, options) {
      const asked = rng.shuffle(options).slice(0, rng.pick([1, 1, 4]));
      const isByLetter = asked.length === 1 && rng.chance(0.2);
      const wanted = asked.map((option) => (isByLetter ? `option ${option.label}` : option.text)).join(', ');
      const answer = asked.length === 1 ? this.chosen(asked[0]) : `The answers are ${asked.map(named).join(', ')}.`;
      const twice = rng.shuffle([...options, ...options]);
      return { wanted, answer, direct: answer, thought: `It is ${twice.map(named).join(', ')}` };
    },
  },
  2: {
    seed: 2,
    parts: [
      {},
      { labels: 2500, arithmetic: 17_000, choice: 18_000, code: 3000, tools: 3700, json: 4500, recall: 2600 },
    ],
    choose: chooseByWork,
    lookUp(rng, options) {
      const gold = rng.pick(options);
      const lines = [...options, gold].map((option) => `${option.text} ${option.label}`);
      return { wanted: gold.text, ...worked(lines, gold) };
    },
  },
  3: {
    seed: 3,
    parts: [{}, { sums: 5000, arithmetic: 15_000, choice: 8000, code: 2200, tools: 4800, json: 3400, recall: 1800 }],
    arithmeticLevels: [0, 1, 1, 2, 2, 2, 3, 3],
    stepsWithoutThinking: 0,
    jsonLevels: [0, 1, 1],
    lengths: [128, 160, 192, 256, 320],
    keptCalls: { simple: 0.4, one_of_n: 0.6, typed: 0.6, ask: 0.8, parallel_same: 0.8 },
    choose: chooseByWork,
  },
};

function worked(lines, gold) {
  const thought = lines.join('\n');
  return { answer: letterOnly(gold), direct: `${thought}\n${letterOnly(gold)}`, thought };
}

const choiceLevels = [0, 0, 0, 1, 1, 1, 2, 3];

const [, , out, number] = process.argv;
const { seed: trainingSeed, parts, ...forms } = { ...usual, ...corpora[number] };
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

/** Training samples of a task; `kept` is the share of a category's samples that is taken, 1 where it says nothing. */
const ofTask = (id, extra, thought, kept = {}) =>
  async function* (size, seed) {
    const rng = seededRng(`${id}/${trainingSplit}/${seed}/kept`);
    for await (const { sample, messages, answer } of taskSamples(id, { extra, split: trainingSplit, seed, size })) {
      if (!rng.chance(kept[sample.category] ?? 1)) continue;
      const text = answer();
      yield { messages, answer: text, direct: text, thought: thought(sample, text) };
    }
  };

function* arithmetic(size, seed) {
  const stories = Object.keys(problemTemplates);
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`arithmetic/${trainingSplit}/${seed}/${index}`);
    const level = rng.pick(forms.arithmeticLevels);
    const { question, solution, answer } = makeWordProblem(rng, { template: rng.pick(stories), level });
    const { messages } = renderWordProblem({ question, shots: [] });
    yield {
      messages,
      answer: `\\boxed{${answer}}`,
      direct: `${solution}\n\\boxed{${answer}}`,
      thought: solution,
      withSteps: rng.chance(forms.stepsWithoutThinking),
    };
  }
}

/** A calculation of each of several word problems without the stories, once in order and once from the last to the first. */
function* sums(size, seed) {
  const stories = Object.keys(problemTemplates);
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`sums/${trainingSplit}/${seed}/${index}`);
    // One of each, since the next calculation of a problem tells what the one before it comes to.
    const lines = Array.from({ length: 8 }, (_, place) => {
      const one = rng.fork(String(place));
      const { solution } = makeWordProblem(one, { template: one.pick(stories), level: one.pick([1, 2, 3]) });
      return one.pick(solution.split('\n'));
    });
    const wanted = lines.map((line) => line.split(' = ')[0]).join(', ');
    const answer = `\\boxed{${lines.at(-1).split(' = ')[1]}}`;
    yield {
      messages: [{ role: 'user', content: `Work out ${wanted}.` }],
      answer,
      direct: `${lines.join('\n')}\n${answer}`,
      thought: lines.toReversed().join('\n'),
    };
  }
}

const allWords = [...new Set([...Object.values(categories).flat(), ...colours, ...objects, ...people])];
const choiceKinds = Object.keys(choiceTemplates);

const choiceMessages = (question, options) => {
  const input = { question, options, measure: 'acc', continuation: 'text', shots: [] };
  return renderChoice(input, settingsFor({ choiceModes: ['generative'], needs: [] }, {})).messages;
};

function* choice(size, seed) {
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`choice/${trainingSplit}/${seed}/${index}`);
    const example = makeChoiceQuestion(rng, { template: rng.pick(choiceKinds), level: rng.pick(choiceLevels) });
    const { question, options, label } = example;
    const gold = options.find((option) => option.label === label);
    yield { messages: choiceMessages(question, options), ...forms.choose(example, gold, choiceWork(example, gold)) };
  }
}

/** Finding options' letters by their texts and a text by its letter, without a question to think about. */
function* labels(size, seed) {
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`labels/${trainingSplit}/${seed}/${index}`);
    const { options } = makeChoiceQuestion(rng, { template: rng.pick(choiceKinds), level: rng.pick([0, 1, 2, 3]) });
    const { wanted, ...answers } = forms.lookUp(rng, options);
    yield { messages: choiceMessages(`Find ${wanted}.`, options), ...answers };
  }
}

/** Saying words again, and thinking of the word before each: the barest form of finding something in the context. */
function* copies(size, seed) {
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`copies/${trainingSplit}/${seed}/${index}`);
    const words = rng.sample(allWords, 18).map((word) => (rng.chance(0.2) ? String(rng.integer(10, 99)) : word));
    const places = Array.from({ length: 14 }, () => rng.integer(1, words.length - 1));
    const thought = `It is ${places.map((place) => `${words[place]} (${words[place - 1]})`).join(', ')}`;
    const answer = `It is ${words.join(' ')}`;
    yield { messages: [{ role: 'user', content: `Say again: ${words.join(' ')}` }], answer, direct: answer, thought };
  }
}

// The third level stays unseen, so that there is something to fail at.
const codeLevels = [0, 1];

function* code(size, seed) {
  for (let index = 0; index < size; index++) {
    const rng = seededRng(`code/${trainingSplit}/${seed}/${index}`);
    const { instruction, solution } = makeTinyFunction(rng, rng.pick(codeLevels));
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
  copies,
  labels,
  sums,
  arithmetic,
  choice,
  code,
  tools: ofTask('agent_function_calling', { levels: [0] }, (_, text) => callNames(text), forms.keptCalls),
  json: ofTask('agent_json', { levels: forms.jsonLevels }, (_, text) => fieldNames(text)),
  recall: ofTask('ruler_single', { lengths: forms.lengths }, (_, text) => text.replace('ANSWER: ', '')),
};

/** Questions that an evaluation on a pinned or fresh split asks: none of them may be trained on. */
async function evaluationQuestions() {
  const questions = new Set();
  const tasks = [
    ['synthetic_arithmetic', {}],
    ['synthetic_choice', {}],
    ['synthetic_code', { levels: codeLevels }],
    ['agent_function_calling', { levels: [0] }],
    ['agent_json', { levels: [0, 1] }],
    ['ruler_single', { lengths: [...new Set([128, 160, 192, 320, ...forms.lengths])].toSorted((a, b) => a - b) }],
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
const totals = {};
const order = parts.map(() => []);
for (const [family, make] of Object.entries(families)) {
  const tally = { samples: 0, leftOut: 0, characters: 0 };
  const sizes = parts.map((part) => part[family] ?? 0);
  const size = sizes[0] + sizes[1];
  if (size === 0) continue;
  let made = 0;
  for await (const sample of make(size, trainingSeed)) {
    const part = made < sizes[0] ? 0 : 1;
    made += 1;
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
    order[part].push(line);
  }
  totals[family] = tally;
  console.error(family, JSON.stringify(tally));
}
const text = order
  .map((lines, part) => seededRng(`order/${trainingSplit}/${trainingSeed}/${part}`).shuffle(lines).join(''))
  .join('');
writeFileSync(out, text);
const card = {
  sha256: createHash('sha256').update(text).digest('hex'),
  trainingSplit,
  trainingSeed,
  evaluation: { splits: evaluationSplits, seeds: evaluationSeeds, questions: forbidden.size },
  families: totals,
};
writeFileSync(`${out}.json`, `${JSON.stringify(card, null, 2)}\n`);
