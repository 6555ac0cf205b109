"""The functions of modules do what CPython's do: values, and errors with their messages."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.language.lowering.lower import lower
from latent_repl.language.modules import NAMES, constants, functions
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.python_values import python_value

SLOTS, CAPACITY = 16, (64, 128)
small = st.integers(-3, 14)
scalars = small | st.booleans() | st.none() | st.text("ab", max_size=2) | st.lists(small, max_size=2)
wide = st.integers(-(10**6), 10**9)
halves = st.integers(-20, 20).map(lambda number: number / 2)
full = st.floats(-1e9, 1e9, allow_subnormal=False).filter(lambda x: abs(x) > 1e-9)
real = halves | full
CALLS: dict[str, st.SearchStrategy[tuple[Any, ...]]] = {
    "gcd": st.lists(wide, max_size=3).map(tuple) | st.tuples(wide, scalars | halves),
    "lcm": st.lists(st.integers(-60, 60), max_size=3).map(tuple) | st.tuples(small, scalars),
    "factorial": st.tuples(small | scalars | halves),
    "isqrt": st.tuples(st.integers(-9, 10**16) | scalars | halves),
    "perm": st.tuples(small, small) | st.tuples(scalars) | st.tuples(scalars, scalars),
    "comb": st.tuples(st.integers(0, 20), small) | st.tuples(scalars, scalars),
    "prod": st.tuples(st.lists(wide, max_size=4) | scalars),
    "floor": st.tuples(wide | scalars | real),
    "ceil": st.tuples(wide | scalars | real),
    "trunc": st.tuples(wide | scalars | real),
    "sqrt": st.tuples(wide | scalars | real),
    "pow": st.tuples(halves | scalars, st.integers(0, 3) | st.none()) | st.tuples(halves.map(abs), st.just(0.5)),
    "fabs": st.tuples(wide | scalars | real),
    "degrees": st.tuples(wide | scalars | real),
    "radians": st.tuples(wide | scalars | real),
    "isclose": st.tuples(real, real) | halves.map(lambda x: (x, x * 1.0000000001)) | st.tuples(scalars, scalars),
}


def test_every_function_is_tried() -> None:
    assert {*CALLS} == {name for module in NAMES for name in functions(module) if name[0] != "_"}


@pytest.mark.parametrize("name", CALLS)
def test_a_function_does_what_it_does_in_cpython(name: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(CALLS[name])
    def check(arguments: tuple[Any, ...]) -> None:
        text = f"import math\nx = math.{name}({', '.join(map(repr, arguments))})"
        program = lower(parse(text, rows=True), slots=SLOTS, rows=True)
        done = execute(program, (None,) * SLOTS, capacity=CAPACITY, step_budget=200_000)
        variables: dict[str, Any] = {}
        try:
            exec(text, variables)
        except Exception as error:
            assert done.error is not None, text
            assert (done.error.kind, done.error.message) == (type(error).__name__, str(error)), text
        else:
            held = python_value(done.values[program.names["x"].index], done.rows)
            assert (done.error, repr(held)) == (None, repr(variables["x"])), text

    check()


@pytest.mark.parametrize("module", NAMES)
def test_a_constant_is_cpythons(module: str) -> None:
    python = importlib.import_module(module)
    assert all(getattr(python, name) == value for name, value in constants(module).items())
