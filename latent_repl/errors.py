"""Every error that latent-repl raises for its caller.

    LatentReplError
    |-- LxSyntaxError          the text is outside Lx: position, caret, remedy
    |-- LxNameError            a name is read that no line has assigned
    |-- UnsayableError         a line that the checkpoint has no words for: position, caret, remedy
    |-- CapacityError          more live variables than the checkpoint has slots
    |-- ProgramError           the program itself ended in an error (ZeroDivisionError, ...)
    |-- StepBudgetError        a loop ran past its step budget
    |-- CheckpointError        a checkpoint is missing, foreign, or truncated
    |   `-- HubError           a model hub that does not answer
    |-- LatentShapeError       a tensor does not fit the checkpoint
    |-- SynthesisError         a synthesis problem that cannot be posed
    `-- UsageError             a command or option that does not exist or does not fit

A message says what was got, what was expected, and what to do.
"""

from __future__ import annotations

LINE_SHOWN = 100
"""Characters of a line that a message shows at most. Chosen."""
CUT = "..."
OTHERS_SHOWN = 3
"""Obstacles besides the first that a message names. Chosen."""


def printable(text: str) -> str:
    """Return the text with control characters and lone surrogates escaped: what a user typed must not drive a terminal.

    >>> printable("a\\x1b[2J")
    'a\\\\x1b[2J'
    """
    return "".join(
        character if character.isprintable() or character == "\n" else character.encode("unicode_escape").decode()
        for character in text.replace("\t", " ")  # one column, so that a caret below stays in its place
    )


class LatentReplError(Exception):
    """Root of the hierarchy; `exit_code` is what the command line ends with."""

    exit_code = 2


class LxSyntaxError(LatentReplError):
    """Text outside Lx. `str()` gives file:line:column, the line with a caret, the remedy, and what else there is.

    others: what else of the text is outside Lx, in its order.
    """

    def __init__(
        self, message: str, *, remedy: str = "", file: str = "<input>", line: int = 1, column: int = 1, text: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy
        self.file, self.line, self.column, self.text = file, line, column, text
        self.others: tuple[LxSyntaxError, ...] = ()

    def __str__(self) -> str:
        rows = [f"{self.file}:{self.line}:{self.column}: {self.message}"]
        if self.text:
            text, column = _excerpt(self.text, self.column)
            rows += [f"    {text}", "    " + " " * (column - 1) + "^"]
        if self.remedy:
            rows.append(self.remedy)
        if self.others:
            named = [*dict.fromkeys(f"{other.message} (line {other.line})" for other in self.others)]
            rest = [CUT] if len(named) > OTHERS_SHOWN else []
            rows.append(f"and {len(self.others)} more: {', '.join(named[:OTHERS_SHOWN] + rest)}")
        return "\n".join(rows)


def _excerpt(text: str, column: int) -> tuple[str, int]:
    """Return a line and a column, cut to what stands around the column where the line is long."""
    first = max(0, min(column - LINE_SHOWN // 2, len(text) - LINE_SHOWN)) if len(text) > LINE_SHOWN else 0
    before, after = CUT * (first > 0), CUT * (len(text) > first + LINE_SHOWN)
    return f"{before}{text[first : first + LINE_SHOWN]}{after}", column - first + len(before)


class LxNameError(LxSyntaxError):
    """A name that no earlier line can have assigned."""


class UnsayableError(LxSyntaxError):
    """A line that the checkpoint has no words for; a core line by itself has no place in a text."""

    def __str__(self) -> str:
        return super().__str__() if self.text else "; ".join(filter(None, (self.message, self.remedy)))


class CapacityError(LatentReplError):
    """More variables and temporaries are live at once than the checkpoint has slots."""


class ProgramError(LatentReplError):
    """The program ended in an error.

    kind: Python's name for it. line: of the text that ran, 1-based. function: the function in which it happened and the
    line there, of the text that defines it; None where no call was under way.
    """

    exit_code = 1

    def __init__(self, kind: str, message: str, line: int, function: tuple[str, int] | None = None) -> None:
        if function is not None:  # Python, too, calls a function inside others by its last name
            function = function[0].rpartition(".")[2], function[1]
        within = f"line {line}" if function is None else f"line {function[1]} of {function[0]}, called in line {line}"
        super().__init__(f"{kind}: {message} ({within})")
        self.kind, self.message, self.line, self.function = kind, message, line, function


class StepBudgetError(ProgramError):
    """The program took more executor steps than its budget."""


class CheckpointError(LatentReplError):
    """A checkpoint that cannot be used; nothing of it was loaded."""


class HubError(CheckpointError):
    """A model hub that does not answer; the command line was right, so that it is no usage error."""

    exit_code = 1


class LatentShapeError(LatentReplError):
    """A tensor whose shape does not fit the checkpoint."""


class SynthesisError(LatentReplError):
    """A synthesis problem that cannot be posed: no hole, no constraint."""


class UsageError(LatentReplError):
    """A command or an option that does not exist, or an argument that does not fit."""
