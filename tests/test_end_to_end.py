"""The shipped checkpoint against CPython, with stated rates; and proof that the model is what computes."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.operators import COPY
from latent_repl.language.oracle import core_lines
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.checkpoint import locate, read_weights
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.shape import read_shape
from latent_repl.modes import Mode
from latent_repl.session import Session
from training.evaluate import chain_exact, chain_figures, line_figures, reconstruction_figures

pytestmark = pytest.mark.slow

INPUTS = {
    "gcd": {"a": (1, 99), "b": (1, 99)},
    "fibonacci": {"n": (1, 15)},
    "collatz": {"n": (1, 20)},
    "is_prime": {"n": (2, 99)},
}
# Of ten random inputs, so many match on every line: room for one less than there are.
MATCHING = 9
TRANSCRIPT = ("a = 6", "b = a * 7", "a, b = b, a", "c = b * 2 if a > b else 0", "c != 7", "a > b and c")


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load("base")


@pytest.fixture
def shuffled() -> Interpreter:
    """The shipped model with each weight matrix's entries in random order."""
    generator = np.random.default_rng(0)
    tensors = read_weights(locate("base"))
    return NumpyInterpreter(
        read_shape(locate("base")),
        {name: generator.permuted(tensor.ravel()).reshape(tensor.shape) for name, tensor in tensors.items()},
        load("base").vocabulary,
    )


def shown(session: Session) -> list[tuple[dict[str, object], tuple[str, ...]]]:
    """Run the transcript; return each line's state and output."""
    results = [session.run(text) for text in TRANSCRIPT]
    return [(dict(result.state), result.output) for result in results]


def test_held_out_lines_are_executed_exactly(model: Interpreter) -> None:
    figures = line_figures(model, count=10_000)
    print(json.dumps(figures))
    assert figures["exact"] >= 0.9995


@pytest.mark.parametrize("mode", get_args(Mode))
@pytest.mark.parametrize("operator", ["//", "%"])
def test_what_single_steps_get_wrong_is_right_as_a_line(model: Interpreter, mode: Mode, operator: str) -> None:
    metrics = json.loads((locate("base") / "metrics.json").read_text())
    counted = metrics["exhaustive"]["operators"][operator]
    pairs = [example.split(": ")[0].split(", ") for example in counted["examples"]]
    session = Session(model, mode=mode, check=False)
    for left, right in pairs:
        result = session.run(f"a = {left}\nb = {right}\na {operator} b")
        assert result.output == (str(eval(f"({left}) {operator} ({right})")),), (left, right)


def test_every_literal_is_assigned_as_it_is_written(model: Interpreter) -> None:
    read, smallest, largest = model.vocabulary, model.config.minimum, model.config.maximum
    literals = [*range(smallest, largest + 1), False, True]
    lines = np.array([read.core_line_ids(CoreLine(Slot(0), COPY, literal)) for literal in literals])
    before = np.array([read.state_ids([None] * model.config.slots)] * len(literals))
    after, _ = model.decode_states(model.execute(model.encode_states(before), model.encode_code(lines)))
    wrong = [literal for literal, row in zip(literals, after, strict=True) if row[0] != read.value_id(literal)]
    assert wrong == []


def test_eight_chained_lines(model: Interpreter) -> None:
    figures = chain_figures(model, count=1000, steps=8)
    print(json.dumps(figures))
    assert figures["latent"]["8"] >= 0.998


def test_states_and_lines_are_reconstructed(model: Interpreter) -> None:
    figures = reconstruction_figures(model, count=10_000)
    print(json.dumps(figures))
    assert min(figures.values()) >= 0.999


def test_shuffled_weights_make_wrong_answers(shuffled: Interpreter) -> None:
    mixture = Mixture(maximum=shuffled.config.maximum, split="held-out")
    chain = sample(np.random.default_rng(0), mixture, shuffled.vocabulary, count=200, steps=1)
    assert chain_exact(shuffled, chain).mean() < 0.05


def test_answers_come_from_the_weights(model: Interpreter, shuffled: Interpreter) -> None:
    assert shown_or_failed(Session(shuffled, check=False)) != shown(Session(model, check=False))


def shown_or_failed(session: Session) -> object:
    """Return what the transcript shows; where a wrong model fails a line, later lines may miss its variable."""
    try:
        return shown(session)
    except Exception as error:
        return type(error)


