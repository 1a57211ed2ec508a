"""A decoder of the Qwen3 architecture: RMSNorm, QK-norm, grouped queries, rotary positions, SwiGLU, tied embeddings."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from fast_linear import FastLinear, linear


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    width: int = 192
    layers: int = 6
    heads: int = 6
    kv_heads: int = 2
    head_size: int = 32
    hidden: int = 384
    context: int = 2048
    rope_base: float = 10_000.0
    epsilon: float = 1e-6


class RootMeanSquareNorm(nn.Module):
    def __init__(self, size: int, epsilon: float, start: float = 1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.full((size,), start))
        self.epsilon = epsilon

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight).to(x.dtype)


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.q = FastLinear(shape.width, shape.heads * shape.head_size)
        self.k = FastLinear(shape.width, shape.kv_heads * shape.head_size)
        self.v = FastLinear(shape.width, shape.kv_heads * shape.head_size)
        self.output = FastLinear(shape.heads * shape.head_size, shape.width)
        # From 1 a small head could not look at one place among hundreds until the scale has grown.
        self.q_norm = RootMeanSquareNorm(shape.head_size, shape.epsilon, start=1.4)
        self.k_norm = RootMeanSquareNorm(shape.head_size, shape.epsilon, start=1.4)

    def forward(self, x, rotation, masks):
        length, _ = x.shape
        shape = self.shape
        q = self.q_norm(self.q(x).view(length, shape.heads, shape.head_size)).transpose(0, 1)
        k = self.k_norm(self.k(x).view(length, shape.kv_heads, shape.head_size)).transpose(0, 1)
        v = self.v(x).view(length, shape.kv_heads, shape.head_size).transpose(0, 1)
        q, k = rotate(q, rotation), rotate(k, rotation)
        groups = shape.heads // shape.kv_heads
        k, v = k.repeat_interleave(groups, dim=0), v.repeat_interleave(groups, dim=0)
        lengths = [len(mask) for mask in masks]
        parts = zip(*(each.split(lengths, dim=1) for each in (q, k, v)), masks)
        mixed = [F.scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask)[0] for q, k, v, mask in parts]
        return self.output(torch.cat(mixed, dim=1).transpose(0, 1).reshape(length, -1))


def rotate(x, rotation):
    """Rotary positions in halves, as llama.cpp's NEOX order has them."""
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1).to(x.dtype)


class Block(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm = RootMeanSquareNorm(shape.width, shape.epsilon)
        self.attention = Attention(shape)
        self.mlp_norm = RootMeanSquareNorm(shape.width, shape.epsilon)
        self.gate = FastLinear(shape.width, shape.hidden)
        self.up = FastLinear(shape.width, shape.hidden)
        self.down = FastLinear(shape.hidden, shape.width)

    def forward(self, x, rotation, masks):
        x = x + self.attention(self.attention_norm(x), rotation, masks)
        inner = self.mlp_norm(x)
        return x + self.down(F.silu(self.gate(inner)) * self.up(inner))


class Qwen3(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = RootMeanSquareNorm(shape.width, shape.epsilon)
        for name, parameter in self.named_parameters():
            if parameter.dim() < 2:
                continue
            spread = 0.02 if 'embedding' in name else parameter.shape[1] ** -0.5
            if name.endswith(('output.weight', 'down.weight')):
                spread /= (2 * shape.layers) ** 0.5
            nn.init.normal_(parameter, std=spread)

    def rotation(self, positions):
        half = self.shape.head_size // 2
        rates = self.shape.rope_base ** (-torch.arange(half, dtype=torch.float32, device=positions.device) / half)
        angles = positions[:, None].float() * rates
        return angles.cos(), angles.sin()

    def forward(self, tokens, positions, masks, wanted):
        """Logits of the wanted places of samples laid end to end; a mask for each sample says what its places may see."""
        x = self.embedding(tokens)
        rotation = self.rotation(positions)
        for block in self.blocks:
            x = block(x, rotation, masks)
        return linear(self.norm(x[wanted]), self.embedding.weight)
