"""Numbers for words: the vocabulary of core lines and states, which travels with a checkpoint.

    vocabulary = Vocabulary.fresh(slots=12, limit=999)      of a model yet to be trained: all that the tables hold,
                                                            with rows=128 the words for rows, too
    vocabulary = Vocabulary.read(folder)                    of a checkpoint, whatever it was trained on
    s2 = s0 + 5        -> the four tokens   s2  +  s0  5
    {s0: 71, s1: True} -> one token a slot  71  True  none ... none  ok     (status last)

Integers come last and ordered by magnitude (0, 1, -1, 2, -2, ...), so that a declared range [-m, m] is a prefix
of the vocabulary and a wider range only appends to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from latent_repl.errors import CheckpointError, UnsayableError
from latent_repl.language.operators import OPERATORS, ROW_OPERATORS, ROW_STATUSES, STATUSES, TABLE
from latent_repl.language.program import CoreLine, Hole, Operand, Slot
from latent_repl.language.values import (
    EMPTY,
    INT,
    KINDS,
    REFERENCE,
    ROW_VALUES,
    VALUES,
    Cells,
    Kind,
    Value,
    kind_of,
    written,
)

[NONE] = EMPTY.tokens(0)
# The order of a core line's tokens.
TARGET, OPERATOR, LEFT, RIGHT = PLACES = range(4)
CORE_LINE_TOKENS = len(PLACES)
FILE = "tokenizer.json"


class Vocabulary:
    """The words of one checkpoint: addresses, operators, statuses and values, by their ids.

    slots, limit: how many addresses there are, and the largest whole number. rows: how many rows a heap has, 0 where
    there is none. symbols: the tokens before the integers.
    places: what may stand at each place of a core line; a checkpoint can know words that its code cannot say.
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        """Take the tokens in the order of their ids. Raises ValueError where they are not those of Lx."""
        self.tokens = tuple(tokens)
        self.ids: Mapping[str, int] = {token: index for index, token in enumerate(self.tokens)}
        self.slots, self.rows = (
            next(index for index in range(len(self.tokens) + 1) if f"{letter}{index}" not in self.ids)
            for letter in "sr"
        )
        self.symbols = self.tokens[: self.tokens.index("0")] if "0" in self.ids else self.tokens
        self.limit = (len(self.tokens) - len(self.symbols)) // 2
        self.kinds: tuple[Kind, ...] = tuple(
            kind
            for kind in KINDS
            if all(word in self.ids for word in kind.words) and (self.rows or kind is not REFERENCE)
        )
        self._refuse_foreign()
        self._values: Mapping[int, Value | None] = {
            self.ids[token]: kind.value(token) for kind in self.kinds for token in kind.tokens(self.limit, self.rows)
        }
        literals = (token for kind in self.kinds if kind is not REFERENCE for token in kind.tokens(self.limit))
        operands = frozenset([*self.addresses, *literals])
        operators = frozenset(symbol for symbol in TABLE if symbol in self.ids)
        self.places: tuple[frozenset[str], ...] = (frozenset(self.addresses), operators, operands, operands)

    @classmethod
    def fresh(cls, slots: int, limit: int, rows: int = 0) -> Vocabulary:
        """Return the vocabulary of all that Lx has, with `slots` addresses and the integers in [-limit, limit].

        Without rows it has no words for what needs them.
        """
        kinds = [kind for kind in KINDS if kind not in (EMPTY, INT, *ROW_VALUES)]
        statuses, operators = [*STATUSES], [*OPERATORS]
        if rows:
            kinds, statuses, operators = [*kinds, *ROW_VALUES], [*statuses, *ROW_STATUSES], [*operators, *ROW_OPERATORS]
        words = (word for kind in kinds for word in kind.tokens(limit, rows))
        addresses = (f"s{index}" for index in range(slots))
        return cls([NONE, *statuses, *addresses, *operators, *words, *INT.tokens(limit)])

    @classmethod
    def read(cls, folder: Path, *, slots: int, limit: int, rows: int = 0) -> Vocabulary:
        """Return the vocabulary of a checkpoint of such a size.

        Raises CheckpointError if its `tokenizer.json` is no such file, or holds what this version's Lx does not know.
        """
        path = folder / FILE
        try:
            stored: dict[str, int] = dict(json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"].items())
            tokens = sorted(stored, key=stored.__getitem__)
            if [stored[token] for token in tokens] != [*range(len(tokens))]:
                raise ValueError("its ids are not 0, 1, 2, ...")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(f"{path}: not a tokenizer file ({error}); save the checkpoint again") from error
        try:
            vocabulary = cls(tokens)
        except ValueError as error:
            raise CheckpointError(
                f"{path}: holds tokens that differ from those of this version's Lx ({error}); "
                "use a checkpoint saved by this version, or a newer version"
            ) from error
        if (vocabulary.slots, vocabulary.limit, vocabulary.rows) != (slots, limit, rows):
            raise CheckpointError(
                f"{path}: is for {vocabulary.slots} slots and numbers to {vocabulary.limit}, {vocabulary.rows} rows, "
                f"config.json for {slots} and {limit}, {rows} rows; save the checkpoint again"
            )
        return vocabulary

    def narrowed(self, places: Mapping[int, Iterable[str]]) -> Vocabulary:
        """Return the same vocabulary for a code that can say only these words at these places of a core line."""
        vocabulary = Vocabulary(self.tokens)
        vocabulary.places = tuple(
            words & frozenset(places.get(place, words)) for place, words in zip(PLACES, self.places, strict=True)
        )
        return vocabulary

    def __deepcopy__(self, memo: object) -> Vocabulary:
        """Return itself: nothing changes it, and its kinds have to stay those of the table."""
        return self

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The token of each slot."""
        return tuple(f"s{index}" for index in range(self.slots))

    @property
    def knows_rows(self) -> bool:
        """Whether it has words for strings, lists and all else that lies in a heap."""
        return self.rows > 0

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators that a core line may have, in the order of the table."""
        return tuple(symbol for symbol in TABLE if symbol in self.places[OPERATOR])

    @property
    def literal_words(self) -> tuple[str, ...]:
        """The literals that are words, as False is, and that a core line may have."""
        return tuple(word for kind in VALUES for word in kind.words if word in self.places[LEFT])

    def can_say(self, part: Operand | str | None, place: int) -> bool:
        """Return whether an operand, or an operator, may stand at a place of a core line; a hole may anywhere."""
        return isinstance(part, Hole) or _word(part, place) in self.places[place]

    def unsaid(self, line: CoreLine) -> int | None:
        """Return the first place of a core line for which there is no word, None if it can be said."""
        parts = zip(PLACES, _parts(line), strict=True)
        return next((place for place, part in parts if not self.can_say(part, place)), None)

    def refusal(self, line: CoreLine, place: int) -> tuple[str, str]:
        """Return what to tell the user of a place for which there is no word, and the remedy."""
        part = _parts(line)[place]
        if place == OPERATOR:
            others = [symbol for symbol in self.operators if TABLE[symbol].node or TABLE[symbol].function]
            return f"the checkpoint knows no {part!r}", f"its operators are {', '.join(others)}; {_OTHER_MODEL}"
        if isinstance(part, Slot):
            side = "left" if place == LEFT else "right"
            return f"the checkpoint reads no variable on the {side} of an operator", f"write a number; {_OTHER_MODEL}"
        kinds = [kind.described for kind in VALUES if {*kind.tokens(self.limit)} <= self.places[place]]
        return f"the checkpoint knows no {written(part)}", f"write {', '.join(kinds)}; {_OTHER_MODEL}"

    def active(self, maximum: int) -> int:
        """Return how many tokens, counted from the first, a declared range [-maximum, maximum] needs."""
        return len(self.symbols) + 2 * maximum + 1

    def kind(self, identifier: int) -> Kind | None:
        """Return the kind of a token's value, EMPTY for that of an empty slot, None for a token that is no value."""
        return kind_of(self._values[identifier]) if identifier in self._values else None

    def integer_of(self, identifier: int) -> int | None:
        """Return the number a token counts as in arithmetic (True is 1), None for other symbols."""
        kind = self.kind(identifier)
        return int(self._values[identifier]) if kind is not None and kind.counts else None  # type: ignore[arg-type]

    def value_id(self, value: Value | None) -> int:
        """Return the id of a slot's value; None is an empty slot."""
        return self.ids[written(value)]

    def value(self, identifier: int) -> Value | None:
        """Return the value of a token, None where it is no value."""
        return self._values.get(identifier)

    def values(self, identifiers: Sequence[int]) -> Cells:
        """Return the value of each token, None where it is no value."""
        return tuple(map(self._values.get, identifiers))

    def status_id(self, status: str) -> int:
        """Return the id of a status."""
        return self.ids[status]

    def status(self, identifier: int) -> str:
        """Return the status of a token; a token that is no status reads as its own text."""
        return self.tokens[identifier]

    def core_line_ids(self, line: CoreLine) -> tuple[int, int, int, int]:
        """Return the four ids of a core line: target, operator, left, right.

        Raises UnsayableError where there is no word for a part of it.
        """
        target, operator, left, right = words = [_word(part, place) for place, part in enumerate(_parts(line))]
        if any(word not in known for word, known in zip(words, self.places, strict=True)):
            message, remedy = self.refusal(line, self.unsaid(line) or TARGET)
            raise UnsayableError(message, remedy=remedy)
        return self.ids[target], self.ids[operator], self.ids[left], self.ids[right]

    def core_line(self, ids: Sequence[int]) -> CoreLine | None:
        """Return the core line of four ids, None where they do not spell one."""
        target, operator = (self.tokens[ids[place]] for place in (TARGET, OPERATOR))
        if target not in self.places[TARGET] or operator not in self.places[OPERATOR]:
            return None
        return CoreLine(Slot(int(target[1:])), operator, self._operand(ids[LEFT]), self._operand(ids[RIGHT]))

    def state_ids(self, values: Sequence[Value | None], status: str = STATUSES[0]) -> list[int]:
        """Return the S + 1 ids of a state: one for each slot, the status last."""
        return [*(self.value_id(value) for value in values), self.status_id(status)]

    def save(self, folder: Path) -> None:
        """Write `tokenizer.json`, readable by `tokenizers` and by `PreTrainedTokenizerFast`."""
        from tokenizers import Tokenizer, models, pre_tokenizers

        tokenizer = Tokenizer(models.WordLevel(dict(self.ids), unk_token=NONE))
        tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        tokenizer.save(str(folder / FILE))

    def _operand(self, identifier: int) -> Operand | None:
        token = self.tokens[identifier]
        return Slot(int(token[1:])) if token in self.places[TARGET] else self.value(identifier)

    def _refuse_foreign(self) -> None:
        words = (word for kind in self.kinds if kind is not INT for word in kind.tokens(self.limit, self.rows))
        known = {*STATUSES, *ROW_STATUSES, *TABLE, *self.addresses, *words}
        foreign = [token for token in self.tokens if token not in known and not re.fullmatch(r"-?\d+", token)]
        if foreign:
            raise ValueError(f"it knows no {', '.join(foreign[:3])}")
        missing = [token for token in (NONE, *STATUSES, "0") if token not in self.ids]
        if missing:
            raise ValueError(f"there is no {', '.join(missing)}")
        if self.tokens[len(self.symbols) :] != INT.tokens(self.limit):
            raise ValueError("the numbers are not 0, 1, -1, 2, -2, ... up to the last token")
        for row in (self.addresses, *(tuple(kind.words) for kind in self.kinds if kind.words)):
            first = self.ids[row[0]] if row else 0
            if self.tokens[first : first + len(row)] != row:
                raise ValueError(f"{row[0]} to {row[-1]} are not in order")


_OTHER_MODEL = "another checkpoint, given with --model, may have more"


def _word(part: Any, place: int) -> str:
    return str(part) if place == OPERATOR else written(part)


def _parts(line: CoreLine) -> tuple[Slot, Any, Any, Any]:
    return line.target, line.operator, line.left, line.right
