"""Trains the built-in model: train.py CORPUS.jsonl FOLDER [--tokens 30000000]

Resumes from the last checkpoint in FOLDER. Writes tokenizer.json, log.jsonl (loss by step), checkpoint.pt. CPU or GPU; seeds are fixed.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from model import Qwen3, Shape
from tokenizer import load_or_train_tokenizer

SEED = 20261124
TOKENS_A_STEP = 9216
PROMPT_WEIGHT = 0.05
PEAK_RATE, LEAST_RATE, WARM_UP = 2e-3, 1e-4, 150
# Few row lengths, each with a fixed number of rows: every one is compiled once.
WIDTHS = (64, 96, 128, 192, 256, 384)


def load_samples(path, tokenizer):
    """(tokens, length of the prompt, family) of each line; what is longer than a row is left out and counted."""
    samples, left_out = [], 0
    rows = [json.loads(line) for line in open(path, encoding='utf8')]
    prompts = tokenizer.encode_batch([row['prompt'] for row in rows], add_special_tokens=False)
    answers = tokenizer.encode_batch([row['answer'] for row in rows], add_special_tokens=False)
    for row, prompt, answer in zip(rows, prompts, answers):
        tokens = prompt.ids + answer.ids
        if len(tokens) > WIDTHS[-1]:
            left_out += 1
            continue
        samples.append((tokens, len(prompt.ids), row['family']))
    print(f'{len(samples)} samples, {sum(len(s[0]) for s in samples)} tokens, {left_out} too long', flush=True)
    return samples


def batches(samples, epoch):
    """Batches of about equal token counts; samples of like length together, batches in random order."""
    rng = random.Random(SEED + epoch)
    shuffled = samples[:]
    rng.shuffle(shuffled)
    rows = {width: [] for width in WIDTHS}
    done = []
    for sample in shuffled:
        width = next(w for w in WIDTHS if len(sample[0]) <= w)
        rows[width].append(sample)
        if len(rows[width]) == TOKENS_A_STEP // width:
            done.append((width, rows[width]))
            rows[width] = []
    # The first epoch begins with the short ones.
    rng.shuffle(done)
    if epoch == 0:
        head = sorted(done[: len(done) // 4], key=lambda batch: batch[0])
        done = head + done[len(done) // 4 :]
    return done


def tensors(width, rows, device):
    tokens = torch.zeros(len(rows), width, dtype=torch.long)
    weights = torch.zeros(len(rows), width)
    for index, (ids, prompt, _) in enumerate(rows):
        tokens[index, : len(ids)] = torch.tensor(ids)
        weights[index, :prompt] = PROMPT_WEIGHT
        weights[index, prompt : len(ids)] = 1.0
    return tokens.to(device), weights.to(device)


def rate_at(done):
    """Cosine over the share of the budget that is spent."""
    return LEAST_RATE + (PEAK_RATE - LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('corpus')
    parser.add_argument('folder')
    parser.add_argument('--tokens', type=float, default=30e6)
    arguments = parser.parse_args()
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    tokenizer = load_or_train_tokenizer(arguments.corpus, folder / 'tokenizer.json')
    samples = load_samples(arguments.corpus, tokenizer)
    shape = Shape(vocabulary=tokenizer.get_vocab_size())
    model = Qwen3(shape).to(device)
    print(f'{sum(p.numel() for p in model.parameters())} parameters on {device}', flush=True)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{'params': decayed, 'weight_decay': 0.1}, {'params': others, 'weight_decay': 0.0}], lr=PEAK_RATE, betas=(0.9, 0.95)
    )
    state = {'step': 0, 'epoch': 0, 'in_epoch': 0, 'tokens': 0, 'seconds': 0.0}
    checkpoint = folder / 'checkpoint.pt'
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved['model'])
        optimizer.load_state_dict(saved['optimizer'])
        state = saved['state']
        print(f'resumed at step {state["step"]}', flush=True)
    train(model, optimizer, samples, state, arguments, folder, device)


def save(model, optimizer, state, folder):
    temporary = folder / 'checkpoint.tmp'
    torch.save({'model': model.state_dict(), 'optimizer': optimizer.state_dict(), 'state': state, 'shape': model.shape.__dict__}, temporary)
    temporary.rename(folder / 'checkpoint.pt')


def train(model, optimizer, samples, state, arguments, folder, device):
    log = open(folder / 'log.jsonl', 'a')
    started, before = time.monotonic(), state['seconds']
    compiled = torch.compile(model)
    by_family = {}
    while True:
        for index, (width, rows) in enumerate(batches(samples, state['epoch'])):
            if index < state['in_epoch']:
                continue
            tokens, weights = tensors(width, rows, device)
            done = state['tokens'] / arguments.tokens
            if done >= 1:
                save(model, optimizer, state, folder)
                return
            rate = rate_at(done) * min(1.0, (state['step'] + 1) / WARM_UP)
            for group in optimizer.param_groups:
                group['lr'] = rate
            with torch.autocast(device, dtype=torch.bfloat16):
                logits = compiled(tokens[:, :-1])
            each = F.cross_entropy(logits.float().flatten(0, 1), tokens[:, 1:].flatten(), reduction='none').view(len(rows), -1)
            wanted = weights[:, 1:]
            loss = (each * wanted).sum() / wanted.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            state['step'] += 1
            state['in_epoch'] = index + 1
            state['tokens'] += sum(len(ids) for ids, _, _ in rows)
            state['seconds'] = before + time.monotonic() - started
            answers = (wanted == 1.0).float()
            per_row = ((each.detach() * answers).sum(1) / answers.sum(1)).tolist()
            for row, value in zip(rows, per_row):
                by_family.setdefault(row[2], []).append(value)
            if state['step'] % 50 == 0:
                means = {family: round(sum(values) / len(values), 4) for family, values in sorted(by_family.items())}
                by_family = {}
                line = {'step': state['step'], 'tokens': state['tokens'], 'seconds': round(state['seconds']), 'rate': round(rate, 6), 'loss': round(loss.item(), 4), 'answerLoss': means}
                log.write(json.dumps(line) + '\n')
                log.flush()
                print(json.dumps(line), flush=True)
            if state['step'] % 200 == 0:
                save(model, optimizer, state, folder)
        state['epoch'] += 1
        state['in_epoch'] = 0


if __name__ == '__main__':
    main()
