"""Lowering of `for i in range(...)`: a hidden counter, its test and its increment, all as core lines."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.operators import ADD, COPY, EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, SUBTRACT
from latent_repl.language.parsing.scopes import variables_in
from latent_repl.language.program import ZERO_STEP, Fail, Hole, Operand, Slot

NO_INTEGER = "'{}' object cannot be interpreted as an integer"


@dataclass(frozen=True)
class Range:
    """The hidden values of one loop: the counter, and the operands that its arguments became.

    The step is a literal wherever the user wrote one; else its sign is tested as the loop runs.
    """

    counter: Slot
    stop: Operand
    step: Operand


class Ranges:
    """Lowers what a `for` loop does beside its body; values lie in minimum..maximum."""

    def __init__(self, assembler: Assembler, expressions: Expressions, minimum: int, maximum: int) -> None:
        self._assembler, self._expressions = assembler, expressions
        self._allocation = assembler.allocation
        self._minimum, self._maximum = minimum, maximum

    def begin(self, target: ast.expr, source: ast.expr, body: Sequence[ast.AST]) -> Range:
        """Evaluate the arguments of `range`, in Python's order, and set the counter to the first."""
        assert isinstance(source, ast.Call), "nothing else is a range"
        arguments = source.args
        start = arguments[0] if len(arguments) > 1 else ast.copy_location(ast.Constant(0), source)
        changed = {name.id for part in (target, *body) for name in variables_in(part, {})}
        counter = self.start(start)
        stop = self._frozen(arguments[1] if len(arguments) > 1 else arguments[0], changed)
        step = self._frozen(arguments[2], changed) if len(arguments) > 2 else 1
        hidden = Range(counter, stop, step)
        if len(arguments) > 2:
            self._fail_if_zero(hidden)
        return hidden

    def test(self, hidden: Range, end: Label) -> None:
        """Leave the loop when the counter has reached the stop."""

        def compare(rising: bool, place: Slot) -> None:
            self._assembler.core(place, LESS if rising else GREATER, hidden.counter, hidden.stop)
            self._assembler.say(NO_INTEGER.format("{right}"))

        self._leave_unless(compare, hidden, end)

    def advance(self, hidden: Range, end: Label) -> None:
        """Add the step to the counter, or leave the loop where the sum would leave minimum..maximum."""

        def compare(rising: bool, place: Slot) -> None:
            edge = self._maximum if rising else self._minimum
            bound: Operand = place
            if isinstance(hidden.step, int):
                bound = edge - hidden.step
            else:
                self._assembler.core(place, SUBTRACT, edge, hidden.step)
            self._assembler.core(place, LESS_EQUAL if rising else GREATER_EQUAL, hidden.counter, bound)

        if not (self._assembler.with_rows or self._stays_inside(hidden)):
            self._leave_unless(compare, hidden, end)
        self._assembler.core(hidden.counter, ADD, hidden.counter, hidden.step)

    def end(self, hidden: Range) -> None:
        """Release the hidden values."""
        for operand in (hidden.counter, hidden.stop, hidden.step):
            self._allocation.release(operand)

    def start(self, node: ast.expr) -> Slot:
        """Return a temporary that holds the first number of a count: an int even from True on, as the sum with 0 is."""
        operand = self._expressions.operand(node)
        self._allocation.release(operand)
        counter = self._allocation.temporary()
        if type(operand) is int:
            self._assembler.core(counter, COPY, operand)
        else:
            self._assembler.core(counter, ADD, operand, 0)
            self._assembler.say(NO_INTEGER.format("{left}"))
            self._refuse_float(node, counter)
        return counter

    def _refuse_float(self, node: ast.expr, operand: Operand) -> None:
        """Have a routine look at what may be a float: it is a row to a core line, as is an integer that is wide."""
        if self._assembler.with_rows and not (isinstance(operand, int | Hole) or self._expressions.is_whole(node)):
            self._allocation.release(self._expressions.routine("whole_alone", [operand]))

    def _frozen(self, node: ast.expr, changed: set[str]) -> Operand:
        """Return an operand that keeps its value while the body changes the variables in `changed`."""
        if isinstance(node, ast.NamedExpr) or (isinstance(node, ast.Name) and node.id in changed):
            operand: Operand = self._expressions.value(node)
        else:
            operand = self._expressions.repeatable(node)
        self._refuse_float(node, operand)
        return operand

    def _fail_if_zero(self, hidden: Range) -> None:
        fail = Fail("ValueError", ZERO_STEP)
        if isinstance(hidden.step, int) and hidden.step:
            return
        proper, test = Label(), self._allocation.temporary()
        for argument in (hidden.stop, hidden.step):
            if self._assembler.with_rows and not isinstance(argument, int):
                self._assembler.core(test, ADD, argument, 0)
                self._assembler.say(NO_INTEGER.format("{left}"))
        self._assembler.core(test, EQUAL, hidden.step, 0)
        self._assembler.branch(test, proper)
        self._assembler.add(fail)
        self._assembler.place(proper)
        self._allocation.release(test)

    def _leave_unless(self, compare: Callable[[bool, Slot], None], hidden: Range, end: Label) -> None:
        """Leave where the comparison is false; it is lowered for both signs of a step not known yet."""
        place = self._allocation.temporary()
        if isinstance(hidden.step, int):
            compare(hidden.step > 0, place)
        else:
            falling, joined = Label(), Label()
            self._assembler.core(place, GREATER, hidden.step, 0)
            self._assembler.branch(place, falling)
            compare(True, place)
            self._assembler.jump(joined)
            self._assembler.place(falling)
            compare(False, place)
            self._assembler.place(joined)
        self._assembler.branch(place, end)
        self._allocation.release(place)

    def _stays_inside(self, hidden: Range) -> bool:
        """Return whether the counter after the last round, at most one step past the stop, is in range."""
        if not isinstance(hidden.step, int):
            return False
        if abs(hidden.step) == 1:
            return True
        if not isinstance(hidden.stop, int):
            return False
        last = hidden.stop + hidden.step + (-1 if hidden.step > 0 else 1)
        return self._minimum <= last <= self._maximum
