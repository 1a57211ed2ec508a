import { describe, expect, it } from 'vitest';
import type { RunPlan } from '../core/run-plan.ts';
import { runDocument } from '../../test/support/recorded-run.ts';
import { contextCommand, reasoningParserCommand, toolParserCommand } from './server-advice.ts';

const { plan } = runDocument('r', []);
const served = (servedBy: string, model: Partial<RunPlan['model']> = {}) =>
  runDocument('r', [], { model: { ...plan.model, facts: { servedBy }, ...model } });

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

  it('change the run where the engine belongs to it', () => {
    expect(contextCommand({ ...served('vllm'), engine: {} }, 8192)).toBe('qwen-eval run --max-model-len 8192');
  });
});
