"""Families of the literature are drawn from a seed, and hold what they are described by."""

from __future__ import annotations

import ast
import random

from grammar.suites.published import learning_to_execute, swaps


def test_swaps_are_as_many_as_asked_for_and_move_every_value_somewhere() -> None:
    text = swaps(9)(random.Random(3), 99)
    body = ast.parse(text).body
    assert sum(isinstance(each, ast.Assign) and isinstance(each.value, ast.Tuple) for each in body) == 9
    namespace: dict[str, object] = {"print": lambda *values: None}
    exec(text, namespace)
    first = [ast.literal_eval(each.value) for each in body[:5] if isinstance(each, ast.Assign)]
    assert sorted(first) == sorted(int(str(namespace[name])) for name in "abcde")


def test_learning_to_execute_is_its_seed_alone_and_is_python() -> None:
    for seed in range(30):
        text = learning_to_execute(random.Random(seed), 99)
        assert text == learning_to_execute(random.Random(seed), 99)
        ast.parse(text)
