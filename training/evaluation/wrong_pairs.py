"""What the exhaustive count says: wrong pairs by operator and region, and whether confidence tells them.

Source of the measures of confidence: the area under the ROC curve, as in Hendrycks and Gimpel, 2017.
"""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from grammar.core_lines.arithmetic import held_out
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS, STATUS_OK
from latent_repl.language.prelude.table import DOUBTS
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.interface import Interpreter
from latent_repl.modes import Mode
from training.exhaustive import CountedPairs, turned, wrong_as_lines
from training.operands import Ids
from training.scan import value_tables

# Wrong pairs that are written out for each operator and form. Chosen.
EXAMPLES = 20


def wrong_pair_figures(model: Interpreter, values: NDArray[np.int64], counts: CountedPairs) -> dict[str, Any]:
    """Return the counts of wrong pairs by operator, those of held-out pairs and of regions beside them.

    values: the ids of all values that an operand may have. Among the figures, lines: how many are wrong as lines of a
    program, of operators that have another way.
    """
    vocabulary = model.vocabulary
    every = np.repeat(values, len(values)), np.tile(values, len(values))
    operators: dict[str, Any] = {}
    for operator, (pairs, wrong, _) in counts.items():
        operators[operator] = {"pairs": pairs, "wrong": len(wrong), "examples": examples(vocabulary, wrong)}
        if operator in BINARY_OPERATORS:
            operators[operator]["held_out"] = {
                "pairs": int(_hidden(vocabulary, operator, *every).sum()),
                "wrong": int(_hidden(vocabulary, operator, wrong["left"], wrong["right"]).sum()),
            }
    return {
        "operators": operators,
        "regions": region_counts(vocabulary, counts),
        "confidence": confidence_figures(counts),
        "lines": {name: line_figures(model, name, counts[name].wrong) for name in DOUBTS if name in counts},
    }


def line_figures(model: Interpreter, operator: str, wrong: np.ndarray) -> dict[str, dict[str, int]]:
    """Return how many pairs are wrong as lines of a program, in either mode, of those that one step may make so: an
    operator's wrong pairs, and the right ones that are contradicted by a wrong one."""
    pairs = np.concatenate([wrong, turned(model.vocabulary, operator, wrong)])
    pairs = pairs[np.unique(pairs[["left", "right"]], return_index=True)[1]]
    hidden = _hidden(model.vocabulary, operator, pairs["left"], pairs["right"])
    left = {mode: wrong_as_lines(model, operator, pairs, mode) for mode in get_args(Mode)}
    return {mode: {"wrong": int(each.sum()), "held_out": int((each & hidden).sum())} for mode, each in left.items()}


def examples(vocabulary: Vocabulary, wrong: np.ndarray) -> list[str]:
    """Return the first wrong pairs in words.

    >>> examples(vocabulary, wrong)
    ['73, 74: True, not False']
    """
    said = []
    for row in wrong[:EXAMPLES]:
        left, right, value, status, got, got_status = (vocabulary.tokens[int(token)] for token in list(row)[:6])
        exact, decoded = (one if ended == STATUS_OK else ended for one, ended in ((value, status), (got, got_status)))
        said.append(f"{left}, {right}: {exact}, not {decoded}")
    return said


def region_counts(vocabulary: Vocabulary, counts: CountedPairs) -> dict[str, dict[str, int]]:
    """Return for each binary operator with wrong pairs how many lie in each region; a pair may lie in several."""
    return {
        operator: {
            name: int(inside.sum()) for name, inside in regions(vocabulary, wrong["left"], wrong["right"]).items()
        }
        for operator, (_, wrong, _) in counts.items()
        if operator in BINARY_OPERATORS and len(wrong)
    }


def regions(vocabulary: Vocabulary, left: Ids, right: Ids) -> dict[str, NDArray[np.bool_]]:
    """Return which pairs, given by their value ids, lie where networks are known to fail, and which signs they have."""
    numbers, bools = value_tables(vocabulary)
    x, y = numbers[left], numbers[right]
    size = np.maximum(np.abs(y), 1)
    remainder = np.mod(x, size)
    powers = [base**power for base in (2, 10) for power in range(3, 10) if base**power < vocabulary.limit]
    end = np.abs(vocabulary.limit) - 9
    return {
        "equal": x == y,
        "neighbours": (x != y) & (np.abs(x - y) <= 2),
        "near multiples": (size > 2) & (np.minimum(remainder, size - remainder) <= 1),
        "powers": np.isin(np.abs(x), powers) | np.isin(np.abs(y), powers),
        "zero": (x == 0) | (y == 0),
        "range ends": (np.abs(x) >= end) | (np.abs(y) >= end),
        "bools": bools[left] | bools[right],
        "both negative": (x < 0) & (y < 0),
        "signs differ": x * y < 0,
    }


def confidence_figures(counts: CountedPairs) -> dict[str, int | float]:
    """Return how well the confidence tells wrong lines from right ones, all operators alike.

    auroc: the chance that a wrong line has less confidence than a right one, each drawn at random. least_sure: the
    share of the wrong lines that are less sure than 99 % of the right ones. missed: pairs drawn at random of which the
    scan was sure and the package's own inference was wrong.
    """
    wrong = np.concatenate([count.wrong["confidence"] for count in counts.values()])
    drawn = np.concatenate([count.drawn for count in counts.values()])
    right = drawn["confidence"][drawn["exact"]]
    missed = 0
    for count in counts.values():
        known = set(zip(count.wrong["left"].tolist(), count.wrong["right"].tolist(), strict=True))
        failed = count.drawn[~count.drawn["exact"]]
        missed += sum(pair not in known for pair in zip(failed["left"].tolist(), failed["right"].tolist(), strict=True))
    figures: dict[str, int | float] = {"wrong": len(wrong), "drawn": len(drawn), "missed": missed}
    if len(wrong) and len(right):
        figures["auroc"] = float(mannwhitneyu(right, wrong).statistic / len(right) / len(wrong))
        figures["least_sure"] = float((wrong < np.quantile(right, 0.01)).mean())
    return figures


def _hidden(vocabulary: Vocabulary, operator: str, left: Ids, right: Ids) -> NDArray[np.bool_]:
    numbers, _ = value_tables(vocabulary)
    return held_out(np.full(len(left), OPERATORS.index(operator)), numbers[left], numbers[right])
