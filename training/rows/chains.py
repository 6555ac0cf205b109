"""Programs of lines on rows, fed by their own latents, beside exact execution: how long they stay right.

    python -m training.rows.chains base --count 64 --steps 100

Each line is drawn so that it ends well most of the time. After each, slots, status and heap are decoded and compared;
a program counts until its first wrong line. What goes wrong is told with its line.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator

import numpy as np
import typer

from latent_repl.language.operators import FULL, STATUS_OK, TABLE
from latent_repl.language.oracle.steps import Limits, step_on_rows
from latent_repl.language.program import CoreLine, Operand, Slot
from latent_repl.language.values import CHARACTERS, NOTHING, Cells, Rows
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.rows import decode_heap, empty_heap

# Draws of a line that ends well, before one that does not is taken. Chosen.
TRIES = 12


class FollowedProgram:
    """One program under way: its exact state, and whether the model has followed it so far."""

    def __init__(self, seed: str, vocabulary: Vocabulary, limits: Limits) -> None:
        self.generator, self.vocabulary, self.limits = random.Random(seed), vocabulary, limits
        self.values: Cells = (None,) * vocabulary.slots
        self.rows: Rows = ()
        self.status, self.right = STATUS_OK, True

    def draw(self) -> CoreLine:
        """Take one line's step exactly; return the line."""
        for _ in range(TRIES):
            line = self._line()
            values, rows, status = step_on_rows(line, self.values, self.rows, self.limits)
            if status in (STATUS_OK, FULL):
                break
        self.values, self.rows, self.status = values, rows, status
        return line

    def _line(self) -> CoreLine:
        live = [Slot(index) for index, value in enumerate(self.values) if value is not None]
        if len(live) < 3:
            return CoreLine(Slot(self.generator.randrange(len(self.values))), "copy", self._literal())
        row = TABLE[self.generator.choice(self.vocabulary.operators)]
        left, right = (
            (self.generator.choice(live) if self.generator.random() < 0.6 else self._literal())
            if place < row.arity
            else None
            for place in range(2)
        )
        target = self.generator.choice(live) if row.in_place else Slot(self.generator.randrange(len(self.values)))
        return CoreLine(target, row.symbol, left, right)

    def _literal(self) -> Operand:
        kinds: list[Operand] = [str, list, tuple, dict, int]
        number, character = self.generator.randint(-5, 5), self.generator.choice(CHARACTERS)
        return self.generator.choices([number, character, NOTHING, self.generator.choice(kinds)], [4, 3, 1, 2])[0]


def follow(model: Interpreter, count: int, steps: int, seed: int) -> Iterator[tuple[CoreLine, bool]]:
    """Yield each line of programs that are right until then, and whether it is right as well."""
    config, vocabulary = model.config, model.vocabulary
    limits = Limits(config.minimum, config.maximum, config.cells, config.rows)
    programs = [FollowedProgram(f"{seed} {index}", vocabulary, limits) for index in range(count)]
    states = model.encode_states(np.array([vocabulary.state_ids(program.values) for program in programs]))
    heaps = (empty_heap(model),) * count
    for _ in range(steps):
        lines = [program.draw() for program in programs]
        codes = model.encode_code(np.array([vocabulary.core_line_ids(line) for line in lines]))
        states, heaps = model.execute_rows(states, codes, heaps)
        ids, _ = model.decode_states(states)
        for program, line, told, heap in zip(programs, lines, ids.tolist(), heaps, strict=True):
            if not program.right:
                continue
            values = tuple(vocabulary.value(identifier) for identifier in told[:-1])
            same = (repr(values), vocabulary.status(told[-1])) == (repr(program.values), program.status)
            program.right = same and repr(decode_heap(model, heap)) == repr(program.rows)
            yield line, program.right


def main(checkpoint: str, count: int = 64, steps: int = 100, seed: int = 0) -> None:
    """Follow programs through CHECKPOINT and tell how many lines were right."""
    lines, wrong = 0, Counter[str]()
    for line, right in follow(load(checkpoint), count, steps, seed):
        lines += 1
        if not right:
            wrong[str(line.operator)] += 1
            print("   ", line)
    told = {"programs": count, "steps": steps, "lines": lines, "wrong": sum(wrong.values()), "by_operator": dict(wrong)}
    print(json.dumps(told))


if __name__ == "__main__":
    typer.run(main)
