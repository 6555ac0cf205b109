"""The rival that knows Python's integers: z3 solves the filled program's equations, without any model.

It takes straight lines, branches and calls; a program that jumps back or calls itself, or has a hole for a whole line,
is not for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from latent_repl.errors import ProgramError, SynthesisError, UsageError
from latent_repl.language.frames import Copy, Cursor, addresses_read, keep_frames
from latent_repl.language.operators import ABS, BINARY_OPERATORS, COPY, FLOOR_DIVIDE, MAX, MIN, MODULO, NOT, TABLE
from latent_repl.language.program import Blank, Branch, Control, CoreLine, Fail, Hole, Instruction, Jump, Operand, Slot
from latent_repl.language.values import number_of
from latent_repl.synthesis.problem.domains import Atoms, Fill, Filling, Operators
from latent_repl.synthesis.problem.problem import Example
from latent_repl.synthesis.problem.template import Template
from latent_repl.synthesis.searches.base import History, Setting

# A question to the solver that takes longer counts as unanswered, in seconds. Chosen.
PATIENCE = 5.0

SymbolicState = dict[int, Any]


class ConstraintSolver:
    """Proposes one filling at a time that solves the equations, a new one each round.

    exhausted: set where the solver gave no answer.
    """

    exhausted: str

    def __init__(self, setting: Setting) -> None:
        try:
            import z3
        except ImportError as error:
            raise UsageError("search z3 needs the package z3-solver: pip install 'latent-repl[rivals]'") from error
        self.z3, self.setting, self.space = z3, setting, setting.space
        self.limits = setting.model.config.minimum, setting.model.config.maximum
        # A hole's number is the place of its fill in the domain, but for literals: those are counted from `shift` on.
        self.places = [z3.Int(f"place{number}") for number in range(len(self.space.domains))]
        self.literals = [z3.Int(f"literal{number}") for number in range(len(self.space.domains))]
        self.solver = z3.Solver()
        self.solver.add([self._domain(number) for number in range(len(self.places))])
        for example, start in zip(setting.problem.examples, setting.objective.starts, strict=True):
            if example.moves_rows:
                raise SynthesisError("search z3 takes numbers alone, no strings, lists or dicts; write --search auto")
            [decoded] = setting.objective.machine.decode(start.latents[None])
            known = {
                slot.index: number_of(value)
                for slot in start.defined
                if isinstance(value := decoded.values[slot.index], int)
            }
            paths = list(self._paths(example, Cursor(start.counter), [known], []))
            self.solver.add(z3.Or([z3.And(path) for path in paths]))

    def propose(self, history: History) -> Sequence[Filling]:
        """Return one more solution of the equations; none when there is no other."""
        while self._is_solved():
            model = self.solver.model()
            chosen = [
                (model.eval(place, True).as_long(), model.eval(literal, True).as_long())
                for place, literal in zip(self.places, self.literals, strict=True)
            ]
            pairs = zip(self.places, self.literals, chosen, strict=True)
            same = [self.z3.And(place == at, literal == value) for place, literal, (at, value) in pairs]
            self.solver.add(self.z3.Not(self.z3.And(same)))
            filling = tuple(self._fill(number, *choice) for number, choice in enumerate(chosen))
            if filling not in history:
                return [filling]
        return []

    def _is_solved(self) -> bool:
        """Ask the solver, for as long as the time lasts; what it cannot say is no answer."""
        self.setting.objective.machine.watch(0)
        seconds = min(PATIENCE, max(self.setting.deadline - time.monotonic(), 0))
        self.solver.set("timeout", int(1000 * seconds) + 1)
        answer = self.solver.check()
        if answer == self.z3.unknown:
            self.exhausted = "z3 gives no answer to these equations; write --search auto"
            self.setting.objective.machine.watch(0)
        return answer == self.z3.sat

    def _domain(self, number: int) -> Any:
        domain, place, literal = self.space.domains[number], self.places[number], self.literals[number]
        if isinstance(domain, Operators):
            return self.z3.And(place >= 0, place < len(domain), literal == 0)
        if not isinstance(domain, Atoms):
            raise SynthesisError("search z3 finds values and operators, not whole lines; write --search auto")
        variables, (low, high) = len(domain.variables), self.limits
        inside = self.z3.And(literal >= low, literal <= high, place == variables)
        return self.z3.Or(inside, self.z3.And(place >= 0, place < variables, literal == 0))

    def _fill(self, number: int, place: int, literal: int) -> Fill:
        domain = self.space.domains[number]
        return literal if isinstance(domain, Atoms) and place == len(domain.variables) else domain[place]

    def _paths(self, example: Example, cursor: Cursor, frames: Sequence[SymbolicState], taken: list[Any]) -> Any:
        """Yield the conditions of each path through the program that reaches its end with its targets.

        frames: the terms in each frame's slots.
        """
        program, frames, taken = example.program, [dict(frame) for frame in frames], list(taken)
        while not cursor.ended(program):
            self.setting.objective.machine.watch(0)
            instruction, state = program.instructions[cursor.place], frames[-1]
            _refuse_loops(cursor, instruction)
            if any(each.slot.index not in frames[each.depth] for each in addresses_read(cursor, instruction)):
                return
            if isinstance(instruction, Control):
                try:
                    cursor, copies = cursor.through(program, instruction)
                except ProgramError:
                    return
                _copy(copies, frames, cursor.depth)
                continue
            match instruction:
                case Fail():
                    return
                case Branch(condition, target):
                    value = state[condition.index]
                    yield from self._paths(example, cursor.moved(target), frames, [*taken, value == 0])
                    taken.append(value != 0)
                case CoreLine() | Blank():
                    if not self._step(instruction, example.templates.get(cursor.place), state, taken):
                        return
            cursor = cursor.moved(cursor.place + 1)
        state = frames[0]
        if all(target.slot.index in state for target in example.targets):
            yield [*taken, *(state[target.slot.index] == number_of(target.value) for target in example.targets)]

    def _step(self, line: Instruction, template: Template | None, state: SymbolicState, taken: list[Any]) -> bool:
        """Add what a core line computes; False where it reads what nothing has assigned."""
        assert isinstance(line, CoreLine), "holes for whole lines were refused"
        slots: Mapping[str, Slot] = dict(template.slots) if template else {}
        left, right = (self._read(part, slots, state, taken) for part in (line.left, line.right))
        if left is None or (line.operator in BINARY_OPERATORS and right is None):
            return False
        if isinstance(line.operator, Hole):
            place = self.places[line.operator.number]
            result: Any = 0
            for at, operator in enumerate(BINARY_OPERATORS):
                safe = [right != 0] if TABLE[operator].divides else []
                result = self.z3.If(place == at, self._apply(operator, left, right), result)
                taken += [self.z3.Implies(place == at, condition) for condition in safe]
        else:
            if TABLE[line.operator].divides:
                taken.append(right != 0)
            result = self._apply(line.operator, left, right)
        state[line.target.index] = result
        low, high = self.limits
        taken += [result >= low, result <= high]
        return True

    def _read(self, part: Operand | None, slots: Mapping[str, Slot], state: SymbolicState, taken: list[Any]) -> Any:
        """Return the term of an operand, None where it has no value."""
        if isinstance(part, Slot):
            return state.get(part.index)
        if not isinstance(part, Hole):
            return None if part is None else number_of(part)
        domain, place, value = self.space.domains[part.number], self.places[part.number], self.literals[part.number]
        assert isinstance(domain, Atoms), "operators stand elsewhere"
        for at, name in enumerate(domain.variables):
            held = state.get(slots[name].index)
            if held is None:
                taken.append(place != at)
            else:
                value = self.z3.If(place == at, held, value)
        return value

    def _apply(self, operator: str, left: Any, right: Any) -> Any:
        """Return the term of an operation, Python's division included; truth counts as 1."""
        left, right = (self.z3.IntVal(part) if isinstance(part, int) else part for part in (left, right))
        row, choose = TABLE[operator], self.z3.If
        if operator in _DIFFERENCES:
            return _DIFFERENCES[operator](choose, left, right)
        if not row.overloaded:
            raise SynthesisError(f"search z3 has no equation for {operator}; write --search auto")
        result = row.exact(*(left, right)[: row.arity])
        return choose(result, 1, 0) if row.truth else result


