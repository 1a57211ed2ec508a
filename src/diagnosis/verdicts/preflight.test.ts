import { describe, expect, it } from 'vitest';
import { probeIds } from '../../core/fingerprint.ts';
import type { DiagnosedRun } from '../diagnosed-run.ts';
import { preflight } from './preflight.ts';

const runWith = (mode: string, more: { temperature: number; toolFormat: string | null; messages: boolean }) =>
  ({
    document: {
      runId: 'r',
      options: {},
      engine: { capabilities: { messages: { supported: more.messages } } },
      plan: {
        mode,
        model: { name: 'Qwen/Qwen3-8B', registryId: 'qwen3_8b', facts: { servedBy: 'vllm' } },
        engine: { id: 'openai-compatible', contextLength: null },
        preset: { requested: 'balanced' },
        thinking: { templateArguments: mode === 'thinking' ? { enable_thinking: true } : {} },
        tasks: [
          { sampling: { temperature: more.temperature }, settings: { maxTokens: 64, toolFormat: more.toolFormat } },
        ],
      },
      fingerprint: {
        probes: Object.fromEntries(probeIds.map((id) => [id, { verdict: 'no', observed: `saw ${id}`, facts: {} }])),
      },
    },
  }) as unknown as DiagnosedRun;

const probesOf = (run: DiagnosedRun): readonly unknown[] =>
  preflight.judge(run).map(({ evidence }) => evidence['probe']);

describe('preflight', () => {
  it('says what each thing not done as asked means for the run, with the command that mends', () => {
    const run = runWith('thinking', { temperature: 0.6, toolFormat: 'native', messages: true });
    const verdicts = preflight.judge(run);
    expect(probesOf(run)).toEqual([
      'served_model',
      'template',
      'context_limit',
      'max_tokens',
      'stop',
      'temperature',
      'company',
      'thinking_on',
      'tool_call',
    ]);
    expect(verdicts.every(({ advice, summary }) => advice !== '' && summary.includes('saw '))).toBe(true);
    expect(verdicts.find(({ evidence }) => evidence['probe'] === 'tool_call')?.advice).toMatch(/tool-call-parser/);
  });

  it('says nothing of what went as asked or could not be found out', () => {
    const run = runWith('thinking', { temperature: 0.6, toolFormat: 'native', messages: true });
    const probes = {
      stop: { verdict: 'yes' },
      company: { verdict: 'unknown' },
      max_tokens: { verdict: 'no', facts: {} },
    };
    const document = { ...run.document, fingerprint: { probes } } as unknown as DiagnosedRun['document'];
    expect(probesOf({ ...run, document })).toEqual(['max_tokens']);
    expect(probesOf({ ...run, document: { ...document, fingerprint: null } })).toEqual([]);
  });

  it('leaves out what means nothing for the run', () => {
    const run = runWith('non-thinking', { temperature: 0, toolFormat: null, messages: false });
    expect(probesOf(run)).toEqual(['served_model', 'template', 'context_limit', 'max_tokens', 'stop', 'company']);
    const served = runWith('non-thinking', { temperature: 0, toolFormat: null, messages: true });
    expect(probesOf(served)).toContain('thinking_off');
  });

  it('changes what the run sends where no parser of the server’s could read calls', () => {
    const run = runWith('thinking', { temperature: 0.6, toolFormat: 'native', messages: true });
    const { document } = run;
    const model = { ...document.plan.model, registryId: null };
    const verdicts = preflight.judge({ ...run, document: { ...document, plan: { ...document.plan, model } } });
    expect(verdicts.find(({ evidence }) => evidence['probe'] === 'tool_call')?.advice).toBe(
      'qwen-eval run --tool-format hermes',
    );
  });

  it('switches the mode the other way than the one that failed', () => {
    const advice = (mode: 'thinking' | 'non-thinking', probe: string) => {
      const run = runWith(mode, { temperature: 0, toolFormat: null, messages: true });
      return preflight.judge(run).find(({ evidence }) => evidence['probe'] === probe)?.advice;
    };
    expect(advice('thinking', 'thinking_on')).toBe('qwen-eval run --mode thinking --mode-switch top-level');
    expect(advice('non-thinking', 'thinking_off')).toBe('qwen-eval run --mode non-thinking --mode-switch template');
  });
});
