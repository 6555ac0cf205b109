"""Formatting with `%`, as the f-string that says the same.

Written, and what it becomes; names with a space in them are the prelude's, and no program can write them:

    "%s is %d" % (name, age)      f"{name} is {whole number(age)}"
    "%-8s|%03d" % (name, age)     f"{name!s:<8}|{whole number(age):03d}"
    "%6.2f" % price               f"{real number(price):6.2f}"
    "%r" % x                      f"{lone value(x)!r}": a tuple of one value stands for that value
"""

from __future__ import annotations

import ast
import re

from latent_repl.language.operators import MODULO
from latent_repl.language.parsing.simplify_stars import written

_FIELD = re.compile(
    r"%(?:(?P<percent>%)|(?P<flags>[-+ 0]*)(?P<width>\d{0,3})(?:(?P<code>[sdir])|(?P<places>\.\d{1,2})?(?P<real>f)))"
)
_NUMBERS = {"d": "whole number", "i": "whole number", "f": "real number"}
ALIGNMENTS = "><"
"""How an f-string says that a value stands at the right, or at the left."""


def formatted(node: ast.BinOp) -> ast.expr:
    """Return the f-string for a literal string, `%` and its values; the node itself for all that Lx has not."""
    match node:
        case ast.BinOp(ast.Constant(value=str(text)), ast.Mod(), right):
            fields = [field for field in _FIELD.finditer(text) if not field["percent"]]
            values = right.elts if isinstance(right, ast.Tuple) else [_lone(right)]
            starred = any(isinstance(value, ast.Starred) for value in values)
            if len(fields) != len(values) or starred or MODULO in _FIELD.sub("", text):
                return node
            return ast.copy_location(ast.JoinedStr(_parts(node, text, values)), node)
        case _:
            return node


def _lone(node: ast.expr) -> ast.expr:
    literal = isinstance(node, ast.Constant | ast.JoinedStr)
    return node if literal else written(node, "lone value", [node])


def _parts(node: ast.expr, text: str, values: list[ast.expr]) -> list[ast.expr]:
    """Return what the f-string consists of: texts and values in turn."""
    parts: list[ast.expr] = []
    waiting, place, plain = iter(values), 0, ""
    for field in _FIELD.finditer(text):
        plain += text[place : field.start()]
        place = field.end()
        if field["percent"]:
            plain += field["percent"]
            continue
        if plain:
            parts.append(ast.copy_location(ast.Constant(plain), node))
        parts.append(_field(field, next(waiting)))
        plain = ""
    plain += text[place:]
    return [*parts, ast.copy_location(ast.Constant(plain), node)] if plain else parts


def _field(field: re.Match[str], value: ast.expr) -> ast.expr:
    """Return one value as an f-string writes it."""
    code = field["code"] or field["real"]
    number = code in _NUMBERS
    kind = f"{field['places'] or ''}f" if field["real"] else "d"
    specification = _specification(field["flags"], field["width"], kind if number else "")
    form = None
    if specification:
        form = ast.copy_location(ast.JoinedStr([ast.copy_location(ast.Constant(specification), value)]), value)
    shown = value
    if number:
        said = [] if field["real"] else [ast.copy_location(ast.Constant(code), value)]
        shown = written(value, _NUMBERS[code], [value, *said])
    plain = number or (form is None and code == "s")
    return ast.copy_location(ast.FormattedValue(shown, -1 if plain else ord(code), form), value)


def _specification(flags: str, width: str, kind: str) -> str:
    """Return what an f-string writes behind the colon; kind: that of a number, with its places."""
    left = bool(flags.strip("+ 0"))
    if not kind:  # a text is padded with spaces alone, and at the left
        return f"{ALIGNMENTS[left]}{width}" if width else ""
    sign = flags.strip("- 0")[:1] or (" " if " " in flags else "")
    align = ALIGNMENTS[left] if left and width else ""
    zero = "0" if "0" in flags and width and not left else ""
    return f"{align}{sign}{zero}{width}{kind}" if align or sign or width or kind != "d" else ""
