"""One process or many, by accelerate: `torchrun --nproc-per-node 2 -m training.train CONFIG` trains on two, and so on.

The same command serves two cores, a GPU, or several machines. Each process draws its own share of every batch;
gradients are averaged, so that all hold the same weights.
"""

from __future__ import annotations

import torch
from accelerate import Accelerator


def join() -> Accelerator:
    """Join the processes that were started together, if there are others, on the device that there is."""
    return Accelerator(cpu=not torch.cuda.is_available())


@torch.no_grad()
def average_gradients(model: torch.nn.Module, accelerator: Accelerator) -> None:
    """Replace every gradient by its mean over all processes."""
    if accelerator.num_processes == 1:
        return
    gradients = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    mean = accelerator.reduce(torch.cat([gradient.flatten() for gradient in gradients]), reduction="mean")
    for gradient, part in zip(gradients, mean.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))
