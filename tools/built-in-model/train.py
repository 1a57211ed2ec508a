"""Trains the built-in model until it has seen a number of tokens: train.py CORPUS.jsonl FOLDER --tokens N [--decay N] [--stop N]

Goes on from the last checkpoint in FOLDER, with its own corpus or another one. Writes tokenizer.json, log.jsonl, loss.csv (one line every
25 steps) and checkpoint.pt. CPU or GPU; seeds are fixed. The rate is constant but for the last tokens that --decay names;
--stop ends the run before that.
"""

import argparse
import csv
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from model import Qwen3, Shape
from muon import Muon
from tokenizer import load_or_train_tokenizer

SEED = 20261124
TOKENS_A_STEP = 4096
# What a token of the prompt counts, from a count of tokens on: formats are learnt first, then to find again what was said before.
PROMPT_WEIGHTS = ((0, 0.05), (1_719_066, 0.25))
MATRIX_RATE, OTHER_RATE, WARM_UP = 1.5e-2, 3e-3, 50
LOG_EVERY, SAVE_SECONDS = 25, 150
SHORT_STEPS = 150
WIDTHS = (80, 96, 112, 128, 160, 192, 224, 320, 416)
CLOSED = '\n\n</think>\n\n'


@dataclass(frozen=True)
class Sample:
    """A prompt with two answers side by side: neither sees the other, both see the prompt."""

    family: str
    prompt: tuple
    thinking: tuple
    #: The closed thinking block and the answer after it.
    direct: tuple

    def __len__(self):
        return len(self.prompt) + len(self.thinking) + len(self.direct)


def load_samples(path, tokenizer):
    """Samples in the order of the file; what is longer than a row is left out and counted."""
    rows = [json.loads(line) for line in open(path, encoding='utf8')]
    encoded = [
        [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
        for texts in (
            # Both answers open the thinking block, so it belongs to what they share.
            [row['prompt'] + '<think>' for row in rows],
            [row['thinking'].removeprefix('<think>') for row in rows],
            [CLOSED + row['direct'] for row in rows],
        )
    ]
    everything = [Sample(row['family'], *map(tuple, parts)) for row, parts in zip(rows, zip(*encoded))]
    samples = [sample for sample in everything if len(sample) <= WIDTHS[-1]]
    lengths = {}
    for sample in everything:
        lengths.setdefault(sample.family, []).append(len(sample))
    print(f'{len(samples)} samples, {sum(map(len, samples))} tokens, {len(everything) - len(samples)} too long', flush=True)
    print('tokens a sample', {family: round(sum(each) / len(each)) for family, each in lengths.items()}, flush=True)
    return samples


def batches(samples, epoch, short_first):
    """Batches of about equal token counts; samples of like length together, batches in random order."""
    rng = random.Random(SEED + epoch)
    shuffled = samples[:]
    rng.shuffle(shuffled)
    rows = {width: [] for width in WIDTHS}
    done = []
    for sample in shuffled:
        width = next(w for w in WIDTHS if len(sample) <= w)
        rows[width].append(sample)
        if len(rows[width]) == TOKENS_A_STEP // width:
            done.append((width, rows[width]))
            rows[width] = []
    rng.shuffle(done)
    if not short_first:
        return done
    # Training begins with short ones.
    short = [batch for batch in done if batch[0] <= 128][:SHORT_STEPS]
    chosen = set(map(id, short))
    return short + [batch for batch in done if id(batch) not in chosen]


def tensors(width, rows, closed, prompt_weight):
    """Inputs, positions, mask, the tokens that should follow, and how much each counts. `closed` is the length of a closed thinking block."""
    inputs, wanted, positions = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    weights = torch.zeros(len(rows), width)
    place = torch.arange(width)
    mask = (place[:, None] >= place[None, :]).repeat(len(rows), 1, 1)
    for index, sample in enumerate(rows):
        prompt, fork = len(sample.prompt), len(sample.prompt) + len(sample.thinking)
        ids = torch.tensor(sample.prompt + sample.thinking + sample.direct)
        end = len(ids)
        inputs[index, :end] = ids
        wanted[index, : end - 1] = ids[1:]
        positions[index] = place
        positions[index, fork:] -= fork - prompt
        mask[index, fork:, prompt:fork] = False
        # The place before last of the prompt foretells the thinking block, the last one how it goes on.
        weights[index, : prompt - 2] = prompt_weight
        weights[index, prompt - 2 : fork - 1] = 1.0
        weights[index, fork + closed - 1 : end - 1] = 1.0
    return inputs, positions, mask[:, None], wanted, weights


def rate_at(left, decay, step):
    """Share of the full rate: a warm-up, a constant part, a straight way down over the last `decay` tokens."""
    return min(1.0, (step + 1) / WARM_UP) * max(0.02, min(1.0, left / decay) if decay > 0 else 1.0)


def optimizers_of(model):
    matrices = [p for name, p in model.named_parameters() if p.dim() > 1 and 'embedding' not in name]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    return [
        Muon(matrices, lr=MATRIX_RATE, weight_decay=0.05),
        torch.optim.AdamW([model.embedding.weight, *vectors], lr=OTHER_RATE, betas=(0.9, 0.95), weight_decay=0.0),
    ]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('corpus')
    parser.add_argument('folder')
    parser.add_argument('--tokens', type=int, required=True)
    parser.add_argument('--decay', type=int, default=0)
    parser.add_argument('--stop', type=int)
    arguments = parser.parse_args()
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    tokenizer = load_or_train_tokenizer(arguments.corpus, folder / 'tokenizer.json')
    samples = load_samples(arguments.corpus, tokenizer)
    model = Qwen3(Shape(vocabulary=tokenizer.get_vocab_size())).to(device)
    print(f'{sum(p.numel() for p in model.parameters())} parameters on {device}', flush=True)
    optimizers = optimizers_of(model)
    state = {'step': 0, 'epoch': 0, 'in_epoch': 0, 'tokens': 0, 'seconds': 0.0, 'runs': []}
    checkpoint = folder / 'checkpoint.pt'
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved['model'])
        for optimizer, kept in zip(optimizers, saved['optimizers']):
            optimizer.load_state_dict(kept)
        state = saved['state']
        print(f'resumed at step {state["step"]}', flush=True)
    corpus = Path(arguments.corpus).name
    run = {'corpus': corpus, 'tokens': arguments.tokens, 'decay': arguments.decay, 'stop': arguments.stop}
    if not state['runs'] or state['runs'][-1]['corpus'] != corpus:
        state |= {'epoch': 0, 'in_epoch': 0, 'runs': [*state['runs'], run]}
    state['runs'][-1] = run
    train(model, optimizers, samples, state, arguments, folder, device, tokenizer)


