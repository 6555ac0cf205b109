"""Which variables hold values of one kind for certain."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.lowering.kinds import kind_of, known_kinds
from latent_repl.language.parsing.simplify import simplify
from latent_repl.language.parsing.source_text import SourceText


def kinds(text: str, others: tuple[str, ...] = ()) -> dict[str, str]:
    module = ast.parse(text)
    simplify(module, SourceText(text, text), others, {})
    return {name: kind.__name__ for name, kind in known_kinds(module.body, others).items()}


@pytest.mark.parametrize(
    ("text", "found"),
    (
        ("x = []\ny = x\nz = sorted(y)", {"x": "list", "y": "list", "z": "list"}),
        ("s = ''\nfor c in s:\n    s += c", {"s": "str", "c": "str"}),
        ("x = []\nx = 5", {}),
        ("a, b = 1, 'x'\nc, d = a", {"a": "int", "b": "str"}),
        ("n = 0\nfor i in range(3):\n    n += i", {"n": "int", "i": "int"}),
        ("n = 1\nn *= m", {}),
        ("n = 1\nn += 0.5\nm = n\nk = 2 if m else 1.5", {"n": "float", "m": "float"}),
        ("n = 1\nn -= x\nk = 1\nk //= 2\nd = {}\nd |= x", {"n": "float", "k": "int", "d": "dict"}),
        ("x = y\ny = []\nx = z", {"y": "list"}),
        ("x = 'a'.split() + y\nk = 'a'.find('b')\nt = 'a' * n", {"x": "list", "k": "int", "t": "str"}),
        ("for a in y:\n    a = 1", {}),
        ("def f():\n    x = []", {}),
    ),
)
def test_kinds_are_known_where_every_assignment_tells(text: str, found: dict[str, str]) -> None:
    assert kinds(text) == found


def test_what_comes_from_elsewhere_is_not_known() -> None:
    assert kinds("x = []\nx.append(1)", others=("x",)) == {}
    assert kinds("x = 1\ny = 0\ny += x", others=("x",)) == {"y": "float"}


def test_expressions_have_the_kind_of_their_parts() -> None:
    def of(text: str) -> type | None:
        return kind_of(ast.parse(text, mode="eval").body, {"s": str, "n": int})

    texts = ("s[0]", "s + x", "x + 1", "x * 2", "n * n", "n / n", "-n", "-x", "not x", "[1][0]", "[1][:1]")
    assert [of(text) for text in texts] == [
        str,
        str,
        float,
        None,
        int,
        float,
        int,
        float,
        bool,
        None,
        list,
    ]
