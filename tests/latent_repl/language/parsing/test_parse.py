"""Text to tree: all of Lx is accepted, every other text is refused, and a text typed so far is complete or not."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.holes import HOLE_LETTER, MAXIMUM_LENGTH
from latent_repl.language.parsing.parse import MAXIMUM_DEPTH, is_complete, parse
from tests.latent_repl.language.parsing.conftest import assert_refused

ACCEPTED = """
a = b = -5
a, b = b, a + b
a += 2 * (b - 1) // 3 % 4 ** 2
if not a < b <= 3 and True or a: pass
elif a == 1 != b: a = 2
else:
    a = abs(-a) if a else max(a, b, 3)
while True:
    if a: break
    continue
for i in range(1, 10, -2): print(i, a + 1)
print()
assert min(a, b) == +a
a
del a, b
"""

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("a\0b", 1, 1, "null", "check the text"),
    ("a = \ud800", 1, 1, "surrogates", "plain text"),
]


def test_all_of_lx_is_accepted() -> None:
    assert len(parse(ACCEPTED).module.body) == 10


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_a_text_that_python_cannot_hold_is_refused(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy)


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000,
        "-" * 20_000 + "1",
        "not " * 20_000 + "a",
        "1" + "+1" * 20_000,
        "a = " * 20_000 + "1",
        "a if a else " * 5000 + "a",
        "(" * 150 + "1" + ")" * 150 + "+ (" * 190,
        "".join(" " * n + "if a:\n" for n in range(150)),
        "if a: pass\n" + "elif a: pass\n" * 3000,
        "a" * (MAXIMUM_LENGTH + 1),
        "?" * 50_000,
        "\\\n" * 20_000,
    ],
)
def test_monstrous_texts_are_refused_in_an_orderly_way(source: str) -> None:
    try:
        parse(source)
    except LxSyntaxError as error:
        assert error.line >= 1
    else:
        assert source.startswith("a = a")


def test_nesting_within_the_limit_is_accepted() -> None:
    assert parse("a = " + "1 + " * (MAXIMUM_DEPTH - 10) + "1")


@given(st.text(alphabet=st.sampled_from("ab_1?+-*/<=:,.()[]{}#'\"\n\t \\ifelswhnordt\0é" + HOLE_LETTER), max_size=60))
@example("a = ?\\\n+1")
@example("'")
def test_any_text_parses_or_is_refused(source: str) -> None:
    try:
        tree = parse(source)
    except LxSyntaxError as error:
        assert 1 <= error.line <= source.count("\n") + 1
        assert error.message and error.remedy
    else:
        assert tree.source == source
    assert is_complete(source) in (True, False)


@pytest.mark.parametrize(
    ("source", "complete"),
    [
        ("", True),
        ("# words", True),
        ("a = 1", True),
        ("a = ?", True),
        ("a = (1 +", False),
        ("a = \\", False),
        ("while a:", False),
        ("while a:\n    a -= ?", False),
        ("while a:\n    a -= ?\n", True),
        ("while a:\n    a -= 1\n    ", True),
        ("while a: a -= 1", False),
        ("while a: a -= 1\n", True),
        ("if a:\n    b = 1\nelse:", False),
        ("for i in range(3):\n    if i:\n        a = i\n", True),
        ("if a:\n    b = 1\nc = 2", True),
        ("def f(a):\n    return a", False),
        ("def f(a):\n    return a\n", True),
        ("a = 1\nb = 2", True),
        ("a = 'cat", True),
        ("a = = 1", True),
        ("a = 1)", True),
        ("a\0", True),
    ],
)
def test_a_text_is_complete_unless_a_block_or_a_bracket_is_open(source: str, complete: bool) -> None:
    assert is_complete(source) is complete


@pytest.mark.parametrize("text", ["?\uff3f", "a = ?\u203f", "a = 1 + ?\u0301", "a = \uff3f?"])
def test_a_hole_beside_what_continues_a_name_is_refused(text: str) -> None:
    with pytest.raises(LxSyntaxError):
        parse(text)


@pytest.mark.parametrize(("depth", "right"), [(20, True), (21, False)])
def test_loops_are_nested_no_deeper_than_cpython_takes_them(depth: int, right: bool) -> None:
    text = "".join(f"{' ' * level}while True:\n" for level in range(depth)) + " " * depth + "break\n"
    if right:
        compile(text, "<input>", "exec")
        parse(text)
        return
    with pytest.raises(LxSyntaxError, match="nested more than 20 deep"):
        parse(text)


def test_a_message_tells_the_first_obstacle_and_what_else_there_is() -> None:
    with pytest.raises(LxSyntaxError) as refused:
        parse("a = {1}\nimport os\nb = a.frobnicate() @ 2\nb = 3", rows=True)
    assert str(refused.value).startswith("<input>:1:5: a set that is kept is not in Lx")
    assert str(refused.value).splitlines()[-1] == (
        "and 3 more: the module os is not in Lx (line 2), unknown method frobnicate (line 3), "
        "Lx has no operator @ (line 3)"
    )
    with pytest.raises(LxSyntaxError) as alone:
        parse("a = {1}", rows=True)
    assert alone.value.others == ()


def test_a_text_full_of_obstacles_is_not_checked_to_its_end() -> None:
    with pytest.raises(LxSyntaxError) as refused:
        parse("import os\n" * 5_000)
    assert str(refused.value).splitlines()[-1] == (
        "and 19 more: the module os is not in Lx (line 2), the module os is not in Lx (line 3), "
        "the module os is not in Lx (line 4), ..."
    )


def test_a_text_with_more_holes_than_any_search_fills_is_refused() -> None:
    with pytest.raises(LxSyntaxError, match="more than 100 holes"):
        parse("f(" + "?, " * 20_000 + ")")


def test_of_a_long_line_a_message_shows_what_stands_around_the_caret() -> None:
    with pytest.raises(LxSyntaxError) as refused:
        parse(f"a = [{'1, ' * 5_000}{{2}}, {'1, ' * 5_000}]", rows=True)
    line, caret = str(refused.value).splitlines()[1:3]
    assert len(line) < 120 and line[caret.index("^")] == "{"
