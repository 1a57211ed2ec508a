"""A byte-level BPE tokenizer with Qwen's special tokens, trained on the corpus. Digits stand alone, as in Qwen's own vocabulary."""

import json
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 1280
CONTROL = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']
USER_DEFINED = ['<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>', '<think>', '</think>']
# The split that llama.cpp applies for tokenizer.ggml.pre = qwen2.
SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SAMPLED_LINES = 60_000


def load_or_train_tokenizer(corpus, path: Path) -> Tokenizer:
    if path.exists():
        return Tokenizer.from_file(str(path))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(SPLIT), behavior='isolated'), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in CONTROL])
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in USER_DEFINED])
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=CONTROL + USER_DEFINED,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    lines = [json.loads(line) for line in open(corpus, encoding='utf8')]
    step = max(1, len(lines) // SAMPLED_LINES)
    texts = (part for line in lines[::step] for part in split_specials(line['prompt'] + line['thinking'] + line['direct']))
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(path))
    return tokenizer


def split_specials(text):
    for token in CONTROL + USER_DEFINED:
        text = text.replace(token, '\x00')
    return [part for part in text.split('\x00') if part]
