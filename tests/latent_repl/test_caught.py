"""Errors that programs raise and catch, by the model: what it shows is what Python prints, and every line agrees."""

from __future__ import annotations

import contextlib
import io

import pytest

from latent_repl.model.interface import Interpreter
from latent_repl.modes import Mode
from latent_repl.session import Session

PROGRAM = """def safe(a, b):
    try:
        return a // b
    except ZeroDivisionError as e:
        print("no:", e)
    return -1
def deep(n):
    if n == 0:
        raise LookupError("at the bottom")
    return deep(n - 1)
for word in ["7", "x", "", "-12"]:
    try:
        n = int(word)
    except ValueError as e:
        print(e)
    else:
        print(n, safe(100, n), safe(n, 0))
try:
    deep(3)
except (KeyError, TypeError):
    print("wrong")
except LookupError as e:
    print("caught", e)
d = {"a": 1}
for key in "ab":
    try:
        print(d[key] + 1, [5][d[key] - 1])
    except KeyError as e:
        d[key.replace("'", "")] = 0
        print("missing", e)
try:
    "a" + 1
except TypeError as e:
    print(e)
assert d == {"a": 1, "b": 0}, "not it"
raise ValueError(f"{len(d)} at the end")
"""


def printed() -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), pytest.raises(ValueError, match="2 at the end"):
        exec(PROGRAM, {})  # the text above
    return output.getvalue().replace("integer division or modulo by zero", "division by zero")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_the_model_raises_and_catches_as_python_does(shipped_model: Interpreter, mode: Mode) -> None:
    session = Session(shipped_model, mode=mode)
    result = session.run(PROGRAM)
    assert "".join(f"{line}\n" for line in result.output) == printed()
    assert result.error is not None
    assert (result.error.kind, result.error.message) == ("ValueError", "2 at the end")
    assert result.match


@pytest.mark.slow
def test_an_error_that_is_caught_leaves_what_was_done_before(shipped_model: Interpreter) -> None:
    session = Session(shipped_model)
    result = session.run("xs = [1]\ntry:\n    xs.append(2); xs[9]\nexcept IndexError as e:\n    xs.append(e)")
    assert result.match
    assert session.state == {"xs": [1, 2, "list index out of range"]}
    session.undo()
    assert session.state == {}
