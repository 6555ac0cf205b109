"""What is in Lx, what is not, and where the caret stands."""

from __future__ import annotations

import ast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.holes import HOLE_LETTER, MAXIMUM_LENGTH, hole_number
from latent_repl.language.parsing.parse import MAXIMUM_DEPTH, is_complete, parse

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
    ("12+?=23", 1, 5, "= assigns to a variable", "write == for a constraint"),
    ("a = 12 + ? = 5", 1, 12, "= assigns to a variable", "write == for a constraint"),
    ("a = 1\nmax(a, 2) = 3", 2, 11, "= assigns to a variable", "write == for a constraint"),
    ("if a = 3:\n    pass", 1, 6, "= is no comparison", "write =="),
    ("(a) / (b)", 1, 5, "/ gives a float", "write //"),
    ("a /= 2", 1, 3, "/ gives a float", "write //"),
    ("a @ b", 1, 3, "no operator @", "write *"),
    ("a << 2", 1, 3, "no operator <<", "2 ** n"),
    ("a >> 2", 1, 3, "no operator >>", "2 ** n"),
    ("a | b", 1, 3, "no operator |", "and, or, not"),
    ("a & b", 1, 3, "no operator &", "and, or, not"),
    ("a ^ b", 1, 3, "no operator ^", "**"),
    ("1 + ~a", 1, 5, "no operator ~", "-x - 1"),
    ("a is b", 1, 3, "no operator is", "=="),
    ("a is not b", 1, 3, "no operator is not", "!="),
    ("a in b", 1, 3, "no operator in", "or"),
    ("a not in b", 1, 3, "no operator not in", "and"),
    ("a = 1.5", 1, 5, "float", "whole number"),
    ("a = 2j", 1, 5, "complex", "whole number"),
    ("a = None", 1, 5, "None", "whole number"),
    ("a = ...", 1, 5, "...", "whole number"),
    ("a = 'cat'", 1, 5, "strings", "whole number"),
    ('a = f"{b}"', 1, 6, "strings", "whole number"),
    ("a = 100", 1, 5, "100 is outside -99..99", "from -99 to 99"),
    ("a = b + -100", 1, 9, "-100 is outside", "from -99 to 99"),
    ("a = " + "9" * 5000, 1, 5, "thousands of digits", "fewer digits"),
    ("a = 0x" + "f" * 5000, 1, 5, "outside", "from -99 to 99"),
    ("a.b = 1", 1, 1, "a.b is not one variable", "variable"),
    ("b = a.b", 1, 5, "attributes", "without a dot"),
    ("b = a[0]", 1, 5, "subscripts", "one variable"),
    ("b = [1]", 1, 5, "lists", "one variable"),
    ("b = {1}", 1, 5, "sets", "one variable"),
    ("b = {1: 2}", 1, 5, "dictionaries", "one variable"),
    ("b = a < (1, 2)", 1, 9, "tuples", "one variable"),
    ("b = [i for i in a]", 1, 5, "comprehensions", "for loop"),
    ("b = lambda: 1", 1, 5, "lambda", "write def"),
    ("b = 1 + (a := 2)", 1, 10, "assignment inside an expression", "line of its own"),
    ("b = (yield)", 1, 6, "yield", "one after another"),
    ("a: int = 1", 1, 1, "annotations", "leave the annotation out"),
    ("import os", 1, 1, "import", "leave it out"),
    ("from os import path", 1, 1, "import", "leave it out"),
    ("return 1", 1, 1, "return outside def", "line of its own"),
    ("@f\ndef g():\n    pass", 1, 2, "decorators", "leave the decorator out"),
    ("class A: pass", 1, 1, "class", "one variable"),
    ("with a: pass", 1, 1, "with", "one after another"),
    ("match a:\n    case 1: pass", 1, 1, "match", "if and elif"),
    ("raise a", 1, 1, "raise", "assert False"),
    ("try:\n    pass\nfinally:\n    pass", 1, 1, "try", "if"),
    ("global a", 1, 1, "no variable outside", "return the value"),
    ("async def f(): pass", 1, 1, "one line after another", "one after another"),
    ("while a:\n    pass\nelse:\n    b = 1", 4, 5, "else after a loop", "after the loop"),
    ("for i in range(3):\n    pass\nelse:\n    b = 1", 4, 5, "else after a loop", "after the loop"),
    ("for i in a:\n    pass", 1, 10, "range", "for i in range(10):"),
    ("for i, j in range(3):\n    pass", 1, 5, "not one variable", "for i in range(10):"),
    ("for i in range():\n    pass", 1, 10, "1 to 3 values, not 0", "range"),
    ("break", 1, 1, "break outside a loop", "while or for"),
    ("if a: continue", 1, 7, "continue outside a loop", "while or for"),
    ("assert a, b", 1, 11, "condition alone", "leave the message out"),
    ("a, b = 1", 1, 1, "not one variable", "a, b = 1, 2"),
    ("a, b = 1, 2, 3", 1, 1, "3 values need 3 variables", "a, b = 1, 2"),
    ("a = 1, 2", 1, 1, "2 values need 2 variables", "a, b = 1, 2"),
    ("(a, b), c = 1, 2", 1, 1, "not one variable", "plain names"),
    ("print(? if a)", 1, 7, "expected 'else'", "check the text"),
    ("a, *b = 1, 2", 1, 4, "not one variable", "plain names"),
    ("a, b += 1", 1, 1, "illegal expression for augmented assignment", "one variable's name"),
    ("del a.b", 1, 5, "not one variable", "del a, b"),
    ("del (a, b)", 1, 5, "not one variable", "del a, b"),
    ("abs(1, 2)", 1, 1, "abs takes 1 values, not 2", "write abs"),
    ("min(1)", 1, 1, "min takes 2 or more values, not 1", "write min"),
    ("min(*a)", 1, 1, "min takes 2 or more values", "write min"),
    ("max(a, *b)", 1, 8, "* before a value", "one by one"),
    ("print(a, end=1)", 1, 14, "by name", "leave the argument out"),
    ("b = print(a)", 1, 5, "print gives no value", "line of its own"),
    ("b = range(3)", 1, 5, "range stands in a for loop alone", "for i in range"),
    ("print = 3", 1, 1, "print is a function", "another name"),
    ("b = 1 + abs", 1, 9, "abs is a function", "abs(...)"),
    ("print a", 1, 1, "Missing parentheses", "write print(...)"),
    ("a = (1", 1, 5, "never closed", "close the bracket"),
    ("a = 1)", 1, 6, "unmatched", "bracket"),
    ("if a\n    b = 1", 1, 5, "expected ':'", "colon"),
    ("if a:\nb = 1", 2, 1, "indented block", "four spaces"),
    (" a = 1", 1, 1, "unexpected indent", "four spaces"),
    ("a = 007", 1, 5, "leading zeros", "without leading zeros"),
    ("a = 1x", 1, 5, "invalid decimal literal", "begin a name with a letter"),
    ("a = = 1", 1, 5, "invalid syntax", "check the text at the caret"),
    ("a = 1 ≤ 2", 1, 7, "invalid character", "characters of Python"),
    ("é = 1; ü = 1 / 2", 1, 14, "/ gives a float", "write //"),
    ("a\0b", 1, 1, "null", "check the text"),
    ("a = \ud800", 1, 1, "surrogates", "plain text"),
]