def _refuse_loops(cursor: Cursor, instruction: Instruction) -> None:
    back = isinstance(instruction, Branch | Jump) and instruction.target <= cursor.place
    if back or len({call.routine.entry for call in cursor.calls}) < cursor.depth:
        raise SynthesisError("search z3 takes no loops and no recursion; write --search auto")


def _copy(copies: Sequence[Copy], frames: list[SymbolicState], depth: int) -> None:
    cells = [frames[copy.source.depth][copy.source.slot.index] for copy in copies]
    keep_frames(frames, depth, dict)
    for copy, cell in zip(copies, cells, strict=True):
        frames[copy.target.depth][copy.target.slot.index] = cell


def _quotient(choose: Any, left: Any, right: Any) -> Any:
    return choose(right > 0, left / right, (-left) / (-right))


# What Python's own function does not do for z3's terms.
_DIFFERENCES: Mapping[str, Callable[[Any, Any, Any], Any]] = {
    FLOOR_DIVIDE: _quotient,
    MODULO: lambda choose, left, right: left - right * _quotient(choose, left, right),
    MIN: lambda choose, left, right: choose(left < right, left, right),
    MAX: lambda choose, left, right: choose(left > right, left, right),
    NOT: lambda choose, left, right: choose(left == 0, 1, 0),
    ABS: lambda choose, left, right: choose(left < 0, -left, left),
    COPY: lambda choose, left, right: left,
}
