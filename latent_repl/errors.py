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


class LatentReplError(Exception):
    """Root of the hierarchy; `exit_code` is what the command line ends with."""

    exit_code = 2


class LxSyntaxError(LatentReplError):
    """Text outside Lx. `str()` gives file:line:column, the line with a caret, and the remedy."""

    def __init__(
        self, message: str, *, remedy: str = "", file: str = "<input>", line: int = 1, column: int = 1, text: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy
        self.file, self.line, self.column, self.text = file, line, column, text

    def __str__(self) -> str:
        rows = [f"{self.file}:{self.line}:{self.column}: {self.message}"]
        if self.text:
            rows += [f"    {self.text}", "    " + " " * (self.column - 1) + "^"]
        if self.remedy:
            rows.append(self.remedy)
        return "\n".join(rows)


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
