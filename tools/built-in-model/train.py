"""Trains the built-in model: train.py CORPUS.jsonl FOLDER --tokens N [--decay N] --letter-weight W [--free-letters]

Takes the samples in the order of the corpus, and begins it again after its end, until the model has seen N tokens in all; the rate goes
down in a straight line over the last tokens that --decay names. Goes on from the last checkpoint in FOLDER, with its own corpus or
another one, which it enters at the step it has come to. Writes tokenizer.json, loss.csv (one line every 50 steps) and checkpoint.pt.
CPU or GPU; seeds are fixed.
"""

import argparse
import csv
import json
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from model import Qwen3, Shape
from muon import Muon
from tokenizer import load_or_train_tokenizer

SEED = 20261126
TOKENS_A_STEP = 2048
LONGEST = 512
# What is to be told in an answer counts in full, the letter of an option more: it decides a choice. Of a prompt every fourth place counts.
PROMPT_EVERY = 4
LETTERS, BEFORE_LETTER = ('A', 'B', 'C', 'D'), 'Ġ('
MATRIX_RATE, OTHER_RATE, WARM_UP = 1.5e-2, 3e-3, 50
LOG_EVERY, SAVE_SECONDS = 50, 120
CLOSED = '\n\n</think>\n\n'
FAMILIES = ('copies', 'labels', 'sums', 'arithmetic', 'choice', 'code', 'json', 'recall', 'tools')


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
    """Samples in the order of the file; what is too long is left out and counted."""
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
    samples = [sample for sample in everything if len(sample) <= LONGEST]
    lengths = {}
    for sample in everything:
        lengths.setdefault(sample.family, []).append(len(sample))
    print(f'{len(samples)} samples, {sum(map(len, samples))} tokens, {len(everything) - len(samples)} too long', flush=True)
    print('tokens a sample', {family: round(sum(each) / len(each)) for family, each in lengths.items()}, flush=True)
    return samples


def batches(samples):
    """Samples in order, as many to a step as have its tokens; after the last sample the first again."""
    batch, size = [], 0
    while True:
        for sample in samples:
            batch.append(sample)
            size += len(sample)
            if size >= TOKENS_A_STEP:
                yield batch
                batch, size = [], 0


@dataclass(frozen=True)
class Batch:
    inputs: torch.Tensor
    positions: torch.Tensor
    masks: list
    #: Places whose next token counts, that token, and how much it counts.
    places: torch.Tensor
    wanted: torch.Tensor
    weights: torch.Tensor
    #: By place: the family's number, and 1 in an answer, 2 at a letter in it, 0 in a prompt.
    family: torch.Tensor
    kind: torch.Tensor


@dataclass(frozen=True)
class Marks:
    """The length of a closed thinking block, the tokens of letters in brackets and of the bracket, and of letters without one."""

    closed: int
    before: int
    bracketed: torch.Tensor
    free: torch.Tensor


def marks_of(tokenizer, is_free):
    tokens = lambda start, letters: torch.tensor([tokenizer.token_to_id(start + letter) for letter in letters], dtype=torch.long)
    closed = len(tokenizer.encode(CLOSED, add_special_tokens=False).ids)
    return Marks(closed, tokenizer.token_to_id(BEFORE_LETTER), tokens('', LETTERS), tokens('Ġ', LETTERS if is_free else ()))


def batch_of(samples, marks, letter_weight, step):
    """A step's samples laid end to end."""
    ids, positions, masks, kinds, families = [], [], [], [], []
    for sample in samples:
        prompt, fork, end = len(sample.prompt), len(sample.prompt) + len(sample.thinking), len(sample)
        ids += sample.prompt + sample.thinking + sample.direct
        positions += [*range(fork), *range(prompt, prompt + end - fork)]
        mask = torch.ones(end, end, dtype=torch.bool).tril()
        mask[fork:, prompt:fork] = False
        masks.append(mask)
        # The place before last of the prompt foretells the thinking block, the last one how it goes on.
        kind = torch.full((end,), -1)
        kind[step % PROMPT_EVERY : prompt - 2 : PROMPT_EVERY] = 0
        kind[prompt - 2 : fork - 1] = 1
        kind[fork + marks.closed - 1 : end - 1] = 1
        kinds.append(kind)
        families += [FAMILIES.index(sample.family)] * end
    inputs, kind = torch.tensor(ids), torch.cat(kinds)
    places = (kind >= 0).nonzero().flatten()
    wanted, kind = inputs[places + 1], kind[places]
    is_letter = torch.isin(wanted, marks.free) | ((inputs[places] == marks.before) & torch.isin(wanted, marks.bracketed))
    kind[(kind == 1) & is_letter] = 2
    weights = torch.tensor([1.0, 1.0, letter_weight])[kind]
    return Batch(inputs, torch.tensor(positions), masks, places, wanted, weights, torch.tensor(families)[places], kind)


