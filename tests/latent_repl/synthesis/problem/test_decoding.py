"""Latents back to fillings, under the templates."""

from __future__ import annotations

import numpy as np
import pytest
from jaxtyping import Float, Int

from latent_repl.language.program import Blank, CoreLine, Hole, Slot
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.synthesis.problem.decoding import Decoder
from latent_repl.synthesis.problem.domains import Assignments, Atoms, Operators
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.problem.template import Template

SLOTS = (("a", Slot(0)), ("b", Slot(1)))
LITERALS = tuple(sorted(range(-9, 10), key=abs))
VALUES, LINES = Atoms(("a",), LITERALS), Assignments(("b", "a"), ("a",), LITERALS)
VALUE_LINE, OPERATOR_LINE = CoreLine(Slot(1), "+", Slot(0), Hole(0)), CoreLine(Slot(1), Hole(1), Slot(0), Hole(2))
BLANK = Blank(Hole(0))


class OneHot:
    """A code latent that spells its four tokens out: one dimension for each token of each place."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary.fresh(3, 9)

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        return np.eye(len(self.vocabulary), dtype=np.float32)[ids].reshape(len(ids), -1)

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        return 20 * latents.reshape(len(latents), 4, -1)


@pytest.mark.parametrize(
    "space",
    [
        Space((VALUES,), (Template(VALUE_LINE, VALUE_LINE.holes, SLOTS),)),
        Space((LINES,), (Template(None, BLANK.holes, SLOTS),)),
        Space(
            (VALUES, Operators(), VALUES),
            (Template(VALUE_LINE, VALUE_LINE.holes, SLOTS), Template(OPERATOR_LINE, OPERATOR_LINE.holes, SLOTS)),
        ),
    ],
)
def test_every_filling_decodes_to_itself(space: Space) -> None:
    model = OneHot()
    fillings = [space.at(index) for index in range(0, space.size, max(1, space.size // 300))]
    assert Decoder(space, model)(space.latents(fillings, model)) == fillings


def test_what_the_template_does_not_allow_is_not_decoded() -> None:
    space, model = Space((VALUES,), (Template(VALUE_LINE, VALUE_LINE.holes, SLOTS),)), OneHot()
    other = CoreLine(Slot(2), "min", Slot(2), Slot(2))
    latents = model.encode_code(np.array([model.vocabulary.core_line_ids(other)]))
    (filling,) = Decoder(space, model)(latents)
    assert filling[0] in VALUES
