"""Which hidden units of the trunk an operator has: one expert's where a checkpoint has experts, else all of them.

    {"": 256, "*": 320, "//": 320}    in the order of the names: the first 256 units of each layer are for all operators
                                      but these two, the next 320 for `*`, the last 320 for `//`

So a step reads a part of the trunk's weights, and operators that are learnt with more trouble have units of their own.
Source: mixtures of experts whose routing is given and not learnt, as in Roller et al., 2021 (hash layers).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate

OTHERS = ""
"""What stands for all operators that have no expert of their own."""


def units_of(experts: Mapping[str, int], operators: Iterable[str], hidden: int) -> list[slice]:
    """Return for each operator which of a layer's hidden units it has."""
    if not experts:
        return [slice(0, hidden) for _ in operators]
    sizes = dict(sorted(experts.items()))  # files keep no order
    ends = accumulate(sizes.values())
    parts = {name: slice(end - size, end) for (name, size), end in zip(sizes.items(), ends, strict=True)}
    return [parts.get(operator, parts[OTHERS]) for operator in operators]
