// A small model of the qwen3 architecture with random weights: every part of an evaluation can run with it, none of its answers mean anything.
import { readFileSync } from 'node:fs';
import { value, writeGguf } from './write-gguf.mjs';

/** The shape of the model; `seed` fixes every weight. */
export const defaultShape = {
  seed: 20_261_124,
  layers: 2,
  width: 64,
  heads: 4,
  kvHeads: 2,
  headSize: 16,
  hidden: 160,
  contextLength: 32_768,
};

const controlTokens =
  '<|endoftext|> <|im_start|> <|im_end|> <|object_ref_start|> <|object_ref_end|> <|box_start|> <|box_end|> <|quad_start|> ' +
  '<|quad_end|> <|vision_start|> <|vision_end|> <|vision_pad|> <|image_pad|> <|video_pad|>';
const addedTokens =
  '<tool_call> </tool_call> <|fim_prefix|> <|fim_middle|> <|fim_suffix|> <|fim_pad|> <|repo_name|> <|file_sep|> ' +
  '<tool_response> </tool_response> <think> </think>';
const tokenTypes = { normal: 1, control: 3, userDefined: 4 };

/** One character for each byte, as byte-level BPE vocabularies write them: printable bytes stand for themselves, the others follow U+0100. */
function byteCharacters() {
  const printable = (byte) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

/** Uniform numbers in [0, 1) from a 32-bit state (mulberry32). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Near-normal numbers of standard deviation 1 as the sum of four uniform ones: only additions, so equal on every machine. */
function bell(random) {
  return () => (random() + random() + random() + random() - 2) * 1.7320508;
}

/** Tokens the model may choose: printable ASCII, line break, thinking tags and the end of a turn. The rest have logit 0, far from the best. */
const isChosen = (token) => /^([!-~ĠĊ]|<\/?think>|<\|im_end\|>)$/.test(token);

/** Matrices in the order of the file; their spread keeps activations near 1 and logits near 4 so that ties are rare. */
function tensorsOf(shape, tokens) {
  const { width, hidden, heads, kvHeads, headSize } = shape;
  const draw = bell(uniform(shape.seed));
  const matrix = (name, input, output, spread = 1 / Math.sqrt(input)) => ({
    name: `${name}.weight`,
    dimensions: [input, output],
    type: 'F16',
    data: new Float32Array(input * output).map(() => draw() * spread),
  });
  const ones = (name, size) => ({
    name: `${name}.weight`,
    dimensions: [size],
    type: 'F32',
    data: new Float32Array(size).fill(1),
  });
  const block = (index) => {
    const at = (part) => `blk.${index}.${part}`;
    return [
      ones(at('attn_norm'), width),
      matrix(at('attn_q'), width, heads * headSize),
      matrix(at('attn_k'), width, kvHeads * headSize),
      matrix(at('attn_v'), width, kvHeads * headSize),
      matrix(at('attn_output'), heads * headSize, width),
      ones(at('attn_q_norm'), headSize),
      ones(at('attn_k_norm'), headSize),
      ones(at('ffn_norm'), width),
      matrix(at('ffn_gate'), width, hidden),
      matrix(at('ffn_up'), width, hidden),
      matrix(at('ffn_down'), hidden, width),
    ];
  };
  const output = matrix('output', width, tokens.length, 4 / Math.sqrt(width));
  for (const [row, token] of tokens.entries())
    if (!isChosen(token)) output.data.fill(0, row * width, (row + 1) * width);
  return [
    matrix('token_embd', width, tokens.length, 1),
    ...Array.from({ length: shape.layers }, (_, index) => block(index)).flat(),
    ones('output_norm', width),
    output,
  ];
}

/** The bytes of a GGUF file with a random model of the given shape. */
export function makeRandomModel(shape = defaultShape) {
  const bytes = byteCharacters();
  const added = `${controlTokens} ${addedTokens}`.split(' ');
  const tokens = [...bytes, ...added];
  const typeOf = (token) => (token.startsWith('<|') ? tokenTypes.control : tokenTypes.userDefined);
  const types = [...bytes.map(() => tokenTypes.normal), ...added.map(typeOf)];
  const idOf = (token) => value.u32(tokens.indexOf(token));
  const template = readFileSync(new URL('./chat-template.jinja', import.meta.url), 'utf8').replace(/\n$/, '');
  const metadata = [
    ['general.architecture', value.string('qwen3')],
    ['general.type', value.string('model')],
    ['general.name', value.string('qwen-eval stand-in (random weights)')],
    ['general.finetune', value.string('random')],
    ['general.license', value.string('apache-2.0')],
    ['general.file_type', value.u32(1)],
    ['qwen3.block_count', value.u32(shape.layers)],
    ['qwen3.context_length', value.u32(shape.contextLength)],
    ['qwen3.embedding_length', value.u32(shape.width)],
    ['qwen3.feed_forward_length', value.u32(shape.hidden)],
    ['qwen3.attention.head_count', value.u32(shape.heads)],
    ['qwen3.attention.head_count_kv', value.u32(shape.kvHeads)],
    ['qwen3.attention.key_length', value.u32(shape.headSize)],
    ['qwen3.attention.value_length', value.u32(shape.headSize)],
    ['qwen3.attention.layer_norm_rms_epsilon', value.f32(1e-6)],
    ['qwen3.rope.freq_base', value.f32(1_000_000)],
    ['tokenizer.ggml.model', value.string('gpt2')],
    ['tokenizer.ggml.pre', value.string('qwen2')],
    ['tokenizer.ggml.tokens', value.strings(tokens)],
    ['tokenizer.ggml.token_type', value.integers(types)],
    ['tokenizer.ggml.merges', value.strings([])],
    ['tokenizer.ggml.bos_token_id', idOf('<|endoftext|>')],
    ['tokenizer.ggml.eos_token_id', idOf('<|im_end|>')],
    ['tokenizer.ggml.padding_token_id', idOf('<|endoftext|>')],
    ['tokenizer.ggml.add_bos_token', value.bool(false)],
    ['tokenizer.chat_template', value.string(template)],
  ];
  return writeGguf(metadata, tensorsOf(shape, tokens));
}
