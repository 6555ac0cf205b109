"""The shipped checkpoint with rows against CPython, with stated rates; and proof that the model is what computes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import islice, product
from typing import get_args

import numpy as np
import pytest

from grammar.suites.rows import ROWS
from grammar.suites.suites import draw_suite
from latent_repl.language.oracle import core_lines
from latent_repl.model.checkpoint import locate, read_weights
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.shape import read_shape
from latent_repl.modes import Mode
from latent_repl.session import Session

pytestmark = pytest.mark.slow

CHECKPOINT = "base"
BUDGET = 60_000
DRAWN = 12


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load(CHECKPOINT)


def python_shows(program: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What Python's own REPL shows of a program."""
    capsys.readouterr()
    namespace: dict[str, object] = {}
    for statement in ast.parse(program).body:
        exec(compile(ast.Interactive([statement]), "<program>", "single"), namespace)
    return capsys.readouterr().out.splitlines()


def right(programs: Sequence[str], model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]) -> int:
    """Return how many programs show what CPython shows, free-running."""
    count = 0
    for program in programs:
        result = Session(model, mode=mode, check=False, step_budget=BUDGET).run(program)
        count += result.error is None and list(result.output) == python_shows(program, capsys)
    return count


VALUES = ("123456", "-98765", "2.5", "0.1", "'abcde'", "[1, 2, 3, 4, 5]", "(1, 2, 3, 4)", "{1: 2, 3: 4}", "12")
OF_BOTH = ("x + x", "x - x", "x * x", "x // x", "x % x", "x == x", "x < x", "min(x, x)", "x in [x]", "x[x]", "{}[x]")


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("value", VALUES)
def test_a_value_stands_on_both_sides_of_an_operator(model: Interpreter, mode: Mode, value: str) -> None:
    for text in OF_BOTH:
        result = Session(model, mode=mode).run(f"x = {value}\n{text}")
        assert result.match, (value, text, result.divergence, result.wrong, result.error)


@pytest.mark.parametrize("mode", get_args(Mode))
def test_operands_of_different_kinds_and_sizes_fail_as_in_python(model: Interpreter, mode: Mode) -> None:
    values = ("12345678901", "2.5", "'abcd'", "[*range(7)]", "(1, 2, 3, 4, 5)", "{'k': 1}", "'x' * 40")
    session = Session(model, mode=mode)
    for left, right in product(values, values):
        for operator in ("+", "-", "//", "%", "<"):
            if operator == "%" and left[0] == "'":
                continue  # a format
            result = session.run(f"{left} {operator} {right}")
            assert result.match, (left, operator, right, result.divergence, result.wrong, result.error)
        result = session.run(f"a = {left}\na[{right}]")
        assert result.match, (left, right, result.divergence, result.wrong, result.error)


PACKED = (
    "def total(*xs, start=0):\n    for x in xs:\n        start += x\n    return start\n"
    "print(total(), total(3, 4), total(1, *[2, 3], start=10), total(*(5, 6)))",
    "def f(first, *rest, sep='-', **others):\n    return first + sep.join(rest), others\n"
    "print(f('a', 'b', 'c'))\nprint(f('x', sep='+', n=1, key='v'))\nprint(f(*'word', sep='.'))",
    "def area(w, h=2): return w * h\nfor sides in ((3, 4), [5], (1, 2, 3), 7):\n"
    "    try:\n        print(area(*sides))\n    except TypeError as e:\n        print('no')\narea(*[])",
    "def largest(first, *others):\n    if not others:\n        return first\n    best = largest(*others)\n"
    "    return first if first > best else best\nprint(largest(3, 9, 4))",
)


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("text", PACKED)
def test_arguments_are_packed_and_unpacked(model: Interpreter, mode: Mode, text: str) -> None:
    result = Session(model, mode=mode).run(text)
    assert result.match, (text, result.divergence, result.wrong, result.error)


