"""Exact execution of source by CPython itself, within Lx's range of values and within limits of steps and time.

The tree is the parser's, so nothing but Lx's own nodes runs; there are no builtins, no attributes and no imports
to reach anything by. `instrument` replaces every operation by a checked one.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from types import CodeType
from typing import Any

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.frames import MAXIMUM_DEPTH, no_value
from latent_repl.language.operators import DIVISION_BY_ZERO, POWER, TABLE
from latent_repl.language.oracle import instrument as instrumented
from latent_repl.language.oracle.instrument import instrument
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.program import NEGATIVE_EXPONENT
from latent_repl.language.values import Value, fits


@dataclass(frozen=True)
class SourceEvent:
    """One executed source line: the variables after it and what it printed."""

    line: int
    variables: Mapping[str, Value]
    output: tuple[str, ...]


@dataclass(frozen=True)
class SourceRun:
    """How the source went.

    variables: the user's, and `_`; from before the failing line where there is an error.
    output: everything printed.
    events: one for each source line executed to its end.
    """

    variables: Mapping[str, Value]
    output: tuple[str, ...]
    error: ProgramError | None
    events: tuple[SourceEvent, ...]


def run_source(
    tree: Tree,
    variables: Mapping[str, Value] | None = None,
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_limit: int = 10_000,
    time_limit: float = 10.0,
) -> SourceRun:
    """Run a tree without holes from the given variables.

    step_limit: source lines executed, a loop's header counted each time.
    time_limit: seconds.
    """
    if tree.holes:
        raise ValueError("the program has holes: fill them first")
    code = compile(instrument(tree), tree.file, "exec")
    return _Source(variables or {}, minimum, maximum, step_limit, time.monotonic() + time_limit).run(code)


def _folded(operation: Callable[..., Value]) -> Callable[..., Value]:
    return lambda *values: reduce(operation, values)


class _Source:
    """The execution under way; its methods are what the instrumented program calls."""

    def __init__(
        self, variables: Mapping[str, Value], minimum: int, maximum: int, step_limit: int, deadline: float
    ) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.step_limit, self.deadline = step_limit, deadline
        self.output: list[str] = []
        self.events: list[SourceEvent] = []
        self.lines = self.depth = 0
        # The line under way: its number, and variables and output before it.
        self.begun: tuple[int, dict[str, Value], int] | None = None
        self.namespace: dict[str, Any] = {**variables, "__builtins__": {}, **self.functions()}

    def functions(self) -> dict[str, Callable[..., Any]]:
        operations = {row.symbol: _folded(row.exact) if row.folds else row.exact for row in TABLE.values()}
        operations[POWER] = self.power
        checked = {instrumented.MARK + name: self.checked(operation) for name, operation in operations.items()}
        return checked | {
            instrumented.LINE: self.begin_line,
            instrumented.ROUNDS: self.rounds,
            instrumented.TICK: self.tick,
            instrumented.TURNS: self.turns,
            instrumented.NEEDED: self.needed,
            instrumented.CALLED: self.called,
            instrumented.SHOW: self.show,
            instrumented.FAIL: self.fail,
        }

    def run(self, code: CodeType) -> SourceRun:
        error: ProgramError | None = None
        try:
            exec(code, self.namespace)
            self.end_line()
        except ProgramError as caught:
            error = caught
        except (ArithmeticError, NameError, RecursionError, TypeError, ValueError, AssertionError) as caught:
            error = self.located(caught)
        variables = self.begun[1] if error is not None and self.begun is not None else self.variables()
        return SourceRun(variables, tuple(self.output), error, tuple(self.events))

    def located(self, error: Exception) -> ProgramError:
        """Return an error of the program's with its line, and the function that it happened in."""
        kind, message = type(error).__name__, str(error).replace(instrumented.DEFINED, "")
        inner = [
            (frame.f_code.co_name.removeprefix(instrumented.DEFINED), line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_name.startswith(instrumented.DEFINED)
        ]
        message = DIVISION_BY_ZERO if isinstance(error, ZeroDivisionError) else message
        return ProgramError(kind, message, self.line, inner[-1] if inner else None)

    def variables(self) -> dict[str, Value]:
        hidden = (instrumented.MARK, "__")
        return {name: value for name, value in self.namespace.items() if not name.startswith(hidden)}

    @property
    def line(self) -> int:
        return 1 if self.begun is None else self.begun[0]

    def begin_line(self, line: int) -> bool:
        """Note that a line begins; True, so that a loop's test can go on after it."""
        self.end_line()
        self.begun = (line, self.variables(), len(self.output))
        return self.tick()

    def tick(self) -> bool:
        """Count one more line, or one more round of a function's loop; True, as for begin_line."""
        self.lines += 1
        if self.lines > self.step_limit or time.monotonic() > self.deadline:
            message = f"more than {self.step_limit} lines, or too long; is there a loop without an end?"
            raise StepBudgetError("StepBudgetError", message, self.line)
        return True

    def end_line(self) -> None:
        if self.begun is not None:
            line, _, printed = self.begun
            self.events.append(SourceEvent(line, self.variables(), tuple(self.output[printed:])))

    def rounds(self, line: int, *arguments: int) -> Iterator[int]:
        """Count as `range` does; the header's line begins again after every round."""
        for number in range(*arguments):
            yield number
            self.begin_line(line)

    def turns(self, *arguments: int) -> Iterator[int]:
        """Count as `range` does, inside a function."""
        for number in range(*arguments):
            self.tick()
            yield number

    def called(self, function: Callable[..., Value | None], /, *values: Value, **named: Value) -> Value | None:
        """Call a function of the user's."""
        self.tick()
        if self.depth == MAXIMUM_DEPTH:
            raise RecursionError("maximum recursion depth exceeded")
        self.depth += 1
        try:
            return function(*values, **named)
        finally:
            self.depth -= 1

    def needed(self, function: Callable[..., Value | None], /, *values: Value, **named: Value) -> Value:
        """Call a function of the user's whose value is used."""
        value = self.called(function, *values, **named)
        if value is None:
            raise TypeError(no_value(function.__name__))
        return value

    def show(self, *values: Value) -> None:
        self.output.append(" ".join(map(str, values)))

    def fail(self, condition: str) -> None:
        raise AssertionError(condition)

    def checked(self, operation: Callable[..., Value]) -> Callable[..., Value]:
        def run(*values: Value) -> Value:
            result = operation(*values)
            if not fits(result, self.minimum, self.maximum):
                raise OverflowError(f"the result is outside {self.minimum}..{self.maximum}")
            return result

        return run

    def power(self, base: int, exponent: int) -> int:
        if exponent < 0:
            raise ValueError(NEGATIVE_EXPONENT)
        # 2 to this many is outside already; the number itself might fill the memory.
        outside = max(abs(self.minimum), abs(self.maximum)).bit_length() + 1
        result: int = base ** (min(exponent, outside) if abs(base) > 1 else exponent)
        return result
