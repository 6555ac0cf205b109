"""Find the pairs of operands that a checkpoint is unsure of: `python -m training.mine NAME runs/RUN/hard.npy`.

every pair in every form --scan--> margins --below LEAD, not held out--> hard pairs, which the run's next stage draws
from (`Stage.hard`); what was found before stays
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from rich.progress import track

from grammar.core_lines.arithmetic import held_out
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS
from latent_repl.model.load import load_reference
from training.readings import FORMS
from training.scan import Block, Scanner, value_tables

# Nats below which a pair is hard. Chosen: twice what bf16 can hide.
LEAD = 4.0


def mine(scanner: Scanner, operator: str, form: str, near: int | None = None) -> NDArray[np.int64]:
    """Return the hard pairs of an operator (N, 4), as `grammar.core_lines.pairs.hard_pairs` takes them; none is held
    out. near: only operands that are at most so far apart."""
    index = OPERATORS.index(operator)
    numbers, _ = value_tables(scanner.vocabulary)
    literals = sum((letter == "l") << side for side, letter in enumerate(form))
    found = []
    for block in _blocks(scanner, operator, form, near):
        hard = block.margins < LEAD
        left, right = block.left[hard], block.right[hard]
        operators = np.full_like(left, index)
        keep = ~held_out(operators, numbers[left], numbers[right])
        found.append(np.stack([operators, left, right, np.full_like(left, literals)], axis=1)[keep])
    return np.concatenate(found)


def _blocks(scanner: Scanner, operator: str, form: str, near: int | None) -> Iterable[Block]:
    if near is None:
        return track(scanner.scan(operator, form), f"{operator} {form}", total=len(scanner.values))
    numbers = value_tables(scanner.vocabulary)[0][scanner.values]
    left, right = np.nonzero(np.abs(numbers[:, None] - numbers) <= near)
    return [scanner.block(operator, form, scanner.values[left], scanner.values[right])]


def main(
    checkpoint: str,
    out: Path,
    operator: Annotated[list[str] | None, typer.Option(help="Operators; all binary ones if not given.")] = None,
    form: Annotated[list[str] | None, typer.Option(help="Forms: vv, vl, lv, ll; all if not given.")] = None,
    near: Annotated[int | None, typer.Option(help="Only operands that are at most so far apart.")] = None,
    threads: int = 1,
) -> None:
    """Add the hard pairs of CHECKPOINT to the file OUT."""
    torch.set_num_threads(threads)
    scanner = Scanner(load_reference(checkpoint).eval())
    out.parent.mkdir(parents=True, exist_ok=True)
    for each in form or FORMS:
        for name in operator or BINARY_OPERATORS:
            rows = mine(scanner, name, each, near)
            had = np.load(out) if out.exists() else np.zeros((0, 4), np.int64)
            np.save(out.with_suffix(".new.npy"), np.unique(np.concatenate([had, rows]), axis=0))
            out.with_suffix(".new.npy").replace(out)
            typer.echo(f"{name} {each}: {len(rows)} hard pairs")


if __name__ == "__main__":
    typer.run(main)
