import { expect, it } from 'vitest';
import type { GateOutcome } from '../diagnosis/gate/run-gate.ts';
import { formatGate, formatGateMarkdown } from './gate.ts';
import { formatJunit } from './junit.ts';

const outcome: GateOutcome = {
  passed: false,
  runId: 'run-1',
  baseline: 'run-0',
  checks: [
    { id: 'complete', passed: true, bound: null, estimate: null, explanation: 'all ran' },
    {
      id: 'min:gsm8k',
      passed: false,
      bound: 0.7,
      estimate: { value: 0.7, low: 0.6, high: 0.79, level: 0.95, method: 'wilson', n: 100 },
      explanation: 'gsm8k is 70 % | "low" <so> & \u0007so',
    },
    { id: 'min:mmlu', passed: false, bound: 0.7, estimate: { unavailable: 'no data' }, explanation: 'none' },
  ],
};

it('shows what failed first', () => {
  expect(formatGate(outcome)).toBe(
    [
      'gate FAILED: 1 of 3 checks hold, run run-1 against run-0',
      '',
      'check              what was found',
      'min:gsm8k  FAILED  gsm8k is 70 % | "low" <so> & \u0007so',
      'min:mmlu   FAILED  none',
      'complete   ok      all ran',
    ].join('\n'),
  );
  expect(formatGate({ ...outcome, passed: true, baseline: null, checks: outcome.checks.slice(0, 1) })).toMatch(
    /^gate passed: 1 of 1 checks hold, run run-1\n/,
  );
});

it('is a table on the page of a job', () => {
  expect(formatGateMarkdown(outcome).split('\n').slice(0, 8)).toEqual([
    '### qwen-eval gate: failed',
    '',
    'Run `run-1` against `run-0`',
    '',
    '| check | outcome | bound | estimate [95 %] | what was found |',
    '|---|---|---|---|---|',
    '| complete | ✅ | – | – | all ran |',
    '| min:gsm8k | ❌ | 0.7 | 0.700 [0.600, 0.790] | gsm8k is 70 % \\| "low" <so> & \u0007so |',
  ]);
  expect(formatGateMarkdown({ ...outcome, passed: true, baseline: null })).toContain('gate: passed\n\nRun `run-1`\n');
});

it('is XML that a CI system can read, whatever stands in the text', () => {
  expect(formatJunit(outcome)).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites tests="3" failures="2">',
      '  <testsuite name="qwen-eval gate run-1" tests="3" failures="2" errors="0" skipped="0" time="0">',
      '    <testcase classname="qwen-eval.gate" name="complete" time="0"/>',
      '    <testcase classname="qwen-eval.gate" name="min:gsm8k" time="0">',
      '      <failure message="gsm8k is 70 % | &quot;low&quot; &lt;so&gt; &amp; so"/>',
      '    </testcase>',
      '    <testcase classname="qwen-eval.gate" name="min:mmlu" time="0">',
      '      <failure message="none"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});
