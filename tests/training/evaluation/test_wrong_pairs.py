"""Wrong pairs are named by operator, form and region; confidence is judged by how it ranks them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast, get_args

import numpy as np
import pytest

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.modes import Mode
from training.evaluation.wrong_pairs import confidence_figures, examples, line_figures, regions, wrong_pair_figures
from training.exhaustive import JUDGED, PairCount, turned, wrong_as_lines
from training.operands import operand_values

VOCABULARY = Vocabulary.fresh(slots=3, limit=999)


def judged(*pairs: tuple[int, int], confidence: float = 0.5, exact: bool = False) -> np.ndarray:
    rows = np.zeros(len(pairs), JUDGED)
    rows["left"], rows["right"] = ([VOCABULARY.value_id(each) for each in side] for side in zip(*pairs, strict=True))
    rows["value"], rows["got"] = VOCABULARY.value_id(True), VOCABULARY.value_id(False)
    rows["status"] = rows["got_status"] = VOCABULARY.status_id("ok")
    rows["confidence"], rows["exact"] = confidence, exact
    return rows


COUNTS = {
    "<": PairCount(100, judged((73, 74), (0, -999)), judged((5, 6), confidence=0.9, exact=True)),
    ">": PairCount(100, judged((8, 500), confidence=0.95), judged((7, 9), confidence=0.8, exact=True)),
}


def test_wrong_pairs_are_counted_by_operator() -> None:
    model = cast(Interpreter, SimpleNamespace(vocabulary=VOCABULARY))
    figures = wrong_pair_figures(model, operand_values(VOCABULARY, 9), COUNTS)
    row = figures["operators"]["<"]
    assert (row["pairs"], row["wrong"]) == (100, 2)
    assert row["examples"] == ["73, 74: True, not False", "0, -999: True, not False"]
    assert 0 < row["held_out"]["pairs"] < 0.03 * 21**2
    assert figures["regions"]["<"]["neighbours"] == 1
    assert figures["lines"] == {}


@pytest.mark.slow
def test_as_lines_pairs_are_wrong_where_a_program_is() -> None:
    model = load("base")
    rows = np.zeros(3, JUDGED)
    told = ((97, -5, -20), (7, 2, 4), (0, 3, 0))  # what is told of the second is not so
    rows["status"] = model.vocabulary.status_id("ok")
    for row, values in zip(rows, told, strict=True):
        row["left"], row["right"], row["value"] = (model.vocabulary.value_id(value) for value in values)
    assert line_figures(model, "//", rows)["snap"]["wrong"] == 2  # the turned pair is told the same
    assert [wrong_as_lines(model, "//", rows, mode).tolist() for mode in get_args(Mode)] == [[False, True, False]] * 2


def test_a_pair_that_comes_to_a_number_is_turned() -> None:
    row, failed = judged((7, 3), (7, 0))
    row["value"], row["status"] = VOCABULARY.value_id(1), VOCABULARY.status_id("ok")
    failed["status"] = VOCABULARY.status_id("ZeroDivisionError")
    [pair] = turned(VOCABULARY, "%", np.array([row, failed]))
    assert [VOCABULARY.value(int(pair[name])) for name in ("left", "right", "value")] == [-7, -3, -1]


def test_an_error_is_named_where_it_should_have_been() -> None:
    row = judged((5, 0))
    row["status"] = VOCABULARY.status_id("ZeroDivisionError")
    assert examples(VOCABULARY, row) == ["5, 0: ZeroDivisionError, not False"]


@pytest.mark.parametrize(
    ("region", "inside", "outside"),
    [
        ("equal", (7, 7), (7, 8)),
        ("neighbours", (7, 9), (7, 7)),
        ("near multiples", (22, -7), (24, 7)),
        ("powers", (-512, 3), (511, 3)),
        ("zero", (0, 3), (1, 3)),
        ("range ends", (1, -995), (1, 989)),
        ("bools", (True, 3), (1, 3)),
        ("both negative", (-1, -2), (-1, 2)),
        ("signs differ", (-1, 2), (-1, -2)),
    ],
)
def test_a_region_holds_what_its_name_says(region: str, inside: tuple[int, int], outside: tuple[int, int]) -> None:
    for pair, there in ((inside, True), (outside, False)):
        left, right = (np.array([VOCABULARY.value_id(each)]) for each in pair)
        assert regions(VOCABULARY, left, right)[region].tolist() == [there]


def test_confidence_is_as_good_as_it_ranks_wrong_lines_below_right_ones() -> None:
    figures = confidence_figures(COUNTS)
    assert figures["auroc"] == pytest.approx(4 / 6)  # two of three lie below both right ones
    assert figures["least_sure"] == pytest.approx(2 / 3)
    assert figures["missed"] == 0


def test_a_wrong_pair_that_the_scan_was_sure_of_is_missed() -> None:
    drawn = judged((5, 6), (73, 74))
    assert confidence_figures({"<": PairCount(9, judged((73, 74)), drawn)})["missed"] == 1
