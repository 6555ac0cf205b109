"""The REPL in a real terminal: another process behind a pseudo-terminal, on the shipped checkpoint."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pexpect
else:
    pexpect = pytest.importorskip("pexpect")

pytestmark = pytest.mark.slow

CONTROL_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
CONFIDENCE = r"   [01]\.\d{4}"
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
# What the terminal is told when a prompt is left: no key is waited for any more.
PASTE_ENDS = "\x1b[?2004l"
UP, CONTROL_R = "\x1b[A", "\x12"
# Seconds that somebody types at a problem: time to import what the search needs, amid which Python is deaf.
TYPING = 6.0
# A loop does not end by itself before it is interrupted, however fast the machine is.
ENDLESS = ("-m", "latent_repl", "--step-budget", "1000000000")
# Loads the checkpoint once the file that it is given is there.
HELD_LOAD = """
import sys, time
from pathlib import Path
may_load = Path(sys.argv.pop())
from latent_repl.__main__ import main
from latent_repl.cli.options import Settings
open_session = Settings.open_session
def held(self, **options):
    while not may_load.exists():
        time.sleep(0.05)
    return open_session(self, **options)
Settings.open_session = held
main()
"""

Start = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """A function that starts the REPL and waits for its prompt."""
    started = []

    def spawn(
        *words: str, term: str = "xterm", columns: int = 100, variables: dict[str, str] | None = None
    ) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            sys.executable,
            list(words or ("-m", "latent_repl")),
            env=os.environ | {"TERM": term, "PROMPT_TOOLKIT_NO_CPR": "1"} | (variables or {}),
            encoding="utf-8",
            timeout=20,
            dimensions=(24, columns),
        )
        child.delaybeforesend = None
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


def type_keys(child: pexpect.spawn[str], keys: str, *, wait: float = 0.5) -> None:
    """Press keys and wait until they have been taken; what they echo is coloured, and so not looked for."""
    child.send(keys)
    child.expect(pexpect.TIMEOUT, timeout=wait)


def enter(child: pexpect.spawn[str], line: str, shows: str) -> None:
    """Type a line, wait for what it shows and for the next prompt."""
    child.send(f"{line}\r")
    child.expect(shows)
    wait_for_prompt(child)


def leave(child: pexpect.spawn[str]) -> int:
    """Press Ctrl-D at a prompt and return the exit code."""
    child.sendcontrol("d")
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus)


def seconds_to_interrupt(child: pexpect.spawn[str]) -> float:
    """Press Ctrl-C and return how long it took until the REPL says so."""
    started = time.perf_counter()
    child.sendcontrol("c")
    child.expect("interrupted")
    return time.perf_counter() - started


def busyness() -> float:
    """Return how much longer work takes here than the processor time it needs: 1 on an idle machine."""
    started, used = time.perf_counter(), time.process_time()
    while time.process_time() - used < 0.1:
        pass
    return max(1.0, (time.perf_counter() - started) / 0.1)


def test_a_program_of_several_lines_and_its_undoing(start: Start) -> None:
    child = start()
    enter(child, "a = 7", f"a = 7{CONFIDENCE}  ✓")
    type_keys(child, "if a > 5:\r")
    child.send("b = a\r\r")
    child.expect(f"b = 7{CONFIDENCE}  ✓")
    wait_for_prompt(child)
    enter(child, ":undo", "a = 7")
    enter(child, "b", "assign")
    enter(child, ":redo", "b = 7")
    assert leave(child) == 0


def test_ten_thousand_characters_pasted_at_once(start: Start) -> None:
    child = start()
    lines = "# ten characters\n" * 600 + "a = 1\n"
    started = time.perf_counter()
    child.send(f"{PASTE_BEGIN}{lines}{PASTE_END}\r")
    child.expect(f"a = 1{CONFIDENCE}  ✓")
    print(f"10,206 characters: {time.perf_counter() - started:.1f} s")
    wait_for_prompt(child)
    enter(child, f"{PASTE_BEGIN}a = 1\nif True:\n    b = 2\n{PASTE_END}", f"b = 2{CONFIDENCE}")
    assert leave(child) == 0


def test_history_by_search_and_by_prefix(start: Start) -> None:
    child = start()
    enter(child, "first = 42", f"first = 42{CONFIDENCE}")
    enter(child, "other = 7", f"other = 7{CONFIDENCE}")
    type_keys(child, f"{CONTROL_R}first")
    enter(child, "\r", f"nothing changed{CONFIDENCE}")
    enter(child, "reset = 1", f"reset = 1{CONFIDENCE}")
    enter(child, f"oth{UP}", f"nothing changed{CONFIDENCE}")
    enter(child, ":history", "5  other = 7")
    assert leave(child) == 0


def test_a_block_from_the_history_is_edited(start: Start) -> None:
    child = start()
    type_keys(child, "if True:\ra = 1\r\r", wait=1.5)
    wait_for_prompt(child)
    type_keys(child, f"{UP}")
    enter(child, "b = 2\r", f"b = 2{CONFIDENCE}")
    enter(child, ":history", r"2  if True:\s+a = 1\s+b = 2")
    assert leave(child) == 0


def test_the_history_outlives_the_process(start: Start) -> None:
    child = start()
    enter(child, "a = 42", f"a = 42{CONFIDENCE}")
    assert leave(child) == 0
    child = start()
    enter(child, UP, f"a = 42{CONFIDENCE}")
    assert leave(child) == 0


def test_control_c_drops_a_line_that_is_being_typed(start: Start) -> None:
    child = start()
    type_keys(child, "a = 7")
    assert seconds_to_interrupt(child) < 0.2 * busyness()
    wait_for_prompt(child)
    enter(child, ":vars", "no variables")
    assert leave(child) == 0


def test_control_c_ends_an_endless_loop_and_keeps_the_state(start: Start) -> None:
    child = start(*ENDLESS)
    enter(child, "a = 71", f"a = 71{CONFIDENCE}")
    # The loop runs once the terminal is given back; a Ctrl-C before that only drops the line.
    type_keys(child, "while True:\rb = a\r\r", wait=1.5)
    assert seconds_to_interrupt(child) < 0.2 * busyness()
    wait_for_prompt(child)
    enter(child, ":vars", "a = 71")
    assert "b" not in child.before.split("a = 71")[-1]
    assert leave(child) == 0


def test_control_c_twice_is_no_worse_than_once(start: Start) -> None:
    child = start(*ENDLESS)
    type_keys(child, "while True:\ra = 1\r\r", wait=1.5)
    for _ in range(5):
        child.sendcontrol("c")
    child.expect("interrupted")
    wait_for_prompt(child)
    child.sendcontrol("u")
    enter(child, "a = 7", f"a = 7{CONFIDENCE}")
    assert leave(child) == 0


@pytest.mark.parametrize("after", [0.3, 8.0], ids=["at its beginning", "amid it"])
def test_control_c_ends_a_search(after: float, start: Start) -> None:
    child = start()
    enter(child, "a = 71", f"a = 71{CONFIDENCE}")
    type_keys(child, ":synth ", wait=TYPING)
    type_keys(child, "--budget 100000 --timeout 60 a * ? * ? * ? == 97\r", wait=0)
    child.expect_exact(PASTE_ENDS)  # the prompt is left: until then Ctrl-C is one of its keys
    time.sleep(after)
    assert seconds_to_interrupt(child) < 0.2 * busyness()
    wait_for_prompt(child)
    enter(child, ":synth --search ordered a=6; a*? == 42", "verified by CPython|not solved")
    enter(child, ":vars", "a = 71")
    assert leave(child) == 0


def test_sigterm_leaves_a_whole_history_and_the_terminal_in_order(start: Start, own_home: Path) -> None:
    child = start()
    enter(child, "a = 42", f"a = 42{CONFIDENCE}")
    child.kill(signal.SIGTERM)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 128 + signal.SIGTERM
    assert "Traceback" not in child.before
    (history,) = own_home.rglob("history")
    assert history.read_text().endswith("\n+a = 42\n")


def test_the_prompt_takes_text_while_the_checkpoint_loads(start: Start, tmp_path: Path) -> None:
    may_load = tmp_path / "may-load"
    child = start("-c", HELD_LOAD, str(may_load))
    child.send(":help quit\r")
    child.expect("Ctrl-D leaves too")
    wait_for_prompt(child)
    may_load.touch()
    enter(child, "a = 1", f"a = 1{CONFIDENCE}")
    assert leave(child) == 0


def test_a_dumb_terminal_gets_plain_text(start: Start) -> None:
    child = start(term="dumb")
    child.send("a = 7\r")
    child.expect(f"a = 7{CONFIDENCE}")
    assert not CONTROL_SEQUENCE.search(child.before)
    wait_for_prompt(child)
    assert leave(child) == 0


def test_twenty_columns_suffice(start: Start) -> None:
    child = start(columns=20)
    enter(child, "a = 7", f"a = 7{CONFIDENCE}")
    enter(child, ":state", "s0")
    enter(child, ":map", "a  7")
    assert leave(child) == 0


@pytest.mark.parametrize(("value", "coloured"), [("1", False), ("", True)])
def test_no_color_is_kept_unless_it_is_empty(value: str, coloured: bool, start: Start) -> None:
    child = start(variables={"NO_COLOR": value})
    child.send("a = 7\r")
    child.expect("✓")
    shown = child.before
    assert bool(re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)) is coloured
    wait_for_prompt(child)
    assert leave(child) == 0
