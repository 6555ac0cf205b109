"""Other ways to write the same come out in one form."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.parse import parse


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("x: int = 1", "x = 1"),
        ("x: list[int] = [1]", "x = [1]"),
        ("def f(a: int, b: str) -> int:\n    return a", "def f(a, b):\n    return a"),
        ("def f():\n    'what it does'\n    return 1", "def f():\n    return 1"),
        ("'a' 'b'", "'ab'"),
        ("'''what the text does'''\nx = 1", "x = 1"),
        ("'a value'\nx = 1", "'a value'\nx = 1"),
        ("'''a value'''", "'a value'"),
        ("if __name__ == '__main__':\n    x = 1", "if '__main__' == '__main__':\n    x = 1"),
        ("f = lambda a, b=2: a + b", "def f(a, b=2):\n    return a + b"),
        ("list(map(str, [1]))", "list((str(element) for element in [1]))"),
        ("list(map(lambda x: x + 1, [1]))", "list((x + 1 for x in [1]))"),
        ("list(filter(lambda x: x, [1]))", "list((x for x in [1] if x))"),
        ("list(filter(None, [1]))", "list((element for element in [1] if element))"),
        ("list(filter(bool, [1]))", "list((element for element in [1] if bool(element)))"),
        ("a, b = map(int, '1 2'.split())", "a, b = (int(element) for element in '1 2'.split())"),
        ("dict(a=1, b=[])", "{'a': 1, 'b': []}"),
        ("list(), dict(), str(), tuple(), int(), bool()", "[], {}, '', (), 0, False"),
    ],
)
def test_another_way_to_write_the_same(text: str, same: str) -> None:
    assert ast.unparse(parse(text, rows=True).module) == ast.unparse(ast.parse(same))


@pytest.mark.parametrize(
    "text",
    [
        "list(map(lambda x, y: x, [1], [2]))",
        "list(map(lambda x=1: x, [1]))",
        "list(map(f, [1], [2]))",
        "map = 1\nlist(map(str, [1]))",
        "def f(map):\n    return list(map(str, [1]))",
        "x = map(str, [1])",
        "for x in zip(map(str, [1])): pass",
        "n = 2\ndef f(v):\n    global n\n    n = v\n    return v\na = n in (f(v) for v in [5, 2])",
        "x: int",
        "def f():\n    g = lambda: 1\n    return g",
        "if True:\n    f = lambda: 1",
        "f = g = lambda: 1",
    ],
)
def test_what_would_mean_something_else_is_left_and_refused(text: str) -> None:
    with pytest.raises(LxSyntaxError):
        parse(text, rows=True)


@pytest.mark.parametrize("name", ["map", "filter"])
def test_a_function_of_the_users_hides_that_of_python(name: str) -> None:
    text = f"def {name}(a, b):\n    return b\n{name}(1, 2)"
    assert ast.unparse(parse(text, rows=True).module.body[-1]) == f"{name}(1, 2)"
    functions = parse(text, rows=True).functions_at(1)
    later = parse(f"{name}(1, 2)", rows=True, functions=functions)
    assert ast.unparse(later.module) == f"{name}(1, 2)"


def test_annotations_and_descriptions_need_no_words() -> None:
    text = "def f(a: int) -> int:\n    'what it does'\n    return a\nx: int = f(1)"
    assert ast.unparse(parse(text).module) == "def f(a):\n    return a\nx = f(1)"
