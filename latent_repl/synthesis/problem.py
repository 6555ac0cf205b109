"""A synthesis problem: a program with holes, and what its end must look like."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace

from latent_repl.language.holes import hole_number
from latent_repl.language.nodes import Branch, CoreLine, Jump, Program, Slot, Value
from latent_repl.synthesis.space import Fill, Filling, Space, fill_line


@dataclass(frozen=True)
class Want:
    """The decoded value that a slot must have when the program ends."""

    slot: Slot
    value: Value


@dataclass(frozen=True)
class Problem:
    """A problem that can be searched; `posing.pose` makes it from text.

    statements, conditions: the user's own trees, holes included.
    program: the statements, then each condition's value in a slot of its own.
    wants: what those slots must hold.
    domains: what may fill each hole, likeliest first.
    prefix: how many of the instructions come before everything that a hole can change.
    """

    text: str
    statements: tuple[ast.stmt, ...]
    conditions: tuple[ast.expr, ...]
    program: Program
    wants: tuple[Want, ...]
    domains: tuple[tuple[Fill, ...], ...]
    prefix: int

    @property
    def space(self) -> Space:
        """The fillings."""
        lines = (line for line in self.program.instructions if isinstance(line, CoreLine) and line.holes)
        return Space(self.domains, tuple(dict.fromkeys(lines)))

    def before_holes(self) -> Program:
        """Return the prefix as a program of its own."""
        end = self.prefix
        starts = frozenset(start for start in self.program.starts if start < end)
        return replace(
            self.program,
            instructions=self.program.instructions[:end],
            lines=self.program.lines[:end],
            starts=starts,
            holes=0,
        )

    def filled(self, filling: Filling) -> Program:
        """Return the lowered program with its holes filled; it can start at the prefix's end."""
        instructions = tuple(
            fill_line(instruction, filling) if isinstance(instruction, CoreLine) else instruction
            for instruction in self.program.instructions
        )
        return replace(self.program, instructions=instructions, starts=self.program.starts | {self.prefix}, holes=0)

    def source(self, filling: Filling) -> str:
        """Return the filled program as text, its conditions as assertions.

        `a=71; a+? == 18` filled with -53 -> `a = 71` and `assert a + -53 == 18`
        """
        asserts = [ast.Assert(test=condition, msg=None) for condition in self.conditions]
        return "\n".join(self._unparse(statement, filling) for statement in (*self.statements, *asserts))

    def excerpt(self, filling: Filling) -> str:
        """Return only the filled pieces that had holes, `a + -53`; several are joined by `; `."""
        pieces = [piece for statement in self.statements for piece in _pieces(statement)]
        pieces += [_value_of(condition) for condition in self.conditions]
        return "; ".join(self._unparse(piece, filling) for piece in pieces if holes_in(piece))

    def fills(self, filling: Filling) -> tuple[str, ...]:
        """Return the text of each fill."""
        return tuple(self._fill_text(fill) for fill in filling)

    def _fill_text(self, fill: Fill) -> str:
        return name_of(self.program, fill) if isinstance(fill, Slot) else str(fill)

    def _unparse(self, node: ast.AST, filling: Filling) -> str:
        trees = [ast.parse(text, mode="eval").body for text in self.fills(filling)]
        return ast.unparse(_Filler(trees).visit(copy.deepcopy(node)))


class _Filler(ast.NodeTransformer):
    """Puts a tree in each hole's place."""

    def __init__(self, trees: Sequence[ast.expr]) -> None:
        self.trees = trees

    def visit_Name(self, node: ast.Name) -> ast.expr:
        number = hole_number(node)
        return node if number is None else self.trees[number]


def holes_in(node: ast.AST) -> list[int]:
    """Return the numbers of the holes in a tree."""
    return [number for child in ast.walk(node) if (number := hole_number(child)) is not None]


def name_of(program: Program, slot: Slot) -> str:
    """Return the user's name of a slot that a variable holds when the program ends."""
    return next(name for name, place in program.names.items() if place == slot)


def common_prefix(program: Program) -> int:
    """Return how many instructions run before everything that a hole can change: no branch leads out of them."""
    instructions = program.instructions
    lines = enumerate(instructions)
    end = next(index for index, line in lines if isinstance(line, CoreLine) and line.holes)
    while leaving := [index for index, line in enumerate(instructions[:end]) if _leads_beyond(line, end)]:
        end = leaving[0]
    return end


def _leads_beyond(instruction: object, end: int) -> bool:
    return isinstance(instruction, Branch | Jump) and instruction.target > end


def _pieces(statement: ast.stmt) -> list[ast.AST]:
    """Return the simple statements in a statement, and the expressions in its headers."""
    if not isinstance(statement, ast.If | ast.While | ast.For):
        return [statement]
    header = statement.iter if isinstance(statement, ast.For) else statement.test
    return [header, *(piece for inner in (*statement.body, *statement.orelse) for piece in _pieces(inner))]


def _value_of(condition: ast.expr) -> ast.expr:
    """Return E of `E == ...` where the hole is in E alone, else the condition."""
    if isinstance(condition, ast.Compare) and isinstance(condition.ops[0], ast.Eq) and len(condition.ops) == 1:
        left, right = condition.left, condition.comparators[0]
        if not holes_in(right):
            return left
    return condition
