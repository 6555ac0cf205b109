"""Exact execution of source by CPython itself, within Lx's range of values and within limits of steps and time.

The tree is the parser's, so nothing but Lx's own nodes runs; there are no builtins, no attributes and no imports
to reach anything by. `instrument` replaces every operation by a checked one.
"""

from __future__ import annotations

import builtins
import inspect
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language import printed
from latent_repl.language.calling import sayable
from latent_repl.language.extent import copied
from latent_repl.language.frames import MAXIMUM_DEPTH, no_value
from latent_repl.language.operators import DIVISION_BY_ZERO
from latent_repl.language.oracle import instrument as statements
from latent_repl.language.oracle import instrument_expressions as expressions
from latent_repl.language.oracle.bounds import Bounds, TooMuchError
from latent_repl.language.oracle.calls import Calls
from latent_repl.language.oracle.operations import Operations
from latent_repl.language.oracle.steps import NO_HEAP, Limits
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.raised import KINDS

RAISED: Mapping[str, type[Exception]] = {
    **{kind: getattr(builtins, kind) for kind in KINDS},
    "Exception": type("Exception", (Exception,), {}),
}
"""What a program can raise; what it catches as an Exception is none of the limits here."""
OF_PROGRAM = "raised by the program"
FAILED_AT = "failed_at"
"""The attribute by which an error that passes through `finally` keeps the line where it happened."""
OF_PYTHON = (
    RAISED["Exception"],
    *(ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError),
    *(NameError, RuntimeError, TypeError, ValueError),
)
"""The errors that a program can end in."""


@dataclass(frozen=True)
class SourceEvent:
    """One executed source line: the variables after it and what it printed."""

    line: int
    variables: Mapping[str, Any]
    output: tuple[str, ...]


@dataclass(frozen=True)
class SourceRun:
    """How the source went.

    variables: the user's, and `_`; from before the failing line where there is an error. Nothing that a later line
    changes is in those of an earlier one; what two variables share they share here, too.
    output: every line printed.
    events: one for each source line executed to its end.
    failed_at: the line under way where there is an error; behind `finally` that is not the line where it happened.
    """

    variables: Mapping[str, Any]
    output: tuple[str, ...]
    error: ProgramError | None
    events: tuple[SourceEvent, ...]
    failed_at: int | None = None


def run_source(
    tree: Tree,
    variables: Mapping[str, Any] | None = None,
    *,
    minimum: int = -999,
    maximum: int = 999,
    step_limit: int = 10_000,
    time_limit: float = 10.0,
    capacity: tuple[int, int] = NO_HEAP,
) -> SourceRun:
    """Run a tree without holes from the given variables.

    step_limit: source lines executed, a loop's header counted each time.
    time_limit: seconds.
    capacity: how many cells a row can have, and how many rows a heap; numbers outside the range are rows, too.
    """
    if tree.holes:
        raise ValueError("the program has holes: fill them first")
    limits = Limits(minimum, maximum, *capacity)
    with warnings.catch_warnings():
        # Python warns of what it thinks is meant otherwise, as in `1 is None`.
        warnings.simplefilter("ignore")
        code = compile(statements.instrument(tree, rows=limits.rows > 0), tree.file, "exec")
    return _Instrumented(variables or {}, limits, step_limit, time.monotonic() + time_limit).run(code)


