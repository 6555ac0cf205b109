"""The main path: text -> core lines -> latents -> executor -> latents -> state.

    session = Session()
    session.run("a = 71").state            {"a": 71}
    session.run("a - 53").output           ("18",)

A session is one row of the machine and what the user's names mean in it. Every point it passed is kept as an
immutable snapshot, so that undo, redo and goto are exact.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from latent_repl.errors import UsageError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.words import refuse_unsayable
from latent_repl.language.parsing.parse import Tree, parse
from latent_repl.language.parsing.scopes import Functions, top_level
from latent_repl.language.program import Program, Slot
from latent_repl.language.python_values import shown
from latent_repl.machine import Machine, Watch, unwatched
from latent_repl.markup import brief, table
from latent_repl.model.heap import Heap
from latent_repl.model.hub import HubOptions
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.modes import STEP_BUDGET, Mode, check_mode
from latent_repl.records import Run
from latent_repl.results import Change, Result, State, changes_between, executed_lines, states_of, step_of, visible
from latent_repl.shapes import Float
from latent_repl.timeline import Branching, Snapshot

if TYPE_CHECKING:
    from latent_repl.checking import Check
    from latent_repl.synthesis.result import Progress, Solution


class Session(Branching):
    """Runs Lx text on a trained model and keeps the state from one text to the next.

    model: the name of a shipped checkpoint, a folder, or a loaded model. mode: "snap", measured to be right more often
    in loops of arithmetic, or "latent". check: compare with CPython. trace: keep every executor step. step_budget:
    executor steps that one text may take. memory: False lets the model, whoever uses it, forget what it has computed.
    """

    def __init__(
        self,
        model: str | Path | Interpreter = "base",
        *,
        mode: Mode = "snap",
        check: bool = True,
        trace: bool = False,
        step_budget: int = STEP_BUDGET,
        device: str = "cpu",
        memory: bool = True,
    ) -> None:
        if step_budget < 1:
            raise UsageError(f"step_budget is {step_budget}; give a number above 0")
        check_mode(mode)
        self.model = load(model, device) if isinstance(model, str | Path) else model
        if not memory:
            self.model.memory.turn_off()
        self.check, self.trace, self.step_budget = check, trace, step_budget
        self._machine = Machine(self.model, mode)
        self.reset()

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | Path,
        *,
        revision: str | None = None,
        cache_dir: str | Path | None = None,
        local_files_only: bool = False,
        token: str | bool | None = None,
        **settings: Any,
    ) -> Self:
        """Return a session on a shipped checkpoint, a folder, or a model of the hub, as `user/name`.

        revision: a branch, a tag or a commit of the hub's. settings: what a session takes besides a model.
        Raises CheckpointError for what is no checkpoint, HubError where the hub does not answer within two seconds.
        """
        options = HubOptions(revision=revision, cache_dir=cache_dir, local_files_only=local_files_only, token=token)
        return cls(load(name_or_path, settings.get("device", "cpu"), options), **settings)

    def __repr__(self) -> str:
        return brief("Session", state=self.state, statements=len(self.history), branch=self.branch_name, mode=self.mode)

    def _repr_html_(self) -> str:
        """What a notebook shows: the variables."""
        return table(("name", "value"), ((name, shown(value)) for name, value in self.state.items()))

    def run(
        self,
        text: str,
        *,
        file: str = "<input>",
        show: Callable[[str], None] = lambda text: None,
        watch: Watch = unwatched,
    ) -> Result:
        """Run a text from the current state, keep the state it leads to, and return what happened.

        show: is given each piece of output, with its end, as soon as it is there. watch: is told before each executor
        step how many there have been.

        Raises LxSyntaxError for text outside Lx, LxNameError for a name that nothing assigned and CapacityError for
        too many variables; the session is then as it was before, as it is after a KeyboardInterrupt. An error of the
        program itself is no exception: it is `Result.error`, and the state is that before the failing line.
        """
        started, counted = time.perf_counter(), self.model.memory.counts
        tree, program = self.lower(text, file=file)
        run = self._run(program, show, watch)
        before, states = self.state, states_of(program, run)
        check = self._checked(tree, program, run, states) if self.check else None
        after = self._after(tree, program, run, check.variables if check else None)
        result = Result(
            source=text,
            executed=executed_lines(program, run, states, check.verdicts if check else None),
            state=after.state,
            changes=changes_between(before, after.state),
            steps=run.steps,
            confidence=after.decoded.confidence * run.certain,
            output=run.output,
            error=run.error,
            trace=tuple(step_of(step, program) for step in run.trace),
            seconds=time.perf_counter() - started,
            costs=self.model.memory.counts - counted,
            **(check.findings if check else {"expected": None, "match": None}),
        )
        self.keep(after)  # last, so that an interrupt before leaves the session as it was
        return result

    def lower(self, text: str, *, file: str = "<input>") -> tuple[Tree, Program]:
        """Return a text's tree and its core lines as they would run now."""
        bounds = {"minimum": self.model.config.minimum, "maximum": self.model.config.maximum}
        rows = self.model.vocabulary.rows > 0
        tree = parse(text, file=file, functions=self._now.functions, names=self.names, rows=rows, **bounds)
        if tree.holes:
            raise UsageError(
                f"{file}: the text has {tree.holes} hole(s); fill them with `:synth` or `latent-repl synth`"
            )
        program = lower(tree, slots=self.model.config.slots, names=self.names, rows=rows, **bounds)
        refuse_unsayable(tree, program, self.model.vocabulary)
        return tree, program

    @property
    def state(self) -> State:
        """The user's variables as the decoder shows them."""
        return self._now.state

    @property
    def mode(self) -> Mode:
        """How a step's output is fed to the next: "latent" as it is, "snap" decoded and encoded again."""
        return self._machine.mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        check_mode(mode)
        self._machine.mode = mode

    @property
    def latents(self) -> Float[np.ndarray, "S D"]:
        """The current state latents."""
        return self._now.latents

    @property
    def names(self) -> Mapping[str, Slot]:
        """The user's variables, `_` included, and their slots."""
        return self._now.names

    @property
    def heap(self) -> Heap | None:
        """The rows that the latents refer to, None for a checkpoint without any."""
        return self._now.heap

    @property
    def defined(self) -> frozenset[Slot]:
        """The slots that an executed line has written."""
        return self._now.defined

    @property
    def exact(self) -> State | None:
        """The user's variables as CPython has them, which ran the same texts; None where nothing was compared."""
        return None if self._now.exact is None else visible(self._now.exact)

    @property
    def functions(self) -> Functions:
        """The functions that executed lines have defined, without those inside others."""
        return top_level(self._now.functions)

    def reset(self) -> None:
        """Forget everything: an empty state, no names, no history, one branch."""
        latents, heap = self._machine.empty_state(), self._machine.empty_heap()
        [decoded] = self._machine.decode(latents[None])
        empty = Snapshot("", latents, decoded, {}, frozenset(), {}, {}, heap=heap)
        self.begin(empty)

    def set(self, text: str) -> tuple[Change, ...]:
        """Put values in, as `a = 7; del b` says: encoded, and every other cell left alone. It is an edit, nothing runs.

        Returns what changed. Raises UsageError for what is no literal, CapacityError for too much, and what `run` does.
        """
        from latent_repl.edits import with_literals

        before, (tree, _) = self.state, self.lower(text)
        self.keep(with_literals(self._now, tree, self._machine))
        return changes_between(before, self.state)

    def resume(
        self, place: int | str, text: str = "", *, show: Callable[[str], None] = lambda text: None
    ) -> tuple[Result, ...]:
        """Begin a branch at an earlier place, put values in as `set` does, and run again what followed there.

        place: a number of the history, a pin, or a branch. Where this branch is not beyond it, nothing follows.
        """
        from latent_repl.edits import resume

        return resume(self, place, text, show)

    def resync(self) -> tuple[Change, ...]:
        """Take CPython's values over: encode them in place of the model's. It is an edit, no line is executed.

        Returns what changed. Raises UsageError where CPython has not run beside, or has the same values.
        """
        from latent_repl.edits import resynced

        before = self.state
        self.keep(resynced(self._now, self._machine))
        return changes_between(before, self.state)

    def synth(
        self,
        problem: str,
        *,
        progress: Callable[[Progress], None] | None = None,
        script: bool = False,
        **options: Any,
    ) -> Solution:
        """Search for what fills the problem's holes, from the current state, which stays as it is.

        options: `search`, `budget`, `timeout`, `seed`, `all_solutions`, as `synthesis.options.Options` has them.
        progress: is told how far the search is. script: whether only `assert` lines are constraints.
        Raises LxSyntaxError and SynthesisError for a text that is no problem, UsageError for options that do not fit.
        """
        from latent_repl.synthesis.options import named_options
        from latent_repl.synthesis.solve import solve

        machine, chosen = Machine(self.model, self.mode), named_options(options)
        return solve(problem, machine=machine, snapshot=self._now, options=chosen, progress=progress, script=script)

    def explore(self, problem: str | None = None) -> Any:
        """Return a notebook's widget that shows the spaces. Raises UsageError where the extra `notebook` is missing."""
        from latent_repl.explore.widget import explorer_widget

        return explorer_widget(self, problem)

    def _run(self, program: Program, show: Callable[[str], None], watch: Watch) -> Run:
        self._machine.watch = watch
        [run] = self._machine.run(
            [program],
            self.latents[None],
            heaps=[self._now.heap],
            defined=[self.defined],
            step_budget=self.step_budget,
            trace=self.trace,
            show=show,
        )
        return run

    def _after(self, tree: Tree, program: Program, run: Run, exact: State | None) -> Snapshot:
        """Return the point that the run led to; of its slots only those of the user's names live on."""
        names, statements = program.names, tree.module.body
        if run.error:
            line = run.error.line
            statements = [statement for statement in statements if statement.lineno < line]
            names = {**program.names_at(line - 1), **program.names_at(line)}
        defined = run.defined & frozenset(names.values())
        names = {name: slot for name, slot in names.items() if slot in defined or not run.error}
        functions = dict(tree.functions_at(len(statements)))
        [decoded] = self._machine.decode(run.latents[None], [run.heap])
        return Snapshot(tree.source, run.latents, decoded, names, defined, exact, functions, run.error, run.heap)

    def _checked(self, tree: Tree, program: Program, run: Run, states: Sequence[State]) -> Check:
        """Compare a run with exact execution; imported here because nothing but the check may need it."""
        from latent_repl.checking import RunChecker
        from latent_repl.language.oracle.steps import Limits

        config, decoded = self.model.config, self._now.decoded
        before = tuple(value if Slot(index) in self.defined else None for index, value in enumerate(decoded.values))
        checker = RunChecker(Limits(config.minimum, config.maximum, config.cells, config.rows), self.step_budget)
        return checker.check(tree, program, run, states, (before, decoded.rows), self.names, self._now.exact)
