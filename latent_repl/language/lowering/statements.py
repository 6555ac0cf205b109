"""Lowering of statements, and of the bodies of functions where they are called."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Literal

from latent_repl.errors import CapacityError
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.assignments import AssignmentLowering
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.ranges import Ranges
from latent_repl.language.operators import COPY, DELETE
from latent_repl.language.parsing.holes import HoleStatement
from latent_repl.language.parsing.scopes import Function, Functions, callee
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE, Blank, Emit, Fail, Hole, Slot

# Calls within calls: each is written out. Chosen: what the recursive passes get through.
MAXIMUM_DEPTH = 30


class Statements:
    """Lowers statements; a statement on the line of the one before it belongs to that line's execution."""

    def __init__(self, text: SourceText, assembler: Assembler, limits: tuple[int, int]) -> None:
        self._text, self._assembler, self._limits = text, assembler, limits
        self._expressions = Expressions(assembler, self._call)
        self._assignments = AssignmentLowering(assembler, self._expressions)
        self._ranges = Ranges(assembler, self._expressions, *limits)
        self._loops: list[tuple[Label, Label]] = []
        self._functions: Functions = {}

    def module(self, module: ast.Module, functions: Sequence[Functions]) -> None:
        """Lower a module; functions: those in force at each of its statements."""
        line = 0
        for index, statement in enumerate(module.body):
            self._assembler.allocation.begin(index)
            self._functions = functions[index]
            self._block([statement], line)
            line = statement.lineno

    def _block(self, statements: Sequence[ast.stmt], line: int) -> None:
        for statement in statements:
            if statement.lineno != line:
                self._begin(statement.lineno)
            line = statement.lineno
            self._statement(statement)

    def _begin(self, line: int) -> None:
        self._assembler.begin(line)

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
                self._bare(node)
            case HoleStatement():
                self._assembler.add(Blank(Hole(node.number)))
            case ast.Return(value=ast.expr() as value):
                self._return(value)
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

    def _bare(self, node: ast.Expr) -> None:
        last = self._assembler.allocation.variable(LAST_VALUE)
        self._emit([self._expressions.value(node.value, last)], "value")

    def _return(self, value: ast.expr) -> None:
        raise AssertionError("the parser lets return through in functions alone")

    def _call(self, node: ast.Call, target: Slot | None) -> Slot:
        """Write out a call: the arguments, each in its parameter's slot, then the body."""
        allocation = self._assembler.allocation
        if allocation.depth >= MAXIMUM_DEPTH:
            raise CapacityError(f"calls are nested more than {MAXIMUM_DEPTH} deep: write some of them as loops")
        function = self._functions[callee(node)]
        arguments = [self._expressions.value(argument) for argument in node.args]
        frame = dict(zip(function.parameters, arguments, strict=True))
        place = allocation.temporary() if target is None else target
        frame |= {name: allocation.temporary() for name in function.locals if name not in frame}
        allocation.enter(frame)
        Body(function, self._assembler, self._limits, self._functions, place).write()
        allocation.leave()
        return place

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
        self._assembler.add(Fail("AssertionError", self._text.segment(node.test)))
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
        self._begin(node.lineno)
        self._ranges.advance(hidden, end)
        self._assembler.place(test)
        self._ranges.test(hidden, end)
        self._assembler.core(self._expressions.slot(node.target), COPY, hidden.counter)
        self._loop_body(node, again, end)
        self._ranges.end(hidden)

    def _loop_body(self, node: ast.While | ast.For, again: Label, end: Label) -> None:
        self._loops.append((again, end))
        self._block(node.body, node.lineno)
        self._loops.pop()
        self._assembler.jump(again)
        self._assembler.place(end)


class Body(Statements):
    """Lowers the body of a function where it is called; all of it belongs to the execution of the calling line."""

    def __init__(
        self,
        function: Function,
        assembler: Assembler,
        limits: tuple[int, int],
        functions: Functions,
        place: Slot,
    ) -> None:
        super().__init__(function.text, assembler, limits)
        self._functions, self._body = functions, function.definition.body
        self._place, self._end = place, Label()

    def write(self) -> None:
        """Lower the body; its value ends in the place given."""
        self._block(self._body, 0)
        self._assembler.place(self._end)

    def _begin(self, line: int) -> None:
        """Leave the calling line under way."""

    def _bare(self, node: ast.Expr) -> None:
        # As in Python, a bare expression inside a function is shown to nobody.
        self._assembler.allocation.release(self._expressions.value(node.value))

    def _return(self, value: ast.expr) -> None:
        self._expressions.value(value, self._place)
        self._assembler.jump(self._end)

    def _branch(self, test: ast.expr, otherwise: Label) -> None:
        # No line begins here, so that only core lines count the rounds of a loop: each test has to be one.
        condition = self._expressions.value(test)
        self._assembler.branch(condition, otherwise)
        self._assembler.allocation.release(condition)
