import { describe, expect, it } from 'vitest';
import { realQwen } from '../../test/support/real-qwen.ts';
import { readGgufHeader } from '../engines/support/gguf-header.ts';
import { kvBytesPerToken, totalParameters } from './architecture.ts';
import { describeConfig } from './describe-config.ts';
import { describeGguf } from './describe-gguf.ts';
import { findModel } from './find-model.ts';
import { identifyModel, type IdentityEvidence } from './identify-model.ts';

const identify = (evidence: Partial<IdentityEvidence>) =>
  identifyModel({ described: null, root: null, requested: null, name: 'served', ...evidence });

describe('identifyModel', () => {
  it('believes the path behind a served name rather than the name, and says so', () => {
    const identity = identify({ name: 'Qwen-3 8B Instruct', root: 'Qwen/Qwen2.5-7B-Instruct' });
    expect(identity.model?.id).toBe('qwen2_5_7b_instruct');
    expect(identity.warnings).toEqual([
      'Qwen-3 8B Instruct names Qwen3-8B, but Qwen/Qwen2.5-7B-Instruct is Qwen2.5-7B-Instruct',
    ]);
  });

  it('warns of a name that fits no model and contradicts the one behind it', () => {
    const identity = identify({ name: 'Qwen-3 9B', root: 'Qwen/Qwen2.5-7B-Instruct' });
    expect(identity.warnings).toEqual([
      '"Qwen-3 9B" says generation 3, but Qwen/Qwen2.5-7B-Instruct is 2.5',
      '"Qwen-3 9B" says size 9b, but Qwen/Qwen2.5-7B-Instruct is 7b',
    ]);
  });

  it('tells base from instruct where the names do', () => {
    expect(identify({ requested: 'qwen3_8b', root: 'Qwen/Qwen3-8B-Base' })).toMatchObject({
      model: { id: 'qwen3_8b_base' },
      warnings: ['qwen3_8b names Qwen3-8B, but Qwen/Qwen3-8B-Base is Qwen3-8B-Base'],
    });
    const described = { ...describe7b(), name: 'qwen2.5 7b' };
    expect(identify({ described, name: 'qwen2.5-7b-instruct-q4_k_m' })).toMatchObject({
      model: { id: 'qwen2_5_7b_instruct' },
      warnings: [],
    });
  });

  it('does not believe a name that the dimensions refute', () => {
    const identity = identify({ described: { ...describe7b(), name: 'Qwen3-8B' }, name: 'qwen3-8b' });
    expect(identity.model).toBeNull();
    expect(identity.warnings).toEqual([
      'Qwen3-8B names Qwen3-8B, but the weights are another model: layers 28 in place of 36, hiddenSize 3584 in place of 4096, heads 28 in place of 32, kvHeads 4 in place of 8',
    ]);
  });

  it('takes a derived model’s architecture, not its guidance', () => {
    const identity = identify({ name: 'DeepSeek-R1-0528-Qwen3-8B' });
    expect(identity.model).toBeNull();
    expect(identity.architecture?.parameters).toBe(8_190_735_360);
    expect(identity.warnings).toHaveLength(1);
  });

  it('knows nothing of other names', () => {
    expect(identify({ name: 'llama-3-8b' })).toMatchObject({ model: null, architecture: null, warnings: [] });
  });
});

const qwen25 = {
  model_type: 'qwen2',
  num_hidden_layers: 28,
  hidden_size: 3584,
  intermediate_size: 18_944,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  vocab_size: 152_064,
  tie_word_embeddings: false,
  max_position_embeddings: 32_768,
};

const describe7b = () => describeConfig({ config: qwen25, weightBytes: null, name: 'folder' });

describe('describeConfig', () => {
  it('counts a dense model from config.json', () => {
    const { architecture, contextLength, warnings } = describe7b();
    expect(architecture.parameters).toBe(7_615_616_512);
    expect(contextLength).toBe(32_768);
    expect(warnings).toEqual([]);
  });

  it('reads a hybrid mixture of experts under text_config', () => {
    const { architecture, quantization } = describeConfig({
      name: 'Qwen/Qwen3.5-35B-A3B-FP8',
      weightBytes: null,
      config: {
        model_type: 'qwen3_5_moe',
        tie_word_embeddings: false,
        quantization_config: { quant_method: 'fp8' },
        text_config: {
          model_type: 'qwen3_5_moe_text',
          num_hidden_layers: 40,
          full_attention_interval: 4,
          hidden_size: 2048,
          num_attention_heads: 16,
          num_key_value_heads: 2,
          head_dim: 256,
          vocab_size: 248_320,
          num_experts: 256,
          num_experts_per_tok: 8,
          moe_intermediate_size: 512,
          shared_expert_intermediate_size: 512,
          linear_num_key_heads: 16,
          linear_num_value_heads: 32,
          linear_key_head_dim: 128,
          linear_conv_kernel_dim: 4,
          max_position_embeddings: 262_144,
        },
      },
    });
    const known = findModel('Qwen3.5-35B-A3B').match?.model.architecture;
    expect(architecture.parameters).toBe(known?.parameters);
    expect(kvBytesPerToken(architecture)).toBe(20_480);
    expect(quantization).toBe('fp8');
  });

  it('does not count layers that are not alike, and says whose count it is', () => {
    expect(describeConfig({ config: { ...qwen25, mlp_only_layers: [0] }, weightBytes: null, name: 'm' })).toMatchObject(
      {
        architecture: { parameters: null },
        warnings: [expect.stringContaining('not all alike')],
      },
    );
    expect(
      describeConfig({ config: { ...qwen25, model_type: 'llama' }, weightBytes: null, name: 'm' }).warnings,
    ).toEqual([expect.stringContaining('no Qwen model (llama)')]);
  });

  it('refuses what is no language model', () => {
    expect(() => describeConfig({ config: { a: 1 }, weightBytes: null, name: 'folder' })).toThrow(
      'config.json of folder',
    );
    expect(() => describeConfig({ config: null, weightBytes: null, name: 'folder' })).toThrow('config.json of folder');
  });
});

