"""Find the pairs of operands that a checkpoint is unsure of: `python -m training.mine NAME runs/RUN/hard.npy`.

every pair --scan--> margins --below LEAD, not held out--> hard pairs, which the run's next stage draws
from (`Stage.hard`); what was found before stays
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from rich.progress import track

from grammar.core_lines.arithmetic import held_out
from grammar.core_lines.pairs import HARD
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS
from latent_repl.model.load import load_reference
from training.mined import MinedRows
from training.scan import Block, Scanner, value_tables

# Nats below which a pair is hard. Chosen: twice what bf16 can hide.
LEAD = 4.0


def mine(scanner: Scanner, operator: str, near: int | None = None) -> np.ndarray:
    """Return the hard pairs of an operator, of dtype HARD; none is held out.

    near: only operands that are at most so far apart.
    """
    index = OPERATORS.index(operator)
    numbers, bools = value_tables(scanner.vocabulary)
    found = []
    for block in _blocks(scanner, operator, near):
        hard = block.margins < LEAD
        left, right = block.left[hard], block.right[hard]
        pairs = np.zeros(len(left), HARD)
        pairs["operator"], pairs["left"], pairs["right"] = index, numbers[left], numbers[right]
        pairs["bools"] = bools[left] + 2 * bools[right]
        found.append(pairs[~held_out(np.full_like(left, index), numbers[left], numbers[right])])
    return np.concatenate(found)


def _blocks(scanner: Scanner, operator: str, near: int | None) -> Iterable[Block]:
    if near is None:
        return track(scanner.scan(operator), operator, total=len(scanner.values))
    numbers = value_tables(scanner.vocabulary)[0][scanner.values]
    left, right = np.nonzero(np.abs(numbers[:, None] - numbers) <= near)
    return [scanner.block(operator, scanner.values[left], scanner.values[right])]


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
