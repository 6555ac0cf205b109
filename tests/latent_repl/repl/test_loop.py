"""The REPL through prompt_toolkit's own pipe, on the shipped checkpoint: what is typed, what is shown."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.base import PipeInput
from prompt_toolkit.output import DummyOutput

from latent_repl.display import Screen
from latent_repl.errors import CheckpointError
from latent_repl.model.interface import Interpreter
from latent_repl.repl.commands import COMMANDS, Command
from latent_repl.repl.context import Context
from latent_repl.repl.loop import Background, Interrupts, evaluate, loop
from latent_repl.repl.prompt import open_prompt
from latent_repl.session import Session

CONTROL_C, CONTROL_D, BACKSPACE = "\x03", "\x04", "\x7f"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"

Typing = Callable[..., str]


@pytest.fixture
def pipe() -> Iterator[PipeInput]:
    """A terminal's input."""
    with create_pipe_input() as terminal:
        yield terminal


@pytest.fixture
def type_text(context: Context, live_session: Any, pipe: PipeInput) -> Typing:
    """A function that types keys into the REPL, then leaves it with Ctrl-D, and returns what was shown."""

    def type_keys(keys: str) -> str:
        file = io.StringIO()
        context.screen, context.finished = Screen(file), False
        prompt = open_prompt(
            context, InMemoryHistory(), lambda: None, terminal_input=pipe, terminal_output=DummyOutput()
        )
        pipe.send_text(keys + CONTROL_D)
        loop(context, prompt, Interrupts())
        return file.getvalue()

    return type_keys


def test_a_statement_shows_what_changed(type_text: Typing) -> None:
    shown = type_text("a = 71\ra > 53\r")
    assert re.fullmatch(r"  a = 71   [01]\.\d{4}  ✓\nTrue   [01]\.\d{4}  ✓\n", shown)


@pytest.mark.parametrize("word", ["exit", "exit()", "quit", "quit()"])
def test_words_that_leave_python_leave(word: str, type_text: Typing, live_session: Any) -> None:
    type_text(f"a = 1\r{word}\ra = 2\r")
    assert live_session.state == {"a": 1}


@pytest.mark.parametrize("word", ["help", "help()"])
def test_help_by_pythons_words_helps(word: str, type_text: Typing) -> None:
    assert ":undo" in type_text(f"{word}\r")


def test_a_variable_may_have_the_name_of_such_a_word(type_text: Typing, live_session: Any) -> None:
    assert "7" in type_text("exit = 7\rexit\ra = 2\r")
    assert live_session.state == {"exit": 7, "a": 2}


def test_a_definition_is_answered_by_its_signature(type_text: Typing) -> None:
    shown = type_text("def larger(x, y):\rreturn x > y\r\r:functions\r")
    assert shown.count("  def larger(x, y)") == 2
    assert "nothing changed" not in shown


def test_time_opens_a_block(type_text: Typing, live_session: Any) -> None:
    assert " step, " in type_text(":time while False:\rpass\r\ra = 1\r")
    assert live_session.state == {"a": 1}


def test_output_stands_as_it_comes_whatever_ends_the_statement(type_text: Typing, context: Context) -> None:
    shown = type_text("def f(a):\rprint(a)\rprint()\rreturn a // 0\r\rf(7)\rprint(1)\r")
    assert re.search(
        r"\n7\n\nZeroDivisionError: division by zero \(line 4 of f, called in line 1\)  ✓\n1   [01]\.\d+  ✓\n", shown
    )
    assert context.last is not None and context.last.output == ("1",)


def test_an_interrupt_keeps_what_was_printed(type_text: Typing, live_session: Any) -> None:
    def run(text: str, *, show: Any, **_: Any) -> Any:
        show("7\n")
        show("8\n")
        raise KeyboardInterrupt

    live_session.run = run
    assert type_text("print(7)\r") == "7\n8\ninterrupted\n"


@pytest.mark.parametrize(("text", "words"), [("2 ** 0.25", "floats end here"), ("999 + 1", "✓"), ("1 // 0", "✓")])
def test_a_tick_stands_only_where_cpython_agrees(text: str, words: str, type_text: Typing) -> None:
    shown = type_text(f"{text}\r")
    assert words in shown and ("✓" in shown) == (words == "✓")


def test_control_d_leaves(type_text: Typing, context: Context) -> None:
    assert type_text("") == ""
    assert context.finished


