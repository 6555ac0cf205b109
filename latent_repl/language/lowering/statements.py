"""Lowering of statements, wherever they stand."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TypeGuard

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.assignments import AssignmentLowering
from latent_repl.language.lowering.comprehensions import Comprehensions
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.function_calls import FunctionCalls
from latent_repl.language.lowering.guards import Guards
from latent_repl.language.lowering.loops import Loops
from latent_repl.language.operators import DELETE
from latent_repl.language.parsing.errors import ErrorNames, finally_line
from latent_repl.language.parsing.holes import HoleStatement
from latent_repl.language.parsing.patterns import SUBJECT, WrittenPattern
from latent_repl.language.parsing.scopes import named_in, returned
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import Blank, Emit, Fail, Hole, Return, Slot
from latent_repl.language.raised import CAUGHT


class Statements:
    """Lowers statements into an assembler; numbers lie in the limits given."""

    def __init__(self, text: SourceText, assembler: Assembler, limits: tuple[int, int]) -> None:
        self._text, self._assembler = text, assembler
        self._allocation = assembler.allocation
        self._limits = limits
        self._use(Expressions(assembler, self._call))
        self._loops: list[tuple[Label, Label, int]] = []
        self._guards = Guards(assembler)

    def _use(self, expressions: Expressions) -> None:
        """Lower expressions so."""
        self._expressions = expressions
        self._functions = FunctionCalls(self._assembler, expressions, self._text)
        self._assignments = AssignmentLowering(self._assembler, expressions)
        self._sources = Loops(self._assembler, expressions, self._assignments, self._limits)
        expressions.use(Comprehensions(self._assembler, expressions, self._sources))

    def _block(self, statements: Sequence[ast.stmt], line: int) -> None:
        for statement in statements:
            if statement.lineno != line:
                self._begin(statement.lineno)
            line = statement.lineno
            self._statement(statement)

    def _begin(self, line: int) -> None:
        """Let what follows belong to a line."""
        raise NotImplementedError

    def _bare(self, node: ast.Expr) -> None:
        """Lower an expression that stands alone."""
        raise NotImplementedError

    def _statement(self, node: ast.stmt) -> None:
        self._look_ahead(node)
        match node:
            case ast.Assign():
                self._assignments.assign(node)
            case ast.AugAssign():
                self._assignments.augment(node)
            case ast.Delete():
                for target in node.targets:
                    self._delete(target)
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as call):
                self._print(call)
            case ast.Expr():
                self._bare(node)
            case HoleStatement():
                self._assembler.add(Blank(Hole(node.number)))
            case ast.Return():
                self._return(returned(node))
            case ast.Assert():
                self._assert(node)
            case ast.Raise():
                self._raise(node)
            case ast.Match():
                self._match(node)
            case ast.Try():
                self._try(node)
            case ast.If():
                self._if(node)
            case ast.While():
                self._while(node)
            case ast.For():
                self._for(node)
            case ast.Break() | ast.Continue():
                again, end, depth = self._loops[-1]
                self._guards.leave(depth)
                self._assembler.jump(end if isinstance(node, ast.Break) else again)
            case _:
                self._pass()

    def _look_ahead(self, node: ast.stmt | ast.expr) -> None:
        """Note which variables may change while an expression, or a statement's own ones, are worked out."""
        part: ast.AST = node
        match node:
            case ast.Try():
                return
            case ast.If(test=head) | ast.While(test=head) | ast.Match(subject=head):
                part = head
        named, called = named_in(part), self._allocation.changed(part)
        self._expressions.changing = called.union(named)
        self._expressions.rebound = called.union(name for name in named if named.count(name) > 1)

    def _delete(self, target: ast.expr) -> None:
        if isinstance(target, ast.Subscript):
            self._expressions.delete(target)
        else:
            self._assembler.core(self._expressions.slot(target), DELETE)

    def _variable(self, name: str) -> Slot:
        slot = self._allocation.local(name)
        assert slot is not None, "what a frame assigns is its own"
        return slot

    def _return(self, value: ast.expr | None) -> None:
        if not self._guards.any_block:
            slot = None if value is None else self._expressions.slot(value)
            self._assembler.add(Return(slot))
            self._allocation.release(slot)
            return
        kept = None if value is None else self._expressions.value(value, self._guards.kept())
        self._guards.leave(0, returns=True)
        self._assembler.add(Return(kept))

    def _call(self, node: ast.Call, target: Slot | None, otherwise: Label | None = None) -> Slot:
        return self._functions.value(node, target, otherwise)

    def _pass(self) -> None:
        # A line without an instruction could not be seen to run.
        following = Label()
        self._assembler.jump(following)
        self._assembler.place(following)

    def _print(self, node: ast.Call) -> None:
        ends = {each.arg: str(each.value.value) for each in node.keywords if _is_string(each.value)}
        shown = tuple([self._expressions.slot(argument) for argument in node.args])
        self._emit(Emit(shown, "print", ends.get("sep", " "), ends.get("end", "\n")))

    def _emit(self, emit: Emit) -> None:
        self._assembler.add(emit)
        for slot in emit.slots:
            self._allocation.release(slot)

    def _branch(self, test: ast.expr, otherwise: Label) -> None:
        condition = self._expressions.slot(test)
        self._assembler.branch(condition, otherwise)
        self._allocation.release(condition)

    def _assert(self, node: ast.Assert) -> None:
        failed, passed = Label(), Label()
        self._branch(node.test, failed)
        self._assembler.jump(passed)
        self._assembler.place(failed)
        if node.msg is None or isinstance(node.msg, ast.Constant):
            message = self._text.segment(node.test) if node.msg is None else str(node.msg.value)
            self._assembler.add(Fail("AssertionError", message))
        else:
            self._fail_with("AssertionError", self._expressions.slot(node.msg))
        self._assembler.place(passed)

    def _fail_with(self, kind: str, shown: Slot) -> None:
        self._assembler.add(Fail(kind, "", (shown,)))
        self._allocation.release(shown)

    def _raise(self, node: ast.Raise) -> None:
        assert isinstance(node.exc, ErrorNames), "the parser lets nothing else through"
        (kind,) = node.exc.names
        if node.cause is None:
            self._assembler.add(Fail(kind, ""))
        elif kind == "KeyError":  # Python shows the key as it is written
            self._fail_with(kind, self._expressions.routine("shown", [node.cause]))
        else:
            self._fail_with(kind, self._expressions.slot(node.cause))

    def _try(self, node: ast.Try) -> None:
        """Lower a try statement; its `finally` block stands once, and goes on where it was entered for."""
        self._pass()
        if not node.finalbody:
            self._handled(node)
            return
        with self._guards.block() as block:
            self._handled(node)
        end = Label()
        self._assembler.detour(block)
        self._assembler.jump(end)
        self._assembler.place(block)
        with self._guards.within(block):
            self._block(node.finalbody, 0)
        self._begin(finally_line(node, self._text))
        self._assembler.resume(block)
        self._assembler.place(end)

    def _handled(self, node: ast.Try) -> None:
        """Lower what may fail, and what follows an error; the message belongs to the line that failed."""
        end, first, outside = Label(), self._assembler.following, self._assembler.guarded
        self._assembler.guarded = True
        self._block(node.body, node.lineno)
        self._assembler.guarded, last = outside, self._assembler.following
        self._block(node.orelse, 0)
        for handler in node.handlers:
            assert isinstance(handler.type, ErrorNames), "the parser lets nothing else through"
            self._assembler.jump(end)
            label = Label()
            self._assembler.place(label)
            kinds = frozenset(kind for name in handler.type.names for kind in CAUGHT[name])
            self._assembler.catch(first, last, kinds, label)
            with self._guards.caught_as(None if handler.name is None else self._variable(handler.name)):
                self._block(handler.body, handler.lineno)
        self._assembler.place(end)

    def _if(self, node: ast.If) -> None:
        otherwise, end = Label(), Label()
        self._branch(node.test, otherwise)
        self._block(node.body, node.lineno)
        if node.orelse:
            self._assembler.jump(end)
        self._assembler.place(otherwise)
        self._block(node.orelse, node.lineno)
        self._assembler.place(end)

    def _match(self, node: ast.Match) -> None:
        """Lower a match statement; what it looks at lies in a temporary."""
        end = Label()
        self._allocation.bind([SUBJECT])
        self._expressions.value(node.subject, self._variable(SUBJECT))
        for case in node.cases:
            otherwise = Label()
            self._case(case, otherwise)
            if case is not node.cases[-1]:
                self._assembler.jump(end)
            self._assembler.place(otherwise)
        self._assembler.place(end)
        self._allocation.unbind()

    def _case(self, node: ast.match_case, otherwise: Label) -> None:
        """Lower a case; otherwise: where to go on where its pattern does not fit."""
        pattern = node.pattern
        assert isinstance(pattern, WrittenPattern), "the parser lets nothing else through"
        self._begin(pattern.line)
        if pattern.test is not None:
            self._branch(pattern.test, otherwise)
        for capture in pattern.captures:
            self._assignments.assign(capture)
        if node.guard is not None:
            self._look_ahead(node.guard)
            self._branch(node.guard, otherwise)
        self._block(node.body, pattern.line)

    def _while(self, node: ast.While) -> None:
        again, over = Label(), Label()
        self._assembler.place(again)
        self._while_test(node.test, over)
        self._loop_body(node, again, over)

    def _while_test(self, test: ast.expr, end: Label) -> None:
        self._branch(test, end)

    def _for(self, node: ast.For) -> None:
        loop = self._sources.begin(node.target, node.iter, node.body)
        test, again, over = Label(), Label(), Label()
        self._assembler.jump(test)
        self._assembler.place(again)
        self._begin(node.lineno)
        loop.advance(over)
        self._assembler.place(test)
        loop.test(over)
        loop.take()
        self._loop_body(node, again, over)
        loop.release()

    def _loop_body(self, node: ast.While | ast.For, again: Label, over: Label) -> None:
        """Lower what a loop repeats, and its `else`; over: where the loop goes when it ends by itself."""
        end = Label()
        self._loops.append((again, end, self._guards.depth))
        self._block(node.body, node.lineno)
        self._loops.pop()
        self._assembler.jump(again)
        self._assembler.place(over)
        self._block(node.orelse, node.lineno)
        self._assembler.place(end)


def _is_string(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
