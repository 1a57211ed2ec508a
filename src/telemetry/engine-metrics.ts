import { engineReadingSchema, type EngineReading } from '../core/telemetry-record.ts';
import type { MetricSample } from './parse-prometheus.ts';

type Term = keyof EngineReading;

/** How the samples of several engines behind one page become one number. */
type Pooling = 'sum' | 'max';

interface Names {
  readonly names: readonly string[];
  readonly pool?: Pooling;
}

/** Names of one server's metrics, the newest first: the first that the page has answers. */
interface Dialect {
  readonly id: string;
  /** What every name of this server begins with. */
  readonly prefix: string;
  readonly terms: Partial<Readonly<Record<Term, Names>>>;
  /** Capacity that no metric of its own gives. */
  readonly capacity?: (samples: readonly MetricSample[]) => { readonly value: number; readonly name: string } | null;
}

/** Python's Prometheus client appends `_total` to counters, where the name has not got it. */
const counter = (...names: readonly string[]): Names => ({ names: names.flatMap((name) => [`${name}_total`, name]) });
const gauge = (...names: readonly string[]): Names => ({ names });
const sumOf = (...names: readonly string[]): Names => ({ names: names.map((name) => `${name}_sum`) });
const countOf = (...names: readonly string[]): Names => ({ names: names.map((name) => `${name}_count`) });

const vllm: Dialect = {
  id: 'vllm',
  prefix: 'vllm:',
  terms: {
    runningRequests: gauge('vllm:num_requests_running'),
    waitingRequests: gauge('vllm:num_requests_waiting'),
    kvUsage: { names: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'], pool: 'max' },
    promptTokens: counter('vllm:prompt_tokens'),
    cachedPromptTokens: counter('vllm:prompt_tokens_cached'),
    generatedTokens: counter('vllm:generation_tokens'),
    finishedRequests: counter('vllm:request_success'),
    preemptions: counter('vllm:num_preemptions'),
    prefixQueriedTokens: counter('vllm:prefix_cache_queries', 'vllm:gpu_prefix_cache_queries'),
    prefixHitTokens: counter('vllm:prefix_cache_hits', 'vllm:gpu_prefix_cache_hits'),
    drafts: counter('vllm:spec_decode_num_drafts'),
    draftedTokens: counter('vllm:spec_decode_num_draft_tokens'),
    acceptedTokens: counter('vllm:spec_decode_num_accepted_tokens'),
    firstTokenSeconds: sumOf('vllm:time_to_first_token_seconds'),
    firstTokenCount: countOf('vllm:time_to_first_token_seconds'),
    gapSeconds: sumOf('vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'),
    gapCount: countOf('vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'),
    queueSeconds: sumOf('vllm:request_queue_time_seconds'),
    queueCount: countOf('vllm:request_queue_time_seconds'),
    prefillSeconds: sumOf('vllm:request_prefill_time_seconds'),
    decodeSeconds: sumOf('vllm:request_decode_time_seconds'),
  },
  capacity: (samples) => {
    const name = 'vllm:cache_config_info';
    const sizes = samples
      .filter((sample) => sample.name === name)
      .map(({ labels }) => {
        const stated = Number(labels['kv_cache_size_tokens']);
        // Blocks × size is wrong for hybrids, so it is the second choice.
        return stated > 0 ? stated : Number(labels['num_gpu_blocks']) * Number(labels['block_size']);
      })
      .filter((size) => size > 0);
    return sizes.length === 0 ? null : { value: sizes.reduce((sum, size) => sum + size, 0), name };
  },
};

const sglang: Dialect = {
  id: 'sglang',
  prefix: 'sglang:',
  terms: {
    runningRequests: gauge('sglang:num_running_reqs'),
    waitingRequests: gauge('sglang:num_queue_reqs'),
    kvUsage: { names: ['sglang:token_usage'], pool: 'max' },
    kvCapacityTokens: gauge('sglang:max_total_num_tokens'),
    promptTokens: counter('sglang:prompt_tokens'),
    cachedPromptTokens: counter('sglang:cached_tokens'),
    generatedTokens: counter('sglang:generation_tokens'),
    finishedRequests: counter('sglang:num_requests'),
    preemptions: counter('sglang:num_retracted_requests'),
    stepTokens: { names: ['sglang:spec_accept_length'], pool: 'max' },
    firstTokenSeconds: sumOf('sglang:time_to_first_token_seconds'),
    firstTokenCount: countOf('sglang:time_to_first_token_seconds'),
    gapSeconds: sumOf('sglang:inter_token_latency_seconds', 'sglang:time_per_output_token_seconds'),
    gapCount: countOf('sglang:inter_token_latency_seconds', 'sglang:time_per_output_token_seconds'),
    queueSeconds: sumOf('sglang:queue_time_seconds'),
    queueCount: countOf('sglang:queue_time_seconds'),
  },
};

const llamaCpp: Dialect = {
  id: 'llama.cpp',
  prefix: 'llamacpp:',
  terms: {
    runningRequests: gauge('llamacpp:requests_processing'),
    waitingRequests: gauge('llamacpp:requests_deferred'),
    kvUsage: { names: ['llamacpp:kv_cache_usage_ratio'], pool: 'max' },
    promptTokens: counter('llamacpp:prompt_tokens'),
    generatedTokens: counter('llamacpp:tokens_predicted'),
    prefillSeconds: counter('llamacpp:prompt_seconds'),
    decodeSeconds: counter('llamacpp:tokens_predicted_seconds'),
  },
};

const dialects: readonly Dialect[] = [vllm, sglang, llamaCpp];

/** A metrics page in the vocabulary of the run's telemetry. */
export interface EngineMetrics {
  readonly dialect: string;
  readonly reading: EngineReading;
  /** Name on the page by term, for those that the page has. */
  readonly names: Readonly<Record<string, string>>;
}

const terms = Object.keys(engineReadingSchema.shape) as readonly Term[];

/** Reads a metrics page by the names that vLLM, SGLang and llama.cpp's server give, old and new; null for a page of anything else. */
export function readEngineMetrics(samples: readonly MetricSample[]): EngineMetrics | null {
  const dialect = dialects.find(({ prefix }) => samples.some(({ name }) => name.startsWith(prefix)));
  if (!dialect) return null;
  const byName = new Map<string, number[]>();
  for (const { name, value } of samples) {
    if (!Number.isFinite(value)) continue;
    const values = byName.get(name);
    if (values) values.push(value);
    else byName.set(name, [value]);
  }
  const names: Record<string, string> = {};
  const read = (term: Term): number | null => {
    const known = dialect.terms[term];
    const name = known?.names.find((candidate) => byName.has(candidate));
    if (known && name !== undefined) {
      names[term] = name;
      const values = byName.get(name) ?? [];
      return known.pool === 'max' ? Math.max(...values) : values.reduce((sum, value) => sum + value, 0);
    }
    if (term !== 'kvCapacityTokens') return null;
    const capacity = dialect.capacity?.(samples) ?? null;
    if (capacity !== null) names[term] = capacity.name;
    return capacity?.value ?? null;
  };
  const reading = Object.fromEntries(terms.map((term) => [term, read(term)])) as unknown as EngineReading;
  return { dialect: dialect.id, reading, names };
}
