"""The shipped checkpoint against CPython, with stated rates; and proof that the model is what computes."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from grammar.sample import Mixture, sample
from latent_repl.language import oracle
from latent_repl.language.parse import parse
from latent_repl.model.checkpoint import load, locate
from latent_repl.model.inference import NumpyInterpreter
from latent_repl.model.interface import Interpreter
from latent_repl.model.shape import read_shape
from latent_repl.session import Session
from training.evaluate import chain_exact, chain_figures, line_figures, reconstruction_figures

INPUTS = {
    "gcd": {"a": (1, 99), "b": (1, 99)},
    "fibonacci": {"n": (1, 10)},
    "collatz": {"n": (1, 20)},
    "is_prime": {"n": (2, 99)},
}
TRANSCRIPT = ("a = 6", "b = a * 7", "a, b = b, a", "c = b * 2 if a > b else 0", "c != 7", "a > b and c")


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load("base")


@pytest.fixture
def shuffled() -> Interpreter:
    """The shipped model with each weight matrix's entries in random order."""
    generator = np.random.default_rng(0)
    tensors = load_file(locate("base") / "model.safetensors")
    return NumpyInterpreter(
        read_shape(locate("base")),
        {name: generator.permuted(tensor.ravel()).reshape(tensor.shape) for name, tensor in tensors.items()},
    )


def shown(session: Session) -> list[tuple[dict[str, object], tuple[str, ...]]]:
    """Run the transcript; return each line's state and output."""
    results = [session.run(text) for text in TRANSCRIPT]
    return [(dict(result.state), result.output) for result in results]


def test_held_out_lines_are_executed_exactly(model: Interpreter) -> None:
    figures = line_figures(model, count=10_000)
    print(json.dumps(figures))
    assert figures["exact"] >= 0.975


def test_eight_chained_lines(model: Interpreter) -> None:
    figures = chain_figures(model, count=1000, steps=8)
    print(json.dumps(figures))
    assert figures["latent"]["8"] >= 0.68


def test_reconstruction(model: Interpreter) -> None:
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

    for name in oracle.__all__:
        monkeypatch.setattr(oracle, name, refuse)
    assert shown(Session(model, check=False)) == with_oracle


def random_input(name: str, text: str, generator: random.Random) -> str:
    """Return the script with other numbers in its first assignments."""
    for variable, (smallest, largest) in INPUTS[name].items():
        number = generator.randint(smallest, largest)
        text = re.sub(rf"^{variable} = \d+", f"{variable} = {number}", text, count=1, flags=re.MULTILINE)
    return text


def test_first_lines_of_sample_scripts_match_cpython(model: Interpreter, repository: Path) -> None:
    """Each script on ten random inputs: the share of executed lines up to the first mismatch, and of whole runs."""
    generator, matched, lines = random.Random(7), 0, 0
    for name in INPUTS:
        text, whole = (repository / f"tests/examples/{name}.lx").read_text(), 0
        for variant in in_range_variants(name, text, generator, count=10):
            result = Session(model, step_budget=300).run(variant)
            agreeing = next((i for i, row in enumerate(result.executed) if not row.match), len(result.executed))
            matched, lines, whole = matched + agreeing, lines + executed_by_cpython(variant), whole + bool(result.match)
        print(f"{name}: {whole} of 10 random inputs match on every line")
    print(f"lines before the first mismatch: {matched} of {lines}")
    assert matched / lines >= 0.25


def in_range_variants(name: str, text: str, generator: random.Random, *, count: int) -> list[str]:
    variants: list[str] = []
    while len(variants) < count:
        variant = random_input(name, text, generator)
        if in_range(variant):
            variants.append(variant)
    return variants


def executed_by_cpython(text: str) -> int:
    return len(oracle.run_source(parse(text, minimum=-99, maximum=99), {}, minimum=-99, maximum=99).events)


def in_range(text: str) -> bool:
    """Return whether CPython runs the script without leaving the range."""
    run = oracle.run_source(parse(text, minimum=-99, maximum=99), {}, minimum=-99, maximum=99)
    return run.error is None


def test_a_hole_is_filled_and_verified() -> None:
    command = [sys.executable, "-m", "latent_repl", "synth", "--json", "a=6; a*? == 42"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    answer = json.loads(ended.stdout)
    assert (ended.returncode, answer["verified"], answer["fills"]) == (0, True, ["7"])
    assert answer["oracle_runs"] == answer["refuted"] + 1 <= 4