def test_a_block_goes_on_until_an_empty_line(type_text: Typing, live_session: Any) -> None:
    type_text("a = 0\rwhile a < 3:\ra = a + 1\r\r")
    assert live_session.state == {"a": 3}
    assert live_session.history[-1].startswith("while a < 3:\n    a = a + 1")


def test_backspace_leaves_a_block_by_one_level(type_text: Typing, live_session: Any) -> None:
    type_text(f"a = 5\rif a < 3:\rb = 1\r{BACKSPACE}else:\rb = 2\r\r")
    assert live_session.state == {"a": 5, "b": 2}


def test_pasted_lines_are_one_text(type_text: Typing, live_session: Any) -> None:
    type_text(f"{PASTE_BEGIN}a = 1\nif a:\n    b = 2\n{PASTE_END}\r")
    assert live_session.state == {"a": 1, "b": 2}
    assert len(live_session.history) == 1


@pytest.mark.parametrize(
    "pasted",
    [
        ">>> a = 0\n>>> while a < 3:\n...     a = a + 1\n... \n",
        "    a = 0\n    while a < 3:\n        a = a + 1\n",
        "    >>> a = 0\n    >>> while a < 3:\n    ...     a = a + 1\n",
        "a = 0\r\nwhile a < 3:\r\n\ta = a + 1\r\n",
    ],
    ids=["prompts", "indented", "both", "tabs"],
)
def test_prompts_and_common_indentation_are_taken_off_a_paste(
    pasted: str, type_text: Typing, live_session: Any
) -> None:
    type_text(f"{PASTE_BEGIN}{pasted}{PASTE_END}\r")
    assert live_session.state == {"a": 3}


@pytest.mark.parametrize(
    "keys",
    [
        "a = 0\rwhile a < 3:\r    if a < 9:\r        a = a + 1\r    b = a\r\r",
        "a = 0\rwhile a < 3:\r\tif a < 9:\r\t\ta = a + 1\r\tb = a\r\r",
        "a = 0\rwhile a < 3:\r  if a < 9:\r    a = a + 1\r  b = a\r\r",
        ">>> a = 0\r>>> while a < 3:\r...     if a < 9:\r...         a = a + 1\r...     b = a\r... \r",
    ],
    ids=["four", "tabs", "two", "prompts"],
)
def test_a_paste_without_brackets_keeps_its_own_indentation(keys: str, type_text: Typing, live_session: Any) -> None:
    type_text(keys)
    assert live_session.state == {"a": 3, "b": 3}


def test_alt_enter_runs_a_block_from_anywhere(type_text: Typing, live_session: Any) -> None:
    type_text(f"{PASTE_BEGIN}a = 1\nb = 2{PASTE_END}\x1b<\x1b\r")
    assert live_session.state == {"a": 1, "b": 2}


def test_ten_thousand_characters_are_pasted_at_once(type_text: Typing, live_session: Any) -> None:
    comment = "# ten characters\n" * 600
    type_text(f"{PASTE_BEGIN}{comment}a = 1{PASTE_END}\r")
    assert live_session.state == {"a": 1}
    assert live_session.history == [f"{comment}a = 1"]


def test_control_c_drops_the_line_and_stays(type_text: Typing, live_session: Any) -> None:
    type_text(f"a = 1\rb = 2{CONTROL_C}c = 3\r")
    assert live_session.state == {"a": 1, "c": 3}


def test_control_c_ends_running_work_and_stays(type_text: Typing, live_session: Any) -> None:
    plain = live_session.run

    def run(text: str, **options: Any) -> Any:
        if text == "b = 2":
            raise KeyboardInterrupt
        return plain(text, **options)

    live_session.run = run
    assert "interrupted" in type_text("a = 1\rb = 2\rc = 3\r")
    assert live_session.state == {"a": 1, "c": 3}


def test_an_error_shows_caret_and_remedy_and_keeps_the_state(type_text: Typing, live_session: Any) -> None:
    shown = type_text("a = 1\ra = 1.5j\r")
    assert "^" in shown and "<input>:1:" in shown
    assert live_session.state == {"a": 1}


def test_a_disagreement_is_shown(type_text: Typing, context: Context, lying_session: Any) -> None:
    context.opened = lying_session
    assert "CPython disagrees: a = 71, the model says 70" in type_text("a = 71\r")


def test_a_divergence_is_said_once_and_later_lines_are_judged_alone(
    type_text: Typing, context: Context, lying_session: Any
) -> None:
    context.opened = lying_session
    shown = type_text("a = 70\ra = a + 1\rb = a + 3\r")
    assert shown.count("CPython disagrees: a = 71, the model says 70") == shown.count("CPython disagrees") == 1
    assert re.search(r"b = 73   [01]\.\d+  ✓", shown)


