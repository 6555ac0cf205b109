"""Which literals are values of Lx, and how an f-string may format what it holds."""

from __future__ import annotations

import ast
import re

from latent_repl.language.floats import cells_of_float
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.values import CHARACTERS, LITERAL_REMEDY, fits, is_value

FORMAT = re.compile(r"([ -~]?[<>^])?[+\- ]?0?\d{0,3},?(\.\d{1,2}[f%]|[dfs%])?")
"""What may follow the colon in an f-string: fill and alignment, sign, width, commas, places, kind."""

_NO_VALUES: dict[type, tuple[str, str]] = {
    complex: ("complex numbers are not in Lx", "write a number without j"),
    bytes: ("bytes are not in Lx", "write a string, without b in front"),
    type(...): ("... is not a value of Lx", LITERAL_REMEDY),
}


def refuse_foreign_value(node: ast.expr, value: object, text: SourceText) -> None:
    """Raise LxSyntaxError for a literal of a kind that Lx has not, and for a string of other characters."""
    if isinstance(value, float):
        try:
            cells_of_float(value)
        except OverflowError as error:
            raise text.fault_at(node, str(error), "write 0.0, or a larger one") from error
    elif not (is_value(value) or value is None or isinstance(value, str)):
        refusal = _NO_VALUES.get(type(value), (f"{type(value).__name__} is not a value of Lx", LITERAL_REMEDY))
        raise text.fault_at(node, *refusal)
    foreign = [character for character in value if character not in CHARACTERS] if isinstance(value, str) else []
    if foreign:
        message = f"the string holds {foreign[0]!a}, which is no character of Lx"
        raise text.fault_at(node, message, "write letters, digits and signs of ASCII, newlines and tabs")


def refuse_number_outside(node: ast.expr, value: int, minimum: int, maximum: int, text: SourceText) -> None:
    """Raise LxSyntaxError for a number outside minimum..maximum."""
    if not fits(value, minimum, maximum):
        # Python refuses to turn numbers of thousands of digits into text.
        shown = str(value) if abs(value) < 10**12 else "this number"
        message = f"{shown} is outside {minimum}..{maximum}"
        raise text.fault_at(node, message, f"write a number from {minimum} to {maximum}")


def refuse_foreign_format(part: ast.FormattedValue, text: SourceText) -> None:
    """Raise LxSyntaxError for `!a`, and for a format that is more than a width, where to stand in it, and a kind."""
    if part.conversion == ord("a"):
        raise text.fault_at(part.value, "!a is not in Lx", "write !r")
    match part.format_spec:
        case None | ast.JoinedStr(values=[]):
            return
        case ast.JoinedStr(values=[ast.Constant(value=str(written))]) if FORMAT.fullmatch(written):
            return
        case _:
            remedy = "write a width, as in {a:>5}, or places, as in {a:.2f}; of numbers, bin(a)[2:] or hex(a)[2:]"
            raise text.fault_at(part.value, "this format is not in Lx", remedy)


def is_word(node: ast.expr) -> bool:
    """Return whether an expression is None, True or False."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))


def is_string(node: ast.expr) -> bool:
    """Return whether an expression is a literal string, one with f in front included."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
