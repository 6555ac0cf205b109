"""Holes in text: replace each `?` so that Python's own parser can read the rest.

A hole becomes one reserved letter, or an operator that Lx has not where it stands between two values. The text keeps
its length, so that every column that Python reports is a column of the user's own text.

    a + ?      a Name, for one literal or one variable
    a ? b      a BinOp whose operator is a HoleOperator; it binds as if it stood in parentheses
    ?          alone on its line: a HoleStatement, for one core line
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator

from latent_repl.errors import LxSyntaxError
from latent_repl.language.operators import NOT
from latent_repl.language.parsing.quoted import quoted

# Chosen: a letter for Python, one character wide, unchanged by NFKC, and nobody's variable.
HOLE_LETTER = "\N{LATIN LETTER GLOTTAL STOP}"
# Chosen: an operator for Python, one character wide, that Lx has not.
HOLE_OPERATOR = "@"
# Chosen: far beyond any script written by hand, and small enough for Python's parser.
MAXIMUM_LENGTH = 100_000
# Chosen: more than any search fills, and few enough for each to be looked up in its line.
MAXIMUM_HOLES = 100

_VALUE_AT_END = re.compile(r"(\w+|[)\]}'\"])$")
_WORDS_BEFORE_A_VALUE = frozenset(
    {NOT, "and", "or", "if", "elif", "else", "while", "for", "assert", "in", "is", "return", "del"}
)


class HoleOperator(ast.operator):
    """A `?` between two values."""

    number = 0


class HoleStatement(ast.stmt):
    """A `?` alone on its line; targets: the names that it may assign and that no other line assigns."""

    _fields = ("targets",)
    targets: list[ast.Name]
    number = 0


def unify(source: str) -> str:
    """Return the text with newlines as line endings."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


def replace_holes(source: str, *, file: str = "<input>") -> str:
    """Return the text with every `?` outside strings and comments replaced, as long as the text itself.

    Line endings become newlines. `a + ?  # why?` -> the first `?` alone is a hole.

    Raises LxSyntaxError for the reserved letter, for a text beyond MAXIMUM_LENGTH, for more than MAXIMUM_HOLES, and
    for a `?` that touches a name or a number.
    """
    text = unify(source)
    _refuse_unreadable_text(text, file)
    characters = list(text)
    for number, index in enumerate(_holes(text)):
        if number == MAXIMUM_HOLES:
            raise _fault(text, index, f"the text has more than {MAXIMUM_HOLES} holes", "leave fewer open", file)
        before = "".join(characters[text.rfind("\n", 0, index) + 1 : index])
        characters[index] = _replacement(text, index, before, file)
    return "".join(characters)


def written_for_hole(text: str, written: str) -> str:
    """Return a text with something else in the place of its first hole: `xs = ?` -> `xs = [?, ?]`."""
    index = next(_holes(unify(text)))
    return unify(text)[:index] + written + unify(text)[index + 1 :]


def restore_holes(text: str) -> str:
    """Return a message with its holes as the user wrote them."""
    return text.replace(HOLE_LETTER, "?")


def hole_number(node: ast.AST) -> int | None:
    """Return the hole's number, from 0 in source order, or None where the node is no hole."""
    if isinstance(node, HoleOperator | HoleStatement):
        return node.number
    if isinstance(node, ast.Name) and node.id.startswith(HOLE_LETTER):
        return int(node.id[1:] or 0)
    return None


def _holes(text: str) -> Iterator[int]:
    inside = {index for span in quoted(text) for index in span}
    return (match.start() for match in re.finditer(r"\?", text) if match.start() not in inside)


def _refuse_unreadable_text(text: str, file: str) -> None:
    if len(text) > MAXIMUM_LENGTH:
        message = f"the text has {len(text):,} characters, more than the limit of {MAXIMUM_LENGTH:,}"
        raise LxSyntaxError(message, remedy="split it into several files", file=file)
    # Identifiers are compared after NFKC, so another letter must not turn into the reserved one.
    for index, character in enumerate(text):
        if HOLE_LETTER in unicodedata.normalize("NFKC", character):
            raise _fault(text, index, f"the letter {character} is reserved", "choose another name", file)


def _replacement(text: str, index: int, before: str, file: str) -> str:
    """Return what stands for a hole; before: its line up to it, the holes there replaced."""
    neighbours = before[-1:], text[index + 1 : index + 2]
    if any(neighbour and f"a{neighbour}".isidentifier() for neighbour in neighbours):
        raise _fault(text, index, "a hole stands for one whole value", "put spaces and an operator around it", file)
    value = _VALUE_AT_END.search(before.rstrip(" \t"))
    if value is None or value[0] in _WORDS_BEFORE_A_VALUE:
        return HOLE_LETTER
    if re.match(r"\?\s*=(?!=)", text[index:]):
        raise _fault(text, index, "a hole for an operator stands between two values", "write as in a = a ? 3", file)
    return HOLE_OPERATOR


def _fault(text: str, index: int, message: str, remedy: str, file: str) -> LxSyntaxError:
    start = text.rfind("\n", 0, index) + 1
    line = text[start:].split("\n", 1)[0].replace("\t", " ")
    number, column = text.count("\n", 0, index) + 1, index - start + 1
    return LxSyntaxError(message, remedy=remedy, file=file, line=number, column=column, text=line)
