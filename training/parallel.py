"""One process or many: `torchrun --nproc-per-node 2 -m training.train CONFIG` trains on two, and so on.

Each process draws its own share of every batch; gradients are averaged, so that all hold the same weights.
"""

from __future__ import annotations

import os

import torch
from torch import distributed


def join() -> tuple[int, int]:
    """Join the processes that torchrun started; return this one's rank and their number, (0, 1) without torchrun."""
    count = int(os.environ.get("WORLD_SIZE", "1"))
    if count > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    return int(os.environ.get("RANK", "0")), count


@torch.no_grad()
def average_gradients(model: torch.nn.Module, count: int) -> None:
    """Replace every gradient by its mean over `count` processes."""
    if count == 1:
        return
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    for gradient, mean in zip(gradients, flat.div_(count).split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(mean.view_as(gradient))
