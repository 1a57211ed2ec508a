import type { ObservedSettings } from '../../core/ports/engine.ts';
import { servedContextLength, type ServerFacts } from './server-facts.ts';
import type { ServerInfo } from './server-info.ts';

/** The deployment settings a running server lets be seen: llama.cpp by /props, vLLM by its metrics, SGLang by /get_server_info. */
export function observedSettings(facts: ServerFacts, model: string): ObservedSettings {
  const { props, metricsPage, serverInfo } = facts;
  const cache = cacheConfig(metricsPage);
  const share = Number(cache.get('gpu_memory_utilization') ?? serverInfo?.mem_fraction_static ?? Number.NaN);
  return {
    gpuMemoryFraction: Number.isFinite(share) ? share : null,
    sequences: props?.total_slots ?? serverInfo?.max_running_requests ?? null,
    contextLength: servedContextLength(facts, model) ?? serverInfo?.context_length ?? null,
    prefixCaching: prefixCaching(cache.get('enable_prefix_caching'), serverInfo),
    kvCacheType: cache.get('cache_dtype') ?? serverInfo?.kv_cache_dtype ?? null,
  };
}

function prefixCaching(label: string | undefined, info: ServerInfo | null): boolean | null {
  if (label === 'True' || label === 'False') return label === 'True';
  return typeof info?.disable_radix_cache === 'boolean' ? !info.disable_radix_cache : null;
}

/** The settings that vLLM writes as labels of one metric. */
function cacheConfig(page: string | null): ReadonlyMap<string, string> {
  const line = page?.split('\n').find((text) => text.startsWith('vllm:cache_config_info{')) ?? '';
  return new Map([...line.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}
