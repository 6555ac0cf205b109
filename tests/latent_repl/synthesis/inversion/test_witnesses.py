"""What the text says when it is run backwards."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.parsing.parse import parse
from latent_repl.synthesis.inversion.witnesses import MOST, RULES, before_witnesses, witnesses
from latent_repl.synthesis.inversion.written_out import DEEPEST


def parsed(text: str) -> list[ast.stmt]:
    return parse(text, minimum=-999, maximum=999, names={}, rows=True).module.body


def found(text: str) -> list[str]:
    statements = parsed(text)
    conditions = [
        each.value for each in statements if isinstance(each, ast.Expr) and isinstance(each.value, ast.Compare)
    ]
    return witnesses(statements[: len(statements) - len(conditions)], conditions).get(0, [])


@pytest.mark.parametrize(
    ("text", "expression"),
    (
        ("s = 'ca'; s + ? == 'catch'", "'catch'[len(s):]"),
        ("'catch' == ? + 'ch'", "'catch'[:len('catch') - len('ch')]"),
        ("t = ?; u = t.upper(); u + '!' == 'A!'", "'A!'[:len('A!') - len('!')].lower()"),
        ("xs = [1]; xs.append(?); xs == [1, 'a']", "[1, 'a'][len(xs):][0]"),
        ("t = 'a'; t += ?; t == 'ab'", "'ab'[len(t):]"),
        ("(1, ?, 2) == (1, 'b', 2)", "(1, 'b', 2)[1]"),
        ("def f(s):\n    t = s.upper()\n    return t + ?\nf('a') == 'Ab'", "'Ab'[len('a'.upper()):]"),
        ("len(?) > 3", "'a' * (3 + 1)"),
        ("'cat' in ?", "'cat'"),
    ),
)
def test_expressions_say_what_a_hole_must_be(text: str, expression: str) -> None:
    assert expression in found(text)


@pytest.mark.parametrize(
    "text",
    (
        "s = ?; s == s + 'a'",  # the hole is on both sides
        "for x in 'ab':\n    y = x + ?\ny == 'bc'",  # in a loop
        "def f(s):\n    if s: return ?\n    return s\nf('a') == 'b'",  # on one of two paths
        "def f(s): return f(s) + ?\nf('a') == 'b'",  # without an end
    ),
)
def test_what_cannot_be_written_out_has_none(text: str) -> None:
    assert found(text) == []


def test_a_long_way_back_ends() -> None:
    nested = "? + 'a'" + " + 'a'" * 40
    assert len(found(f"({nested}) == 'b'")) <= MOST


@pytest.mark.parametrize(
    "text",
    (
        "x = ?\n" + "x = x + x\n" * 60 + "x == 'a'",
        "x = ?\n" + "x += 'a'\n" * 2_000 + "x == 'a'",
        "def f0(s): return s + ?\n"
        + "\n".join(f"def f{n + 1}(s): return f{n}(s)" + f" + f{n}(s)" * 9 for n in range(DEEPEST))
        + f"\nf{DEEPEST}('a') == 'ab'",
        "def f(s):\n    t = s + ?\n" + "    t = t + t\n" * 60 + "    return t\nf('a') == 'b'",
    ),
)
def test_what_would_grow_without_end_has_none(text: str) -> None:
    assert found(text) == []


def test_only_what_no_hole_has_a_say_in_runs_before() -> None:
    text = "a = 'x'\nb = ?\nc = b + a\nfor d in a: print(d, c)\nassert a == a\ne = a * 2\ndef f(x): return ?"
    assert [*map(ast.unparse, before_witnesses(parsed(text)))] == ["a = 'x'", "e = a * 2"]


OPEN: dict[str, Callable[[str], object]] = {
    "X + a": lambda x: x + "ab",
    "a + X": lambda x: "ab" + x,
    "X + X": lambda x: x + x,
    "X * a": lambda x: x * 3,
    "X[::-1]": lambda x: x[::-1],
    "X.split(a)": lambda x: x.split("-"),
    "sorted(X)": lambda x: sorted(x),
    "list(X)": lambda x: list(x),
}
"""What some patterns make of a string, with the values of `a` below."""
HELD = {"X + a": "ab", "a + X": "ab", "X * a": 3, "X.split(a)": "-"}


@given(st.text("abc-", max_size=6), st.sampled_from(sorted(OPEN)))
def test_inverses_of_strings_lead_there(text: str, pattern: str) -> None:
    wanted = OPEN[pattern](text)
    reached = []
    for inverse in RULES[pattern]:
        try:
            reached.append(OPEN[pattern](eval(inverse, {"T": wanted, "a": HELD.get(pattern)})))
        except TypeError:
            continue
    assert wanted in reached


def test_rules_are_expressions_of_the_letters_they_name() -> None:
    for pattern, inverses in RULES.items():
        letters = {node.id for node in ast.walk(ast.parse(pattern)) if isinstance(node, ast.Name) and len(node.id) == 1}
        for inverse in inverses:
            used = {
                node.id for node in ast.walk(ast.parse(inverse)) if isinstance(node, ast.Name) and len(node.id) == 1
            }
            assert used <= (letters - {"X"}) | {"T"}, (pattern, inverse)
