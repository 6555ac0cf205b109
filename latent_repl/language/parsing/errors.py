"""Nodes of Lx's tree for errors that are raised and caught, and what Python writes that becomes them.

    raise ValueError("what")        ast.Raise(ErrorNames("ValueError"), "what")
    except (KeyError, TypeError):   ast.ExceptHandler(ErrorNames("KeyError,TypeError"))
    except KeyError as e: ...       its body between e = CaughtMessage() and e = None; del e

What a name of the user's hides, or Python has not, stays as it is, and is refused.
"""

from __future__ import annotations

import ast
from collections.abc import Collection

from latent_repl.language.raised import KINDS


class ErrorNames(ast.Constant):
    """The names of one or several of Python's errors, joined by commas."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names, in the order in which they were written."""
        return tuple(str(self.value).split(","))


class CaughtMessage(ast.expr):
    """What the error says that was just caught."""

    _fields = ()


def raising(node: ast.Raise, own: Collection[str]) -> ast.Raise:
    """Return what raises one of Python's errors with a message, or without one; all else as it is."""
    named, message = node.exc, None
    match node.exc:
        case ast.Call(func=function, args=[] | [_] as arguments, keywords=[]):
            named, message = function, next(iter(arguments), None)
    names = _names(named, own) if isinstance(named, ast.Name) else None
    if names is None or node.cause is not None:
        return node
    return ast.copy_location(ast.Raise(names, message), node)


def catching(node: ast.ExceptHandler, own: Collection[str]) -> ast.ExceptHandler:
    """Return a handler of Python's errors whose body assigns the message; all else as it is."""
    names = ErrorNames(KINDS[0]) if node.type is None else _names(node.type, own)
    if names is None:
        return node
    body = node.body
    if node.name is not None:
        stored = ast.Name(node.name, ast.Store())
        # As in Python, it ends with the handler, whoever has deleted it before.
        after = [ast.Assign([stored], ast.Constant(None)), ast.Delete([ast.Name(node.name, ast.Del())])]
        ending = [_at(statement, body[-1]) for statement in after]
        body = [_at(ast.Assign([stored], CaughtMessage()), node), *_before_leaving(body, ending)]
    return ast.copy_location(ast.ExceptHandler(ast.copy_location(names, node), None, body), node)


def _names(node: ast.expr | None, own: Collection[str]) -> ErrorNames | None:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [part.id for part in parts if isinstance(part, ast.Name) and part.id in KINDS and part.id not in own]
    if node is None or not names or len(names) < len(parts):
        return None
    return ast.copy_location(ErrorNames(",".join(names)), node)


def _before_leaving(body: list[ast.stmt], ending: list[ast.stmt]) -> list[ast.stmt]:
    match body[-1]:
        case ast.Break() | ast.Continue() as leaving:
            return [*body[:-1], *ending, leaving]
        case ast.Return() | ast.Raise():
            return body
        case _:
            return [*body, *ending]


def _at(statement: ast.stmt, place: ast.stmt | ast.ExceptHandler) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(statement, place))
