"""Functions that take functions: which copies a text has, and what is refused."""

from __future__ import annotations

import ast
from cProfile import Profile
from pstats import Stats

import pytest

from latent_repl.language.parsing.copies import MOST_COPIES
from latent_repl.language.parsing.parse import parse
from latent_repl.language.parsing.scopes import Functions
from tests.latent_repl.language.parsing.conftest import assert_refused, refusal

APPLY = "def apply(f, x): return f(x)\n"


def definitions(text: str, functions: Functions | None = None) -> dict[str, str]:
    """Return what a text defines: the body of each function by its name, in their order."""
    body = parse(text, rows=True, functions=functions).module.body
    nodes = [node for node in body if isinstance(node, ast.FunctionDef)]
    return {node.name: "; ".join(map(ast.unparse, node.body)) for node in nodes}


def functions_after(*texts: str) -> Functions:
    """Return the functions in force behind some texts."""
    functions: Functions = {}
    for text in texts:
        tree = parse(text, rows=True, functions=functions)
        functions = dict(tree.functions_at(len(tree.module.body)))
    return functions


def test_a_function_is_copied_for_what_it_is_given() -> None:
    text = f"{APPLY}def g(a): return a\ny = apply(g, 3) + apply(x=4, f=abs) + apply(abs, 5)"
    written = parse(text, rows=True).module.body
    assert [*definitions(text)] == ["apply", "apply!f=g", "apply!f=builtins.abs", "g"]
    assert definitions(text)["apply!f=g"] == "return g(x)"
    assert ast.unparse(written[-1]) == "y = apply!f=g(3) + apply!f=builtins.abs(x=4) + apply!f=builtins.abs(5)"


def test_what_goes_with_calls_of_an_inner_function_goes_with_the_copy() -> None:
    text = f"{APPLY}def h(a):\n    def g(b): return a + b\n    return apply(g, 1)"
    made = definitions(text)
    assert made["h"] == "return apply!f=h.<locals>.g(1, f.h.a=a)"
    assert made["apply!f=h.<locals>.g"] == "return h.<locals>.g(x, h.a=f.h.a)"


def test_a_copy_needs_copies_of_what_its_function_gives_on() -> None:
    text = f"def twice(g, x): return apply(g, apply(g, x))\n{APPLY}a = twice(abs, 1)"
    made = definitions(text)
    assert made["twice!g=builtins.abs"] == "return apply!f=builtins.abs(apply!f=builtins.abs(x))"
    assert "apply!f=builtins.abs" in made


def test_a_function_that_calls_itself_is_copied_once() -> None:
    text = "def go(f, n): return n if n < 0 else go(f, f(n))\na = go(lambda n: n - 2, 5)"
    assert [name for name in definitions(text) if name.startswith("go!")] == ["go!f=<lambda>!n: n - 2"]


def test_a_parameter_that_is_a_function_may_bear_the_name_of_one() -> None:
    assert definitions(f"def f(x): return x\n{APPLY}a = apply(f, 1)")["apply!f=f"] == "return f(x)"


def test_where_a_function_is_defined_anew_so_are_copies_that_others_call() -> None:
    before = functions_after(APPLY, "def g(): return apply(abs, 1)", "apply(bool, 1)")
    made = definitions("def apply(g, y): return g(g(y))", before)
    assert made["apply!f=builtins.abs"] == "return abs(abs(y))"
    assert "apply!f=builtins.bool" not in made


@pytest.mark.parametrize("text", ["def apply(x, f): return f(x)", "def apply(x): return x", "def apply(f, x): f = 1"])
def test_a_copy_of_what_calls_no_function_any_more_raises_an_error(text: str) -> None:
    before = functions_after(APPLY, "def g(): return apply(abs, 1)")
    assert definitions(text, before)["apply!f=builtins.abs"].endswith("'apply() is given a function, and calls none'")


def test_the_text_of_a_copy_is_that_of_what_it_is_a_copy_of() -> None:
    functions = functions_after("a = 1\n" + APPLY, "apply(abs, 3)")
    assert functions["apply!f=builtins.abs"].text is functions["apply"].text


