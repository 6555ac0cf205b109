"""The `finally` blocks that whatever leaves a try statement passes through, and the values that wait for them.

try: return f(x)          kept = f(x);  detour to the block, and then: return kept
finally: print(x)         the block stands once; an error leads there as well, and goes on behind it
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.operators import COPY, DELETE
from latent_repl.language.program import Slot
from latent_repl.language.raised import CAUGHT
from latent_repl.language.values import NOTHING


class Guards:
    """The try statements and handlers that are open where the lowering stands."""

    def __init__(self, assembler: Assembler) -> None:
        self._assembler = assembler
        # Blocks, and the variables of handlers, which end with them; the innermost come last.
        self._open: list[Label | Slot] = []
        self._kept: dict[Label | None, Slot] = {}
        self._inside: Label | None = None

    @property
    def depth(self) -> int:
        """How many are open."""
        return len(self._open)

    @property
    def any_block(self) -> bool:
        """Whether a `finally` block is to be passed through."""
        return any(isinstance(each, Label) for each in self._open)

    @contextmanager
    def caught_as(self, variable: Slot | None) -> Iterator[None]:
        """Let the variable of a handler end where a function returns from it, or an error leaves it."""
        if variable is None:
            yield
            return
        failed, over, first = Label(), Label(), self._assembler.following
        self._open.append(variable)
        yield
        self._open.pop()
        self._assembler.catch(first, self._assembler.following, CAUGHT["Exception"], failed, final=True)
        self._assembler.jump(over)
        self._assembler.place(failed)
        self._end(variable)
        self._assembler.resume(failed)
        self._assembler.place(over)

    @contextmanager
    def block(self) -> Iterator[Label]:
        """Let what is lowered meanwhile pass through a block, which begins at the label that is given."""
        block, first, outside = Label(), self._assembler.following, self._assembler.guarded
        self._open.append(block)
        self._assembler.guarded = True
        yield block
        self._assembler.guarded = outside
        self._open.pop()
        self._assembler.catch(first, self._assembler.following, CAUGHT["Exception"], block, final=True)

    @contextmanager
    def within(self, block: Label) -> Iterator[None]:
        """Lower the block itself, whose own `return` keeps its value elsewhere."""
        outside, self._inside = self._inside, block
        yield
        self._inside = outside
        if not self._open and self._inside is None:
            for slot in self._kept.values():
                self._assembler.allocation.release(slot)
            self._kept.clear()

    def kept(self) -> Slot:
        """Return the temporary that keeps what is returned until every block has been passed through."""
        if self._inside not in self._kept:
            self._kept[self._inside] = self._assembler.allocation.temporary()
        return self._kept[self._inside]

    def leave(self, depth: int, *, returns: bool = False) -> None:
        """Pass through the blocks that were opened since so many were open."""
        for each in reversed(self._open[depth:]):
            if isinstance(each, Label):
                self._assembler.detour(each)
            elif returns and self.any_block:
                self._end(each)

    def _end(self, variable: Slot) -> None:
        self._assembler.core(variable, COPY, NOTHING)
        self._assembler.core(variable, DELETE)
