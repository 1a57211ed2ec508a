import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../test/support/task-settings.ts';
import type { Sample } from '../../core/sample.ts';
import { loadTask } from '../../runner/load-plugin.ts';
import { unknownUsage } from '../../core/generation.ts';
import { unknownTimings, type LoggedSample } from './imported-log.ts';
import { matchSamples } from './match-samples.ts';
import { ownSamples } from './own-samples.ts';

const task = await loadTask('arc_challenge');

const sampleOf = (id: string, question: string, options: readonly string[], labels = 'ABCD'): Sample => ({
  id,
  category: null,
  cluster: null,
  input: {
    question,
    options: options.map((text, index) => ({ label: labels[index] ?? '', text })),
    measure: 'acc_norm',
    continuation: 'text',
    shots: [],
  },
  target: { label: labels[0] },
});

const colours = ['red', 'green', 'blue'];
const samples = [
  sampleOf('a', 'Which colour is the sky?', colours),
  sampleOf('b', 'Which colour is the sky at noon?', colours),
  sampleOf('c', 'Which colour is grass?', colours, '123'),
];

const logged = (changes: Partial<LoggedSample> = {}): LoggedSample => ({
  where: 'line 1',
  ids: [],
  index: null,
  question: null,
  options: null,
  target: 'A',
  epoch: 0,
  answer: {
    request: { kind: 'chat', messages: [{ role: 'user', content: 'Q: which COLOUR is the sky?\n(A) red' }] },
    response: 'A',
    reasoning: null,
    toolCalls: [],
    finishReason: 'stop',
    usage: unknownUsage,
    timings: unknownTimings,
    continuations: null,
  },
  failure: null,
  verdicts: [],
  ...changes,
});

const idOf = (answer: LoggedSample): string | null => {
  const matched = matchSamples(task, { samples, settings: defaultSettings, logged: [answer] });
  return [...matched.samples.values()][0]?.id ?? null;
};

describe('matchSamples', () => {
  it('knows a question by its words, the longest first', () => {
    expect(idOf(logged())).toBe('a');
    expect(idOf(logged({ question: 'Which colour is the sky at noon?' }))).toBe('b');
    expect(idOf(logged({ question: '"which colour is the sky,  at noon"' }))).toBe('b');
  });

  it('believes an id or a position only where the words fit', () => {
    expect(idOf(logged({ ids: ['a'] }))).toBe('a');
    expect(idOf(logged({ ids: ['c'] }))).toBe('a');
    expect(idOf(logged({ index: 2 }))).toBe('a');
    expect(idOf(logged({ answer: { ...logged().answer, request: { kind: 'chat', messages: [] } } }))).toBeNull();
  });

  it('refuses options that are others, in another order, or under numbers', () => {
    expect(idOf(logged({ options: ['Red.', 'green', 'blue'] }))).toBe('a');
    expect(idOf(logged({ options: ['green', 'red', 'blue'] }))).toBeNull();
    expect(idOf(logged({ options: ['red', 'green'] }))).toBeNull();
    expect(idOf(logged({ question: 'Which colour is grass?', options: colours, ids: ['c'] }))).toBeNull();
  });

  it('puts scored options into the order of the benchmark', () => {
    const scores = ['blue', 'red', 'green'].map((text, index) => ({
      text: ` ${text}`,
      logProbability: -index,
      tokenCount: null,
      isGreedy: null,
    }));
    const answer = logged({
      options: ['blue', 'red', 'green'],
      answer: {
        ...logged().answer,
        request: { kind: 'continuations', context: 'Which colour is the sky?', continuations: [] },
        continuations: scores,
      },
    });
    const settings = { ...defaultSettings, choiceMode: 'loglikelihood' } as const;
    const [aligned] = [...matchSamples(task, { samples, settings, logged: [answer] }).samples.keys()];
    expect(aligned?.answer.continuations?.map(({ text, logProbability }) => [text, logProbability])).toEqual([
      [' red', -1],
      [' green', -2],
      [' blue', -0],
    ]);
    const other = { ...answer, answer: { ...answer.answer, continuations: scores.slice(1) } };
    expect(matchSamples(task, { samples, settings, logged: [other] }).unknown).toHaveLength(1);
  });
});

describe('ownSamples', () => {
  const ownOf = (all: readonly Partial<LoggedSample>[]) =>
    ownSamples({
      name: 'x',
      choiceMode: null,
      fewShot: null,
      maxTokens: null,
      sampling: {},
      metrics: {},
      warnings: [],
      samples: all.map((changes, index) => logged({ ids: [String(index)], question: `${index}?`, ...changes })),
    });

  it('reads a key that is a letter, a position or the text of an option', () => {
    const labels = (target: string) => {
      const own = ownOf([{ options: colours, target }]);
      return own?.rows.map((row) => (row as { readonly label: string }).label);
    };
    expect(['B', '(B)', '1', 'green'].map(labels)).toEqual([['B'], ['B'], ['B'], ['B']]);
    expect(['E', '3', '', 'violet'].map(labels)).toEqual([[], [], [], []]);
  });

  it('takes numbers alone for numbers and marks every other key', () => {
    const own = ownOf([
      { target: '1,234' },
      { target: '\\dfrac{13}{9}' },
      { target: '\\sqrt{2}' },
      { target: '12 apples' },
    ]);
    expect(own?.kind).toBe('number');
    expect(own?.rows).toMatchObject([
      { id: '0', value: '1234' },
      { id: '1', value: '13/9' },
      { id: '2', fault: expect.stringContaining('\\sqrt{2}') },
      { id: '3', fault: expect.stringContaining('12 apples') },
    ]);
    expect(ownOf([{ target: 'Paris' }, { target: null }])).toBeNull();
  });
});
