"""Refusal, with its place in the text, of what a checkpoint has no words for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import chain

from latent_repl.errors import LxSyntaxError, UnsayableError
from latent_repl.language.lowering.lower import called_functions
from latent_repl.language.operators import BINARY_NODES, COMPARISON_NODES, SUBTRACT, UNARY_NODES
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import CoreLine, Program, Slot
from latent_repl.language.values import kind_of
from latent_repl.language.vocabulary import OPERATOR, RIGHT, Vocabulary


def refuse_unsayable(tree: Tree, program: Program, vocabulary: Vocabulary) -> None:
    """Raise UnsayableError at the first core line for which the vocabulary has no words; holes are not looked at."""
    functions = [(function.text, function.definition) for function, _ in called_functions(tree)]
    parts: list[tuple[SourceText, ast.AST]] = [(tree.text, tree.module), *functions]
    ends = [*(routine.entry for routine in program.routines), len(program.instructions)]
    begins = [0, *ends[:-1]]
    for part, begin, end in zip(parts, begins, ends, strict=True):
        for instruction, line in zip(program.instructions[begin:end], program.lines[begin:end], strict=True):
            if isinstance(instruction, CoreLine) and (place := vocabulary.unsaid(instruction)) is not None:
                raise _fault(*part, line, instruction, place, *vocabulary.refusal(instruction, place))


def _fault(
    text: SourceText, tree: ast.AST, line: int, core_line: CoreLine, place: int, message: str, remedy: str
) -> LxSyntaxError:
    """Return the error at the operator or the operand in the text, at the statement where lowering made it."""
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno == line]
    for node in chain.from_iterable(_expressions(statement) for statement in statements):
        match node:
            case ast.BinOp(left, operator, right) | ast.AugAssign(left, operator, right) if (
                place == OPERATOR and BINARY_NODES.get(type(operator)) == core_line.operator
            ):
                symbol = str(core_line.operator)
                return text.fault_between(left, right, message, remedy, symbol=symbol, kind=UnsayableError)
            case ast.Compare(left, [operator, *_], [right, *_]) if (
                place == OPERATOR and COMPARISON_NODES.get(type(operator)) == core_line.operator
            ):
                symbol = str(core_line.operator)
                return text.fault_between(left, right, message, remedy, symbol=symbol, kind=UnsayableError)
            case ast.BinOp(right=ast.Name() as right) | ast.AugAssign(value=ast.Name() as right) if (
                place == RIGHT and isinstance(core_line.right, Slot)
            ):
                return text.fault_at(right, message, remedy, UnsayableError)
            case ast.expr() if _is_at(node, core_line, place):
                return text.fault_at(node, message, remedy, UnsayableError)
            case _:
                continue
    column = min((text.column(line, statement.col_offset) for statement in statements), default=1)
    return text.fault(line, column, message, remedy, UnsayableError)


def _is_at(node: ast.expr, core_line: CoreLine, place: int) -> bool:
    """Return whether an expression is what the core line has no word for: a call, a prefix, a literal, a variable."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if place == OPERATOR:
            return name == core_line.operator
        case ast.UnaryOp(op=ast.Invert()) if place == OPERATOR:
            return core_line.operator == SUBTRACT
        case ast.UnaryOp(op=operator) if place == OPERATOR:
            return UNARY_NODES.get(type(operator)) == core_line.operator
        case ast.Constant(value=value) if place != OPERATOR:
            part = core_line.right if place == RIGHT else core_line.left
            return kind_of(value) is kind_of(part) and value == part
        case _:
            return False


def _expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield a statement and what it holds, without the statements inside it."""
    rest: list[ast.AST] = [statement]
    for node in rest:
        yield node
        rest += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