HOLES_REFUSED = [
    ("a ?= b", 1, 3, "between two values", "write as in"),
    ("a = 3 ?", 1, 7, "does not fit", "an operator or a whole line"),
    ("a = 1\n? # why\n? b", 3, 1, "does not fit", "an operator or a whole line"),
    ("? b", 1, 1, "does not fit", "number, a variable"),
    ("a = b?", 1, 6, "one whole value", "spaces"),
    ("a = ?5", 1, 5, "one whole value", "spaces"),
    ("? = 5", 1, 1, "cannot be assigned to", "write == for a constraint"),
    ("a, ? = 1, 2", 1, 4, "cannot be assigned to", "write =="),
    ("? += 5", 1, 1, "cannot be assigned to", "write =="),
    ("for ? in range(3): pass", 1, 5, "cannot be assigned to", "write =="),
    ("del ?", 1, 5, "cannot be assigned to", "write =="),
    ("a = ?(3)", 1, 5, "not for a function", "abs"),
    ("a = ?.b", 1, 5, "attributes", "dot"),
    (f"{HOLE_LETTER} = 1", 1, 1, "reserved", "another name"),
]

# Whatever reaches for more than numbers.
ATTACKS = [
    "__import__(1)",
    "().__class__",
    "a.__class__.__mro__",
    "eval(1)",
    "exec(1)",
    "open(1)",
    "getattr(a, b)",
    "__builtins__",
    "__builtins__ = 1",
    "__debug__",
    "del __builtins__",
    "print.__globals__",
    "abs.__self__",
    "(lambda: 1)()",
    "[x for x in ().__class__.__bases__]",
    "breakpoint()",
    "globals()[1]",
    "for __name__ in range(3): pass",
]


