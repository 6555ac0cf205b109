"""Whether a program goes as it does in Python: by exact core lines, and by the oracle of source."""

from __future__ import annotations

import contextlib
import io

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.oracle.cpython import run_source
from latent_repl.language.parsing.parse import parse

SLOTS = 16
CAPACITY = (64, 128)


def in_python(text: str) -> tuple[str, str]:
    """Return what a program prints, and the error that it ends in."""
    output, ending = io.StringIO(), ""
    with contextlib.redirect_stdout(output):
        try:
            exec(text, {"__name__": "__main__"})  # the texts are the tests' own
        except Exception as error:
            said = "division by zero" if "modulo by zero" in str(error) else str(error)
            ending = f"{type(error).__name__}: {said}"
    return output.getvalue().replace("integer division or modulo by zero", "division by zero"), ending


def assert_alike(text: str, slots: int = SLOTS) -> None:
    """Assert that a program prints, and ends, as in Python, and that both oracles run the same lines."""
    printed, error = in_python(text)
    tree = parse(text, rows=True)
    program = lower(tree, slots=slots, rows=True)
    exact = core_lines.execute(program, (None,) * slots, step_budget=100_000, capacity=CAPACITY)
    source = run_source(tree, capacity=CAPACITY)
    for run in (exact, source):
        assert "".join(f"{line}\n" for line in run.output) == printed
        assert ("" if run.error is None else f"{run.error.kind}: {run.error.message}") == error
    assert [event.line for event in exact.events] == [event.line for event in source.events]
    if exact.error is not None and source.error is not None:
        assert (exact.error.line, exact.error.function) == (source.error.line, source.error.function)
