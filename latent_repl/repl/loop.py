"""The REPL: read, evaluate, show, and the loop around them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession

from latent_repl import __version__
from latent_repl.display import Screen, View, error_view, prose_view, warning_view
from latent_repl.errors import CheckpointError, LatentReplError
from latent_repl.repl.commands import execute, synth
from latent_repl.repl.context import Context
from latent_repl.repl.prompt import open_history, open_prompt, plain

if TYPE_CHECKING:
    from latent_repl.session import Session

GREETING = "latent-repl {version}: a neural network runs what you type. :help helps, Ctrl-D leaves."
WORDS = {"exit": ":quit", "exit()": ":quit", "quit": ":quit", "quit()": ":quit", "help": ":help", "help()": ":help"}
"""What leaves Python's prompt, or helps at it, does so here, unless the user has a variable or a function so named."""
LEAVE_WITHIN = 5.0
"""Seconds to wait at the end for what still loads: Python must not stop amid an import. Chosen."""


class Background:
    """Opens a session in a thread, so that the prompt need not wait for it."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open_session = open_session
        self._outcome: Session | BaseException | None = None
        self._thread = threading.Thread(target=self._work, daemon=True, name="checkpoint")
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin, once."""
        with self._lock:
            if self._thread.ident is None:
                self._thread.start()

    def session(self) -> Session:
        """Wait for the session and return it, or raise what opening it raised."""
        self.start()
        self._thread.join()
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        assert self._outcome is not None
        return self._outcome

    def settle(self, seconds: float) -> None:
        """Wait for a thread that has begun, so long at most."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _work(self) -> None:
        try:
            self._outcome = self._open_session()
        except BaseException as error:  # it is raised where the session is wanted
            self._outcome = error


class Interrupts:
    """What Ctrl-C and SIGTERM do while the REPL runs.

    Ctrl-C ends work that is under way, and between two pieces of work nothing: a second Ctrl-C that comes while the
    first is answered must not end the REPL. (At the prompt it is a key, not a signal.)
    """

    def __init__(self) -> None:
        self._working = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Take the signals over, and give them back at the end."""
        handlers = {signal.SIGINT: self._interrupt, signal.SIGTERM: _terminate}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Let Ctrl-C raise KeyboardInterrupt in here."""
        self._working = True
        try:
            yield
        finally:
            self._working = False

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._working:
            self._working = False
            raise KeyboardInterrupt


def _terminate(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)  # an exception: the terminal is put back in order on the way out


def read(prompt: PromptSession[str]) -> str:
    """Return what the user entered, several lines of it perhaps, without prompts that were pasted with it.

    Raises EOFError at Ctrl-D and KeyboardInterrupt at Ctrl-C.
    """
    return plain(prompt.prompt())


def evaluate(context: Context, text: str) -> list[View]:
    """Run a command or a statement and return what it has to show; an error is shown, not raised."""
    try:
        text = WORDS[text.strip()] if _is_word(context, text.strip()) else text
        if text.lstrip().startswith(":"):
            return execute(context, text)
        return context.run(text) if text.strip() else []
    except CheckpointError as error:  # without a checkpoint nothing can ever run
        context.finished, context.exit_code = True, error.exit_code
        return [error_view(str(error))]
    except LatentReplError as error:
        return [error_view(str(error))]
    except Exception as error:  # a fault of ours must not cost the user the session
        return [error_view(f"internal error, nothing was run: {type(error).__name__}: {error}")]


def _is_word(context: Context, text: str) -> bool:
    session = context.opened
    named = () if session is None else (*session.state, *session.functions)
    return text in WORDS and text.removesuffix("()") not in named


def show(context: Context, views: Iterable[View]) -> None:
    """Write the views, one below the other."""
    for view in views:
        context.screen.show(view)


def loop(context: Context, prompt: PromptSession[str], interrupts: Interrupts) -> int:
    """Read, evaluate, show, until Ctrl-D or :quit; return the exit code.

    Ctrl-C ends the line or the running work, and nothing else.
    """
    while not context.finished:
        try:
            text = read(prompt)
            with interrupts.work():
                show(context, evaluate(context, text))
        except KeyboardInterrupt:
            context.screen.show(warning_view("interrupted"))
        except EOFError:
            context.finished = True
    return context.exit_code


def start(open_session: Callable[[], Session], *, seed: int = 0, opened: Session | None = None) -> int:
    """Greet and loop on the terminal while the session opens behind the prompt; return the exit code.

    opened: a session to go on with, in place of a new one.
    """
    background = Background(open_session)
    context = Context(background.session, Screen(), seed=seed, opened=opened)
    history = open_history(lambda message: context.screen.show(warning_view(message)))
    prompt = open_prompt(context, history, on_first_prompt=(lambda: None) if opened else background.start)
    context.screen.show(prose_view(GREETING.format(version=__version__)))
    interrupts = Interrupts()
    try:
        with interrupts.handled():
            return loop(context, prompt, interrupts)
    finally:
        background.settle(LEAVE_WITHIN)
        synth.settle(LEAVE_WITHIN)
