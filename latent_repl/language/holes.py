"""Holes in text: replace each `?` so that Python's own parser can read the rest.

A hole becomes one reserved letter. The text keeps its length, so that every column that Python
reports is a column of the user's own text.
"""

from __future__ import annotations

import ast
import re
import unicodedata

from latent_repl.errors import LxSyntaxError

# Chosen: a letter for Python, one character wide, unchanged by NFKC, and nobody's variable.
HOLE_LETTER = "\N{LATIN LETTER GLOTTAL STOP}"
# Chosen: far beyond any script written by hand, and small enough for Python's parser.
MAXIMUM_LENGTH = 100_000

_WORD = re.compile(r"\w")
_VALUE_AT_END = re.compile(r"(\w+|[)?])$")
_WORDS_BEFORE_A_VALUE = frozenset(
    {"not", "and", "or", "if", "elif", "else", "while", "for", "assert", "in", "is", "return", "del"}
)


def replace_holes(source: str, *, file: str = "<input>") -> str:
    """Return the text with every `?` outside comments replaced, as long as the text itself.

    Line endings become newlines. `a + ?  # why?` -> the first `?` alone is a hole.

    Raises LxSyntaxError for strings, for the reserved letter, for a text beyond MAXIMUM_LENGTH, and
    for a `?` that touches a name or a number or stands where an operator does.
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_unreadable_text(text, file)
    characters, in_comment = list(text), False
    for index, character in enumerate(text):
        in_comment = character != "\n" and (in_comment or character == "#")
        if in_comment:
            continue
        if character in "'\"":
            raise _fault(text, index, "strings are not in Lx", "write a whole number, True or False", file)
        if character == "?":
            _check_neighbours(text, index, file)
            characters[index] = HOLE_LETTER
    return "".join(characters)


def restore_holes(text: str) -> str:
    """Return the text with its holes as the user wrote them; the inverse of replace_holes."""
    return text.replace(HOLE_LETTER, "?")


def number_holes(module: ast.Module) -> int:
    """Rename the holes of the tree in source order, so that hole_number can tell them apart; return how many."""
    holes = [node for node in ast.walk(module) if isinstance(node, ast.Name) and node.id == HOLE_LETTER]
    holes.sort(key=lambda node: (node.lineno, node.col_offset))
    for number, node in enumerate(holes):
        node.id = f"{HOLE_LETTER}{number}"
    return len(holes)


def hole_number(node: ast.AST) -> int | None:
    """Return the hole's number, from 0 in source order, or None where the node is no hole."""
    if isinstance(node, ast.Name) and node.id.startswith(HOLE_LETTER):
        return int(node.id[1:] or 0)
    return None


def _refuse_unreadable_text(text: str, file: str) -> None:
    if len(text) > MAXIMUM_LENGTH:
        message = f"the text has {len(text)} characters, more than {MAXIMUM_LENGTH}"
        raise LxSyntaxError(message, remedy="split it into several files", file=file)
    # Identifiers are compared after NFKC, so another letter must not turn into the reserved one.
    for index, character in enumerate(text):
        if HOLE_LETTER in unicodedata.normalize("NFKC", character):
            raise _fault(text, index, f"the letter {character} is reserved", "choose another name", file)


def _check_neighbours(text: str, index: int, file: str) -> None:
    before = text[text.rfind("\n", 0, index) + 1 : index]
    if _WORD.search(before[-1:] + " " + text[index + 1 : index + 2]):
        raise _fault(text, index, "a hole stands for one whole value", "put spaces and an operator around it", file)
    value = _VALUE_AT_END.search(before.rstrip(" \t"))
    if value and value[0] not in _WORDS_BEFORE_A_VALUE:
        remedy = "write the operator, and ? for one of its values"
        raise _fault(text, index, "a hole in the place of an operator is not supported yet", remedy, file)


def _fault(text: str, index: int, message: str, remedy: str, file: str) -> LxSyntaxError:
    start = text.rfind("\n", 0, index) + 1
    line = text[start:].split("\n", 1)[0].replace("\t", " ")
    number, column = text.count("\n", 0, index) + 1, index - start + 1
    return LxSyntaxError(message, remedy=remedy, file=file, line=number, column=column, text=line)