const ggufFacts = (metadata: Readonly<Record<string, unknown>>, type = 'Q4_K') => ({
  metadata: new Map(Object.entries({ 'general.architecture': 'qwen3', 'general.file_type': 15, ...metadata })),
  tensors: [
    { name: 'token_embd.weight', dimensions: [1024, 1000], type, elements: 1_024_000, sizeBytes: 576_000 },
    { name: 'blk.0.attn_q.weight', dimensions: [1024, 2048], type, elements: 2_097_152, sizeBytes: 1_179_648 },
  ],
});

describe('describeGguf', () => {
  it('says what the header contradicts', () => {
    expect(
      describeGguf(
        ggufFacts({
          'general.name': 'Qwen3 8B AWQ',
          'general.finetune': 'abliterated',
          'general.size_label': '8B',
        }),
        'qwen3-4b-q4_k_m.gguf',
      ).warnings,
    ).toEqual([
      'the file calls itself "Qwen3 8B AWQ": its q4_k_m weights were made from AWQ weights, not from the original ones',
      'the file says it is the finetune "abliterated": scores of the original do not apply',
      'the file’s name and its header disagree: "qwen3-4b-q4_k_m.gguf" says size 4b, but Qwen3 8B AWQ is 8b',
      'the file says it has 8B parameters, but its tensors hold 0.00 billion',
    ]);
  });

  it('compares the stated type with the tensors', () => {
    expect(describeGguf(ggufFacts({}, 'Q5_0'), 'm.gguf').warnings).toEqual([
      'the file says q4_k_m, but 100 % of its weights are Q5_0',
    ]);
    expect(describeGguf(ggufFacts({}), 'm.gguf').warnings).toEqual([]);
  });

  it('reads dimensions and bytes off a small header', () => {
    const described = describeGguf(
      ggufFacts({
        'qwen3.block_count': 1,
        'qwen3.embedding_length': 1024,
        'qwen3.attention.head_count': 16,
        'qwen3.attention.head_count_kv': 8,
        'qwen3.attention.key_length': 128,
        'qwen3.context_length': 40_960,
      }),
      'm.gguf',
    );
    expect(described).toMatchObject({
      contextLength: 40_960,
      quantization: 'q4_k_m',
      weightBytes: 1_755_648,
      architecture: { layers: 1, kvHeads: 8, headSize: 128, tiedEmbeddings: true, vocabularySize: 1000 },
    });
    expect(kvBytesPerToken(described.architecture)).toBe(4096);
  });
});

const path = realQwen();

describe.skipIf(path === null)(
  `a real Qwen2.5-Coder GGUF${path === null ? ' [skipped: QE_REAL_QWEN is not set]' : ''}`,
  () => {
    it('is identified with what its header says of its origin', async () => {
      const described = describeGguf(await readGgufHeader(path ?? ''), 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf');
      const identity = identify({ described, name: 'qwen2.5-coder-0.5b-instruct-q4_k_m' });
      expect(identity.model?.id).toBe('qwen2_5_coder_0_5b_instruct');
      expect(identity.quantization).toBe('q4_k_m');
      expect(identity.warnings).toMatchInlineSnapshot(`
        [
          "the file calls itself "Qwen2.5 Coder 0.5B Instruct AWQ": its q4_k_m weights were made from AWQ weights, not from the original ones",
          "the file says q4_k_m, but 62 % of its weights are Q5_0",
        ]
      `);
      expect(described.architecture).toMatchObject({
        layers: 24,
        kvHeads: 2,
        headSize: 64,
        qkvBias: true,
        qkNorm: false,
      });
      expect(totalParameters(described.architecture)).toBeGreaterThan(490_000_000);
    });
  },
);
