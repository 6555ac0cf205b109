"""Lowering of assignments: chained ones, several variables at once in Python's order, cells of rows, unpacking."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.lowering.expressions import Expressions
from latent_repl.language.lowering.kinds import kind_of
from latent_repl.language.operators import COPY, ITEM, PUT, WRITTEN_NODES
from latent_repl.language.prelude.table import SYNTAX
from latent_repl.language.program import Hole, Operand, Save, Slot


class AssignmentLowering:
    """Lowers assignments into an assembler."""

    def __init__(self, assembler: Assembler, expressions: Expressions) -> None:
        self._assembler, self._expressions = assembler, expressions
        self._allocation = assembler.allocation

    def assign(self, node: ast.Assign) -> None:
        """Lower `a = b = e`, `a, b = e, f`, `x[i] = e`, `a, b = e`."""
        several = [_names(target) for target in node.targets]
        if isinstance(node.value, ast.Tuple) and all(names is not None for names in several):
            values = node.value.elts
            if all(len(names or ()) == len(values) for names in several):
                self._assign_several([names or [] for names in several], values)
                return
        if isinstance(node.value, ast.Tuple) and self._element_wise(node.targets, node.value):
            return
        if all(self._is_own(target) for target in node.targets):
            self._assign_one(node)
            return
        if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self._save(node.targets[0], self._expressions.value(node.value))
            return
        value = self._expressions.operand(node.value)
        value = self._expressions.value(node.value) if isinstance(value, Hole) else value
        for target in node.targets:
            self.store(target, value)
        self._allocation.release(value)

    def store(self, target: ast.expr, value: Operand) -> None:
        """Assign an operand to a variable, to a cell of a row, or unpack it; it may be used again afterwards."""
        match target:
            case ast.Name() if self._is_own(target):
                self._assembler.core(self._variable(target), COPY, value)
            case ast.Name():
                place = self._allocation.temporary()
                self._assembler.core(place, COPY, value)
                self._save(target, place)
            case ast.Subscript():
                self._expressions.put(target, value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                row = self._expressions.routine("unpacked", [value, len(parts)])
                for index, part in enumerate(parts):
                    self.take(part, row, index)
                self._allocation.release(row)

    def take(self, target: ast.expr, row: Slot, index: Operand) -> None:
        """Assign a cell of a row to a target."""
        if self._is_own(target):
            self._assembler.core(self._variable(target), ITEM, row, index)
            return
        cell = self._allocation.temporary()
        self._assembler.core(cell, ITEM, row, index)
        if isinstance(target, ast.Name):
            self._save(target, cell)
            return
        self.store(target, cell)
        self._allocation.release(cell)

    def augment(self, node: ast.AugAssign) -> None:
        """Lower `x += e` and `x[i] += e`."""
        match node.target:
            case ast.Subscript() as cell:
                self._augment_cell(node, cell)
            case ast.Name() as variable:
                self._augment_variable(node, variable)

    def _augment_variable(self, node: ast.AugAssign, target: ast.Name) -> None:
        left = ast.copy_location(ast.Name(id=target.id, ctx=ast.Load()), target)
        own = self._variable(target) if self._is_own(target) else None
        if (routine := self._routine(node)) is not None:
            place = self._expressions.routine(routine, [left, node.value], own)
        else:
            place = self._expressions.value(ast.copy_location(ast.BinOp(left, node.op, node.value), node), own)
            if not isinstance(node.op, ast.Pow):
                self._assembler.say(f"{WRITTEN_NODES[type(node.op)]}=")
        if own is None:
            self._save(target, place)

    def _augment_cell(self, node: ast.AugAssign, target: ast.Subscript) -> None:
        """Lower `x[i] += e`: x and i are evaluated once."""
        row, index = self._expressions.slot(target.value), self._expressions.operand(target.slice)
        cell = self._allocation.temporary()
        self._assembler.core(cell, ITEM, row, index)
        if (routine := self._routine(node)) is not None:
            self._expressions.routine(routine, [cell, node.value], cell)
        else:
            symbol, right = WRITTEN_NODES[type(node.op)], self._expressions.operand(node.value)
            self._assembler.core(cell, symbol, cell, right)
            self._assembler.say(f"{symbol}=")
            self._allocation.release(right)
        self._assembler.core(row, PUT, index, cell)
        self._release([part for part in (row, index, cell) if isinstance(part, Slot)])

    def _routine(self, node: ast.AugAssign) -> str | None:
        """Return the routine that works out what is assigned; None where core lines do."""
        routine = SYNTAX.get(f"{WRITTEN_NODES[type(node.op)]}=")
        if routine is None or not self._assembler.with_rows:
            return None
        return None if isinstance(node.op, ast.Add) and not self._may_grow(node) else routine.name

    def _may_grow(self, node: ast.AugAssign) -> bool:
        """Return whether `x += e` may change a list that others hold as well, rather than make a new value."""
        known = self._expressions.kinds
        return kind_of(node.target, known) in (None, list) and kind_of(node.value, known) not in (int, bool, float)

    def _assign_one(self, node: ast.Assign) -> None:
        first, *others = (self._variable(target) for target in node.targets)
        plain = self._expressions.plain(node.value)
        self._expressions.value(node.value, first)
        # A hole stands in one core line alone: the other targets copy the first.
        source = first if plain is None or isinstance(plain, Hole) else plain
        for target in others:
            self._assembler.core(target, COPY, source)

    def _element_wise(self, targets: Sequence[ast.expr], value: ast.Tuple) -> bool:
        """Lower `x[i], x[j] = e, f` without a tuple; return False where targets are of another shape."""
        rows = [target.elts for target in targets if isinstance(target, ast.Tuple | ast.List)]
        if len(rows) < len(targets) or any(len(row) != len(value.elts) for row in rows):
            return False
        held = [self._expressions.value(each) for each in value.elts]
        for row in rows:
            for target, source in zip(row, held, strict=True):
                self.store(target, source)
        self._release(held)
        return True

    def _assign_several(self, targets: Sequence[Sequence[ast.Name]], values: Sequence[ast.expr]) -> None:
        own = all(self._is_own(name) for names in targets for name in names)
        places = [[self._variable(name) for name in names] for names in targets] if own else []
        plain = [self._expressions.plain(value) for value in values]
        if len(places) == 1 and len(set(places[0])) == len(values) and not self._assembler.guarded:
            moves = [operand for operand in plain if operand is not None]
            if len(moves) == len(values):
                self._move(dict(zip(places[0], moves, strict=True)))
            else:
                self._evaluate_in_order(places[0], values)
            return
        held = [self._expressions.value(value) for value in values]
        for row in targets:
            for target, source in zip(row, held, strict=True):
                self.store(target, source)
        self._release(held)

    def _move(self, moves: dict[Slot, Operand]) -> None:
        """Copy all operands as if at once: first into variables that no other copy still reads.

        {a: b, b: a} -> t = a; a = b; b = t
        """
        held: list[Slot] = []
        while moves:
            read = [source for target, source in moves.items() if source != target]
            target = next((target for target in moves if target not in read), None)
            if target is None:
                target = next(iter(moves))
                held.append(self._keep(target))
                moves = {other: held[-1] if source == target else source for other, source in moves.items()}
            self._assembler.core(target, COPY, moves.pop(target))
        self._release(held)

    def _evaluate_in_order(self, targets: Sequence[Slot], values: Sequence[ast.expr]) -> None:
        """Evaluate from left to right, each straight into its variable unless a later value reads that one."""
        held: dict[Slot, Slot] = {}
        for index, (target, value) in enumerate(zip(targets, values, strict=True)):
            later = {slot for rest in values[index + 1 :] for slot in self._allocation.read(rest)}
            if target in later:
                held[target] = self._expressions.value(value)
            else:
                self._expressions.value(value, target)
        for target, source in held.items():
            self._assembler.core(target, COPY, source)
        self._release(list(held.values()))

    def _keep(self, variable: Slot) -> Slot:
        kept = self._allocation.temporary()
        self._assembler.core(kept, COPY, variable)
        return kept

    def _release(self, held: Sequence[Slot]) -> None:
        for slot in held:
            self._allocation.release(slot)

    def _is_own(self, node: ast.expr) -> bool:
        """Return whether a target is a variable of the frame at hand."""
        return isinstance(node, ast.Name) and self._allocation.local(node.id) is not None

    def _save(self, target: ast.Name, place: Slot) -> None:
        """Let a variable of the bottom frame hold the cell of a temporary, which ends."""
        self._assembler.add(Save(self._allocation.outside(target.id), place))
        self._allocation.release(place)

    def _variable(self, node: ast.expr) -> Slot:
        assert isinstance(node, ast.Name), "the parser lets nothing else through"
        slot = self._allocation.local(node.id)
        assert slot is not None, "what a function assigns is its own"
        return slot


def _names(target: ast.expr) -> list[ast.Name] | None:
    """Return the variables of `a, b` on the left; None for any other target."""
    if not isinstance(target, ast.Tuple | ast.List):
        return None
    names = [part for part in target.elts if isinstance(part, ast.Name)]
    return names if len(names) == len(target.elts) else None
