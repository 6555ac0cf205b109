"""The allow-list lets all of Lx through and nothing that reaches beyond its values, variables and functions."""

from __future__ import annotations

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("a = 1.5", 1, 5, "float", "whole number"),
    ("a = 2j", 1, 5, "complex", "without j"),
    ("a = None", 1, 5, "None", "whole number"),
    ("a = ...", 1, 5, "...", "whole number"),
    ("a = 100", 1, 5, "100 is outside -99..99", "from -99 to 99"),
    ("a = b + -100", 1, 9, "-100 is outside", "from -99 to 99"),
    ("a = 0x" + "f" * 5000, 1, 5, "outside", "from -99 to 99"),
    ("a.b = 1", 1, 1, "a.b is not one variable", "variable"),
    ("return 1", 1, 1, "return outside def", "line of its own"),
    ("while a:\n    pass\nelse:\n    break", 4, 5, "break outside a loop", "while or for"),
    ("for i in a:\n    pass", 1, 10, "range", "for i in range(10):"),
    ("for i, j in range(3):\n    pass", 1, 5, "not one variable", "for i in range(10):"),
    ("for i in range():\n    pass", 1, 10, "1 to 3 values, not 0", "range"),
    ("break", 1, 1, "break outside a loop", "while or for"),
    ("if a: continue", 1, 7, "continue outside a loop", "while or for"),
    ("assert a, b", 1, 11, "a message that is no literal string", "in quotes"),
    ("assert a, 'é'", 1, 11, "'\\xe9', which is no character of Lx", "ASCII"),
    ("a, b = 1", 1, 1, "not one variable", "a, b = 1, 2"),
    ("a, b = 1, 2, 3", 1, 1, "3 values need 3 variables", "a, b = 1, 2"),
    ("a = 1, 2", 1, 1, "2 values need 2 variables", "a, b = 1, 2"),
    ("(a, b), c = 1, 2", 1, 1, "not one variable", "plain names"),
    ("a, *b = 1, 2", 1, 1, "not one variable", "as many values"),
    ("a = [*b]", 1, 6, "no words for strings, lists", "another checkpoint"),
    ("del a.b", 1, 5, "not one variable", "del a, b"),
    ("del (a, b)", 1, 5, "not one variable", "del a, b"),
    ("abs(1, 2)", 1, 1, "abs takes 1 value, not 2", "write abs"),
    ("min(1)", 1, 1, "min takes 2 or more values, not 1", "write min"),
    ("min(*a)", 1, 5, "* before a value", "one by one"),
    ("print(a, end=1)", 1, 14, "end is no literal string", "in quotes"),
    ("print(a, sep='é')", 1, 14, "no character of Lx", "ASCII"),
    ("print(**a)", 1, 9, "** before a value", "one by one"),
    ("print(a, file=b)", 1, 15, "print takes no file", "sep and end"),
    ("abs(a, end=1)", 1, 12, "by name", "leave the argument out"),
    ("b = print(a)", 1, 5, "print gives no value", "line of its own"),
    ("b = range(3)", 1, 5, "range stands in a for loop alone", "for i in range"),
    ("print = 3", 1, 1, "print is a function", "another name"),
    ("b = 1 + abs", 1, 9, "abs is a function", "abs(...)"),
    ("? = 5", 1, 1, "cannot be assigned to", "write == for a constraint"),
    ("a, ? = 1, 2", 1, 4, "cannot be assigned to", "write =="),
    ("? += 5", 1, 1, "cannot be assigned to", "write =="),
    ("for ? in range(3): pass", 1, 5, "cannot be assigned to", "write =="),
    ("del ?", 1, 5, "cannot be assigned to", "write =="),
    ("a = ?(3)", 1, 5, "not for a function", "abs"),
    ("def f(a):\n    return sum(a)", 2, 12, "no words for what sum works on", "abs, min, max"),
    ("b = 1\ndef f(a):\n    return b(a)", 3, 12, "b is a variable", "another name"),
    ("def f(a):\n    nonlocal b\n    return a", 2, 5, "no binding for nonlocal", "write global"),
    ("f(1)\ndef f(a):\n    return a", 1, 1, "unknown function f", "abs"),
    ("def f(a):\n    return a\nf(1, 2)", 3, 1, "f takes 1 value, not 2", "write f with 1"),
    ("def min(a):\n    return a", 1, 1, "Lx's own", "another name"),
    ("f = 1\ndef f(a):\n    return a", 2, 1, "f is a variable already", "another name"),
    ("def f(a):\n    return a\nf = 1", 3, 1, "f is a function", "f(...)"),
    ("def f(a):\n    return a\nb = f", 3, 5, "f is a function", "f(...)"),
    ("if 1:\n    def f(a):\n        return a", 2, 5, "stands in a block", "beginning of a line"),
    ("def f(a):\n    if a:\n        def g(b):\n            return b\n    return a", 3, 9, "in a block", "of a line"),
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


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_the_place_and_the_remedy_of_what_lx_has_no_room_for(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy)


@pytest.mark.parametrize("source", ATTACKS)
def test_nothing_reaches_beyond_numbers(source: str) -> None:
    refusal(source)


def test_numbers_up_to_the_ends_of_the_range_are_accepted() -> None:
    assert len(parse("a = 99; b = -99", minimum=-99, maximum=99).module.body) == 2
    assert refusal("a = -100").column == 5


@pytest.mark.parametrize("name", ["a", "i"])
def test_a_variable_may_have_the_name_of_a_parameter_or_a_counter(name: str) -> None:
    assert parse(f"{name} = 1\ndef f(a):\n    for i in range(a): b = i\n    return a\nf({name})").module.body


def test_a_function_is_called_by_what_comes_after_it_alone() -> None:
    first = parse("def f(a):\n    return a").functions_at(1)
    assert parse("b = f(1)", functions=first).functions.keys() == {"f"}
    assert refusal("b = f(1)").message == "unknown function f"
