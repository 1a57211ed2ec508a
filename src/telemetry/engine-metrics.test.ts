import { describe, expect, it } from 'vitest';
import { metricsPages } from '../../test/support/metrics-pages.ts';
import { readEngineMetrics } from './engine-metrics.ts';
import { parsePrometheus } from './parse-prometheus.ts';

const read = (page: string) => readEngineMetrics(parsePrometheus(page));

describe('readEngineMetrics', () => {
  it('reads vLLM’s old names, engines added up and the fullest cache kept', () => {
    const metrics = read(metricsPages.vllmOld);
    expect(metrics?.dialect).toBe('vllm');
    expect(metrics?.reading).toEqual({
      runningRequests: 22,
      waitingRequests: 4,
      kvUsage: 0.42,
      kvCapacityTokens: 384_000,
      promptTokens: 5000,
      cachedPromptTokens: null,
      generatedTokens: 7000,
      finishedRequests: 23,
      preemptions: 2,
      prefixQueriedTokens: 1000,
      prefixHitTokens: 250,
      drafts: null,
      draftedTokens: null,
      acceptedTokens: null,
      stepTokens: null,
      firstTokenSeconds: 1.15,
      firstTokenCount: 23,
      gapSeconds: 69.77,
      gapCount: 6977,
      queueSeconds: 0.4,
      queueCount: 23,
      prefillSeconds: 0.7,
      decodeSeconds: 69.1,
    });
    expect(metrics?.names).toMatchObject({
      kvUsage: 'vllm:gpu_cache_usage_perc',
      gapSeconds: 'vllm:time_per_output_token_seconds_sum',
      prefixHitTokens: 'vllm:gpu_prefix_cache_hits_total',
      kvCapacityTokens: 'vllm:cache_config_info',
    });
  });

  it('reads vLLM’s new names; a hybrid’s capacity is the stated one, not blocks × size', () => {
    const metrics = read(metricsPages.vllmNew);
    expect(metrics?.reading).toMatchObject({
      waitingRequests: 1,
      kvUsage: 0.31,
      kvCapacityTokens: 512_345,
      cachedPromptTokens: 200,
      gapSeconds: 7.45,
      drafts: 500,
      draftedTokens: 1500,
      acceptedTokens: 900,
      preemptions: null,
    });
    expect(metrics?.names['kvUsage']).toBe('vllm:kv_cache_usage_perc');
  });

  it('reads SGLang', () => {
    const metrics = read(metricsPages.sglang);
    expect(metrics?.dialect).toBe('sglang');
    expect(metrics?.reading).toMatchObject({
      runningRequests: 5,
      waitingRequests: 2,
      kvUsage: 0.28,
      kvCapacityTokens: 471_258,
      cachedPromptTokens: 64,
      generatedTokens: 7557,
      gapCount: 7400,
      queueSeconds: null,
    });
  });

  it('reads llama.cpp’s server, which has no cache metrics any more', () => {
    const metrics = read(metricsPages.llamaCpp);
    expect(metrics?.dialect).toBe('llama.cpp');
    expect(metrics?.reading).toMatchObject({
      runningRequests: 2,
      waitingRequests: 0,
      kvUsage: null,
      kvCapacityTokens: null,
      promptTokens: 321,
      generatedTokens: 640,
      prefillSeconds: 1.25,
      decodeSeconds: 20.5,
    });
  });

  it('knows no page of another program, and takes no value that is no number', () => {
    expect(read('python_info{version="3.12"} 1.0\n')).toBeNull();
    expect(read('vllm:kv_cache_usage_perc NaN\nvllm:cache_config_info{block_size="x"} 1\n')?.reading).toMatchObject({
      kvUsage: null,
      kvCapacityTokens: null,
    });
  });
});