def save(model, optimizers, state, folder):
    temporary = folder / 'checkpoint.tmp'
    kept = [optimizer.state_dict() for optimizer in optimizers]
    torch.save({'model': model.state_dict(), 'optimizers': kept, 'state': state, 'shape': model.shape.__dict__}, temporary)
    temporary.rename(folder / 'checkpoint.pt')


class Log:
    """Mean loss on the answers, by family, since the last line."""

    def __init__(self, folder):
        self.lines = open(folder / 'log.jsonl', 'a')
        self.path = folder / 'loss.csv'
        self.by_family = {}

    def add(self, rows, each, weights):
        answers = (weights == 1.0).float()
        for row, value in zip(rows, ((each * answers).sum(1) / answers.sum(1)).tolist()):
            self.by_family.setdefault(row.family, []).append(value)

    def write(self, state, rate):
        means = {family: round(sum(values) / len(values), 4) for family, values in sorted(self.by_family.items())}
        everything = [value for values in self.by_family.values() for value in values]
        head = {'step': state['step'], 'tokens': state['tokens'], 'seconds': round(state['seconds']), 'rate': round(rate, 4)}
        head['answer_loss'] = round(sum(everything) / len(everything), 4)
        self.by_family = {}
        line = json.dumps({**head, 'families': means})
        print(line, file=self.lines, flush=True)
        print(line, flush=True)
        is_new = not self.path.exists()
        with open(self.path, 'a', newline='') as file:
            writer = csv.writer(file, lineterminator='\n')
            if is_new:
                writer.writerow([*head, *FAMILIES])
            writer.writerow([*head.values(), *(means.get(family, '') for family in FAMILIES)])


FAMILIES = ('arithmetic', 'choice', 'code', 'json', 'recall', 'tools')


def train(model, optimizers, samples, state, arguments, folder, device, tokenizer):
    log = Log(folder)
    started, before = time.monotonic(), state['seconds']
    saved_at = started
    closed = len(tokenizer.encode(CLOSED, add_special_tokens=False).ids)
    full = [[group['lr'] for group in optimizer.param_groups] for optimizer in optimizers_of(model)]
    while True:
        short_first = len(state['runs']) == 1 and state['epoch'] == 0
        for index, (width, rows) in enumerate(batches(samples, state['epoch'], short_first)):
            if index < state['in_epoch']:
                continue
            left = arguments.tokens - state['tokens']
            if left <= 0 or state['tokens'] >= (arguments.stop or arguments.tokens):
                save(model, optimizers, state, folder)
                return
            rate = rate_at(left, arguments.decay, state['step'])
            for optimizer, rates in zip(optimizers, full):
                for group, of_group in zip(optimizer.param_groups, rates):
                    group['lr'] = of_group * rate
            prompt_weight = [weight for start, weight in PROMPT_WEIGHTS if state['tokens'] >= start][-1]
            inputs, positions, mask, wanted, weights = (each.to(device) for each in tensors(width, rows, closed, prompt_weight))
            with torch.autocast(device, dtype=torch.bfloat16, enabled=device == 'cuda'):
                logits = model(inputs, positions, mask)
            each = F.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), reduction='none').view(len(rows), -1)
            loss = (each * weights).sum() / weights.sum()
            for optimizer in optimizers:
                optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            for optimizer in optimizers:
                optimizer.step()
            state['step'] += 1
            state['in_epoch'] = index + 1
            state['tokens'] += sum(map(len, rows))
            state['seconds'] = before + time.monotonic() - started
            log.add(rows, each.detach(), weights)
            if state['step'] % LOG_EVERY == 0:
                log.write(state, rate)
            if time.monotonic() - saved_at > SAVE_SECONDS:
                saved_at = time.monotonic()
                save(model, optimizers, state, folder)
        state['epoch'] += 1
        state['in_epoch'] = 0


if __name__ == '__main__':
    main()
