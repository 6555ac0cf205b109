"""Code latents of core lines: each distinct line is encoded once, and found by the object that it is from then on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from latent_repl.language.program import CoreLine
from latent_repl.model.interface import Array, Interpreter
from latent_repl.shapes import Float

Code = CoreLine | Float[Array, " C"]
"""What a step runs: a core line, or a bare code latent, which need not decode to any."""
# Lines that are looked up without being spelt: those of a program and the prelude. Chosen.
LINES_KEPT = 16_384


class LineEncoder:
    """Gives one model's code latents."""

    def __init__(self, model: Interpreter) -> None:
        self.model = model
        self._codes: dict[tuple[int, ...], Array] = {}
        self._lines: dict[int, tuple[CoreLine, Array]] = {}

    def __call__(self, codes: Sequence[Code]) -> Float[Array, "B C"]:
        """Return code latents; bare ones are as they are."""
        lines = self._lines
        if any(isinstance(code, CoreLine) and id(code) not in lines for code in codes):
            self._encode({id(code): code for code in codes if isinstance(code, CoreLine)})
        return np.array([lines[id(code)][1] if isinstance(code, CoreLine) else code for code in codes])

    def _encode(self, lines: dict[int, CoreLine]) -> None:
        """Keep the code latents of lines by what they are: lines may be equal and differ, in 1 and True."""
        if len(self._lines) + len(lines) > LINES_KEPT:
            self._lines.clear()
        ids_of = self.model.vocabulary.core_line_ids
        keys = {each: ids_of(line) for each, line in lines.items() if each not in self._lines}
        new = [key for key in dict.fromkeys(keys.values()) if key not in self._codes]
        if new:
            self._codes |= zip(new, self.model.encode_code(np.array(new)), strict=True)
        self._lines |= {each: (lines[each], self._codes[key]) for each, key in keys.items()}
