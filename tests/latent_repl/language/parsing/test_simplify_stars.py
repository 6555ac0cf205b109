"""What a star spreads out, and takes up, is what Python does."""

from __future__ import annotations

import contextlib
import io

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.parsing.parse import parse


def run(text: str) -> core_lines.Execution:
    program = lower(parse(text, rows=True), slots=12, rows=True)
    return core_lines.execute(program, (None,) * 12, step_budget=100_000, capacity=(64, 128))


@pytest.mark.parametrize(
    "text",
    [
        "print([*[1, 2], 3, *'ab'])",
        "print((*[1], 2), (*range(3),))",
        "print({**{'a': 1}, 'b': 2, **{'a': 3}})",
        "a, *b = [1, 2, 3]\nprint(a, b)",
        "*a, b = 'xyz'\nprint(a, b)",
        "a, *b, c = range(5)\nprint(a, b, c)",
        "[a, *b] = {'k': 1, 'l': 2}\nprint(a, b)",
        "print(*[1, 2, 3])",
        "print(1, *[2, 3], sep='-', end='!')",
        "print(*[], sep=None)",
        "print(list(zip(*[[1, 2], [3, 4]])))",
        "for x, y in zip(*[[1, 2], [3, 4]]):\n    print(x, y)",
        "d = dict.fromkeys('ab', [])\nd['a'].append(1)\nprint(d, dict.fromkeys([1]))",
        "print('hello'.translate(str.maketrans('el', 'ip', 'o')))",
    ],
)
def test_it_shows_what_python_shows(text: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        exec(text, {})  # the texts are those above
    exact = run(text)
    assert exact.error is None
    assert "\n".join(exact.output).rstrip("\n") == shown.getvalue().rstrip("\n")


@pytest.mark.parametrize(
    "text",
    [
        "[*5]",
        "{**5}",
        "print(*5)",
        "list(zip(*5))",
        "print(1, *5)",
        "list(zip('a', *5))",
        "a, *b = 5",
        "a, *b, c = [1]",
    ],
)
def test_it_fails_as_python_does(text: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        exec(text, {})  # the texts are those above
    error = run(text).error
    assert error is not None
    assert (error.kind, error.message) == (type(caught.value).__name__, str(caught.value))


@pytest.mark.parametrize("text", ["x = zip(*[[1]])", "max(*[1])", "'a'.join(*[1])"])
def test_other_stars_are_refused(text: str) -> None:
    with pytest.raises(LxSyntaxError):
        parse(text, rows=True)
