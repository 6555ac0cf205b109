"""The exhaustive count finds just what the package's own inference gets wrong, and goes on where it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latent_repl.language.operators import OPERATORS
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load, load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.exhaustive import count_wrong, records_folder
from training.operands import plain_line, plain_states
from training.scan import Scanner, truth

SIZES: dict[str, Any] = {
    "state_latent": 8,
    "code_latent": 16,
    "width": 32,
    "heads": 2,
    "feed_forward": 32,
    "trunk_layers": 1,
}
Tiny = tuple[Interpreter, Scanner, Path]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """A model that was never trained, on integers from -3 to 3: it is right by chance alone."""
    folder = tmp_path_factory.mktemp("tiny")
    save(LatentInterpreter(LatentConfig(slots=3, limit=3, maximum=3, **SIZES)), folder)
    return load(folder), Scanner(load_reference(folder).eval(), compiled=False), folder


def test_the_wrong_pairs_are_those_of_every_single_line(tiny: Tiny, tmp_path: Path) -> None:
    model, scanner, _ = tiny
    count = count_wrong(model, scanner, tmp_path, ["<"])["<"]
    wrong = {(int(row["left"]), int(row["right"])) for row in count.wrong}
    vocabulary, expected = scanner.vocabulary, set()
    line = np.array([plain_line(vocabulary, "<")])
    for left in scanner.values:
        for right in scanner.values:
            pair = np.array([left]), np.array([right])
            value, status = truth(vocabulary, "<", *pair, 3)
            before = plain_states(vocabulary, *pair)
            ids, _ = model.decode_states(model.execute(model.encode_states(before), model.encode_code(line)))
            if [*ids[0]] != [value[0], *before[0, 1:3], status[0]]:
                expected.add((int(left), int(right)))
    assert count.pairs == len(scanner.values) ** 2
    assert wrong == expected


@pytest.mark.slow
def test_every_operator_is_counted_on_as_many_operands_as_it_has(tiny: Tiny, tmp_path: Path) -> None:
    model, scanner, _ = tiny
    counts = count_wrong(model, scanner, tmp_path, OPERATORS)
    values = len(scanner.values)
    assert counts["neg"].pairs == counts["copy"].pairs == values
    assert counts["del"].pairs == 1
    assert counts["+"].pairs == values**2


def test_what_was_counted_is_not_counted_again(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, scanner, _ = tiny
    first = count_wrong(model, scanner, tmp_path, ["+"])
    monkeypatch.setattr(scanner, "scan", None)
    again = count_wrong(model, scanner, tmp_path, ["+"])
    assert (again["+"].wrong == first["+"].wrong).all()


def test_parts_that_are_counted_one_after_another_come_to_one_table(tiny: Tiny, tmp_path: Path) -> None:
    model, scanner, _ = tiny
    assert {*count_wrong(model, scanner, tmp_path, ["+"])} == {"+"}
    assert {*count_wrong(model, scanner, tmp_path, ["<"])} == {"+", "<"}


def test_other_weights_have_other_records(tiny: Tiny, tmp_path: Path) -> None:
    save(LatentInterpreter(LatentConfig(slots=3, limit=3, maximum=3, **SIZES)), tmp_path)
    assert records_folder(tmp_path) != records_folder(tiny[2])
