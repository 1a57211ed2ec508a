"""Writes a checkpoint as GGUF (qwen3 architecture, F16), and FOLDER/summary.json with what training came to: export-gguf.py FOLDER OUT.gguf"""

import csv
import json
import sys
from pathlib import Path

import gguf
import torch

from tokenizer import CONTROL, USER_DEFINED
from train import SEED

NAME = 'qwen-eval built-in'


def main():
    folder, out = Path(sys.argv[1]), sys.argv[2]
    saved = torch.load(folder / 'checkpoint.pt', map_location='cpu')
    shape, weights = saved['shape'], saved['model']
    writer = gguf.GGUFWriter(out, 'qwen3')
    writer.add_type('model')
    writer.add_name(NAME)
    writer.add_license('apache-2.0')
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_block_count(shape['layers'])
    writer.add_context_length(shape['context'])
    writer.add_embedding_length(shape['width'])
    writer.add_feed_forward_length(shape['hidden'])
    writer.add_head_count(shape['heads'])
    writer.add_head_count_kv(shape['kv_heads'])
    writer.add_key_length(shape['head_size'])
    writer.add_value_length(shape['head_size'])
    writer.add_layer_norm_rms_eps(shape['epsilon'])
    writer.add_rope_freq_base(shape['rope_base'])
    add_tokenizer(writer, folder, shape['vocabulary'])
    for name, tensor in tensors(weights, shape['layers']):
        is_matrix = tensor.dim() > 1
        writer.add_tensor(name, tensor.to(torch.float16 if is_matrix else torch.float32).numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    (folder / 'summary.json').write_text(json.dumps(summary(folder, saved), indent=2) + '\n')


def summary(folder, saved):
    rows = list(csv.DictReader(open(folder / 'loss.csv')))
    last = rows[-2:]
    state = saved['state']
    return {
        'parameters': sum(tensor.numel() for tensor in saved['model'].values()),
        'shape': saved['shape'],
        'seed': SEED,
        'torch': torch.__version__,
        'runs': state['runs'],
        'tokens': state['tokens'],
        'steps': state['step'],
        'seconds': round(state['seconds']),
        # Mean over the last hundred steps, in nats a token.
        'answerLoss': round(sum(float(row['answer_loss']) for row in last) / len(last), 4),
    }


def add_tokenizer(writer, folder, size):
    data = json.loads((folder / 'tokenizer.json').read_text(encoding='utf8'))
    vocabulary = data['model']['vocab']
    by_id = {index: token for token, index in vocabulary.items()}
    by_id |= {entry['id']: entry['content'] for entry in data['added_tokens']}
    tokens = [by_id[index] for index in range(size)]
    kinds = [
        gguf.TokenType.CONTROL if token in CONTROL else gguf.TokenType.USER_DEFINED if token in USER_DEFINED else gguf.TokenType.NORMAL
        for token in tokens
    ]
    merges = [merge if isinstance(merge, str) else ' '.join(merge) for merge in data['model']['merges']]
    writer.add_tokenizer_model('gpt2')
    writer.add_tokenizer_pre('qwen2')
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index('<|endoftext|>'))
    writer.add_eos_token_id(tokens.index('<|im_end|>'))
    writer.add_pad_token_id(tokens.index('<|endoftext|>'))
    writer.add_add_bos_token(False)
    template = (Path(__file__).parent / 'chat-template.jinja').read_text(encoding='utf8').rstrip('\n')
    writer.add_chat_template(template)


def tensors(weights, layers):
    yield 'token_embd.weight', weights['embedding.weight']
    names = {
        'attention_norm': 'attn_norm',
        'attention.q': 'attn_q',
        'attention.k': 'attn_k',
        'attention.v': 'attn_v',
        'attention.output': 'attn_output',
        'attention.q_norm': 'attn_q_norm',
        'attention.k_norm': 'attn_k_norm',
        'mlp_norm': 'ffn_norm',
        'gate': 'ffn_gate',
        'up': 'ffn_up',
        'down': 'ffn_down',
    }
    for layer in range(layers):
        for ours, theirs in names.items():
            yield f'blk.{layer}.{theirs}.weight', weights[f'blocks.{layer}.{ours}.weight']
    yield 'output_norm.weight', weights['norm.weight']


if __name__ == '__main__':
    main()
