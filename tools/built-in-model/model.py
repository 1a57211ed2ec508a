"""A decoder of the Qwen3 architecture: RMSNorm, QK-norm, grouped queries, rotary positions, SwiGLU, tied embeddings."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


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
    def __init__(self, size: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.epsilon = epsilon

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight).to(x.dtype)


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.q = nn.Linear(shape.width, shape.heads * shape.head_size, bias=False)
        self.k = nn.Linear(shape.width, shape.kv_heads * shape.head_size, bias=False)
        self.v = nn.Linear(shape.width, shape.kv_heads * shape.head_size, bias=False)
        self.output = nn.Linear(shape.heads * shape.head_size, shape.width, bias=False)
        self.q_norm = RootMeanSquareNorm(shape.head_size, shape.epsilon)
        self.k_norm = RootMeanSquareNorm(shape.head_size, shape.epsilon)

    def forward(self, x, rotation, mask):
        batch, length, _ = x.shape
        shape = self.shape
        q = self.q_norm(self.q(x).view(batch, length, shape.heads, shape.head_size)).transpose(1, 2)
        k = self.k_norm(self.k(x).view(batch, length, shape.kv_heads, shape.head_size)).transpose(1, 2)
        v = self.v(x).view(batch, length, shape.kv_heads, shape.head_size).transpose(1, 2)
        q, k = rotate(q, rotation), rotate(k, rotation)
        groups = shape.heads // shape.kv_heads
        k, v = k.repeat_interleave(groups, dim=1), v.repeat_interleave(groups, dim=1)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.output(mixed.transpose(1, 2).reshape(batch, length, -1))


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
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x, rotation, mask):
        x = x + self.attention(self.attention_norm(x), rotation, mask)
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
        angles = positions[:, None, :, None].float() * rates
        return angles.cos(), angles.sin()

    def forward(self, tokens, positions, mask):
        """Logits of each place; `mask` (rows, 1, places, places) says what a place may see."""
        x = self.embedding(tokens)
        rotation = self.rotation(positions)
        for block in self.blocks:
            x = block(x, rotation, mask)
        return F.linear(self.norm(x), self.embedding.weight)
