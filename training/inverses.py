"""Which operator undoes which, for an executor: `python -m training.inverses base`.

An operator, one operand and the result are given; every operator, in both orders, is run on result and operand, and
what it finds in the place of the hidden operand. It has found one if the line that it belongs to leads to the result.
What is best here is in `latent_repl/synthesis/inversion/inverse_run.py`. The pairs are those of training.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import typer
from jaxtyping import Bool, Int

from grammar.core_lines.pairs import Pairs, sample_pairs
from grammar.core_lines.sample import Mixture
from latent_repl.language.operators import BINARY_OPERATORS, COPY, OPERATORS, STATUS_OK, UNARY_OPERATORS
from latent_repl.language.program import CoreLine, Slot
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load

FIRST, SECOND, THIRD = Slot(0), Slot(1), Slot(2)
SHOWN = 3


def run(model: Interpreter, line: CoreLine, first: Int[np.ndarray, " B"], second: Int[np.ndarray, " B"]) -> np.ndarray:
    """Return the decoded id of a line's target, on states of two values; -1 where the status is not ok."""
    vocabulary = model.vocabulary
    states = np.tile(vocabulary.state_ids([None] * model.config.slots), (len(first), 1))
    states[:, 0], states[:, 1] = first, second
    ids = model.decode_states(Machine(model).step(model.encode_states(states), [line] * len(first)))[0]
    return np.where(ids[:, -1] == states[:, -1], ids[:, line.target.index], -1)


def found(
    model: Interpreter, operator: str, hidden: int, undo: CoreLine, known: np.ndarray, result: np.ndarray
) -> Bool[np.ndarray, " B"]:
    """Return where a line on result and known operand finds a hidden operand."""
    answer = run(model, undo, result, known)
    there = answer >= 0
    operands = (FIRST, SECOND) if hidden == 0 else (SECOND, FIRST)
    line = CoreLine(THIRD, operator, *(operands if operator in BINARY_OPERATORS else operands[:1]))
    return there & (run(model, line, np.where(there, answer, result), known) == result)


def undoing(operator: str) -> Iterator[CoreLine]:
    """Yield the lines that may undo an operator."""
    for other in (*UNARY_OPERATORS, COPY):
        yield CoreLine(FIRST, other, FIRST)
    for other in BINARY_OPERATORS if operator in BINARY_OPERATORS else ():
        yield CoreLine(FIRST, other, FIRST, SECOND)
        yield CoreLine(FIRST, other, SECOND, FIRST)


def table_row(model: Interpreter, pairs: Pairs, operator: str, hidden: int) -> str:
    """Return what best undoes an operator; s0 is the result, s1 the operand that is known."""
    ended = pairs.results[:, 1] == model.vocabulary.status_id(STATUS_OK)
    rows = np.flatnonzero((pairs.operators == OPERATORS.index(operator)) & ended)
    known, result = pairs.operands[rows, 1 - hidden], pairs.results[rows, 0]
    lines = undoing(operator)
    shares = {str(undo): found(model, operator, hidden, undo, known, result).mean() for undo in lines}
    best = sorted(shares, key=shares.__getitem__, reverse=True)[:SHOWN]
    cells = " | ".join(f"`{undo}` {shares[undo]:.1%}" for undo in best)
    return f"| `{operator}` | {('left', 'right')[hidden]} | {cells} |"


def main(model: str, count: int = 10_000, seed: int = 0) -> None:
    """Print what undoes each operator best, by the executor of MODEL."""
    interpreter = load(model)
    mixture = Mixture(maximum=interpreter.config.maximum, live=(1, 3), literals=0.0, bools=0.0)
    pairs = sample_pairs(np.random.default_rng(seed), mixture, interpreter.vocabulary, count)
    print("| operator | hidden | undone by | then by | then by |\n| --- | --- | --- | --- | --- |")
    for operator in OPERATORS[:-1]:
        for hidden in (0, 1) if operator in BINARY_OPERATORS else (0,):
            print(table_row(interpreter, pairs, operator, hidden), flush=True)


if __name__ == "__main__":
    typer.run(main)
