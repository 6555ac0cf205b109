"""The shapes in signatures: jaxtyping's where it is loaded, and so may check them; elsewhere they say nothing.

Importing jaxtyping takes as long as half of NumPy, and no annotation is evaluated when a program runs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

__all__ = ["Bool", "Float", "Int", "Shaped"]

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float, Int, Shaped
else:

    class Shaped:
        """`Shaped[Array, "B S D"]` is `Array`."""

        def __class_getitem__(cls, given: tuple[Any, str]) -> Any:
            """Return the array's type alone."""
            return given[0]

    Bool = Float = Int = Shaped