@pytest.mark.parametrize("mode", get_args(Mode))
def test_beginners_programs_print_what_cpython_prints(
    model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = [entry.program for entry in draw_suite("beginners")]
    assert right(programs, model, mode, capsys) == len(programs)


@pytest.mark.parametrize("name", ROWS)
def test_programs_on_rows_show_what_cpython_shows(
    name: str, model: Interpreter, capsys: pytest.CaptureFixture[str]
) -> None:
    programs = [entry.program for entry in islice(draw_suite(name, seed=7, maximum=999), DRAWN)]
    assert right(programs, model, "latent", capsys) == DRAWN


MATCHED = """def told(v):
    match v:
        case None | True | False:
            return "word"
        case 0 | -1 | "a":
            return "small"
        case [x, [y, *z]] if x < y:
            return (x, y, z)
        case (x, *_, y) | {"k": x, 2: y}:
            return [y, x]
        case {"k": {"in": x}, **rest}:
            return x, rest
        case [] | {} as x:
            return x
    return "none of them"
"""
LOOKED_AT = (
    *("None", "False", "0", "1", "-1", "'a'", "'ab'", "[]", "{}", "[1]", "[1, [2, 3, 4]]", "(3, [2, 1])"),
    *("(1, 2, 3)", "{'k': 1, 2: 3}", "{'k': {'in': 'b'}, 5: 6}", "{'k': 1}", "1234567"),
)


@pytest.mark.parametrize("mode", get_args(Mode))
def test_values_are_told_apart_by_patterns(model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]) -> None:
    program = MATCHED + "".join(f"print(told({value}))\n" for value in LOOKED_AT)
    assert right([program], model, mode, capsys) == 1


INSIDE = """def words(text):
    found, longest = {}, 0
    def note(word):
        nonlocal longest
        longest = max(longest, len(word))
        found[word] = found.get(word, 0) + 1
    def order(word):
        return -found[word], word
    for word in text.split():
        note(word)
    return sorted(found, key=order), longest
def hanoi(n):
    moves = []
    def move(k, a, b, c):
        if k:
            move(k - 1, a, c, b)
            moves.append(a + b)
            move(k - 1, c, b, a)
    move(n, "A", "C", "B")
    return moves
print(words("to be or not to be"))
print(hanoi(3))
"""


TAKING = """def each(f, xs):
    return [f(x) for x in xs]
def fold(f, xs, start):
    for x in xs:
        start = f(start, x)
    return start
def longest(words):
    best = ""
    def note(word):
        nonlocal best
        best = max(best, word, key=len)
    each(note, words)
    return best
def times(f, n, x):
    return x if n == 0 else f(times(f, n - 1, x))
print(each(str.upper, ["a", "bc"]), each(lambda x: x * x, [3, -12]), fold(max, [7, 91, 8], 0))
print(fold(lambda a, b: a * b, list(range(1, 9)), 1), times(lambda s: s + "!", 3, "hi"))
print(longest(["pear", "fig", "apple"]))
"""


MODULES = """import math
from string import digits
def smallest(n):
    return next_(n, 2)
def next_(n, k):
    return k if n % k == 0 else next_(n, k + 1)
print(math.gcd(84, 120, 36), math.lcm(4, 6, 10), math.factorial(12), math.isqrt(99_999))
print([math.comb(6, k) for k in range(7)], math.prod([2, 30, 400]), digits[3:6], smallest(91))
"""


