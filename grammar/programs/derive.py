"""Write statements by the rules, with variables that hold a value where they are read.

Writer(random.Random(0), maximum=99, size=6, defined=("a",)).statement()    "b = a * 3"
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache
from string import Formatter

from grammar.programs.rules import BLOCKS, RULES, TERMINALS, Production, Templates

# Fewer than the slots of a checkpoint: temporaries need some.
NAMES = ("a", "b", "c", "d", "n", "x", "y", "total", "count")
# What literals of half the draws, the rounds of a loop and the ends of a range go up to. Chosen.
SMALL = 9

Piece = tuple[str, str | None]


@cache
def pieces(template: str) -> tuple[Piece, ...]:
    """Return the parts of a template: text, and the symbol that follows it (None at the end).

    "{name} + 1" -> (("", "name"), (" + 1", None))
    """
    return tuple((text, symbol) for text, symbol, _, _ in Formatter().parse(template))


@cache
def needs(template: str) -> tuple[int, int]:
    """Return how many variables must hold a value, and how many of them must be free to change.

    "{variable1}, {variable2} = {variable2}, {variable1}" -> (2, 2)
    """
    symbols = [symbol for _, symbol in pieces(template) if symbol]
    distinct = [symbol for symbol in symbols if not is_numbered(symbol)] + list(set(filter(is_numbered, symbols)))
    changed = sum(symbol.startswith(("variable", "deleted")) for symbol in distinct)
    # A target may take one of the variables, too.
    changed += symbols.count("target") if changed else 0
    return max(changed, int("name" in symbols)), changed


@cache
def open_templates(symbol: str, grows: bool, defined: int, assignable: int) -> Templates:
    """Return what a symbol may be written as.

    grows: whether the large templates are open. defined, assignable: variables that hold a value, that may change.
    """
    rule = RULES[symbol]
    templates = {**rule.small, **(rule.large if grows else {})}
    wanted = {template: needs(template) for template in templates}
    return {
        template: templates[template]
        for template, (read, changed) in wanted.items()
        if read <= defined and changed <= assignable
    }


def is_numbered(symbol: str) -> bool:
    """Return whether a symbol stands for the same text throughout its template, as variable1 does."""
    return symbol[-1].isdigit()


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
        if symbol in TERMINALS:
            return str(getattr(self, f"_{symbol}")())
        text = self._fill(self._choose(symbol))
        if symbol == "statement":
            self._define_pending()
        return text

    def _choose(self, symbol: str) -> str:
        choices = open_templates(symbol, self._size > 0, len(self.defined), len(self._assignable()))
        template = self._generator.choices(list(choices), list(choices.values()))[0]
        self._size -= template in RULES[symbol].large
        self.productions.add((symbol, template))
        return template

    def _fill(self, template: str) -> str:
        held: dict[str, str] = {}
        ends: list[set[str]] = []
        text = ""
        for literal, symbol in pieces(template):
            text += literal
            if symbol in BLOCKS:
                text += self._block(symbol, ends)
            elif symbol is not None:
                text += self._text(symbol, held)
        if ends:
            self.defined = set.intersection(*ends, *([] if "else:" in template else [self.defined]))
        self._counters -= set(held.values())
        return text

    def _text(self, symbol: str, held: dict[str, str]) -> str:
        """Return the text of a symbol; one with a number keeps what it stood for before in the template."""
        if not is_numbered(symbol):
            return self._expand(symbol)
        if symbol not in held:
            held[symbol] = self._expand(symbol.rstrip("12"))
        return held[symbol]

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
