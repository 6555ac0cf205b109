"""`import`: what it becomes, and what is refused."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused


def names(text: str) -> list[str]:
    """Return the functions that a text defines."""
    return [node.name for node in parse(text, rows=True).module.body if isinstance(node, ast.FunctionDef)]


def last(text: str) -> str:
    """Return what the last statement of a text becomes."""
    return ast.unparse(parse(text, rows=True).module.body[-1])


def test_a_module_is_its_functions_under_the_name_that_it_has() -> None:
    assert {"math.gcd", "math.isqrt"} <= {*names("import math")}
    assert {"m.gcd", "s.digits value"} <= {*names("import math as m, string as s")}
    assert names("from math import gcd as g, lcm") == ["math.<own>._whole", "g", "math.<own>.gcd", "lcm"]
    assert len({*names("import math")}) == len(names("import math"))
    assert names("from typing import List, Optional") == names("import typing") == []


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("import math\nmath.gcd(1, 2)", "math.gcd(1, 2)"),
        ("import math as m\nm.gcd(*[1, 2])", "m.gcd(*[1, 2])"),
        ("from math import gcd\ngcd(1, 2)", "gcd(1, 2)"),
        ("import string\nx = string.digits", "x = string.digits value()"),
        ("from string import digits as d", "d = '0123456789'"),
        ("import math\nx = math.pi", "x = math.pi value()"),
        ("from math import pi", "pi = 3.141592653589793"),
        ("from math import inf as most", "most = 1e309"),
        ("import math\nlist(map(math.isqrt, [4]))", "list((math.isqrt(element) for element in [4]))"),
    ],
)
def test_what_a_module_has_is_a_function_of_the_users(text: str, becomes: str) -> None:
    assert last(text).replace("an element", "element") == becomes


def test_an_import_is_known_to_the_texts_behind_it() -> None:
    before = parse("import math", rows=True)
    functions = before.functions_at(len(before.module.body))
    assert parse("math.gcd(1, 2)", functions=functions, rows=True).module.body
    again = parse("import math\nfrom math import gcd", functions=functions, rows=True).module.body
    assert [getattr(each, "name", type(each)) for each in again] == [ast.Pass, "gcd"]


def test_a_variable_hides_a_module() -> None:
    assert_refused("import math\nmath = 3\nmath.gcd(1, 2)", 3, 1, "unknown method gcd", "", rows=True)


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "remedy"),
    [
        ("import random", 1, 1, "the module random is not in Lx", "math, string, typing"),
        ("import math, os.path", 1, 1, "the module os.path is not in Lx", "math, string, typing"),
        ("from os import path", 1, 1, "the module os is not in Lx", "write out"),
        ("from . import x", 1, 1, "the module here is not in Lx", "write out"),
        ("from math import isqr", 1, 1, "isqr of math is not in Lx", "did you mean isqrt?"),
        ("from math import log", 1, 1, "log of math is not in Lx", "it has gcd"),
        ("from math import _whole", 1, 1, "_whole of math is not in Lx", "it has gcd"),
        ("from math import *", 1, 1, "import * is not in Lx", "from math import gcd"),
        ("import math\nx = math.nan", 2, 5, "nan of math is not in Lx", "it has gcd"),
        ("import math as m\nm._whole(3)", 2, 1, "_whole of m is not in Lx", "it has gcd"),
        ("from math import gcd\nmath.isqrt(4)", 2, 1, "math is not imported", "import math"),
        ("math.gcd(1, 2)", 1, 1, "math is not imported", "import math"),
        ("x = string.digits", 1, 5, "string is not imported", "import string"),
        ("import math\ny = math.gcd", 2, 5, "math.gcd is a function", "math.gcd(...)"),
        ("import math\nprint(math)", 2, 7, "math is a module, not a variable", "as in math.gcd"),
        ("import math as m\ndel m", 2, 5, "m is a module, not a variable", "as in m.gcd"),
        ("def f():\n    import math", 2, 5, "import stands in a block", "the beginning of a line"),
        ("if 1:\n    from math import gcd", 2, 5, "import stands in a block", "the beginning of a line"),
        ("gcd = 3\nfrom math import gcd", 2, 1, "gcd is a variable already", "another name"),
    ],
)
def test_what_lx_does_not_have_is_refused(text: str, line: int, column: int, message: str, remedy: str) -> None:
    assert_refused(text, line, column, message, remedy, rows=True)