def test_without_the_oracle_nothing_changes(model: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    with_oracle = shown(Session(model, check=True))

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("the oracle ran")

    for name in core_lines.__all__:
        monkeypatch.setattr(core_lines, name, refuse)
    assert shown(Session(model, check=False)) == with_oracle


def random_input(name: str, text: str, generator: random.Random) -> str:
    """Return the script with other numbers in its first assignments."""
    for variable, (smallest, largest) in INPUTS[name].items():
        number = generator.randint(smallest, largest)
        text = re.sub(rf"^{variable} = \d+", f"{variable} = {number}", text, count=1, flags=re.MULTILINE)
    return text


@pytest.mark.parametrize("name", INPUTS)
def test_a_sample_script_matches_cpython_on_every_line(model: Interpreter, repository: Path, name: str) -> None:
    text = (repository / f"tests/examples/{name}.lx").read_text()
    result = Session(model, mode="snap").run(text)
    assert len(result.executed) == executed_by_cpython(text)
    assert all(row.match for row in result.executed)
    assert result.match


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_sample_script_on_random_inputs(model: Interpreter, repository: Path, name: str, mode: Mode) -> None:
    text = (repository / f"tests/examples/{name}.lx").read_text()
    variants = in_range_variants(name, text, random.Random(7), count=10)
    whole = sum(bool(Session(model, mode=mode, step_budget=300).run(variant).match) for variant in variants)
    print(f"{name}, {mode} mode: {whole} of 10 random inputs match on every line")
    assert whole >= MATCHING


def in_range_variants(name: str, text: str, generator: random.Random, *, count: int) -> list[str]:
    variants: list[str] = []
    while len(variants) < count:
        variant = random_input(name, text, generator)
        if in_range(variant):
            variants.append(variant)
    return variants


def executed_by_cpython(text: str) -> int:
    return len(core_lines.run_source(parse(text, minimum=-999, maximum=999), {}, minimum=-999, maximum=999).events)


def in_range(text: str) -> bool:
    """Return whether CPython runs the script without leaving the range."""
    run = core_lines.run_source(parse(text, minimum=-999, maximum=999), {}, minimum=-999, maximum=999)
    return run.error is None


@pytest.mark.parametrize(("problem", "fill"), [("a=71; a+? == 18", "-53"), ("a=6; a*? == 42", "7")])
def test_a_hole_is_filled_and_verified(problem: str, fill: str) -> None:
    command = [sys.executable, "-m", "latent_repl", "synth", "--json", problem]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["verified"], answer["fills"]) == (0, True, [fill])
    assert answer["oracle_runs"] == answer["refuted"] + 1 <= 4


RECURSIVE = """def factorial(n):
    if n < 2:
        return 1
    return n * factorial(n - 1)
def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))
def is_even(n): return True if n == 0 else is_odd(n - 1)
def is_odd(n): return False if n == 0 else is_even(n - 1)
def gcd(a, b=36): return a if b == 0 else gcd(b, a % b)
scale = 10
def scaled(n, by=2):
    if n < 0:
        return
    return n * by * scale
print(factorial(5), ackermann(1, 2), is_even(6), is_odd(6), gcd(84), scaled(by=3, n=4))
scaled(-1)
scaled(5)
"""
FIBONACCI = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\nfib({})"


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_functions_that_recurse_run_in_frames_of_latents(model: Interpreter, mode: Mode) -> None:
    result = Session(model, mode=mode).run(RECURSIVE)
    assert (result.error, result.match) == (None, True)
    assert result.output == ("120 4 True False 12 120", "100")


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_functions_that_recurse_run_through_a_pipe(mode: Mode) -> None:
    command = [sys.executable, "-m", "latent_repl", "--mode", mode, "-c", RECURSIVE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "120 4 True False 12 120\n100\n"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_a_thousand_steps_in_frames_of_latents(model: Interpreter, mode: Mode) -> None:
    result = Session(model, mode=mode).run(FIBONACCI.format(12))
    assert (result.output, result.match) == (("144",), True)


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_recursion_without_end_fails_as_pythons_does_and_loses_nothing(model: Interpreter, mode: Mode) -> None:
    session = Session(model, mode=mode)
    session.run("a = 5")
    result = session.run("def f(n): return f(n)\nb = f(a)")
    assert result.error is not None and result.match
    assert str(result.error) == "RecursionError: maximum recursion depth exceeded (line 1 of f, called in line 2)"
    assert session.state == {"a": 5} and session.run("a").output == ("5",)


def test_a_hole_in_a_function_that_recurses_is_found(model: Interpreter) -> None:
    solution = Session(model).synth("def f(n):\n    if n < 1: return ?\n    return n + f(n - 1)\nf(3) == 10")
    assert solution.fills == ("4",) and solution.verified
