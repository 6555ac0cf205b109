"""What both forms of a sums model share: marks for what no network of it knows, and how sharp its projection is.

A mark stands for an empty slot, a status, a line without a summand. It lies outside the box [-1, 1], where no encoder's
or executor's output can be.
"""

from __future__ import annotations

from typing import Any

# Chosen: the marks of nothing and of the status ok.
EMPTY, FINE = 2.0, -2.0
# Nats against every token that is none of those in question. Chosen.
NEVER = -1e4
# How many times the decoder's nats by which an executed state is drawn to encoded ones. Chosen: less blends them.
SHARPNESS = 50.0


def inside(vectors: Any) -> Any:
    """Return which vectors (..., D), an array or a tensor, are no mark (...); searches step a little over the wall."""
    return vectors[..., 0] < (1 + EMPTY) / 2
