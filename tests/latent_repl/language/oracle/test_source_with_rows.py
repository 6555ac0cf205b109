"""Source on values with parts: within bounds CPython makes of it what plain Python does; hostile source is stopped."""

from __future__ import annotations

import ast
import contextlib
import io
import sys
import time
import warnings
from typing import Any

import pytest
from hypothesis import assume, given

from latent_repl.errors import LxSyntaxError
from latent_repl.language.oracle.cpython import SourceRun, run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.language.sameness import same
from tests.latent_repl.language.oracle.row_programs import row_programs

CAPACITY = (64, 128)


def run(source: str, **options: Any) -> SourceRun:
    return run_source(parse(source, rows=True), capacity=CAPACITY, **options)


def kind(run: SourceRun) -> str | None:
    return None if run.error is None else run.error.kind


def plainly(source: str) -> tuple[dict[str, Any], str, Exception | None]:
    """Run a source as Python's own prompt does; return its variables, what it shows and the error it ends in."""
    namespace: dict[str, Any] = {}

    def show(value: Any) -> None:
        if value is not None:
            namespace["_"] = value
            print(repr(value))

    hook, sys.displayhook = sys.displayhook, show
    error = None
    with contextlib.redirect_stdout(io.StringIO()) as screen, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for statement in ast.parse(source).body:
                exec(compile(ast.Interactive([statement]), "<input>", "single"), namespace)
        except Exception as caught:
            error = caught
        finally:
            sys.displayhook = hook
    variables = {name: value for name, value in namespace.items() if name != "__builtins__" and not callable(value)}
    return variables, screen.getvalue(), error


@given(row_programs())
def test_programs_run_as_python_runs_them(source: str) -> None:
    try:
        tree = parse(source, rows=True)
    except LxSyntaxError as refused:
        # What gives no value of its own may stand where it is not gone through, as in `range(3) + 1`.
        assert "of its own" in refused.message or "is a variable" in refused.message
        return
    ran = run_source(tree, capacity=CAPACITY)
    variables, shown, error = plainly(source)
    assume(kind(ran) not in ("MemoryError", "StepBudgetError"))
    assume(not (kind(ran) in ("TypeError", "ValueError") and "Lx" in str(ran.error)))
    assert ran.output == tuple(shown.split("\n")[:-1] if shown.endswith("\n") else shown.split("\n")) or (
        shown == "" and ran.output == ()
    )
    assert kind(ran) == (None if error is None else type(error).__name__)
    if error is None:
        assert same(ran.variables, variables)
    elif ran.error is not None and not isinstance(error, NameError):
        assert f"{type(error).__name__}: {error}" in str(ran.error)


def test_events_hold_what_a_later_line_does_not_change() -> None:
    ran = run("xs = [1]\nys = xs\nxs.append(2)\nys")
    assert [event.variables.get("xs") for event in ran.events] == [[1], [1], [1, 2], [1, 2]]
    assert ran.events[1].variables["xs"] is ran.events[1].variables["ys"]
    assert (ran.output, ran.variables["_"]) == (("[1, 2]",), [1, 2])


def test_variables_given_are_left_alone() -> None:
    given_variables = {"xs": [1]}
    assert run_source(parse("xs.append(2)", rows=True), given_variables, capacity=CAPACITY).variables["xs"] == [1, 2]
    assert given_variables == {"xs": [1]}


def test_a_line_that_fails_leaves_no_trace() -> None:
    ran = run("xs = [1]\nxs.append(2); xs[5]")
    assert (kind(ran), ran.variables) == ("IndexError", {"xs": [1]})


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("'cat'", ("'cat'",)),
        ("print('cat', [None, 'a'])", ("cat [None, 'a']",)),
        ("None\n[].append(1)", ()),
        ("def f(): pass\nf()\nprint(f())", ("None",)),
        ("for i in range(3): print(i, end=' ')\nprint()", ("0 1 2 ",)),
        ("print(1, 2, sep=', ', end='!')", ("1, 2!",)),
        ("2 ** 100", ("1267650600228229401496703205376",)),
        ("0.1 + 0.2\nprint(7 / 2, [1.5, -0.0], {0.5: 1e300})", ("0.30000000000000004", "3.5 [1.5, 0.0] {0.5: 1e+300}")),
        ("x = 5\nx /= 2\nx *= -0.0\nx", ("0.0",)),
        ("'%.2f' % 2.675\nf'{1 / 3:.3f} {1234.5:,.1f}'\ndivmod(7.5, 2)", ("'2.67'", "'0.333 1,234.5'", "(3.0, 1.5)")),
        ("{'a': (1, 'b')}", ("{'a': (1, 'b')}",)),
        ("xs = [1]\nxs.append(xs)\nxs", ("[1, [...]]",)),
        ("'{:>4}|{}'.format('a', 'b')", ("'   a|b'",)),
        ("i = 0\nxs = [5, 6]\ni, xs[i] = 1, 7\nxs", ("[5, 7]",)),
        ("def f(xs):\n    xs[0] = 9\n    return 1\nxs = [1]\nxs[0] += f(xs)\nxs", ("[2]",)),
        ("xs = ys = [1]\nxs += [2]\nys", ("[1, 2]",)),
        ("d = {}\nfor c in 'abca': d[c] = d.get(c, 0) + 1\nd", ("{'a': 2, 'b': 1, 'c': 1}",)),
    ],
)
def test_what_is_shown_is_as_python_shows_it(source: str, shown: tuple[str, ...]) -> None:
    ran = run(source)
    assert (ran.output, kind(ran)) == (shown, None)


