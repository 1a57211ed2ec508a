import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithReference, referenceTable } from '../../test/support/shared-data.ts';
import { kvBytesPerToken, stateBytesPerSequence, totalParameters } from './architecture.ts';
import { modelRegistry, parseModelRegistry } from './model-registry.ts';

const models = modelRegistry();
const model = (id: string) => {
  const found = models.find((row) => row.id === id);
  if (!found) throw new Error(`no model ${id}`);
  return found;
};

const document = (): { models: Record<string, unknown>[]; architectures: Record<string, unknown>[] } =>
  JSON.parse(readFileSync(new URL('../../data/models.json', import.meta.url), 'utf8')) as never;

describe('the model registry', () => {
  it('holds every open family from 2.5 to 3.8', () => {
    expect([...new Set(models.map((row) => row.family.id))]).toEqual([
      'qwen2_5',
      'qwen2_5_coder',
      'qwen2_5_math',
      'qwq',
      'qwen3',
      'qwen3_2507_instruct',
      'qwen3_2507_thinking',
      'qwen3_next_instruct',
      'qwen3_next_thinking',
      'qwen3_coder',
      'qwen3_5',
      'qwen3_6',
      'qwen3_8',
    ]);
    expect(models.length).toBeGreaterThanOrEqual(70);
  });

  it('gives each model the id its hub name makes', () => {
    for (const row of models) {
      const name = row.hubId.split('/')[1] ?? '';
      expect(row.id).toBe(name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'));
    }
  });

  it('has names that stay apart when only letters and digits are kept', () => {
    const plain = models.map((row) => row.id.replaceAll('_', ''));
    expect(new Set(plain).size).toBe(plain.length);
  });

  it('says of every incomplete row what is missing', () => {
    expect(models.filter((row) => row.incomplete !== null).map((row) => row.id)).toMatchInlineSnapshot(`
      [
        "qwen2_5_math_1_5b",
        "qwen2_5_math_1_5b_instruct",
        "qwen2_5_math_7b",
        "qwen2_5_math_7b_instruct",
        "qwen2_5_math_72b",
        "qwen2_5_math_72b_instruct",
        "qwen3_235b_a22b",
        "qwen3_coder_30b_a3b_instruct",
        "qwen3_coder_480b_a35b_instruct",
        "qwen3_8_2_4t_a95b",
        "qwen3_8_flash_next",
      ]
    `);
  });

  it('counts hybrids as their checkpoints do', () => {
    // safetensors totals: Qwen3.5-2B 2,213,241,664 with vision encoder; 9B and 27B with the draft head too.
    for (const [id, total] of [
      ['qwen3_5_2b', 2_213_241_664],
      ['qwen3_5_9b', 9_653_104_368],
      ['qwen3_8_27b', 27_781_427_952],
    ] as const) {
      const { architecture } = model(id);
      expect((totalParameters(architecture) ?? 0) + (architecture.otherParameters ?? 0)).toBe(total);
    }
  });

  it('gives hybrids KV for their full-attention layers and a constant state', () => {
    const { architecture } = model('qwen3_5_0_8b');
    expect(kvBytesPerToken(architecture)).toBe(12_288);
    expect((stateBytesPerSequence(architecture) ?? 0) / 2 ** 20).toBeCloseTo(18.6, 1);
    expect(stateBytesPerSequence(model('qwen3_8b').architecture)).toBe(0);
  });
});

describe('parseModelRegistry', () => {
  const faultOf = (change: (copy: ReturnType<typeof document>) => void): string => {
    const copy = document();
    change(copy);
    try {
      parseModelRegistry(copy);
    } catch (error) {
      return (error as Error).message;
    }
    return 'no fault';
  };
  const row = (copy: ReturnType<typeof document>, id: string): Record<string, unknown> =>
    copy.models.find((candidate) => candidate['id'] === id) ?? {};

  it('refuses a display name that contradicts its id', () => {
    expect(faultOf((copy) => (row(copy, 'qwen2_5_7b_instruct')['name'] = 'Qwen-3 8B Instruct'))).toContain(
      'says generation 3, but Qwen/Qwen2.5-7B-Instruct is 2.5',
    );
  });

  it('refuses an unknown without a reason', () => {
    expect(faultOf((copy) => (row(copy, 'qwen3_8b')['licence'] = null))).toContain(
      'qwen3_8b gives no reason why licence is unknown',
    );
  });

  it('refuses a parameter count that the dimensions do not make', () => {
    expect(
      faultOf((copy) => {
        const architecture = copy.architectures.find((candidate) => candidate['id'] === 'qwen3-8b') ?? {};
        architecture['parameters'] = 8_000_000_000;
      }),
    ).toContain('states 8000000000 parameters, but its dimensions make 8190735360');
  });

  it('refuses a repeated id and a family that is not listed', () => {
    expect(faultOf((copy) => copy.models.push(row(copy, 'qwen3_8b')))).toContain('model qwen3_8b is listed twice');
    expect(faultOf((copy) => (row(copy, 'qwen3_8b')['family'] = 'qwen9'))).toContain('names family qwen9');
  });
});

interface ReferenceModel {
  readonly model: string;
  readonly layers?: number;
  readonly full_attention_layers?: number;
  readonly hidden_size?: number;
  readonly intermediate_size?: number | null;
  readonly attention_heads?: number;
  readonly kv_heads?: number;
  readonly head_dim?: number;
  readonly vocab_size?: number;
  readonly tie_embeddings?: boolean;
  readonly native_context: number;
  readonly extended_context?: number | null;
  readonly kv_cache_bytes_per_token_bf16?: number;
  readonly derived_total_params?: number;
  readonly derived_active_params?: number;
  readonly incomplete?: boolean;
}

describeWithReference('the registry beside the reference table', 'qwen-models.json', () => {
  const rows = referenceTable('qwen-models.json') as readonly ReferenceModel[];

  it.each(rows.map((row) => [row.model, row] as const))('agrees on %s', (name, row) => {
    const found = models.find((candidate) => candidate.hubId === `Qwen/${name}`);
    if (!found) throw new Error(`${name} is missing`);
    const { architecture } = found;
    expect(found.contextLength).toBe(row.native_context);
    if (row.incomplete) return;
    expect(architecture).toMatchObject({
      layers: row.layers,
      fullAttentionLayers: row.full_attention_layers ?? row.layers,
      hiddenSize: row.hidden_size,
      feedForwardSize: row.intermediate_size,
      heads: row.attention_heads,
      kvHeads: row.kv_heads,
      headSize: row.head_dim,
      vocabularySize: row.vocab_size,
      tiedEmbeddings: row.tie_embeddings,
    });
    expect(found.extendedContextLength).toBe(row.extended_context);
    expect(kvBytesPerToken(architecture)).toBe(row.kv_cache_bytes_per_token_bf16);
    if (row.derived_total_params !== undefined) expect(architecture.parameters).toBe(row.derived_total_params);
    if (row.derived_active_params !== undefined) expect(architecture.activeParameters).toBe(row.derived_active_params);
  });
});