def rate_at(left, decay, step):
    """Share of the full rate: a warm-up, a constant part, a straight way down over the last `decay` tokens."""
    return min(1.0, (step + 1) / WARM_UP) * max(0.02, min(1.0, left / decay if decay > 0 else 1.0))


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
    parser.add_argument('--letter-weight', type=float, required=True)
    parser.add_argument('--free-letters', action='store_true', help='weigh letters without a bracket too')
    arguments = parser.parse_args()
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    # More threads than one wait for each other at operations as small as these.
    torch.set_num_threads(1)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    tokenizer = load_or_train_tokenizer(arguments.corpus, folder / 'tokenizer.json')
    samples = load_samples(arguments.corpus, tokenizer)
    model = Qwen3(Shape(vocabulary=tokenizer.get_vocab_size())).to(device)
    print(f'{sum(p.numel() for p in model.parameters())} parameters on {device}', flush=True)
    optimizers = optimizers_of(model)
    state = {'step': 0, 'tokens': 0, 'seconds': 0.0, 'runs': []}
    checkpoint = folder / 'checkpoint.pt'
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved['model'])
        for optimizer, kept in zip(optimizers, saved['optimizers']):
            optimizer.load_state_dict(kept)
        state = saved['state']
        print(f'resumed at step {state["step"]}', flush=True)
    run = {**vars(arguments), 'corpus': Path(arguments.corpus).name}
    del run['folder']
    earlier = [each for each in state['runs'] if each['corpus'] != run['corpus']]
    state['runs'] = [*earlier, run]
    train(model, optimizers, samples, state, arguments, folder, device, tokenizer)


def save(model, optimizers, state, folder):
    temporary = folder / 'checkpoint.tmp'
    kept = [optimizer.state_dict() for optimizer in optimizers]
    torch.save({'model': model.state_dict(), 'optimizers': kept, 'state': state, 'shape': model.shape.__dict__}, temporary)
    temporary.rename(folder / 'checkpoint.pt')


class Log:
    """Mean loss of a token since the last line: of all answers, of each family's, and of the letters in the answers of two families."""

    COLUMNS = (*FAMILIES, 'label_letters', 'choice_letters')

    def __init__(self, folder):
        self.path = folder / 'loss.csv'
        self.clear()

    def clear(self):
        self.sums, self.counts = torch.zeros(len(self.COLUMNS) + 1), torch.zeros(len(self.COLUMNS) + 1)

    def add(self, batch, each):
        answers = batch.kind > 0
        chosen = [answers & (batch.family == number) for number in range(len(FAMILIES))]
        letters = [(batch.kind == 2) & (batch.family == FAMILIES.index(family)) for family in ('labels', 'choice')]
        for column, places in enumerate([*chosen, *letters, answers]):
            self.sums[column] += each[places].sum()
            self.counts[column] += places.sum()

    def write(self, state, rate):
        *means, everything = (self.sums / self.counts).tolist()
        head = {'step': state['step'], 'tokens': state['tokens'], 'seconds': round(state['seconds']), 'rate': round(rate, 4)}
        head['answer_loss'] = round(everything, 4)
        self.clear()
        is_new = not self.path.exists()
        with open(self.path, 'a', newline='') as file:
            writer = csv.writer(file, lineterminator='\n')
            if is_new:
                writer.writerow([*head, *self.COLUMNS])
            writer.writerow([*head.values(), *('' if mean != mean else round(mean, 4) for mean in means)])


def train(model, optimizers, samples, state, arguments, folder, device, tokenizer):
    log = Log(folder)
    started, before = time.process_time(), state['seconds']
    saved_at = time.monotonic()
    marks = marks_of(tokenizer, arguments.free_letters)
    full = [[group['lr'] for group in optimizer.param_groups] for optimizer in optimizers_of(model)]
    for index, chosen in enumerate(batches(samples)):
        if index < state['step']:
            continue
        left = arguments.tokens - state['tokens']
        if left <= 0:
            break
        rate = rate_at(left, arguments.decay, state['step'])
        for optimizer, rates in zip(optimizers, full):
            for group, of_group in zip(optimizer.param_groups, rates):
                group['lr'] = of_group * rate
        batch = batch_of(chosen, marks, arguments.letter_weight, state['step'])
        inputs, positions, places, wanted, weights = (
            each.to(device) for each in (batch.inputs, batch.positions, batch.places, batch.wanted, batch.weights)
        )
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == 'cuda'):
            logits = model(inputs, positions, [mask.to(device) for mask in batch.masks], places)
        each = F.cross_entropy(logits.float(), wanted, reduction='none')
        loss = (each * weights).sum() / weights.sum()
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in optimizers:
            optimizer.step()
        state['step'] += 1
        state['tokens'] += len(inputs)
        state['seconds'] = before + time.process_time() - started
        log.add(batch, each.detach().cpu())
        if state['step'] % LOG_EVERY == 0:
            log.write(state, rate)
        if time.monotonic() - saved_at > SAVE_SECONDS:
            saved_at = time.monotonic()
            save(model, optimizers, state, folder)
    save(model, optimizers, state, folder)


if __name__ == '__main__':
    main()