def refusal(source: str) -> LxSyntaxError:
    with pytest.raises(LxSyntaxError) as caught:
        parse(source, file="p.lx", minimum=-99, maximum=99)
    return caught.value


def test_all_of_lx_is_accepted() -> None:
    assert len(parse(ACCEPTED).module.body) == 10


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED + HOLES_REFUSED)
def test_refusals_say_where_and_what_to_write(source: str, line: int, column: int, message: str, remedy: str) -> None:
    error = refusal(source)
    assert (error.line, error.column) == (line, column)
    assert message in error.message
    assert remedy in error.remedy


def test_a_refusal_shows_the_line_with_a_caret() -> None:
    assert str(refusal("a = 1\n12+?=23")).splitlines() == [
        "p.lx:2:5: = assigns to a variable, and this is none",
        "    12+?=23",
        "        ^",
        "write == for a constraint",
    ]


def test_a_tab_is_as_wide_as_the_caret_takes_it_for() -> None:
    assert str(refusal("if a:\n\tb = 1 / 2")).splitlines()[1:3] == ["     b = 1 / 2", "           ^"]


@pytest.mark.parametrize("source", ATTACKS)
def test_nothing_reaches_beyond_numbers(source: str) -> None:
    refusal(source)


def test_numbers_up_to_the_ends_of_the_range_are_accepted() -> None:
    assert len(parse("a = 99; b = -99", minimum=-99, maximum=99).module.body) == 2
    assert refusal("a = -100").column == 5


def test_holes_are_numbered_in_source_order() -> None:
    tree = parse("a = ? if ? < 2 else 3  # why?\nassert a + ? == (?)")
    names = [node for node in ast.walk(tree.module) if isinstance(node, ast.Name)]
    places = {hole_number(node): (node.lineno, node.col_offset) for node in names if hole_number(node) is not None}
    assert tree.holes == 4
    assert sorted(places) == [0, 1, 2, 3]
    assert [places[number] for number in range(4)] == sorted(places.values())
    assert tree.source == "a = ? if ? < 2 else 3  # why?\nassert a + ? == (?)"


def test_a_question_in_a_comment_is_no_hole() -> None:
    assert parse("a = 1  # why? 'because'").holes == 0


def test_line_endings_become_newlines() -> None:
    assert parse("a = 1\r\nb = 2\rc = 3").source == "a = 1\nb = 2\nc = 3"
    assert refusal("a = 1\r\nb = 1.5").line == 2


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
        ("a = 1\nb = 2", True),
        ("a = 'cat", True),
        ("a = = 1", True),
        ("a = 1)", True),
        ("a\0", True),
    ],
)
def test_a_text_is_complete_unless_a_block_or_a_bracket_is_open(source: str, complete: bool) -> None:
    assert is_complete(source) is complete
