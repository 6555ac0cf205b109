"""Patterns of `match`: what they ask and capture, and which are refused, with place and remedy."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import is_complete, parse
from latent_repl.language.parsing.patterns import Subject, WrittenPattern
from tests.latent_repl.language.parsing.conftest import assert_refused


def patterns(text: str) -> list[WrittenPattern]:
    [statement] = parse(text, rows=True).module.body
    assert isinstance(statement, ast.Match)
    written = [case.pattern for case in statement.cases]
    assert all(isinstance(pattern, WrittenPattern) for pattern in written)
    return [pattern for pattern in written if isinstance(pattern, WrittenPattern)]


def test_a_pattern_asks_a_test_and_captures_by_assignments() -> None:
    one, several = patterns("match 3:\n    case 1 | -1: pass\n    case [_, [x]] as y: pass")
    assert isinstance(one.test, ast.BoolOp) and isinstance(one.test.op, ast.Or)
    assert one.captures == []
    assert isinstance(several.test, ast.BoolOp) and isinstance(several.test.op, ast.And)
    assert [ast.unparse(capture.targets[0]) for capture in several.captures] == ["x", "y"]
    assert isinstance(several.captures[1].value, Subject)


@pytest.mark.parametrize("pattern", ["_", "x", "_ as x", "1 | _", "[x] | x"])
def test_a_pattern_that_always_fits_asks_nothing(pattern: str) -> None:
    [written] = patterns(f"match 3:\n    case {pattern}: pass")
    assert written.test is None


def test_a_case_stands_on_the_line_of_its_word() -> None:
    text = "match (3,\n    4):\n    # case\n    case (\n        1,\n        2):\n        case = 1\n\n    case x: pass"
    assert [written.line for written in patterns(text)] == [4, 9]


REFUSED = [
    ("Point()", 10, "this class is no pattern", "case int(x)"),
    ("[1, str(x, y)]", 14, "this class is no pattern", "case int(x)"),
    ("int(real=x)", 10, "this class is no pattern", "case int(x)"),
    ("a.b", 10, "literals and names alone", "case x if x == limit"),
    ("{1: 2, a.b: 3}", 17, "literals and names alone", "case x if x == limit"),
    ("f'a'", 10, "literals and names alone", "case x if x == limit"),
    ("{f'a': 1}", 11, "literals and names alone", "case x if x == limit"),
    ("[x, [x]]", 15, "x stands twice", "a name of its own"),
    ("[x, *x]", 14, "x stands twice", "a name of its own"),
    ("[x, 1] | [1, y]", 19, "have different names", "a case for each"),
    ("1 | x", 14, "have different names", "a case for each"),
    ("_ | 1", 10, "always fits", "to the end"),
    ("[*x, *y]", 15, "one star at most", "[first, *rest]"),
    ("{1: x, True: y}", 17, "a key stands twice", "each key once"),
    ("1e-320", 10, "so near to it is not in Lx", "write 0.0"),
    ("1 + 2j", 14, "complex numbers", "without j"),
    ("{b'a': 1}", 11, "bytes are not in Lx", "without b"),
    ("[abs]", 11, "abs is a function", "another name"),
    ("__x", 10, "reserved for Python", "begin the name with a letter"),
    ("x if {1}", 15, "a set that is kept is not in Lx", "or a list"),
    ("(?)", 11, "a hole stands for a value", "write =="),
]


@pytest.mark.parametrize(("pattern", "column", "message", "remedy"), REFUSED)
def test_other_patterns_are_refused(pattern: str, column: int, message: str, remedy: str) -> None:
    assert_refused(f"match 3:\n    case {pattern}: pass", 2, column, message, remedy, rows=True)


@pytest.mark.parametrize("pattern", ["x", "_", "1 | _"])
def test_a_case_behind_one_that_always_fits_is_refused(pattern: str) -> None:
    assert_refused(
        f"match 3:\n    case {pattern}: pass\n    case 2: pass", 2, 10, "always fits", "to the end", rows=True
    )
    assert parse(f"match 3:\n    case {pattern} if 1: pass\n    case 2: pass", rows=True)


def test_a_kind_that_is_a_name_of_the_user_s_is_no_pattern() -> None:
    message, remedy = "this class is no pattern", "case int(x)"
    assert_refused("int = 5\nmatch 3:\n    case int(): pass", 3, 10, message, remedy, rows=True)
    assert_refused("match 3:\n    case [int, int(x)]: pass", 2, 16, message, remedy, rows=True)
    assert_refused("match 3:\n    case [int(x), a.b]: pass", 2, 19, "literals and names alone", "case x if", rows=True)


def test_every_case_is_looked_at() -> None:
    with pytest.raises(LxSyntaxError) as caught:
        parse("match 3:\n    case Point(): {2}\n    case 3 if [{4}]:\n        1j", rows=True)
    assert [other.line for other in caught.value.others] == [2, 3, 4]


def test_names_in_many_places_are_refused_before_they_take_long() -> None:
    names, ones = ", ".join(f"a{number}" for number in range(3_000)), "1, " * 3_000
    text = f"match 3:\n    case [{names}, {ones}2] | [{ones}{names}]: pass"
    assert_refused(text, 2, 10, "many names in different places", "a case for each", rows=True)


def test_match_and_case_are_names_too() -> None:
    body = parse("match = 1\ncase = match\nmatch[0]\nmatch * case\nprint(case)", rows=True).module.body
    assert not any(isinstance(statement, ast.Match) for statement in body)


def test_a_match_can_be_typed_line_by_line() -> None:
    lines = ["match x:", "    case 1:", "        x = 2", "    case _: pass", ""]
    assert [is_complete("\n".join(lines[:count])) for count in range(1, 6)] == [False] * 4 + [True]
