"""Programs as text with their holes filled, and the pieces of them that had holes."""

from __future__ import annotations

import ast

import pytest

from latent_repl.synthesis.problem.domains import Assignment, Filling
from latent_repl.synthesis.problem.specification import specify
from latent_repl.synthesis.problem.text import holes_in
from tests.latent_repl.exact_rows import ExactRows
from tests.latent_repl.synthesis.problem.conftest import specified


@pytest.mark.parametrize(
    ("text", "filling", "source", "excerpt"),
    [
        ("a=71; a+? == 18", (-53,), "a = 71\nassert a + -53 == 18", "a + -53"),
        ("a=71; a+? == 18", ("a",), "a = 71\nassert a + a == 18", "a + a"),
        ("? ** 2 == 49", (-7,), "assert (-7) ** 2 == 49", "(-7) ** 2"),
        ("b = ? - ?; b > 1", (5, -3), "b = 5 - -3\nassert b > 1", "b = 5 - -3"),
        ("b = 2; b < ? < 7", (3,), "b = 2\nassert b < 3 < 7", "b < 3 < 7"),
        ("b = 2; b == ?", (2,), "b = 2\nassert b == 2", "b == 2"),
        ("b = 2; 2 * b ? 3 == 10", ("+",), "b = 2\nassert 2 * (b + 3) == 10", "2 * (b + 3)"),
        ("b = 2; b ? 3 == True", ("<",), "b = 2\nassert (b < 3) == True", "b < 3"),
        ("b = 2; b ? ? == 3", ("max", 3), "b = 2\nassert max(b, 3) == 3", "max(b, 3)"),
        ("a = 2\n?\nb == -2", (Assignment("b", "neg", "a"),), "a = 2\nb = -a\nassert b == -2", "b = -a"),
        (
            "def f(a):\n    if a:\n        ?\n    return a ? 1\nf(2) == 3",
            (Assignment("a", "copy", 4), "-"),
            "def f(a):\n    if a:\n        a = 4\n    return a - 1\nassert f(2) == 3",
            "a = 4; return a - 1",
        ),
        (
            "b = 0\nwhile b < ?:\n    b += ?\nb == 6",
            (5, 2),
            "b = 0\nwhile b < 5:\n    b += 2\nassert b == 6",
            "b < 5; b += 2",
        ),
    ],
)
def test_filled_text_and_excerpt_hold_the_fills(text: str, filling: Filling, source: str, excerpt: str) -> None:
    problem = specified(text)
    assert problem.source(filling) == source
    assert problem.excerpt(filling) == excerpt


def test_filling_leaves_the_problem_as_it_was() -> None:
    problem = specified("a=71; a+? == 18")
    problem.source((-53,))
    assert problem.source((1,)) == "a = 71\nassert a + 1 == 18"


def test_fills_are_texts_of_literals_and_names() -> None:
    assert specified("a=71; a + ? + ? == 18").fills(("a", -5)) == ("a", "-5")


def test_a_filled_text_has_the_holes_of_no_part() -> None:
    problem = specified("def f(a):\n    ?\n    return b ? 1\nc = f(?)\nc * ? == 4")
    parts = [*problem.statements, *problem.conditions]
    assert sorted(number for part in parts for number in holes_in(part)) == [0, 1, 2, 3]
    filled = ast.parse(problem.source((Assignment("b", "copy", "a"), "*", 2, 2)))
    assert holes_in(filled) == []


@pytest.mark.parametrize("fill", [-1, -99, 7])
@pytest.mark.parametrize("text", ["? ** 2 == b", "-? - ? == b", "2 * ? + b == b", "(b if ? else -?) == b"])
def test_a_negative_fill_keeps_the_meaning_of_its_place(text: str, fill: int) -> None:
    problem = specified(text, b=0)
    [condition] = problem.conditions
    variables = {"b": 5} | {f"ʔ{number}": fill for number in holes_in(condition)}
    meant = eval(compile(ast.fix_missing_locations(ast.Expression(condition)), "<meant>", "eval"), dict(variables))
    source = problem.source((fill,) * len(holes_in(condition)))
    assert eval(source.removeprefix("assert "), {"b": 5}) == meant


@pytest.mark.parametrize(
    ("text", "filling", "source", "excerpt"),
    [
        (
            "x = sorted('ba', key=len)[?]\nisinstance(x, str)",
            (0,),
            "x = sorted('ba', key=len)[0]\nassert isinstance(x, str)",
            "x = sorted('ba', key=len)[0]",
        ),
        (
            "x: int = ?\nprint(*[x])\n'%s %d' % (x, 3) == '2 3'",
            (2,),
            "x: int = 2\nprint(*[x])\nassert '%s %d' % (x, 3) == '2 3'",
            "x: int = 2",
        ),
        (
            "try:\n    b = ? // 0\nexcept (KeyError, ZeroDivisionError) as e:\n    b = ?\nb == 6",
            (5, 6),
            "try:\n    b = 5 // 0\nexcept (KeyError, ZeroDivisionError) as e:\n    b = 6\nassert b == 6",
            "b = 5 // 0; b = 6",
        ),
    ],
)
def test_what_is_lowered_in_another_form_keeps_the_words_of_the_user(
    text: str, filling: Filling, source: str, excerpt: str
) -> None:
    model = ExactRows(slots=16)
    problem = specify(text, names={}, defined=(), limits=model.config, vocabulary=model.vocabulary)
    assert problem.source(filling) == source
    assert problem.excerpt(filling) == excerpt
