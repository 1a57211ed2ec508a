"""Muon (Jordan 2024): momentum whose matrix is made orthogonal before it is applied. It needs about half of AdamW's steps here."""

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
STEPS = 4


class Muon(torch.optim.Optimizer):
    """For weight matrices only. Matrices of one shape are worked on together."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            by_shape = {}
            for parameter in group['params']:
                by_shape.setdefault(tuple(sorted(parameter.shape)), []).append(parameter)
            for same in by_shape.values():
                self.step_together(same, group)

    def step_together(self, parameters, group):
        wide = []
        for parameter in parameters:
            state = self.state[parameter]
            if 'momentum' not in state:
                state['momentum'] = torch.zeros_like(parameter)
            state['momentum'].lerp_(parameter.grad, 1 - group['momentum'])
            update = parameter.grad.lerp(state['momentum'], group['momentum'])
            wide.append(update if update.shape[0] <= update.shape[1] else update.T)
        for parameter, update in zip(parameters, orthogonal(torch.stack(wide))):
            if parameter.shape[0] > parameter.shape[1]:
                update = update.T
            scale = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
            parameter.mul_(1 - group['lr'] * group['weight_decay'])
            parameter.add_(update, alpha=-group['lr'] * scale)


def orthogonal(x):
    """The nearest matrices with orthogonal rows, by Newton and Schulz's iteration."""
    a, b, c = COEFFICIENTS
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    x = x if x.is_cuda else x.numpy()
    for _ in range(STEPS):
        square = x @ x.swapaxes(1, 2)
        x = a * x + (b * square + c * square @ square) @ x
    return torch.as_tensor(x)
