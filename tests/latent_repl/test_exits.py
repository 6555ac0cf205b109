"""How a process ends: streams that cannot be written, Ctrl-C at any moment, warnings."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

COMMANDS = ("-c 'print(1)'", "-c 'a = 1' --json", "models", "--version", "--help", "run --help")


def shell(command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of a shell, in which LATENT is the command."""
    environment = os.environ | {"LATENT": f"{sys.executable} -m latent_repl"} | variables
    done = subprocess.run(["bash", "-c", command.replace("LATENT", "$LATENT")], env=environment, capture_output=True)
    return subprocess.CompletedProcess([], done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode())


@pytest.mark.slow
@pytest.mark.parametrize(("target", "words"), [(">&-", "Bad file descriptor"), (">/dev/full", "No space left")])
@pytest.mark.parametrize("command", COMMANDS)
def test_output_that_cannot_be_written(command: str, target: str, words: str) -> None:
    # Where nothing is buffered, writing fails, and else flushing.
    done = shell(f"LATENT {command} {target}", PYTHONUNBUFFERED="1" if "print" in command else "")
    assert done.returncode == 1
    assert done.stderr.startswith("the output cannot be written: ") and words in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_who_has_seen_enough(command: str) -> None:
    assert shell(f"LATENT {command} | true").stderr == ""


def test_what_prints_nothing_needs_no_output() -> None:
    done = shell("LATENT -c 'a = 1' >&- 2>&-")
    assert done.returncode == 0


def test_closed_errors_change_no_exit_code() -> None:
    assert shell("LATENT -c '1 // 0' 2>&-").returncode == 1
    assert shell("LATENT -c 'a = 1.5j' 2>&-").returncode == 2


def test_an_encoding_that_lacks_a_character_gets_a_replacement() -> None:
    done = shell("LATENT run 'né.lx'; LATENT -c $'a = \\xff\\ud800'", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr and "Traceback" not in done.stderr


def test_nothing_is_imported_before_ctrl_c_is_answered() -> None:
    code = "import sys; known = set(sys.modules); import latent_repl.__main__; print(*sorted(set(sys.modules) - known))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__future__", "latent_repl", "latent_repl.__main__"]


@pytest.mark.slow
@pytest.mark.parametrize("text", ["1 is 1", "a = 1if 1else 2", "a = '\\\\d'", "a = 7"])
def test_warnings_reach_no_user_nor_fail(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "latent_repl", "-c", text], capture_output=True, text=True
    )
    assert "Warning" not in done.stderr and "Traceback" not in done.stderr
    assert done.returncode in (0, 2)


# Neither ends by itself before it is interrupted, however fast the machine is: 10,000 steps take two seconds.
ENDLESS = (
    ["--step-budget", "1000000000", "-c", "while True:\n    a = 1\n"],
    ["synth", "--budget", "1000000", "--timeout", "600", "a=71; a * ? * ? * ? == 97"],
)


@pytest.mark.slow
@pytest.mark.parametrize("after", [0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6])
@pytest.mark.parametrize("command", ENDLESS)
def test_control_c_at_any_moment(command: list[str], after: float) -> None:
    code = "print(flush=True); from latent_repl.__main__ import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", f"import signal; signal.signal(2, 1); {code}", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.readline()
        time.sleep(after)
        deadline = time.monotonic() + 20
        while running.poll() is None and time.monotonic() < deadline:
            running.send_signal(signal.SIGINT)
            time.sleep(0.05)
        errors = running.stderr.read()
    assert running.returncode == 130
    assert "Traceback" not in errors and "Error" not in errors