def test_a_fault_of_ours_does_not_end_the_session(type_text: Typing, live_session: Any) -> None:
    live_session.run = lambda *_, **__: 1 // 0
    assert "internal error" in type_text("a = 1\r:help\r")


def test_commands_and_unknown_commands(type_text: Typing) -> None:
    shown = type_text("a = 1\r:vars\r:frobnicate\r")
    assert "  a = 1\n" in shown
    assert "no command :frobnicate" in shown


def test_the_prompt_does_not_wait_for_the_checkpoint(pipe: PipeInput, live_session: Any) -> None:
    may_load = threading.Event()

    def open_session() -> Any:
        assert may_load.wait(10)
        return live_session

    background = Background(open_session)
    file = io.StringIO()
    context = Context(background.session, Screen(file))
    prompted: list[bool] = []

    def first_prompt() -> None:
        prompted.append(may_load.is_set())
        background.start()
        may_load.set()

    prompt = open_prompt(context, InMemoryHistory(), first_prompt, terminal_input=pipe, terminal_output=DummyOutput())
    pipe.send_text("a = 1\r" + CONTROL_D)
    loop(context, prompt, Interrupts())
    assert prompted == [False]
    assert "a = 1" in file.getvalue()


def test_without_a_checkpoint_the_repl_ends_and_says_why(context: Context, rendered: Any) -> None:
    def fail() -> Any:
        raise CheckpointError("no checkpoint at nowhere")

    broken = Context(Background(fail).session, Screen())
    assert "no checkpoint" in rendered(evaluate(broken, "a = 1"))
    assert broken.finished and broken.exit_code == 2


KEYS = st.one_of(
    st.text(max_size=30),
    st.text("abc=+-*/%?:;()<>!., 019\t\n\x00\x1b\x07\udc80é🙂", max_size=30),
    st.sampled_from([":", ":synth", ":goto", ":save", ":load", ":help"]).flatmap(
        lambda name: st.text("abc019 -\x00\x1b?", max_size=8).map(lambda rest: f"{name} {rest}")
    ),
)


TYPED = st.lists(
    st.one_of(
        st.text("ab01=+: \r\t(?)", max_size=12),
        st.characters(max_codepoint=0x1F, exclude_characters="\x04").map(str),
        st.binary(max_size=6).map(lambda keys: keys.decode("latin-1").replace(CONTROL_D, "")),
        st.sampled_from(["\x1b[A", "\x1b[B", "\x1b[D", "\x1b[Z", PASTE_BEGIN, PASTE_END, "\x12", CONTROL_C]),
    ),
    max_size=6,
).map("".join)


@pytest.mark.slow
@pytest.mark.usefixtures("no_search")
@settings(max_examples=150)
@given(keys=TYPED)
def test_no_keys_end_the_loop_with_a_traceback(keys: str, shipped_model: Interpreter) -> None:
    session = Session(shipped_model, trace=True, step_budget=100)
    context = Context(lambda: session, Screen(io.StringIO()))
    with create_pipe_input() as terminal:
        prompt = open_prompt(
            context, InMemoryHistory(), lambda: None, terminal_input=terminal, terminal_output=DummyOutput()
        )
        # Whatever the keys began (a paste, a search, a line) is ended before the REPL is left.
        terminal.send_text(f"{keys}{PASTE_END}{CONTROL_C}{CONTROL_C}{CONTROL_C}:quit\r{CONTROL_D}")
        assert loop(context, prompt, Interrupts()) == 0


@pytest.mark.slow
@pytest.mark.usefixtures("no_search")
@settings(max_examples=1000)
@given(text=KEYS)
def test_nothing_typed_ends_in_a_traceback(text: str, shipped_model: Interpreter) -> None:
    session = Session(shipped_model, trace=True, step_budget=100)
    context = Context(lambda: session, Screen(io.StringIO()))
    shown = io.StringIO()
    for view in evaluate(context, text):
        Screen(shown).show(view)
    assert "internal error" not in shown.getvalue()
    assert "\x1b" not in shown.getvalue() and "\x07" not in shown.getvalue()


@pytest.mark.usefixtures("no_search")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_its_help_and_its_error_can_be_typed(command: Command, type_text: Typing) -> None:
    shown = type_text(f"a = 1\r:help {command.name}\r:{command.name} \x18 nonsense\r:{command.name}\r")
    assert command.summary in shown
    assert "internal error" not in shown and "Traceback" not in shown
