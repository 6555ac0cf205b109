"""The REPL in a real terminal: another process behind a pseudo-terminal, Python in the network's place."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pexpect = pytest.importorskip("pexpect")

DRIVER = """
import importlib.util, sys, time
from latent_repl import cli
from latent_repl.options import Settings

def open_session(self, *, check, trace=False):
    time.sleep({load_seconds})
    specification = importlib.util.spec_from_file_location("fakes", {fakes!r})
    fakes = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(fakes)
    return fakes.FakeSession()

Settings.open_session = open_session
cli.main()
"""
FAKES = Path(__file__).parent / "latent_repl" / "conftest.py"
CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")

Start = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that starts the REPL and waits for its prompt."""
    started = []

    def spawn(term: str = "xterm", load_seconds: float = 0.0) -> pexpect.spawn[str]:
        code = DRIVER.format(fakes=str(FAKES), load_seconds=load_seconds)
        child = pexpect.spawn(
            sys.executable,
            ["-c", code],
            env=os.environ | {"TERM": term, "PROMPT_TOOLKIT_NO_CPR": "1"},
            encoding="utf-8",
            timeout=10,
            dimensions=(24, 100),
        )
        started.append(child)
        wait_for_prompt(child)
        return child

    yield spawn
    for child in started:
        child.close(force=True)


def wait_for_prompt(child: pexpect.spawn[str]) -> None:
    """Wait until keys are read one by one: a control key that comes earlier is the terminal's, not the REPL's."""
    child.expect(">>>")
    child.expect(pexpect.TIMEOUT, timeout=0.3)


def leave(child: pexpect.spawn[str]) -> int:
    """Press Ctrl-D at the next prompt and return the exit code."""
    wait_for_prompt(child)
    child.sendcontrol("d")
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def test_a_block_then_control_d(start: Start) -> None:
    child = start()
    child.send("a = 0\r")
    child.expect("a = 0   0.9998  ✓")
    wait_for_prompt(child)
    child.send("while a < 18:\r")
    child.expect(r"\.\.\.")
    child.send("a = a + 1\r\r")
    child.expect("a = 18   0.9998  ✓")
    assert leave(child) == 0


def test_control_c_ends_an_endless_loop_and_keeps_the_state(start: Start) -> None:
    child = start()
    child.send("a = 71\r")
    child.expect("a = 71   0.9998")
    wait_for_prompt(child)
    child.send("while True:\rpass\r\r")
    child.expect("pass")
    child.expect("\r\n")
    # The loop runs once the terminal is given back; a Ctrl-C before that only drops the line.
    child.expect(pexpect.TIMEOUT, timeout=1.0)
    child.sendcontrol("c")
    child.expect("interrupted")
    wait_for_prompt(child)
    child.send(":vars\r")
    child.expect("a = 71")
    assert leave(child) == 0


def test_the_prompt_takes_text_while_the_checkpoint_loads(start: Start) -> None:
    child = start(load_seconds=2.0)
    child.send(":help quit\r")
    child.expect("Ctrl-D leaves too", timeout=1.5)
    wait_for_prompt(child)
    child.send("a = 1\r")
    child.expect("a = 1   0.9998")
    assert leave(child) == 0


def test_the_history_outlives_the_process(start: Start) -> None:
    child = start()
    child.send("a = 42\r")
    child.expect("a = 42   0.9998")
    assert leave(child) == 0
    child = start()
    child.send("\x1b[A\r")
    child.expect("a = 42   0.9998")
    assert leave(child) == 0


def test_a_dumb_terminal_gets_plain_text(start: Start) -> None:
    child = start(term="dumb")
    child.send("a = 7\r")
    child.expect("a = 7   0.9998")
    assert not CONTROL_SEQUENCE.search(child.before)
    assert leave(child) == 0