OF_FLOATS = {
    "average": """def average(values):
    return sum(values) / len(values)
marks = [14, 17.5, 9, 12.25, 18]
print(average(marks), average([1, 2, 3, 4]), max(marks) - min(marks))
print(sorted(marks), [mark for mark in marks if mark > average(marks)])
""",
    "temperatures": """def celsius(fahrenheit):
    return (fahrenheit - 32) * 5 / 9
for degrees in (0, 32, 98.6, 212, -40):
    print(degrees, "F is", celsius(degrees), "C")
print(round(celsius(100), 1), 37.5 * 9 / 5 + 32)
""",
    "prices": """prices = {"bread": 2.49, "milk": 1.15, "apples": 0.35 * 6}
total = 0
for name, price in prices.items():
    total += price
    print(f"{name:<8}{price:>7.2f}")
print("Total: %.2f" % total, f"with tax {total * 1.2:.2f}", total > 5.7)
""",
    "interest": """balance = 1000
for year in range(1, 4):
    balance *= 1.05
    print(year, round(balance, 2))
print(1000 * 1.05 ** 3, f"{1250000 * 1.5:,.1f} {0.256:.1%}")
""",
    "equality": """print(0.1 + 0.2, 0.1 + 0.2 == 0.3, abs(0.1 + 0.2 - 0.3) < 1e-9)
print(1 / 3, 2 / 3, 10 / 4, 6 / 3, 7 // 2.0, 7.5 % 2, 1e16, 1.5e-7)
print(2.0 == 2, 2.0 in [1, 2], {1: "a"}[1.0], 0.5 or 1, not 0.0, 2 ** 0.5, 2 ** -1)
""",
    "best": """best = float("inf")
for price in [3.5, 2, 2.25]:
    if price < best:
        best = price
print(best, float("inf") > 10 ** 30, -float("inf"), int(best), float("2.50") + float(" 1e2 "))
""",
    "halving": """def root(number):
    low, high = 0, number
    while high - low > 0.01:
        middle = (low + high) / 2
        if middle * middle < number:
            low = middle
        else:
            high = middle
    return (low + high) / 2
print(root(2), root(9), int(7.9), int(-7.9), round(2.5), round(3.5), round(-2.675, 2))
""",
    "circle": """import math
def area(radius):
    return math.pi * radius ** 2
print(f"{area(1.5):.3f}", math.sqrt(16), math.floor(-2.5), math.ceil(2.1))
""",
}


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("name", OF_FLOATS)
def test_beginners_programs_with_floats_print_what_cpython_prints(
    name: str, model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Session(model, mode=mode, check=False).run(OF_FLOATS[name])
    assert result.error is None
    assert list(result.output) == python_shows(OF_FLOATS[name], capsys)


@pytest.mark.parametrize("mode", get_args(Mode))
def test_errors_of_floats_have_the_message_of_python(model: Interpreter, mode: Mode) -> None:
    session = Session(model, mode=mode, check=False)
    for text in (
        *(
            "x = [1]\nx[0.5]",
            "x = [1]\nx[0.5] = 2",
            "x = 'abc'\nx[1.0:]",
            "for i in range(2.5): pass",
            "list(range(2.0))",
        ),
        *(
            "1 / 0",
            "'a' * 2.0",
            "1.5 + 'a'",
            "x = [1]\nx += 1.5",
            "1.5 < 'a'",
            "1.5 & 1",
            "len(2.5)",
            "for x in 2.5: pass",
        ),
        *("float('1.2.3')", "float([])", "int(float('inf'))", "round('a')", "'%.1f' % 'a'", "x = 2.5\nx.upper()"),
    ):
        with pytest.raises(Exception) as raised:
            exec(text, {})
        error = session.run(text).error
        assert error is not None, text
        assert (error.kind, error.message) == (raised.type.__name__, str(raised.value)), text


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_float_is_verified_by_cpython_as_any_value_is(model: Interpreter, mode: Mode) -> None:
    session = Session(model, mode=mode)
    result = session.run("x = [0.1, -2.5, 1e300]\ny = x[0] * 3\nz = {y: f'{y:.3f}', 0.5: -0.0}\ny")
    assert result.match, (result.divergence, result.wrong, result.error)
    assert result.state == {"x": [0.1, -2.5, 1e300], "y": 0.1 * 3, "z": {0.1 * 3: "0.300", 0.5: 0.0}}
    assert result.output == (repr(0.1 * 3),)
    assert session.run("y / 0").match and session.run("x[0.5]").match and session.run("1 / 3 > y").match


@pytest.mark.parametrize("mode", get_args(Mode))
def test_modules_do_what_cpythons_do(model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]) -> None:
    assert right([MODULES], model, mode, capsys) == 1


@pytest.mark.parametrize("mode", get_args(Mode))
def test_functions_inside_functions_do_what_they_do_in_cpython(
    model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert right([INSIDE], model, mode, capsys) == 1


@pytest.mark.parametrize("mode", get_args(Mode))
def test_functions_that_take_functions_do_what_they_do_in_cpython(
    model: Interpreter, mode: Mode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert right([TAKING], model, mode, capsys) == 1


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_case_is_a_line_of_its_own(model: Interpreter, mode: Mode) -> None:
    text = (
        "x = [1, 5]\nmatch x:\n    case 0 | 1: y = 1\n    case [a, b] if a > b: y = 2\n    case [a, b]:\n        y = b"
    )
    result = Session(model, mode=mode).run(text)
    assert [executed.line for executed in result.executed] == [1, 2, 3, 4, 5, 6]
    assert result.match and all(executed.match for executed in result.executed)
    assert result.state["y"] == 5 and "match subject" not in result.state


def test_with_shuffled_weights_all_of_it_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    generator = np.random.default_rng(0)
    tensors = read_weights(locate(CHECKPOINT))
    shuffled = NumpyInterpreter(
        read_shape(locate(CHECKPOINT)),
        {name: generator.permuted(tensor.ravel()).reshape(tensor.shape) for name, tensor in tensors.items()},
        load(CHECKPOINT).vocabulary,
    )
    programs = [next(draw_suite(name, seed=7)).program for name in ROWS]
    assert right(programs, shuffled, "latent", capsys) == 0


def test_without_the_oracle_nothing_changes(model: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = [next(draw_suite(name, seed=8)).program for name in ROWS]

    def shown() -> list[tuple[str, ...]]:
        return [Session(model, check=False).run(program).output for program in programs]

    before = shown()

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("the oracle was asked")

    for name in ("execute", "execute_line", "run_source", "step"):
        monkeypatch.setattr(core_lines, name, refuse)
    assert shown() == before
