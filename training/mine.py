"""Find the pairs of operands that a checkpoint is unsure of, over the whole domain: `python -m training.mine NAME`.

every pair of two variables --scan--> margins --below LEAD, not held out--> runs/RUN/hard.npy, which the run's next
stage draws from (`Stage.hard`)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.progress import track

from grammar.core_lines.arithmetic import held_out
from latent_repl.language.program import BINARY_OPERATORS, OPERATORS
from latent_repl.model.network.backend import load_reference
from training.scan import Scanner, value_tables

# Nats below which a pair is hard. Chosen: twice what bf16 can hide.
LEAD = 4.0


def mine(scanner: Scanner, operator: str, form: str) -> NDArray[np.int64]:
    """Return the hard pairs of an operator (N, 3): its index, the value ids of left and right; none is held out."""
    index = OPERATORS.index(operator)
    numbers, _ = value_tables(scanner.vocabulary)
    found = []
    for block in track(scanner.scan(operator, form), f"{operator} {form}", total=len(scanner.values)):
        hard = block.margins < LEAD
        left, right = block.left[hard], block.right[hard]
        operators = np.full_like(left, index)
        keep = ~held_out(operators, numbers[left], numbers[right])
        found.append(np.stack([operators, left, right], axis=1)[keep])
    return np.concatenate(found)


def main(checkpoint: str, out: Path, operator: list[str] | None = None, form: str = "vv", threads: int = 1) -> None:
    """Write the hard pairs of CHECKPOINT to OUT; rows of other operators that are there already stay."""
    torch.set_num_threads(threads)
    scanner = Scanner(load_reference(checkpoint).eval())
    for name in operator or BINARY_OPERATORS:
        rows = mine(scanner, name, form)
        had = np.load(out) if out.exists() else np.zeros((0, 3), np.int64)
        rows = np.concatenate([had[had[:, 0] != OPERATORS.index(name)], rows])
        out.parent.mkdir(parents=True, exist_ok=True)
        np.save(out.with_suffix(".new.npy"), rows)
        out.with_suffix(".new.npy").replace(out)
        typer.echo(f"{name}: {len(rows)} hard pairs in all")


if __name__ == "__main__":
    typer.run(main)
