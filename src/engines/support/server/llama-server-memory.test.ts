import { expect, it } from 'vitest';
import { llamaServerMemory } from './llama-server-memory.ts';

// As llama.cpp b11434 writes them at verbosity 4.
const lines = `0.00.004.216 I srv  llama_server: initializing ...
0.01.322.648 I common_memory_breakdown_print: |   - Host               |                  570 =   434 +      96 +      39                |
0.02.433.077 I load_tensors:   CPU_Mapped model buffer size =   462.96 MiB
0.02.433.115 I load_tensors:   CPU_REPACK model buffer size =    28.05 MiB
0.02.481.281 I llama_context: n_ctx                 = 8192
0.02.481.289 I llama_context: n_ctx_seq             = 2048
0.02.481.654 I llama_context:        CPU  output buffer size =     2.32 MiB
0.02.481.845 I llama_kv_cache:        CPU KV buffer size =    96.00 MiB
0.02.577.765 I sched_reserve:        CPU compute buffer size =    39.27 MiB
0.07.554.598 I srv    load_model: initializing, n_slots = 4, n_ctx_slot = 2048, kv_unified = 'false'`.split('\n');

const mib = 2 ** 20;

it('sums what the server logs of its devices', () => {
  expect(llamaServerMemory(lines)).toMatchObject({
    scope: 'all',
    weightsBytes: Math.round((462.96 + 28.05) * mib),
    kvCacheBytes: 96 * mib,
    kvCacheTokens: 8192,
    maximumConcurrency: 4,
    activationBytes: Math.round(39.27 * mib),
    graphBytes: null,
  });
  expect(llamaServerMemory(lines).evidence).toHaveLength(6);
});

it('knows nothing of a log without sizes', () => {
  expect(llamaServerMemory(lines.slice(0, 2))).toMatchObject({
    weightsBytes: null,
    kvCacheBytes: null,
    kvCacheTokens: null,
    maximumConcurrency: null,
    activationBytes: null,
    evidence: [],
  });
});
