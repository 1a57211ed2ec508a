import { describe, expect, it } from 'vitest';
import type { RunPlan } from '../core/run-plan.ts';
import { runDocument } from '../../test/support/recorded-run.ts';
import { contextCommand, reasoningParserCommand, toolParserCommand } from './server-advice.ts';

const { plan } = runDocument('r', []);
const served = (servedBy: string, model: Partial<RunPlan['model']> = {}, contextLength: number | null = 4096) =>
  runDocument('r', [], {
    model: { ...plan.model, facts: { servedBy }, ...model },
    engine: { ...plan.engine, contextLength },
  });

describe('commands for the run’s server', () => {
  it.each([
    ['vllm', 'vllm serve Qwen/Qwen3-0.6B --enable-auto-tool-choice --tool-call-parser hermes'],
    ['SGLang 0.4', 'python -m sglang.launch_server --model-path Qwen/Qwen3-0.6B --tool-call-parser qwen25'],
    ['llama.cpp', 'llama-server --jinja -m MODEL.gguf'],
    ['somebody', 'vllm serve Qwen/Qwen3-0.6B --enable-auto-tool-choice --tool-call-parser hermes'],
  ])('read tool calls on %s', (servedBy, command) => {
    expect(toolParserCommand(served(servedBy))).toBe(command);
  });

  it.each([
    ['vllm', 'vllm serve Qwen/Qwen3-0.6B --max-model-len 8192'],
    ['sglang', 'python -m sglang.launch_server --model-path Qwen/Qwen3-0.6B --context-length 8192'],
    ['llama-server', 'llama-server --jinja -m MODEL.gguf -c 8192'],
    ['somebody', 'vllm serve Qwen/Qwen3-0.6B --max-model-len 8192'],
  ])('give a context on %s', (servedBy, command) => {
    expect(contextCommand(served(servedBy), 8192)).toBe(command);
  });

  it('do not exist for a model whose family is not known', () => {
    const unknown = served('vllm', { registryId: null, name: 'mine' });
    expect(toolParserCommand(unknown)).toBeNull();
    expect(reasoningParserCommand(unknown)).toBeNull();
    expect(contextCommand(unknown, 8192)).toBe('vllm serve mine --max-model-len 8192');
  });

  it('ask for no longer context than the model can have', () => {
    const most = { ...served('vllm', {}, 16_384) };
    expect(contextCommand(most, 65_536)).toBe('vllm serve Qwen/Qwen3-0.6B --max-model-len 32768');
    expect(contextCommand(served('vllm', {}, 32_768), 65_536)).toBeNull();
    const own = served('', { registryId: null, name: 'mine', facts: { contextLength: 2048 } }, 1024);
    expect(contextCommand({ ...own, engine: {} }, 8192)).toBe('qwen-eval run --max-model-len 2048');
  });

  it('print the flags of the published scaling for a context beyond the trained one', () => {
    const scaled = served('sglang', { registryId: 'qwen3_8b' }, 32_768);
    expect(contextCommand(scaled, 65_536)).toBe(
      'qwen-eval show preset balanced --engine sglang --model qwen3_8b --max-model-len 65536',
    );
    expect(contextCommand(scaled, 1_000_000)).toContain('--max-model-len 131072');
  });

  it('change the run where the engine belongs to it', () => {
    expect(contextCommand({ ...served('vllm'), engine: {} }, 8192)).toBe('qwen-eval run --max-model-len 8192');
  });
});
