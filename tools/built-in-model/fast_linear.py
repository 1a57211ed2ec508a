"""Products of matrices by NumPy's BLAS, which is twice as fast as PyTorch's own on CPUs that are not Intel's."""

import numpy
import torch
from torch import nn


class Product(torch.autograd.Function):
    @staticmethod
    def forward(context, x, weight):
        context.save_for_backward(x, weight)
        return torch.from_numpy(numpy.matmul(x.detach().numpy(), weight.detach().numpy().T))

    @staticmethod
    def backward(context, gradient):
        x, weight = (each.detach().numpy() for each in context.saved_tensors)
        gradient = gradient.numpy()
        return torch.from_numpy(numpy.matmul(gradient, weight)), torch.from_numpy(numpy.matmul(gradient.T, x))


def linear(x, weight):
    """Rows of x times a weight matrix of nn.Linear's layout."""
    return nn.functional.linear(x, weight) if x.is_cuda else Product.apply(x, weight)


class FastLinear(nn.Linear):
    def __init__(self, width: int, out: int):
        super().__init__(width, out, bias=False)

    def forward(self, x):
        return linear(x, self.weight)
