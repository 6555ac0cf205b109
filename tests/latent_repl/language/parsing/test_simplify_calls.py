"""Calls that another form says as well come out in that form, and do what Python does."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.parsing.parse import parse


@pytest.mark.parametrize(
    "text",
    [
        "sorted(['bb', 'a', 'ccc'], key=len)",
        "sorted(['bb', 'a', 'ccc'], key=len, reverse=True)",
        "sorted([3, -1, 2, -3], key=lambda x: x * x)",
        "sorted({'b': 1, 'a': 2}.items(), key=lambda pair: pair[1])",
        "sorted(['b', 'A'], key=str.lower)",
        "sorted('bca', key=None)",
        "sorted(range(5), key=lambda x: x % 3)",
        "max(['a', 'bbb', 'ccc'], key=len)",
        "min(3, -5, 2, key=abs)",
        "max([], default=7)",
        "min((n for n in [2, 1]), default=0)",
        "[isinstance(x, int) for x in [5, True, 'a', None, [1]]]",
        "[isinstance(x, (str, list)) for x in [5, True, 'a', None, [1]]]",
        "[isinstance(x, float) for x in [5, 'a']]",
        "[type(x) == int for x in [5, True, 'a']]",
        "type('a') is str",
        "type([]) != type(())",
        "[type(x).__name__ for x in [5, True, 'a', None, [1], (), {}]]",
        "str.upper('abc')",
        "list(map(str.upper, ['a', 'b']))",
        "list(filter(str.isdigit, 'a1b2'))",
        "dict.get({'a': 1}, 'a')",
        "list(map('abc'.index, 'cab'))",
        "'{} {}'.format(*'ab')",
        "'{1:>3} {k}{0}'.format(*[1], *(2,), k='c')",
        "list(filter('abc'.count, 'xay'))",
        "[int(n ** 0.5) for n in range(60)]",
        "[int(n ** 0.5) for n in (True, 959, 960, 961, 10 ** 4 - 1, 10 ** 4, 987654321)]",
    ],
)
def test_a_call_gives_what_python_gives(text: str) -> None:
    value = repr(eval(text))  # the texts are those above
    tree = parse(text, rows=True)
    exact = core_lines.execute(lower(tree, slots=12, rows=True), (None,) * 12, step_budget=100_000, capacity=(64, 128))
    assert exact.error is None
    assert "".join(exact.output) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("max([], key=len)", "max() arg is an empty sequence"),
        ("sorted([1, 'a'], key=lambda x: x)", "'<' not supported between instances of 'str' and 'int'"),
        ("max([1, 'a'], key=lambda x: x)", "'>' not supported between instances of 'str' and 'int'"),
        (
            "int((-4) ** 0.5)",
            "int() argument must be a string, a bytes-like object or a real number, not 'complex'",
        ),
        ("'{}'.format(1, *5)", "Value after * must be an iterable, not int"),
        ("int('a' ** 0.5)", "unsupported operand type(s) for ** or pow(): 'str' and 'float'"),
        ("sorted([1], key='a'.index)", "must be str, not int"),
        ("str.upper(5)", "descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"),
        ("list(map(str.upper, ['a', 5]))", "descriptor 'upper' for 'str' objects doesn't apply to a 'int' object"),
    ],
)
def test_a_call_fails_as_python_does(text: str, message: str) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        eval(text)  # the texts are those above
    assert str(caught.value) == message
    tree = parse(text, rows=True)
    exact = core_lines.execute(lower(tree, slots=12, rows=True), (None,) * 12, step_budget=100_000, capacity=(64, 128))
    assert exact.error is not None
    assert (exact.error.kind, exact.error.message) == (type(caught.value).__name__, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sorted([1], key=lambda a, b: a)", "what stands behind key= is called with one value"),
        ("max([1], key=3)", "what stands behind key= is called with one value"),
        ("a = [[1]]\na[0].sort(key=len)", "sort takes a key behind a variable's name"),
        ("isinstance(5, x)", "isinstance takes a value and kinds by their names"),
        ("type(5)", "a kind is no value of its own in Lx"),
        ("str.foo('a')", "str is a kind of value"),
        ("max([1], key=len, default=2)", "what stands behind key= is called with one value"),
    ],
)
def test_what_no_other_form_says_is_refused(text: str, message: str) -> None:
    with pytest.raises(LxSyntaxError) as caught:
        parse(text, rows=True)
    assert message in str(caught.value)


@pytest.mark.parametrize("name", ["sorted", "isinstance", "type"])
def test_a_function_of_the_users_hides_that_of_python(name: str) -> None:
    text = f"def {name}(a, b=0):\n    return a\n{name}(1)"
    assert ast.unparse(parse(text, rows=True).module.body[-1]) == f"{name}(1)"
