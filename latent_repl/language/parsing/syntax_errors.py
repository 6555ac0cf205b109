"""Python's syntax errors in the words of Lx: the same place, and what to write instead."""

from __future__ import annotations

import re

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.source_text import SourceText

_CONSTRAINT, _COMPARE = "write == for a constraint", "write == to compare"
_LEFT = "put the variable's name on the left; to compare, write =="
_PROMPT = "leave it out here, or type it alone at the prompt, which latent-repl shows in a terminal"
_INDENT = "indent the lines of a block by four spaces"

# Python's message (a pattern) -> what to write instead; the first that matches counts.
_REMEDIES = (
    (r"expected ':'", "end the line with a colon"),
    (r"was never closed", "close the bracket"),
    (r"unterminated.* string", "close the quotes"),
    (r"unmatched|does not match opening", "remove the bracket or open it first"),
    (r"expected an indented block|unexpected indent|unindent does not match|inconsistent use of tabs", _INDENT),
    (r"leading zeros", "write the number without leading zeros"),
    (r"invalid decimal literal", "begin a name with a letter, and separate a number from what follows"),
    (r"Missing parentheses in call to 'print'", "write print(...)"),
    (r"parameter and (global|nonlocal)|can't be global", "choose another name for the function's own variable"),
    (
        r"no binding for nonlocal|not allowed at module level",
        "assign it in a function around this one, or write global",
    ),
    (r"global declaration", "write global before all other lines of the function"),
    (r"nonlocal declaration", "write nonlocal before all other lines of the function"),
    (r"cannot delete", "write del and a variable's name"),
    (r"illegal expression for augmented assignment", "write one variable's name on the left"),
    (r"invalid (non-printable )?character", "write it with the characters of Python"),
)
# A string, one that does not end on its line too, or a comment.
_STRING = r"""'[^']*('|$)|"[^"]*("|$)|#.*"""
# What other languages write (a pattern of the line) -> what Python does.
_ELSEWHERE = (
    (r"^\s*else\s+if\b|^\s*else?s?if\b", "write elif"),
    (r"&&", "write and"),
    (r"\|\|", "write or"),
    (r"\+\+", "write += 1"),
    (r"--\s*$", "write -= 1"),
    (r"^\s*(let|var|const|int|string)\s+\w", "leave the first word out: a = 5 makes a variable"),
    (r"^\s*(function|func|fn)\s", "write def, as in def f(a):"),
)
_GENERAL_REMEDY = "check the text at the caret: Lx is written as Python is"


def translate(error: SyntaxError, text: SourceText) -> LxSyntaxError:
    """Return the error of Lx for one that Python's parser raised."""
    line, column = error.lineno or 1, error.offset or 1
    if text.lines[min(line, len(text.lines)) - 1].lstrip().startswith(":"):
        return text.fault(line, column, "a line that begins with a colon is a command of the REPL", _PROMPT)
    if re.search(r"^cannot assign to|Maybe you meant '=='", error.msg):
        return _at_equals_sign(error, text)
    hole = _hole_before(text, line, column) if error.msg == "invalid syntax" else None
    if hole is not None:
        return text.fault(
            line,
            hole,
            "a hole does not fit here",
            "put ? in the place of a number, a variable, an operator or a whole line",
        )
    if error.msg.startswith("Exceeds the limit"):
        column = _long_number(text, line) or column
        return text.fault(line, column, "the number has thousands of digits", "write a number with fewer digits")
    code = re.sub(_STRING, "", text.lines[min(line, len(text.lines)) - 1])
    remedies = [remedy for pattern, remedy in _ELSEWHERE if re.search(pattern, code)]
    remedies += [remedy for pattern, remedy in _REMEDIES if re.search(pattern, error.msg)]
    remedy = next(iter(remedies), _GENERAL_REMEDY)
    return text.fault(line, column, error.msg, remedy)


def _at_equals_sign(error: SyntaxError, text: SourceText) -> LxSyntaxError:
    line, column = error.lineno or 1, error.offset or 1
    assigns, left = error.msg.startswith("cannot"), _CONSTRAINT if "?" in text.written[line - 1] else _LEFT
    message, remedy = (
        ("= assigns to a variable, and this is none", left) if assigns else ("= is no comparison", _COMPARE)
    )
    end_line, end_column = error.end_lineno or line, error.end_offset or column
    # Where Python points at the whole `x = 5`, its end lies behind the sign.
    for row, start in ((end_line, end_column), (line, column)):
        found = _equals_sign(text, row, start)
        if found:
            return text.fault(row, found, message, remedy)
    return text.fault(line, column, message, remedy)


def _equals_sign(text: SourceText, line: int, start: int) -> int | None:
    if not 1 <= line <= len(text.lines):
        return None
    match = re.compile(r"(?<![=!<>+\-*/%])=(?!=)").search(text.lines[line - 1], max(start - 1, 0))
    return match.start() + 1 if match else None


def _hole_before(text: SourceText, line: int, column: int) -> int | None:
    """Return the column of a hole that stands at a column or just before it."""
    row = text.written[line - 1] if 1 <= line <= len(text.written) else ""
    before = row[:column].rstrip() if row[column - 1 : column] == "?" else row[: column - 1].rstrip()
    return len(before) if before.endswith("?") else None


def _long_number(text: SourceText, line: int) -> int | None:
    match = re.search(r"\d{640,}", text.lines[line - 1]) if 1 <= line <= len(text.lines) else None
    return match.start() + 1 if match else None
