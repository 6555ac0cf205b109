"""What the machine, the synthesis and the tools need of a model: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.heap import Heap
from latent_repl.model.memory import Memory
from latent_repl.model.shape import Shape
from latent_repl.shapes import Float, Int

Array = np.ndarray


@runtime_checkable
class Interpreter(Protocol):
    """State VAE, code VAE and executor, ready for inference.

    Ids come from `Vocabulary.state_ids` and `Vocabulary.core_line_ids`; latents lie in [-1, 1]; A counts the tokens of
    the declared range, S the slots and the status, which is last. parameters: how many numbers were trained.
    """

    parameters: int
    config: Shape
    vocabulary: Vocabulary

    @property
    def memory(self) -> Memory[Any, Any]:
        """What steps have computed and is kept."""

    def encode_states(self, ids: Int[Array, "B S"]) -> Float[Array, "B S D"]:
        """Return the latents of states, one a slot."""

    def state_logits(self, latents: Float[Array, "*N D"]) -> Float[Array, "*N A"]:
        """Return the logits of the token behind each latent."""

    def decode_states(self, latents: Float[Array, "B S D"]) -> tuple[Int[Array, "B S"], Float[Array, "B S"]]:
        """Return each slot's most likely token and its probability."""

    def encode_code(self, ids: Int[Array, "B T"]) -> Float[Array, "B C"]:
        """Return the code latents of core lines."""

    def code_logits(self, latents: Float[Array, "B C"]) -> Float[Array, "B T A"]:
        """Return the logits of a core line's four tokens."""

    def execute(self, states: Float[Array, "B S D"], codes: Float[Array, "B C"]) -> Float[Array, "B S D"]:
        """Return the state latents after one core line each, of arithmetic alone where the checkpoint has rows.

        Raises LatentShapeError for other sizes.
        """

    def execute_rows(
        self, states: Float[Array, "B S D"], codes: Float[Array, "B C"], heaps: Sequence[Heap], *, snapped: bool = False
    ) -> tuple[Float[Array, "B S D"], tuple[Heap, ...]]:
        """Return the state latents and the heaps after one core line each.

        snapped: whether the states are decoded and encoded after every step. Then the last bits of a result may be
        others, and what is likely asked next may be computed with it. Raises LatentShapeError for other sizes, and for
        a checkpoint without rows.
        """