HOSTILE = [
    ("a = 'a' * 10 ** 9", "MemoryError"),
    ("a = [0] * 10 ** 12", "MemoryError"),
    ("a = [1]\nwhile True: a += a", "MemoryError"),
    ("a = 'a'\nwhile True: a = a + a", "MemoryError"),
    ("a = [1]\nwhile True: a[0:0] = a", "MemoryError"),
    ("def f():\n    a = [1]\n    while True: a[0:0] = a\nf()", "MemoryError"),
    ("d = {}\nfor i in range(10 ** 9): d[i] = i", "MemoryError"),
    ("a = []\nwhile True: a = [a]", "MemoryError"),
    ("a = 10 ** 10 ** 10", "MemoryError"),
    ("a = list(range(10 ** 15))", "MemoryError"),
    ("a = 'a'.center(10 ** 9)", "MemoryError"),
    ("a = '{:999}'.format(1)", "MemoryError"),
    ("a = '{:9999999999}'.format(1)", "ValueError"),
    ("a = '{0.__class__}'.format(1)", "ValueError"),
    ("a = '{0[a]}'.format('a')", "ValueError"),
    ("s = '%999999999d'\na = s % 1", "TypeError"),
    ("a = sum(x for x in range(10 ** 15))", "StepBudgetError"),
    ("a = 'a' in range(10 ** 15)", "StepBudgetError"),
    ("a = [x for x in range(10 ** 15)]", "StepBudgetError"),
    ("a = [1 for x in [1] * 60 for y in [1] * 60 for z in [1] * 60 for w in [1] * 60]", "StepBudgetError"),
    ("a = any(False for x in range(10 ** 15))", "StepBudgetError"),
    ("for x in range(10 ** 15): pass", "StepBudgetError"),
    ("a, b = [0], [0]\nfor i in range(25): a, b = [a, a], [b, b]\na == b", "StepBudgetError"),
    ("a = (0,)\nfor i in range(60): a = (a, a)\nd = {a: 1}", "StepBudgetError"),
    ("a = [0]\nfor i in range(60): a = [a, a]\nprint(a)", "StepBudgetError"),
    ("a = [0]\nfor i in range(60): a = [a, a]\ns = f'{a}'", "StepBudgetError"),
    ("a = [0]\nfor i in range(60): a = [a, a]\na", "StepBudgetError"),
    ("a = [1]\na.append(a)\nb = [1]\nb.append(b)\na == b", "RecursionError"),
    ("def f(): return f()\nf()", "RecursionError"),
    ("'a'.append(1)", "AttributeError"),
    ("d = {1: 2}\nfor k in d: d[k + 5] = 1", "RuntimeError"),
    ("chr(233)", "ValueError"),
    ("a = 0.5\nwhile a: a = a * a", "OverflowError"),
    ("a = 3.5\nwhile True: a = a * a - a", "ValueError"),
    ("a = 10.0 ** 10 ** 9", "OverflowError"),
    ("a = int(1e300)", "MemoryError"),
    ("a = f'{1e300:.2f}'", "MemoryError"),
    ("a = 0.1 ** 0.1", "ValueError"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "error"), HOSTILE)
def test_no_program_fills_the_memory_or_goes_on_for_ever(source: str, error: str) -> None:
    begun = time.monotonic()
    assert kind(run(source)) == error
    assert time.monotonic() - begun < 60


def test_printed_pieces_belong_to_their_lines() -> None:
    ran = run("print(1, end=' ')\nprint(2)\nprint('a\\nb')")
    assert [event.output for event in ran.events] == [("1 ",), ("2",), ("a", "b")]
    assert ran.output == ("1 2", "a", "b")


@pytest.mark.parametrize("line", ["x = {}[::n]", "x = {}[n:]", "del d[:n]", "d[n:] = [1]"])
def test_the_ends_of_a_slice_are_read_before_it_is_taken(line: str) -> None:
    source = f"def f(d):\n    {line}\n    n = 1\nf({{}})"
    assert kind(run(source)) == type(plainly(source)[2]).__name__ == "UnboundLocalError"
