"""Nothing is lost and nothing is shown as right when machines fail: processes killed while they write, disks that are
full, folders that cannot be written, files that two processes share, eight runs at once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from latent_repl.repl.prompt import ForgivingHistory

HISTORY = """
import sys
from pathlib import Path
from latent_repl.repl.prompt import open_history
history = open_history(print, Path(sys.argv[1]))
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    history.store_string(f"{sys.argv[2]} = {number}\\nif {sys.argv[2]}:\\n    {number}")
"""
FILE = """
import sys
from itertools import cycle
from pathlib import Path
from latent_repl.files import write_whole
print("ready", flush=True)
for letter in cycle("ab"):
    write_whole(Path(sys.argv[1]), letter * 200_000)
"""
CHECKPOINT = """
import sys
from pathlib import Path
import torch
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
torch.manual_seed(0)
sizes = dict(slots=3, limit=5, maximum=5, width=16, heads=2, feed_forward=32, trunk_width=16, trunk_layers=1)
model = LatentInterpreter(LatentConfig(**sizes))
save(model, Path(sys.argv[1]))
print("ready", flush=True)
while True:
    save(model, Path(sys.argv[1]))
"""


def killed(code: str, *arguments: object, seconds: float) -> None:
    """Run code until it says that it is ready, and so many seconds more; then kill it as only the system can."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        time.sleep(seconds)
        running.send_signal(signal.SIGKILL)


def entries(path: Path) -> list[str]:
    return list(ForgivingHistory(path, print).load_history_strings())


def piped(texts: Sequence[str], **environment: str) -> list[subprocess.CompletedProcess[str]]:
    """Run `latent-repl -c` with each text at once; return how each went."""
    command = [sys.executable, "-m", "latent_repl", "-c"]
    outputs = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [
        subprocess.Popen([*command, text], text=True, env=os.environ | environment, **outputs)  # type: ignore[call-overload]
        for text in texts
    ]
    ended = [(each, each.communicate(timeout=120)) for each in running]
    return [subprocess.CompletedProcess(each.args, each.returncode, *said) for each, said in ended]


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_while_the_history_is_written_leaves_whole_entries(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "history"
    killed(HISTORY, path, "a", 1_000_000, seconds=random.Random(seed).uniform(0.02, 0.1))
    kept = entries(path)[::-1]
    assert kept
    assert kept == [f"a = {number}\nif a:\n    {number}" for number in range(len(kept))]


def test_two_processes_share_a_history_and_every_entry_of_both_is_kept(tmp_path: Path) -> None:
    path, command = tmp_path / "history", [sys.executable, "-c", HISTORY]
    both = [subprocess.Popen([*command, str(path), name, "300"], stdout=subprocess.DEVNULL) for name in "xy"]
    assert [each.wait(60) for each in both] == [0, 0]
    kept = entries(path)[::-1]
    for name in "xy":
        own = [entry for entry in kept if entry.startswith(name)]
        assert own == [f"{name} = {number}\nif {name}:\n    {number}" for number in range(300)]


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_while_a_script_is_saved_leaves_a_whole_script(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "saved.lx"
    killed(FILE, path, seconds=random.Random(seed).uniform(0.02, 0.1))
    assert path.read_text(encoding="utf-8") in ("a" * 200_000, "b" * 200_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_kill_while_a_checkpoint_is_saved_leaves_one_that_loads(seed: int, tmp_path: Path) -> None:
    from latent_repl.model.load import load

    path = tmp_path / "checkpoint"
    killed(CHECKPOINT, path, seconds=random.Random(seed).uniform(0.05, 0.4))
    assert load(path).config.slots == 3


def test_a_full_disk_keeps_what_was_saved_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "saved.lx"
    path.write_text("a = 1\n", encoding="utf-8")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "from pathlib import Path; from latent_repl.errors import UsageError\n"
        "from latent_repl.files import write_whole; from latent_repl.repl.prompt import open_history\n"
        "try: write_whole(Path(sys.argv[1]), 'b' * 5000)\n"
        "except UsageError as error: print(error)\n"
        "history = open_history(print, Path(sys.argv[1] + '.history'))\n"
        "for _ in range(3): history.append_string('a' * 900)\n"
        "print(len(history.get_strings()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    refused, warned, remembered = done.stdout.splitlines()
    assert "cannot be written: File too large; nothing was changed" in refused
    assert "the history cannot be written" in warned
    assert remembered == "3"
    assert path.read_text(encoding="utf-8") == "a = 1\n"
    assert {entry.name for entry in tmp_path.iterdir()} == {"saved.lx", "saved.lx.history"}


@pytest.mark.slow
def test_a_home_that_cannot_be_written_stops_no_program(tmp_path: Path) -> None:
    [done] = piped(["a = 71\na - 53"], HOME=os.devnull, XDG_STATE_HOME=f"{os.devnull}/state", XDG_CACHE_HOME=os.devnull)
    assert (done.stdout, done.stderr, done.returncode) == ("18\n", "", 0)


@pytest.mark.slow
def test_eight_runs_at_once_do_not_disturb_one_another() -> None:
    done = piped([f"a = {number}\na * 3" for number in range(8)])
    assert [each.stdout for each in done] == [f"{3 * number}\n" for number in range(8)]
