"""Lowering of the arguments that a star gives a function: their number is known when the program runs.

def f(a, b=1): ...
f(*xs)              size = len(xs); where it is 1 or 2: s0 = xs[0]; s1 = xs[1], or the default; call f(s0, s1)
                    else: fails with Python's words for so many arguments
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import groupby

from latent_repl.language.calling import misfit
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.displays import OperandLowering
from latent_repl.language.operators import AS, DROP, EQUAL, GREATER, GREATER_EQUAL, ITEM, LENGTH, LESS_EQUAL
from latent_repl.language.prelude.table import SYNTAX
from latent_repl.language.program import Fail, Routine, Slot

_COUNTED = "{}"


class Spreading:
    """Unpacks the arguments of one call.

    routine: what is called. defaults: the literals of its parameters that have one. names: of the arguments by name.
    """

    def __init__(
        self,
        assembler: Assembler,
        values: OperandLowering,
        routine: Routine,
        defaults: Mapping[str, ast.expr],
        names: Sequence[str],
    ) -> None:
        self._assembler, self._values, self._routine, self._defaults = assembler, values, routine, defaults
        self._names = names
        # What Python says of so many arguments by place, up to one for each parameter.
        self._said = [misfit(routine, count, names) for count in range(len(routine.placed) + 1)]
        self._size, self._test = assembler.allocation.temporary(), assembler.allocation.temporary()
        self._wrong = Label()

    def unpacked(self, row: Slot, *, of_sequence: bool) -> tuple[list[Slot], Slot | None]:
        """Lower the arguments; return their slots, and that of the tuple of those left over.

        row: what stands behind the star, which is released. of_sequence: whether it is a str, a list or a tuple.
        """
        says = f"__main__.{self._routine.called}() argument after * must be an iterable, not {{left}}"
        self._assembler.core(self._size, LENGTH, row)
        self._assembler.say(says)
        cells = row if of_sequence else self._values.routine(SYNTAX["for"].name, [row])
        fitting = [count for count, said in enumerate(self._said) if not said]
        arguments: list[Slot] = []
        if fitting:
            self._unless_fitting(fitting[0], fitting[-1])
            arguments = [self._argument(cells, index, fitting[0]) for index in range(fitting[-1])]
        else:
            self._assembler.jump(self._wrong)
        rest = self._left_over(cells) if self._routine.rest else None
        for slot in (row, cells, self._size, self._test):
            self._assembler.allocation.release(slot)
        return arguments, rest

    def refuse(self) -> None:
        """Lower what fails where the arguments are too few, too many, or given by name as well."""
        self._assembler.place(self._wrong)
        for said, counts in groupby((count for count, said in enumerate(self._said) if said), self._said.__getitem__):
            self._fail_up_to(max(counts), said)
        count = len(self._said)
        before, counted, after = misfit(self._routine, count + 1, self._names, _COUNTED).partition(_COUNTED)
        if counted:
            self._fail_up_to(count, misfit(self._routine, count, self._names))
        if before:
            self._assembler.add(Fail("TypeError", before, (self._size, after) if counted else ()))

    def _unless_fitting(self, fewest: int, most: int) -> None:
        endless = self._routine.rest and most == len(self._routine.placed)
        if fewest == most and not endless:
            self._or_wrong(EQUAL, most)
            return
        if fewest:
            self._or_wrong(GREATER_EQUAL, fewest)
        if not endless:
            self._or_wrong(LESS_EQUAL, most)

    def _or_wrong(self, operator: str, count: int) -> None:
        self._assembler.core(self._test, operator, self._size, count)
        self._assembler.branch(self._test, self._wrong)

    def _argument(self, cells: Slot, index: int, fewest: int) -> Slot:
        """Lower one argument; where there may be none, the parameter's default stands for it."""
        place = self._assembler.allocation.temporary()
        if index < fewest:
            self._assembler.core(place, ITEM, cells, index)
            return place
        lacking, done = Label(), Label()
        self._assembler.core(self._test, GREATER, self._size, index)
        self._assembler.branch(self._test, lacking)
        self._assembler.core(place, ITEM, cells, index)
        self._assembler.jump(done)
        self._assembler.place(lacking)
        self._values.value(self._defaults[self._routine.placed[index]], place)
        self._assembler.place(done)
        return place

    def _left_over(self, cells: Slot) -> Slot:
        place, left = self._assembler.allocation.temporary(), cells
        if self._routine.placed:
            self._assembler.core(place, DROP, cells, len(self._routine.placed))
            left = place
        self._assembler.core(place, AS, left, tuple)
        return place

    def _fail_up_to(self, count: int, said: str) -> None:
        following = Label()
        self._assembler.core(self._test, LESS_EQUAL, self._size, count)
        self._assembler.branch(self._test, following)
        self._assembler.add(Fail("TypeError", said))
        self._assembler.place(following)
