import { expect, it } from 'vitest';
import { rerunCommand } from './rerun-command.ts';

const options = {
  model: 'my model',
  tasks: ['gsm8k', 'mmlu'],
  suite: 'tracker',
  preset: 'balanced',
  out: 'elsewhere',
  limit: 50,
  dataDir: 'my data',
  extraBody: { a: "it's" },
  offline: true,
};

it('does a run again with what was given, without what is at its default or only says where', () => {
  expect(rerunCommand({ options }, null, { suite: null })).toBe(
    `qwen-eval run --model 'my model' --tasks gsm8k,mmlu --limit 50 --extra-body '{"a":"it'\\''s"}' --data-dir 'my data'`,
  );
});

it('narrows to one task and changes options, booleans and defaults too', () => {
  expect(
    rerunCommand({ options: {} }, 'gsm8k', { maxTokens: 2048, preset: 'balanced', offline: true, uncertified: false }),
  ).toBe('qwen-eval run --preset balanced --tasks gsm8k --max-tokens 2048 --offline');
});
