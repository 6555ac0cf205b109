"""A session without a network, for tests of what stands around a session."""

from __future__ import annotations

import builtins
import io
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latent_repl import commands
from latent_repl.context import Context
from latent_repl.display import Screen, View
from latent_repl.errors import LxNameError, ProgramError, SynthesisError, UsageError
from latent_repl.language.nodes import Slot
from latent_repl.language.parse import parse

CONFIG = SimpleNamespace(minimum=-99, maximum=99, slots=12, state_latent=32, code_latent=64, name_or_path="fake")


class FakeSession:
    """Has a session's interface, and Python in the network's place: it is always right, unless `lie` says otherwise."""

    def __init__(self) -> None:
        self.model = SimpleNamespace(config=CONFIG, parameters=lambda: iter(()))
        self.mode, self.check, self.trace = "latent", True, True
        self.lie: dict[str, int] = {}
        self.reset()

    def reset(self) -> None:
        self._states: list[dict[str, Any]] = [{}]
        self._sources: list[str] = []
        self._position = 0

    @property
    def state(self) -> dict[str, Any]:
        return {name: value for name, value in self._states[self._position].items() if name != "_"}

    @property
    def history(self) -> list[str]:
        return self._sources[: self._position]

    @property
    def names(self) -> dict[str, Slot]:
        return {name: Slot(index) for index, name in enumerate(self._states[self._position])}

    def run(self, text: str, *, file: str = "<input>") -> SimpleNamespace:
        tree = parse(text, file=file, minimum=CONFIG.minimum, maximum=CONFIG.maximum)
        if tree.holes:
            raise UsageError(f"{file}: a hole is for `:synth`")
        before, after = self._states[self._position], dict(self._states[self._position])
        output, error = self._execute(tree.source, after)
        expected = {name: value for name, value in after.items() if name != "_"}
        after.update({name: value for name, value in self.lie.items() if name in after})
        self._states[self._position + 1 :] = [after]
        self._sources[self._position :] = [text]
        self._position += 1
        return self._result(text, before, after, expected, output, error)

    def undo(self) -> None:
        self.goto(self._position - 1)

    def redo(self) -> None:
        self.goto(self._position + 1)

    def goto(self, number: int) -> None:
        if not 0 <= number < len(self._states):
            raise UsageError(f"no statement {number}, there are {len(self._states) - 1}")
        self._position = number

    def _execute(self, source: str, state: dict[str, Any]) -> tuple[tuple[str, ...], ProgramError | None]:
        printed, allowed = io.StringIO(), ("abs", "min", "max", "range", "print")
        world = {"__builtins__": {name: getattr(builtins, name) for name in allowed}, **state}
        try:
            with redirect_stdout(printed):
                for line in source.split("\n\n"):
                    self._execute_one(line, world)
        except NameError as error:
            raise LxNameError(str(error), remedy="assign it first", text=source) from error
        except ArithmeticError as error:
            return tuple(printed.getvalue().splitlines()), ProgramError(type(error).__name__, str(error), 1)
        finally:
            state.update({name: value for name, value in world.items() if name != "__builtins__"})
        return tuple(printed.getvalue().splitlines()), None

    @staticmethod
    def _execute_one(line: str, world: dict[str, Any]) -> None:
        try:
            code = compile(line, "<test>", "eval")
        except SyntaxError:
            exec(line, world)
            return
        value = eval(code, world)
        if value is not None:
            world["_"] = value
            world["__builtins__"]["print"](value)

    def _result(self, text: str, before: Any, after: Any, expected: Any, output: Any, error: Any) -> SimpleNamespace:
        changes = tuple(
            SimpleNamespace(name=name, before=before.get(name), after=value)
            for name, value in after.items()
            if before.get(name) != value
        )
        match = (expected == self.state and error is None) if self.check else None
        line = SimpleNamespace(
            line=1,
            source=text,
            state=self.state,
            steps=1,
            confidence=0.9998,
            output=output,
            expected=expected if self.check else None,
            match=match,
        )
        step = SimpleNamespace(core_line=text.strip(), state=self.state, status="ok", confidence=0.9998)
        return SimpleNamespace(
            source=text,
            executed=(line,),
            state=self.state,
            changes=changes,
            steps=1,
            confidence=0.9998,
            output=output,
            expected=expected if self.check else None,
            error=error,
            match=match if error is None else None,
            trace=(step,),
            seconds=0.01,
        )


@pytest.fixture
def fake_session() -> FakeSession:
    """A fresh session whose answers are Python's."""
    return FakeSession()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let relative paths, such as that of `:save x`, lead into an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every problem be refused: a search needs a network."""

    def refuse(*_: Any) -> None:
        raise SynthesisError("no hole")

    monkeypatch.setattr(commands, "solve_in", refuse)


@pytest.fixture(scope="session")
def new_context() -> Callable[[], Context]:
    """A function that returns a context on a fresh fake session."""
    return lambda: Context(FakeSession, Screen(io.StringIO()))  # type: ignore[arg-type]


@pytest.fixture
def context(fake_session: FakeSession) -> Context:
    """A context on the fake session, with a screen that writes to memory."""
    return Context(lambda: fake_session, Screen(io.StringIO()))  # type: ignore[arg-type, return-value]


@pytest.fixture
def rendered() -> Iterator[Callable[[list[View]], str]]:
    """A function that returns views as the text that a plain terminal shows."""

    def render(views: list[View]) -> str:
        file = io.StringIO()
        screen = Screen(file)
        for view in views:
            screen.show(view)
        return file.getvalue()

    yield render
