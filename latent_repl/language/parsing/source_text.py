"""Where in the user's text an error lies."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.holes import restore_holes


@dataclass(frozen=True)
class SourceText:
    """A text as Python's parser reads it, its holes replaced, and as the user wrote it; newlines as line endings."""

    replaced: str
    original: str
    file: str = "<input>"

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as the parser reads them."""
        return tuple(self.replaced.split("\n"))

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The lines as the user wrote them; every column is the same in both."""
        return tuple(self.original.split("\n"))

    def fault(
        self, line: int, column: int, message: str, remedy: str = "", kind: type[LxSyntaxError] = LxSyntaxError
    ) -> LxSyntaxError:
        """Return an error at a line and a column, both from 1; a position outside the text moves into it."""
        line = min(max(line, 1), len(self.lines))
        # One character stays one column wide, or the caret would not stand below what it means.
        text = self.written[line - 1].replace("\t", " ").replace("\f", " ")
        text = text.encode(errors="replace").decode()  # half a surrogate pair cannot be shown
        column = min(max(column, 1), len(text) + 1)
        message = restore_holes(message).encode(errors="replace").decode()
        return kind(message, remedy=remedy, file=self.file, line=line, column=column, text=text)

    def fault_at(
        self,
        node: ast.stmt | ast.expr | ast.pattern,
        message: str,
        remedy: str = "",
        kind: type[LxSyntaxError] = LxSyntaxError,
    ) -> LxSyntaxError:
        """Return an error that points at the first character of a node."""
        return self.fault(node.lineno, self.column(node.lineno, node.col_offset), message, remedy, kind)

    def fault_between(
        self,
        left: ast.expr,
        right: ast.expr,
        message: str,
        remedy: str = "",
        *,
        symbol: str = "",
        kind: type[LxSyntaxError] = LxSyntaxError,
    ) -> LxSyntaxError:
        """Return an error that points at the operator between two nodes."""
        line, after = left.end_lineno or left.lineno, left.end_col_offset or left.col_offset
        column = self.column(line, after)
        found = self.lines[line - 1].find(symbol, column - 1)
        if found < 0 or (right.lineno == line and found >= self.column(line, right.col_offset)):
            return self.fault_at(left, message, remedy, kind)
        return self.fault(line, found + 1, message, remedy, kind)

    def column(self, line: int, offset: int) -> int:
        """Return the column, from 1, of an offset in bytes, which is how Python's trees count."""
        return len(self.lines[line - 1].encode()[:offset].decode(errors="ignore")) + 1

    def segment(self, node: ast.stmt | ast.expr) -> str:
        """Return the text of a node as the user wrote it."""
        first, last = node.lineno, node.end_lineno or node.lineno
        lines = list(self.written[first - 1 : last])
        lines[-1] = lines[-1][: self.column(last, node.end_col_offset or 0) - 1]
        lines[0] = lines[0][self.column(first, node.col_offset) - 1 :]
        return "\n".join(lines)
