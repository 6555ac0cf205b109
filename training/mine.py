"""Find the pairs of operands that a checkpoint is unsure of: `python -m training.mine NAME runs/RUN/hard.npy`.

every pair --scan--> margins --below LEAD, not held out--> hard pairs, which the run's stages draw from (`Stage.hard`)

A config with `mine = true` looks for those of the weights that it begins with, and needs no command. What the command
finds is added to what lies there, and drawn by a run that is under way as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from torch import nn

from grammar.core_lines.arithmetic import held_out
from grammar.core_lines.pairs import HARD
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS
from latent_repl.model.load import load_reference
from training.mined import MinedRows
from training.scan import Block, Scanner, value_tables

# Nats below which a pair is hard. Chosen: twice what bf16 can hide.
LEAD = 4.0
# What carries are made of in wide arithmetic: pairs that are hard however sure a model is of them. One that was wrong
# among them spoilt a product in four hundred.
CARRIED = ("//", "%"), range(1000), 10


class PairMiner:
    """The hard pairs of a checkpoint, operator by operator."""

    dtype = HARD
    operators: Sequence[str] = BINARY_OPERATORS

    def __init__(
        self,
        checkpoint: str,
        device: torch.device,
        *,
        compiled: bool = True,
        operators: Sequence[str] | None = None,
    ) -> None:
        """operators: those to look through, all if none are named."""
        if operators is not None:
            self.operators = operators
        model = load_reference(checkpoint).eval()
        nn.Module.to(model, device)
        self._scanner = Scanner(model, compiled=compiled)

    def __call__(self, operator: str) -> np.ndarray:
        """Return the hard pairs of an operator, of dtype HARD."""
        return mine(self._scanner, operator)


def mine(scanner: Scanner, operator: str, near: int | None = None) -> np.ndarray:
    """Return the hard pairs of an operator, of dtype HARD; none is held out.

    near: only operands that are at most so far apart.
    """
    index = OPERATORS.index(operator)
    numbers, bools = value_tables(scanner.vocabulary)
    found = []
    for block in _blocks(scanner, operator, near):
        hard = (block.margins < LEAD) | _carried(operator, numbers[block.left], numbers[block.right])
        left, right = block.left[hard], block.right[hard]
        pairs = np.zeros(len(left), HARD)
        pairs["operator"], pairs["left"], pairs["right"] = index, numbers[left], numbers[right]
        pairs["bools"] = bools[left] + 2 * bools[right]
        found.append(pairs[~held_out(np.full_like(left, index), numbers[left], numbers[right])])
    return np.concatenate(found)


def _blocks(scanner: Scanner, operator: str, near: int | None) -> Iterable[Block]:
    if near is None:
        return scanner.scan(operator)
    numbers = value_tables(scanner.vocabulary)[0][scanner.values]
    left, right = np.nonzero(np.abs(numbers[:, None] - numbers) <= near)
    return [scanner.block(operator, scanner.values[left], scanner.values[right])]


def _carried(operator: str, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    operators, numbers, base = CARRIED
    return (operator in operators) & (left >= numbers.start) & (left < numbers.stop) & (right == base)


def main(
    checkpoint: str,
    out: Path,
    operator: Annotated[list[str] | None, typer.Option(help="Operators; all binary ones if not given.")] = None,
    near: Annotated[int | None, typer.Option(help="Only operands that are at most so far apart.")] = None,
    threads: int = 1,
) -> None:
    """Add the hard pairs of CHECKPOINT to the file OUT."""
    torch.set_num_threads(threads)
    scanner = Scanner(load_reference(checkpoint).eval())
    mined = MinedRows(out, HARD)
    for name in operator or BINARY_OPERATORS:
        rows = mine(scanner, name, near)
        mined.add(rows)
        typer.echo(f"{name}: {len(rows)} hard pairs")


if __name__ == "__main__":
    typer.run(main)
