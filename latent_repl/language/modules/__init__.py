"""Modules of Python's library, as far as Lx has them: written in Lx, so that the executor runs their every line.

    functions("math")["gcd"]        the definition of `def gcd(*integers)`
    constants("string")["digits"]   "0123456789"

`parsing/imports.py` makes the user's functions of them. A module is a file: another one is a file more.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent
NAMES = ("math", "string", "typing")
"""The modules that programs may import; `typing` is for annotations, which say nothing in Lx."""


@cache
def functions(module: str) -> Mapping[str, ast.FunctionDef]:
    """Return the functions of a module, by name; nothing may change them."""
    return MappingProxyType({node.name: node for node in _body(module) if isinstance(node, ast.FunctionDef)})


@cache
def constants(module: str) -> Mapping[str, str | float]:
    """Return the constants of a module, by name."""
    found: dict[str, str | float] = {}
    for node in _body(module):
        match node:
            case ast.Assign([ast.Name(name)], ast.Constant(str() | float() as value)):
                found[name] = value
    return MappingProxyType(found)


@cache
def _body(module: str) -> list[ast.stmt]:
    path = FOLDER / f"{module}.lx"
    return ast.parse(path.read_text(encoding="utf-8")).body if path.exists() else []
