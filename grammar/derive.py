"""Write statements by the rules, with variables that hold a value where they are read.

Writer(random.Random(0), maximum=99, size=6, defined=("a",)).statement()    "b = a * 3"
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import lru_cache
from string import Formatter

from grammar.rules import BLOCKS, RULES, TERMINALS, Production

# Fewer than the slots of a checkpoint: temporaries need some.
NAMES = ("a", "b", "c", "d", "n", "x", "y", "total", "count")
# What literals of half the draws, the rounds of a loop and the ends of a range go up to. Chosen.
SMALL = 9

Piece = tuple[str, str | None]


@lru_cache(maxsize=None)
def pieces(template: str) -> tuple[Piece, ...]:
    """Return the parts of a template: text, and the symbol that follows it (None at the end).

    "{name} + 1" -> (("", "name"), (" + 1", None))
    """
    return tuple((text, symbol) for text, symbol, _, _ in Formatter().parse(template))


class Writer:
    """Writes one statement; afterwards it knows what is defined and which productions it took.

    maximum: largest literal. size: how many large productions it may take. defined: variables that hold a value.
    """

    def __init__(self, generator: random.Random, *, maximum: int, size: int, defined: Iterable[str]) -> None:
        self._generator, self._maximum, self._size = generator, maximum, size
        self.defined = set(defined)
        self.productions: set[Production] = set()
        # Targets of the statement under way: they hold a value only after it.
        self._pending: set[str] = set()
        # Counters of the loops under way: nothing else assigns them, so that the loops end.
        self._counters: set[str] = set()

    def statement(self) -> str:
        """Return a statement, of several lines if it is a block."""
        return self._expand("statement")

    def _expand(self, symbol: str) -> str:
        kind = symbol.rstrip("12")
        if kind in TERMINALS:
            return str(getattr(self, f"_{kind}")())
        text = self._fill(self._choose(kind))
        if kind == "statement":
            self._define_pending()
        return text

    def _choose(self, symbol: str) -> str:
        rule = RULES[symbol]
        weights = {template: weight for template, weight in rule.small.items() if self._is_open(template)}
        if self._size > 0:
            weights |= {template: weight for template, weight in rule.large.items() if self._is_open(template)}
        template = self._generator.choices(list(weights), list(weights.values()))[0]
        self._size -= template in rule.large
        self.productions.add((symbol, template))
        return template

    def _is_open(self, template: str) -> bool:
        """Return whether there are as many variables as the template reads and changes."""
        symbols = [symbol for _, symbol in pieces(template) if symbol]
        numbered = {symbol for symbol in symbols if symbol[-1] in "12"}
        plain = [symbol for symbol in symbols if symbol not in numbered]
        changed = [symbol for symbol in (*numbered, *plain) if symbol.startswith(("variable", "deleted"))]
        return len(changed) <= len(self._assignable()) and ("name" not in symbols or bool(self.defined))

    def _fill(self, template: str) -> str:
        held: dict[str, str] = {}
        ends: list[set[str]] = []
        before, text = self.defined, ""
        for literal, symbol in pieces(template):
            text += literal
            if symbol in BLOCKS:
                before = self.defined
                text += self._block(symbol, ends)
            elif symbol is not None:
                text += held.get(symbol) or held.setdefault(symbol if symbol[-1] in "12" else "", self._expand(symbol))
                held.pop("", None)
        if ends:
            self.defined = set.intersection(*ends, *([] if "else:" in template else [before]))
        self._counters -= set(held.values())
        return text

    def _block(self, symbol: str, ends: list[set[str]]) -> str:
        """Return a block, indented but for its first line, and note what is defined at its end."""
        before = set(self.defined)
        self._define_pending()
        text = self._expand(symbol)
        ends.append(self.defined)
        self.defined = before
        return text.replace("\n", "\n    ")

    def _define_pending(self) -> None:
        self.defined |= self._pending
        self._pending = set()

    def _assignable(self) -> list[str]:
        """Return the variables that a statement may change, in a fixed order: a set's would differ by process."""
        return [name for name in NAMES if name in self.defined - self._counters - self._pending]

    def _name(self) -> str:
        return self._generator.choice([name for name in NAMES if name in self.defined])

    def _variable(self) -> str:
        name = self._generator.choice(self._assignable())
        self._pending.add(name)
        return name

    def _target(self) -> str:
        known = self._assignable()
        if known and self._generator.random() < 0.5:
            return self._variable()
        name = self._generator.choice([name for name in NAMES if name not in self._counters | self._pending])
        self._pending.add(name)
        return name

    def _deleted(self) -> str:
        name = self._generator.choice(self._assignable())
        self.defined.discard(name)
        return name

    def _counter(self) -> str:
        free = [name for name in NAMES if name not in self.defined | self._counters | self._pending]
        name = self._generator.choice(free or self._assignable())
        self.defined.add(name)
        self._counters.add(name)
        return name

    def _literal(self) -> int:
        return self._generator.randint(0, self._generator.choice((SMALL, self._maximum)))

    def _negative(self) -> int:
        return -max(1, self._literal())

    def _small(self) -> int:
        return self._generator.randint(0, SMALL)
