"""Text to Lx tree: Python's own parser, then an allow-list.

parse("b = a * 2").module    Python's tree of the text
parse("12+?=23")             LxSyntaxError: file:line:column, the line with a caret, what to write instead
"""

from __future__ import annotations

import ast
import copy
import symtable
import warnings
from codeop import compile_command
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.function_nodes import function_of
from latent_repl.language.parsing.hole_nodes import mark_holes, number_holes
from latent_repl.language.parsing.holes import replace_holes, unify
from latent_repl.language.parsing.scopes import Function, Functions, FunctionsBefore
from latent_repl.language.parsing.simplify import simplify
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.parsing.statement_checker import StatementChecker
from latent_repl.language.parsing.syntax_errors import translate

# Chosen: what the recursive passes over a tree get through with room to spare.
MAXIMUM_DEPTH = 100


@dataclass(frozen=True)
class Tree:
    """A text that is in Lx.

    text: the source with its positions, for messages.
    written: Python's tree as the user wrote it, of a text with holes; the module says the same in fewer forms.
    module: Python's tree of it; a hole is a node that `holes.hole_number` knows.
    holes: how many there are.
    functions: those defined before the text, by name.
    """

    text: SourceText
    module: ast.Module
    holes: int
    written: ast.Module
    functions: Functions = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The text as the user wrote it, newlines as line endings."""
        return self.text.original

    @property
    def file(self) -> str:
        """Where the text comes from, for messages."""
        return self.text.file

    def functions_at(self, statement: int) -> Mapping[str, Function]:
        """Return the functions that are in force before a top-level statement, by index."""
        return FunctionsBefore(self.functions, self._defined, statement) if self._defined else self.functions

    @cached_property
    def _defined(self) -> Mapping[str, Sequence[tuple[int, Function]]]:
        """The functions that the text defines, by name, each with the index of its statement."""
        defined: dict[str, list[tuple[int, Function]]] = {}
        for index, node in enumerate(self.module.body):
            if isinstance(node, ast.FunctionDef):
                defined.setdefault(node.name, []).append((index, function_of(node, self.text)))
        return defined


def parse(
    source: str,
    *,
    file: str = "<input>",
    minimum: int = -999,
    maximum: int = 999,
    functions: Functions | None = None,
    names: Collection[str] = (),
    rows: bool = False,
) -> Tree:
    """Return the tree of a text whose numbers lie in minimum..maximum.

    functions, names: the functions and the variables of the text before. rows: whether the checkpoint has words for
    values with parts.

    Raises LxSyntaxError, and nothing else, for every text that is not Lx.
    """
    text = SourceText(replace_holes(source, file=file), unify(source), file)
    module = _python_tree(text)
    _refuse_depth(module, text)
    if any(isinstance(node, ast.Global | ast.Nonlocal) for node in ast.walk(module)):
        _refuse_wrong_declarations(text)
    known = functions or {}
    written = copy.deepcopy(module) if text.replaced != text.original else module
    outside = {name for function in known.values() for name in function.declared}
    simplify(module, text, {*names, *known, *outside}, known)
    holes = mark_holes(module, text, names)
    if written is not module:
        number_holes(written, text)
    StatementChecker(text, minimum, maximum, functions=known, names=names, rows=rows).check(module)
    return Tree(text, module, holes, written, known)


def has_holes(source: str, *, file: str = "<input>") -> bool:
    """Return whether a text has a hole, outside strings and comments. Raises LxSyntaxError where no hole can be."""
    return replace_holes(source, file=file) != unify(source)


def is_complete(source: str) -> bool:
    """Return whether a text typed so far is to be run: False while a block, a bracket or a line is open.

    A block ends with an empty line, as at Python's own prompt. A text with an error counts as complete: running
    it shows the error.
    """
    try:
        replaced = replace_holes(source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if compile_command(replaced, symbol="exec") is None:
                return False
            body = ast.parse(replaced).body
    except (LxSyntaxError, SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return True
    blocks = (ast.If, ast.While, ast.For, ast.Match, ast.Try, ast.FunctionDef)
    ends_in_block = bool(body) and isinstance(body[-1], blocks)
    return not ends_in_block or not replaced.rpartition("\n")[2].strip()


def _python_tree(text: SourceText) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Python warns of what it will refuse one day; here the allow-list decides.
            warnings.simplefilter("ignore")
            return ast.parse(text.replaced)
    except SyntaxError as error:
        raise translate(error, text) from None
    except (RecursionError, MemoryError):
        raise _too_deep(text, 1) from None
    except ValueError as error:
        raise text.fault(1, 1, str(error), "write plain text") from None


def _refuse_wrong_declarations(text: SourceText) -> None:
    """Raise LxSyntaxError where `global` or `nonlocal` stands behind a use of its name, or says nothing, as Python
    does."""
    try:
        symtable.symtable(text.replaced, text.file, "exec")
    except SyntaxError as error:
        raise translate(error, text) from None


def _refuse_depth(module: ast.Module, text: SourceText) -> None:
    level: list[ast.AST] = [module]
    for _ in range(MAXIMUM_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    deep = next((node for node in level if isinstance(node, (ast.stmt, ast.expr, ast.pattern))), None)
    if deep is not None:
        raise _too_deep(text, deep.lineno)


def _too_deep(text: SourceText, line: int) -> LxSyntaxError:
    remedy = "split it into several statements"
    return text.fault(line, 1, f"the code is nested more than {MAXIMUM_DEPTH} levels deep", remedy)