G = f"{APPLY}def g(a): return a\n"
SELF = "def apply(f, x): return f(x)\ndef twice(g, x): return g(g(x))\n"
REFUSED = [
    (f"{APPLY}apply(5, 3)", 2, 7, "apply calls what it is given here", "lambda x"),
    (f"{APPLY}a = 5\napply(a, 3)", 3, 7, "apply calls what it is given here", "the name of a function"),
    (f"{APPLY}apply(abs)", 2, 1, "apply takes 2 values, not 1", "apply with 2"),
    ("def apply(f=None, x=1): return f(x)\napply(x=2)", 2, 1, "gives no function for f", "f=abs"),
    (f"{APPLY}apply(*[1, 2])", 2, 1, "a star gives values", "one by one"),
    (f"{APPLY}def h(a): return a\nh(abs)", 3, 3, "abs is a function, and h does not call", "define h before"),
    (f"{APPLY}def h(): return k(lambda x: x)", 2, 19, "<lambda> is a function, and k does", "define k before"),
    ("def apply(f, x):\n    if f: return f(x)", 2, 8, "f is a function, not a variable", "f(...)"),
    ("def t(f, x):\n    def g(): return f\n    return f(g())", 3, 14, "f is a function, not a variable", "f(...)"),
    ("def apply(f, x):\n    f = 3\n    return f(x)", 3, 12, "f is a variable, not a function", "another name"),
    ("def apply(f, x): return [f(f) for f in x]", 1, 26, "f is a variable, not a function", "another name"),
    (f"{SELF}apply(twice, 3)", 3, 7, "twice takes a function itself", "lambda x: twice(..., x)"),
    (f"{APPLY}def h(f): return f(?)\nh(abs)", 2, 20, "h takes functions", "where it is called"),
    (f"{APPLY}[apply(lambda v: v + i, 1) for i in (1, 2)]", 2, 22, "i is the comprehension's", "a for loop"),
    (
        "def f(g, n): return g(n) if n < 1 else f(lambda x: g(g(x)), n - 1)\nf(abs, 3)",
        *(1, 42, "<lambda> comes to be given too many", "the same ones"),
    ),
    (f"{APPLY}def each(f): return f(1)\nx = each(print)", 2, 21, "print gives no value", "on a line of its own"),
    (f"{APPLY}apply(lambda v: v @ 2, 3)", 2, 19, "no operator @", "write *"),
    (f"apply(abs, 1)\n{APPLY}", 1, 1, "unknown function apply", "the functions are"),
]


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), REFUSED)
def test_what_cannot_be_given_is_refused(text: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(text, line, column, message, remedy, rows=True)


def test_what_is_given_wrongly_hides_nothing_else() -> None:
    error = refusal(f"{APPLY}apply(5, 3)\nx = 1j", rows=True)
    assert (error.line, [other.line for other in error.others]) == (2, [3])


def test_as_many_copies_are_made_as_a_text_needs() -> None:
    given = "".join(f"apply(lambda v: v + {number}, 1)\n" for number in range(MOST_COPIES))
    assert len(definitions(APPLY + given)) == 1 + 2 * MOST_COPIES
    assert_refused(f"{APPLY}{given}apply(abs, 1)", MOST_COPIES + 2, 1, "too many", "the same ones", rows=True)


def test_copies_have_no_more_nodes_than_a_long_text() -> None:
    long = f"def t(f): return f([{'1, ' * 2000}])\n"
    given = "".join(f"t(lambda x: {place})\n" for place in range(60))
    assert_refused(long + given, 51, 1, "too many", "the same ones", rows=True)


def test_a_long_lambda_has_a_short_name() -> None:
    texts = [f"{APPLY}apply(lambda x: [{f'{last}, ' * 2000}], 1)" for last in (1, 2)]
    [one], [other] = ([name for name in definitions(text) if "!f=" in name] for text in texts)
    assert len(one) < 100 and one != other


def test_the_work_grows_as_the_number_of_functions_that_give_functions_on() -> None:
    def calls(count: int) -> int:
        text = "".join(f"def g{place}(f, x): return g{place + 1}(f, x)\n" for place in range(count))
        with Profile() as profile:
            parse(f"{text}def g{count}(f, x): return f(x)", rows=True)
        return Stats(profile).total_calls  # type: ignore[attr-defined]

    assert calls(400) < 2.4 * calls(200)