class _Instrumented:
    """The execution under way; its methods are what the instrumented program calls."""

    def __init__(self, variables: Mapping[str, Any], limits: Limits, step_limit: int, deadline: float) -> None:
        self.limits, self.bounds = limits, Bounds(limits)
        self.step_limit, self.deadline = step_limit, deadline
        # Pieces, each with its end.
        self.output: list[str] = []
        self.events: list[SourceEvent] = []
        self.lines = self.depth = 0
        # The line under way: its number, and variables and output before it.
        self.begun: tuple[int, dict[str, Any], int] | None = None
        self.namespace: dict[str, Any] = {**copied(variables), "__builtins__": {}, **self.functions()}

    def functions(self) -> dict[str, Callable[..., Any]]:
        operations = Operations(self.bounds)
        calls = Calls(self.bounds, operations)
        named = {expressions.MARK + name: function for name, function in {**operations.table, **calls.table}.items()}
        return named | {
            statements.LINE: self.begin_line,
            statements.ROUNDS: self.rounds,
            statements.TICK: self.tick,
            statements.TURNS: self.turns,
            statements.SHOW: self.show,
            statements.VALUE: self.show_value,
            statements.FAIL: self.fail,
            statements.RAISE: self.raised,
            statements.CAUGHT: self.caught,
            statements.LEAVES: self.leaves,
            **{expressions.MARK + name: error for name, error in RAISED.items()},
            statements.PUT: operations.put,
            statements.IN_PLACE: operations.in_place,
            expressions.NEEDED: self.needed,
            expressions.CALLED: self.called,
            expressions.SPREAD: self.spread,
            expressions.METHOD: calls.method,
            expressions.NEW: self.bounds.admit,
            expressions.BOUNDED: self.bounds.bounded,
            expressions.SEARCHED: operations.searched,
            expressions.EACH: self.bounds.each,
            expressions.SLICE: slice,
            expressions.SLICED: operations.sliced,
            statements.CUT: operations.cut,
        }

    def run(self, code: CodeType) -> SourceRun:
        error: ProgramError | None = None
        try:
            exec(code, self.namespace)
            self.end_line()
        except ProgramError as caught:
            error = caught
        except TooMuchError as caught:
            error = StepBudgetError("StepBudgetError", str(caught), self.line)
        except OF_PYTHON as caught:
            error = self.located(caught)
        variables = self.begun[1] if error is not None and self.begun is not None else self.variables()
        failed_at = None if error is None else self.line
        return SourceRun(variables, printed.lines(self.output), error, tuple(self.events), failed_at)

    def located(self, error: Exception) -> ProgramError:
        """Return an error of the program's with its line, and the function that it happened in."""
        kind, message = type(error).__name__, _said(error)
        inner = [
            (frame.f_code.co_name.removeprefix(expressions.DEFINED), line)
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_name.startswith(expressions.DEFINED)
        ]
        return ProgramError(kind, message, getattr(error, FAILED_AT, self.line), inner[-1] if inner else None)

    def variables(self) -> dict[str, Any]:
        hidden = (expressions.MARK, "__")
        shown = {name: value for name, value in self.namespace.items() if not name.startswith(hidden)}
        return copied(shown, self.limits.rows)

    @property
    def line(self) -> int:
        return 1 if self.begun is None else self.begun[0]

    def begin_line(self, line: int) -> bool:
        """Note that a line begins; True, so that a loop's test can go on after it."""
        self.begun = (line, self.end_line(), len(self.output))
        return self.tick()

    def tick(self) -> bool:
        """Count one more line, or one more round of a function's loop; True, as for begin_line."""
        self.lines += 1
        if self.lines > self.step_limit or time.monotonic() > self.deadline:
            message = f"more than {self.step_limit} lines, or too long; is there a loop without an end?"
            raise StepBudgetError("StepBudgetError", message, self.line)
        return True

    def end_line(self) -> dict[str, Any]:
        """Note that the line under way, if there is one, has come to its end; return the variables."""
        variables = self.variables()
        if self.begun is not None:
            line, _, begun = self.begun
            self.events.append(SourceEvent(line, variables, printed.lines(self.output[begun:])))
        return variables

    def rounds(self, line: int, values: Iterable[Any]) -> Iterator[Any]:
        """Go through values; the header's line begins again after every round."""
        for value in values:
            yield value
            self.begin_line(line)

    def turns(self, values: Iterable[Any]) -> Iterator[Any]:
        """Go through values inside a function."""
        for value in values:
            self.tick()
            yield value

    def called(self, function: FunctionType, /, *values: Any, **named: Any) -> Any:
        """Call a function of the user's."""
        self.measure(function.__code__, values, named)
        self.tick()
        if self.depth == MAXIMUM_DEPTH:
            raise RecursionError("maximum recursion depth exceeded")
        self.depth += 1
        try:
            return function(*values, **named)
        finally:
            self.depth -= 1

    def measure(self, code: CodeType, values: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        """Raise MemoryError where no row has room for the arguments that a function packs."""
        if code.co_flags & inspect.CO_VARARGS:
            self.bounds.admit(values[code.co_argcount :])
        if code.co_flags & inspect.CO_VARKEYWORDS:
            parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            self.bounds.admit({name: value for name, value in named.items() if name not in parameters})

    def spread(self, function: FunctionType, values: Any, /, **named: Any) -> Any:
        """Call a function of the user's with arguments behind a star, once all of them are worked out."""
        if not isinstance(values, Iterable):
            whose = f"__main__.{function.__name__}() argument after *"
            raise TypeError(f"{whose} must be an iterable, not {type(values).__name__}")
        return self.called(function, *self.bounds.collected(values), **named)

    def needed(self, function: FunctionType, /, *values: Any, **named: Any) -> Any:
        """Call a function of the user's whose value is used."""
        value = self.called(function, *values, **named)
        if value is None:
            raise TypeError(no_value(function.__name__))
        return value

    def show(self, *values: Any, sep: str | None = None, end: str | None = None) -> None:
        texts = [str(self.bounds.bounded(value)) for value in values]
        self.output.append(printed.printed(texts, " " if sep is None else sep, "\n" if end is None else end))

    def show_value(self, value: Any) -> None:
        self.output.append(printed.printed([repr(self.bounds.bounded(value))]))

    def fail(self, message: Any) -> None:
        raise AssertionError(str(self.bounds.bounded(message)))

    def raised(self, kind: str, *said: Any) -> None:
        """Raise an error of Python's with what it says."""
        error = RAISED[kind](*map(self.bounds.bounded, said))
        error.add_note(OF_PROGRAM)
        raise error

    def leaves(self) -> bool:
        """Return whether a `finally` block is to run: not for a limit of Lx's own; note where its error happened."""
        error = sys.exception()
        if error is not None and not hasattr(error, FAILED_AT):
            setattr(error, FAILED_AT, self.line)
        return error is None or isinstance(error, tuple(RAISED.values()))

    def caught(self) -> Any:
        """Return what the error says that was caught."""
        error = sys.exception()
        assert error is not None, "a handler asks for it"
        return self.bounds.admit(sayable(_said(error)))


def _said(error: BaseException) -> str:
    """Return what an error says, as Lx has it."""
    of_python = isinstance(error, ZeroDivisionError) and not hasattr(error, "__notes__")
    return DIVISION_BY_ZERO if of_python else str(error).replace(expressions.DEFINED, "")
