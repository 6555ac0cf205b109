"""Nodes of Lx's tree for errors that are raised and caught, and what Python writes that becomes them.

    raise ValueError("what")        ast.Raise(ErrorNames("ValueError"), "what")
    except (KeyError, TypeError):   ast.ExceptHandler(ErrorNames("KeyError,TypeError"))
    except KeyError as e: ...       its body between e = CaughtMessage() and e = None; del e

What a name of the user's hides, or Python has not, stays as it is, and is refused.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Sequence

from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.raised import KINDS

_LEAVING = (ast.Break, ast.Continue, ast.Return, ast.Raise)


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
        body = [_at(ast.Assign([stored], CaughtMessage()), node), *_ended(body, after)]
        if not isinstance(body[-1], _LEAVING):
            body += _copies(after, body[-1])
    return ast.copy_location(ast.ExceptHandler(ast.copy_location(names, node), node.name, body), node)


def finally_line(node: ast.Try, text: SourceText) -> int:
    """Return the line of the word `finally`."""
    first = node.finalbody[0].lineno
    before = [line for line in range(first, node.lineno, -1) if text.lines[line - 1].lstrip().startswith("finally")]
    return next(iter(before), first)


def _names(node: ast.expr | None, own: Collection[str]) -> ErrorNames | None:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [part.id for part in parts if isinstance(part, ast.Name) and part.id in KINDS and part.id not in own]
    if node is None or not names or len(names) < len(parts):
        return None
    return ast.copy_location(ErrorNames(",".join(names)), node)


def _ended(body: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements of a handler, with others before each that leaves for another round, or for none."""
    ended = list[ast.stmt]()
    for statement in body:
        match statement:
            case ast.Break() | ast.Continue():
                ended += _copies(after, statement)
            case ast.While() | ast.For():
                statement.orelse = _ended(statement.orelse, after)
            case ast.If():
                statement.body, statement.orelse = _ended(statement.body, after), _ended(statement.orelse, after)
            case ast.Match():
                for case in statement.cases:
                    case.body = _ended(case.body, after)
            case ast.Try():
                statement.body = _ended(statement.body, after)
                for handler in statement.handlers:
                    handler.body = _ended(handler.body, after)
                statement.orelse, statement.finalbody = (
                    _ended(statement.orelse, after),
                    _ended(statement.finalbody, after),
                )
        ended.append(statement)
    return ended


def _copies(statements: Sequence[ast.stmt], place: ast.stmt) -> list[ast.stmt]:
    return [_at(copy.deepcopy(statement), place) for statement in statements]


def _at(statement: ast.stmt, place: ast.stmt | ast.ExceptHandler) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(statement, place))
