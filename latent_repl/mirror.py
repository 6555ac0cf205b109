"""A quotient or a remainder is asked twice: of its operands, and of both with their signs turned.

    71 // 9 is 7        -71 // -9 is 7
    71 % 9 is 8         -71 % -9 is -8

To a network these are different questions. Where its two answers do not agree, one of them is wrong.
Source: metamorphic relations, Chen, Cheung and Yiu, 1998, "Metamorphic testing".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from latent_repl.coding import LineEncoder
from latent_repl.language.operators import FLOOR_DIVIDE, MODULO, STATUS_OK
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.interface import Array
from latent_repl.model.memory import keys_of
from latent_repl.reading import Reader
from latent_repl.running import Running
from latent_repl.shapes import Float

SIGNS: Mapping[str, int] = MappingProxyType({FLOOR_DIVIDE: 1, MODULO: -1})
"""What the result is multiplied by where both operands are multiplied by -1: the operators that are asked twice."""
NO_ANSWER = -1
"""In the place of a token: a question without an answer agrees with no result."""


class Mirror:
    """Asks one model that has rows the turned questions; their answers are kept with all that its steps compute."""

    def __init__(self, reader: Reader, *, snapped: bool) -> None:
        """snapped: as in `Interpreter.execute_rows`."""
        assert reader.heaps is not None, "what is doubted is found another way by routines, which need rows"
        self.reader, self.model, self.heap, self.snapped = reader, reader.model, reader.heaps.empty, snapped
        self._encoder, left, right = LineEncoder(reader.model), Slot(0), Slot(1)
        self._lines = {operator: CoreLine(left, operator, left, right) for operator in SIGNS}

    def doubted(
        self, steps: Sequence[tuple[Running, CoreLine]], after: Float[Array, "B S D"], statuses: Sequence[str]
    ) -> set[int]:
        """Return the places of steps whose results are not those of their turned questions.

        steps: each with the frame before it. after, statuses: what came of them.
        """
        asked = [
            place
            for place, ((row, line), status) in enumerate(zip(steps, statuses, strict=True))
            if status == STATUS_OK and row.has_another_way(line)
        ]
        if not asked:
            return set()
        operators = [str(steps[place][1].operator) for place in asked]
        operands = np.array(
            [
                [self.reader.cell(row, operand) for operand in (line.left, line.right)]
                for row, line in (steps[place] for place in asked)
            ]
        )
        wanted = self.model.memory.results(
            [*zip(operators, keys_of(operands), strict=True)],
            lambda places: self._wanted([operators[place] for place in places], operands[places]),
        )
        results = after[asked, [steps[place][1].target.index for place in asked]]
        tokens = self.model.decode_states(results[None])[0][0].tolist()
        told = zip(asked, wanted, tokens, strict=True)
        return {place for place, want, token in told if want is not None and want != token}

    def _wanted(self, operators: Sequence[str], operands: Float[Array, "B 2 D"]) -> list[int | None]:
        """Return the token that each result has by its turned question, None where an operand is no number."""
        ids, _ = self.model.decode_states(operands)
        numbers = [[self.model.vocabulary.integer_of(token) for token in pair] for pair in ids.tolist()]
        turned = {
            place: [-number for number in pair if number is not None]
            for place, pair in enumerate(numbers)
            if None not in pair
        }
        tokens = self._answers([operators[place] for place in turned], [*turned.values()]) if turned else []
        wanted = dict(zip(turned, tokens, strict=True))
        return [wanted.get(place) for place in range(len(operators))]

    def _answers(self, operators: Sequence[str], turned: Sequence[Sequence[int]]) -> list[int]:
        """Return the tokens that results are to have by their turned questions."""
        read, others = self.model.vocabulary, [None] * (self.model.config.slots - 2)
        states = self.model.encode_states(np.array([read.state_ids([*pair, *others]) for pair in turned]))
        codes = self._encoder([self._lines[operator] for operator in operators])
        after, _ = self.model.execute_rows(states, codes, [self.heap] * len(turned), snapped=self.snapped)
        ids, _ = self.model.decode_states(after[:, [0, -1]].reshape(1, -1, after.shape[-1]))
        answers = []
        for operator, (result, status) in zip(operators, ids.reshape(-1, 2).tolist(), strict=True):
            number = read.integer_of(result) if read.status(status) == STATUS_OK else None
            answers.append(NO_ANSWER if number is None else read.value_id(SIGNS[operator] * number))
        return answers
