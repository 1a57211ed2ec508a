import { z } from 'zod';
import { QwenEvalError } from '../core/errors.ts';
import { totalParameters, type Architecture } from './architecture.ts';
import type { DescribedModel } from './describe-gguf.ts';

const number = z.number().nullish();
const list = z.array(z.unknown()).nullish();

const textConfigSchema = z.looseObject({
  model_type: z.string().nullish(),
  num_hidden_layers: number,
  hidden_size: number,
  intermediate_size: number,
  num_attention_heads: number,
  num_key_value_heads: number,
  head_dim: number,
  vocab_size: number,
  tie_word_embeddings: z.boolean().nullish(),
  max_position_embeddings: number,
  num_experts: number,
  num_experts_per_tok: number,
  moe_intermediate_size: number,
  shared_expert_intermediate_size: number,
  decoder_sparse_step: number,
  mlp_only_layers: list,
  layer_types: list,
  full_attention_interval: number,
  linear_num_key_heads: number,
  linear_num_value_heads: number,
  linear_key_head_dim: number,
  linear_conv_kernel_dim: number,
  attn_output_gate: z.boolean().nullish(),
  attention_bias: z.boolean().nullish(),
});

const configSchema = textConfigSchema.extend({
  text_config: textConfigSchema.nullish(),
  quantization_config: z.looseObject({ quant_method: z.string().nullish(), bits: number }).nullish(),
});

type TextConfig = z.infer<typeof textConfigSchema>;

/** A Hugging Face model folder or repository, as far as it was read. */
export interface ConfigFacts {
  /** Parsed config.json. */
  readonly config: unknown;
  /** Sum of the weight files; null when they were not seen. */
  readonly weightBytes: number | null;
  /** What the user knows the model by. */
  readonly name: string;
}

/** Describes a model by its config.json. Throws E_MODEL_FILE when that is no model configuration. */
export function describeConfig({ config, weightBytes, name }: ConfigFacts): DescribedModel {
  const parsed = configSchema.safeParse(config);
  const text = parsed.data?.text_config ?? parsed.data;
  if (!text || typeof text.num_hidden_layers !== 'number')
    throw new QwenEvalError('E_MODEL_FILE', `config.json of ${name} is no configuration of a language model`, {
      hint: 'name a folder or a repository of a causal language model',
    });
  const architecture = architectureOf(text, parsed.data?.tie_word_embeddings ?? null);
  const counted = isUniform(text) ? totalParameters(architecture) : null;
  const { quant_method: method, bits } = parsed.data?.quantization_config ?? {};
  return {
    // config.json has no name of its own.
    name: null,
    architecture: { ...architecture, parameters: counted },
    contextLength: text.max_position_embeddings ?? null,
    quantization: method === undefined || method === null ? null : method === 'gptq' ? `gptq_int${bits ?? 4}` : method,
    weightBytes,
    warnings:
      counted === null
        ? [`the layers of ${name} are not all alike, so its parameters cannot be counted from config.json`]
        : isQwen(text)
          ? []
          : [
              `${name} is no Qwen model (${text.model_type ?? 'unknown type'}): its parameters are counted as Qwen3’s would be`,
            ],
  };
}

const isQwen = (text: TextConfig): boolean => text.model_type?.startsWith('qwen') ?? false;

/** Mixtures with some dense layers would need the width of each. */
const isUniform = (text: TextConfig): boolean =>
  (text.mlp_only_layers ?? []).length === 0 && (text.decoder_sparse_step ?? 1) === 1;

function architectureOf(text: TextConfig, outerTied: boolean | null): Architecture {
  const type = text.model_type ?? '';
  const layers = text.num_hidden_layers ?? null;
  const isNext = type.startsWith('qwen3_next') || type.startsWith('qwen3_5');
  const experts = text.num_experts ?? null;
  const heads = text.num_attention_heads ?? null;
  const hiddenSize = text.hidden_size ?? null;
  return {
    kind: experts === null ? 'dense' : 'moe',
    layers,
    fullAttentionLayers: fullLayers(text, layers),
    hiddenSize,
    feedForwardSize: experts === null ? (text.intermediate_size ?? null) : null,
    experts:
      experts === null
        ? null
        : {
            count: experts,
            active: text.num_experts_per_tok ?? experts,
            size: text.moe_intermediate_size ?? null,
            sharedSize: text.shared_expert_intermediate_size ?? 0,
          },
    heads,
    kvHeads: text.num_key_value_heads ?? heads,
    headSize: text.head_dim ?? (hiddenSize !== null && heads !== null ? hiddenSize / heads : null),
    vocabularySize: text.vocab_size ?? null,
    tiedEmbeddings: text.tie_word_embeddings ?? outerTied ?? false,
    qkvBias: text.attention_bias ?? type === 'qwen2',
    qkNorm: type.startsWith('qwen3'),
    outputGate: text.attn_output_gate ?? isNext,
    linearAttention:
      text.linear_num_key_heads && text.linear_num_value_heads && text.linear_key_head_dim
        ? {
            keyHeads: text.linear_num_key_heads,
            valueHeads: text.linear_num_value_heads,
            headSize: text.linear_key_head_dim,
            convolution: text.linear_conv_kernel_dim ?? 4,
          }
        : null,
    parameters: null,
    activeParameters: null,
    otherParameters: null,
  };
}

function fullLayers(text: TextConfig, layers: number | null): number | null {
  if (text.layer_types) return text.layer_types.filter((layer) => layer !== 'linear_attention').length;
  const interval = text.full_attention_interval ?? (text.linear_num_value_heads ? 4 : 1);
  return layers === null ? null : Math.floor(layers / interval);
}
