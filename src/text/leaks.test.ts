import { describe, expect, it } from 'vitest';
import { leaksTemplate, leaksThinking } from './leaks.ts';
import { isOutrightRefusal } from './refusal.ts';

describe('leaksTemplate', () => {
  it.each([
    '42<|im_end|>',
    '<|im_start|>assistant\n42',
    '42\nuser\nAnd now?',
    'assistant\n42',
    '42<|endoftext|>Human: hello',
    '[INST] what? [/INST]',
    '<<SYS>>be kind<</SYS>>',
    '<start_of_turn>model',
    '42<|eot_id|>',
  ])('sees %j', (text) => expect(leaksTemplate(text)).toBe(true));

  it.each([
    'The user is right: 42.',
    'user: 42',
    'def user():\n  return 42',
    'a << 2 | b |> c',
    'the last word is\nuser',
    'x = arr[INST]',
  ])('leaves %j alone', (text) => expect(leaksTemplate(text)).toBe(false));
});

describe('leaksThinking', () => {
  it.each(['</think>42', 'Thinking Process:\n1. six', '  思考过程：六', '<|begin_of_thought|>six'])('sees %j', (text) =>
    expect(leaksThinking(text)).toBe(true),
  );
  it.each(['I think it is 42.', 'My thinking process: none', 'So the Thinking Process: is over'])(
    'leaves %j alone',
    (text) => expect(leaksThinking(text)).toBe(false),
  );
});

describe('isOutrightRefusal', () => {
  it.each([
    'I can’t help with that.',
    "I'm sorry, but I cannot do this.",
    'I am unable to answer.',
    '抱歉，我无法回答',
  ])('sees %j', (text) => expect(isOutrightRefusal(text)).toBe(true));
  it.each([
    "I'm sorry for the delay. Yours, Bob",
    'I cannot find a larger one: 42',
    `I can't help with that. ${'x'.repeat(700)}`,
  ])('leaves %j alone', (text) => expect(isOutrightRefusal(text)).toBe(false));
});
