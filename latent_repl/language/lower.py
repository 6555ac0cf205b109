"""Lx tree to core lines, branches and jumps.

Lowering never computes, renames or removes: every assignment costs at least one core line, every operator one, and
so do a loop's counter, its comparison and its increment. The interpreter is the network.

    a, b = b, a        t = a;  a = b;  b = t
    a = a + b * c      t = b * c;  a = a + t
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

from latent_repl.errors import CapacityError, LxNameError
from latent_repl.language import nodes
from latent_repl.language.allocation import Allocation, is_bare_expression, is_variable
from latent_repl.language.assembler import Assembler, Label
from latent_repl.language.assignments import Assignments
from latent_repl.language.expressions import Expressions
from latent_repl.language.loops import Ranges
from latent_repl.language.nodes import DELETE, Emit, Fail, Program, Slot
from latent_repl.language.parse import Tree


def lower(
    tree: Tree, *, slots: int, names: Mapping[str, Slot] | None = None, minimum: int = -999, maximum: int = 999
) -> Program:
    """Lower a tree for a checkpoint with so many slots and numbers in minimum..maximum.

    names: the variables that exist before and the slots that hold them: `Program.names` of the program before.

    Raises LxNameError for a name that nothing can have assigned, CapacityError where the slots do not suffice.
    """
    _refuse_unknown_names(tree, names or {})
    allocation = Allocation(tree.module, names or {}, slots)
    assembler = Assembler(allocation)
    _Statements(tree, assembler, minimum, maximum).module()
    _refuse_overflow(allocation, slots)
    return Program(
        source=tree.source,
        instructions=assembler.instructions(),
        lines=tuple(assembler.lines),
        starts=frozenset(assembler.starts),
        names=allocation.names_after(len(tree.module.body) - 1),
        slots=allocation.slot_names(),
        holes=tree.holes,
        scopes=_scopes(tree.module, allocation),
    )


class _Statements:
    """Lowers statements; a statement on the line of the one before it belongs to that line's execution."""

    def __init__(self, tree: Tree, assembler: Assembler, minimum: int, maximum: int) -> None:
        self._tree, self._assembler = tree, assembler
        self._expressions, self._assignments = Expressions(assembler), Assignments(assembler)
        self._ranges = Ranges(assembler, minimum, maximum)
        self._loops: list[tuple[Label, Label]] = []

    def module(self) -> None:
        line = 0
        for index, statement in enumerate(self._tree.module.body):
            self._assembler.allocation.begin(index)
            self._block([statement], line)
            line = statement.lineno

    def _block(self, statements: Sequence[ast.stmt], line: int) -> None:
        for statement in statements:
            if statement.lineno != line:
                self._assembler.begin(statement.lineno)
            line = statement.lineno
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign():
                self._assignments.assign(node)
            case ast.AugAssign(target=ast.Name(id=name)):
                self._expressions.augmented(node, self._assembler.allocation.variable(name))
            case ast.Delete():
                for target in node.targets:
                    self._assembler.core(self._expressions.slot(target), DELETE)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=arguments)):
                self._emit([self._expressions.slot(argument) for argument in arguments], "print")
            case ast.Expr():
                last = self._assembler.allocation.variable(nodes.LAST_VALUE)
                self._emit([self._expressions.value(node.value, last)], "value")
            case ast.Assert():
                self._assert(node)
            case ast.If():
                self._if(node)
            case ast.While():
                self._while(node)
            case ast.For():
                self._for(node)
            case ast.Break() | ast.Continue():
                self._assembler.jump(self._loops[-1][isinstance(node, ast.Break)])
            case _:
                self._pass()

    def _pass(self) -> None:
        # A line without an instruction could not be seen to run.
        following = Label()
        self._assembler.jump(following)
        self._assembler.place(following)

    def _emit(self, shown: Sequence[Slot], kind: Literal["print", "value"]) -> None:
        self._assembler.add(Emit(tuple(shown), kind))
        for slot in shown:
            self._assembler.allocation.release(slot)

    def _branch(self, test: ast.expr, otherwise: Label) -> None:
        condition = self._expressions.slot(test)
        self._assembler.branch(condition, otherwise)
        self._assembler.allocation.release(condition)

    def _assert(self, node: ast.Assert) -> None:
        failed, passed = Label(), Label()
        self._branch(node.test, failed)
        self._assembler.jump(passed)
        self._assembler.place(failed)
        self._assembler.add(Fail("AssertionError", self._tree.text.segment(node.test)))
        self._assembler.place(passed)

    def _if(self, node: ast.If) -> None:
        otherwise, end = Label(), Label()
        self._branch(node.test, otherwise)
        self._block(node.body, node.lineno)
        if node.orelse:
            self._assembler.jump(end)
        self._assembler.place(otherwise)
        self._block(node.orelse, node.lineno)
        self._assembler.place(end)

    def _while(self, node: ast.While) -> None:
        again, end = Label(), Label()
        self._assembler.place(again)
        self._branch(node.test, end)
        self._loop_body(node, again, end)

    def _for(self, node: ast.For) -> None:
        hidden = self._ranges.begin(node)
        test, again, end = Label(), Label(), Label()
        self._assembler.jump(test)
        self._assembler.place(again)
        self._assembler.begin(node.lineno)
        self._ranges.advance(hidden, end)
        self._assembler.place(test)
        self._ranges.test(hidden, end)
        self._assembler.core(self._expressions.slot(node.target), nodes.COPY, hidden.counter)
        self._loop_body(node, again, end)
        self._ranges.end(hidden)

    def _loop_body(self, node: ast.While | ast.For, again: Label, end: Label) -> None:
        self._loops.append((again, end))
        self._block(node.body, node.lineno)
        self._loops.pop()
        self._assembler.jump(again)
        self._assembler.place(end)


def _refuse_unknown_names(tree: Tree, names: Mapping[str, Slot]) -> None:
    found = [node for node in ast.walk(tree.module) if isinstance(node, ast.Name) and is_variable(node)]
    known = {*names, *_assigned(tree.module)}
    unknown = [node for node in found if node.id not in known]
    if unknown:
        first = min(unknown, key=lambda node: (node.lineno, node.col_offset))
        close = get_close_matches(first.id, known, n=1)
        remedy = f"did you mean {close[0]}?" if close else f"assign it first, as in {first.id} = 0"
        raise tree.text.fault_at(first, f"no line assigns {first.id}", remedy, LxNameError)


def _assigned(module: ast.Module) -> set[str]:
    """Return the names that some line can give a value without having read them."""
    every = list(ast.walk(module))
    augmented = {id(node.target) for node in every if isinstance(node, ast.AugAssign)}
    names = [node for node in every if isinstance(node, ast.Name) and id(node) not in augmented]
    assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return assigned | ({nodes.LAST_VALUE} if any(map(is_bare_expression, every)) else set())


def _refuse_overflow(allocation: Allocation, slots: int) -> None:
    if allocation.needed > slots:
        variables = len({held.name for held in allocation.reservations})
        message = f"the program needs {allocation.needed} slots ({variables} variables, the rest temporaries)"
        remedy = "delete variables with del, or split long expressions"
        raise CapacityError(f"{message}, the checkpoint has {slots}: {remedy}")


def _scopes(module: ast.Module, allocation: Allocation) -> tuple[tuple[int, Mapping[str, Slot]], ...]:
    after = [(statement.lineno, allocation.names_after(index)) for index, statement in enumerate(module.body)]
    return ((0, allocation.names_after(-1)), *after)
