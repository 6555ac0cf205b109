"""Numbers for words: the vocabulary of core lines and states.

    vocabulary = Vocabulary(slots=12, limit=999)
    s2 = s0 + 5        -> the four tokens   s2  +  s0  5
    {s0: 71, s1: True} -> one token a slot  71  True  none ... none  ok     (status last)

Integers come last and ordered by magnitude (0, 1, -1, 2, -2, ...), so that a declared range [-m, m] is a prefix
of the vocabulary and a wider range only appends to it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from latent_repl.errors import CheckpointError
from latent_repl.language.operators import OPERATORS, STATUSES
from latent_repl.language.program import CoreLine, Operand, Slot
from latent_repl.language.values import Value

NONE = "none"
CORE_LINE_TOKENS = 4


class Vocabulary:
    """The tokens of one checkpoint: `slots` addresses and the integers in [-limit, limit]."""

    def __init__(self, slots: int, limit: int) -> None:
        self.slots, self.limit = slots, limit
        addresses = [f"s{index}" for index in range(slots)]
        self.symbols: tuple[str, ...] = (NONE, *STATUSES, *addresses, *OPERATORS, "False", "True")
        integers = ["0", *(f"{sign}{n}" for n in range(1, limit + 1) for sign in ("", "-"))]
        self.tokens: tuple[str, ...] = (*self.symbols, *integers)

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def ids(self) -> dict[str, int]:
        """Id of each token."""
        return {token: index for index, token in enumerate(self.tokens)}

    def active(self, maximum: int) -> int:
        """Return how many tokens, counted from the first, a declared range [-maximum, maximum] needs."""
        return len(self.symbols) + 2 * maximum + 1

    def integer_of(self, identifier: int) -> int | None:
        """Return the number a token counts as in arithmetic (True is 1), None for other symbols."""
        value = self.value(identifier)
        return None if value is None else int(value)

    def value_id(self, value: Value | None) -> int:
        """Return the id of a slot's value; None is an empty slot."""
        return self.ids[NONE if value is None else str(value)]

    def value(self, identifier: int) -> Value | None:
        """Return the value of a token, None where it is no value."""
        token = self.tokens[identifier]
        if token in ("False", "True"):
            return token == "True"
        return int(token) if identifier >= len(self.symbols) else None

    def status_id(self, status: str) -> int:
        """Return the id of a status, one of `STATUSES`."""
        return self.ids[status]

    def status(self, identifier: int) -> str:
        """Return the status of a token; a token that is no status reads as its own text."""
        return self.tokens[identifier]

    def core_line_ids(self, line: CoreLine) -> tuple[int, int, int, int]:
        """Return the four ids of a core line: target, operator, left, right."""
        return (
            self.ids[str(line.target)],
            self.ids[str(line.operator)],
            self._operand_id(line.left),
            self._operand_id(line.right),
        )

    def core_line(self, ids: Sequence[int]) -> CoreLine | None:
        """Return the core line of four ids, None where they do not spell one."""
        target, operator, left, right = (self.tokens[index] for index in ids)
        if target not in self._addresses or operator not in OPERATORS:
            return None
        return CoreLine(Slot(int(target[1:])), operator, self._operand(ids[2], left), self._operand(ids[3], right))

    def state_ids(self, values: Sequence[Value | None], status: str = STATUSES[0]) -> list[int]:
        """Return the S + 1 ids of a state: one for each slot, the status last."""
        return [*(self.value_id(value) for value in values), self.status_id(status)]

    @cached_property
    def _addresses(self) -> frozenset[str]:
        return frozenset(f"s{index}" for index in range(self.slots))

    def _operand_id(self, operand: Operand | None) -> int:
        return self.ids[str(operand)] if isinstance(operand, Slot) else self.value_id(operand)  # type: ignore[arg-type]

    def _operand(self, identifier: int, token: str) -> Operand | None:
        return Slot(int(token[1:])) if token in self._addresses else self.value(identifier)

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json`, readable by `tokenizers` and by `PreTrainedTokenizerFast`."""
        from tokenizers import Tokenizer, models, pre_tokenizers

        tokenizer = Tokenizer(models.WordLevel(self.ids, unk_token=NONE))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        tokenizer.save(str(folder / "tokenizer.json"))

    def check(self, folder: Path) -> None:
        """Raise CheckpointError unless the folder's `tokenizer.json` holds exactly this vocabulary."""
        path = folder / "tokenizer.json"
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CheckpointError(f"{path}: not a tokenizer file ({error}); save the checkpoint again") from error
        if stored != self.ids:
            raise CheckpointError(
                f"{path}: holds {len(stored)} tokens that differ from the {len(self)} of this version's Lx; "
                "use a checkpoint saved by this version"
            )
