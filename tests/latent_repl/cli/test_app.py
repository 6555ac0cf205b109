"""The command line: what it prints, where, and how it exits."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from latent_repl.cli.options import Settings
from latent_repl.exits import exit_code
from latent_repl.explore.explorer import Explorer
from latent_repl.model.checkpoint import names
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from tests.latent_repl.cli.conftest import Command
from tests.latent_repl.conftest import Liar

HEAVY = ("torch", "transformers", "botorch", "prompt_toolkit", "rich.console")


def test_help_and_version_import_nothing_heavy() -> None:
    code = (
        "import sys; from latent_repl.__main__ import main\n"
        "try: main()\n"
        f"except SystemExit: print([name for name in {HEAVY} if name in sys.modules])"
    )
    for words in (["--help"], ["--version"], ["run", "--help"], ["synth", "--help"]):
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


def test_standard_input_is_a_script_whose_output_is_undecorated(command: Command) -> None:
    ended = command(typed=b"a = 71\n\na > 53\n")
    assert (ended.code, ended.output, ended.errors) == (0, "True\n", "")


def test_output_appears_while_the_script_still_runs(tmp_path: Path) -> None:
    (tmp_path / "p.lx").write_text("print(7)\nwhile True:\n    pass\n")
    words = [sys.executable, "-m", "latent_repl", "run", str(tmp_path / "p.lx")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "7\n"
        assert running.poll() is None
        running.kill()


def test_what_a_text_or_a_name_holds_does_not_drive_the_terminal(command: Command, tmp_path: Path) -> None:
    (tmp_path / "p\x1b.lx").write_text("x = '\x1b]0;a\x07'\n\x1b]0;b")
    for words in (["-c", "\x1b]0;a\x07b"], ["run", str(tmp_path / "p\x1b.lx")], ["run", "no\x1b[31m.lx"]):
        ended = command(*words)
        assert ended.code == 2 and ended.errors
        assert "\x1b" not in ended.errors and "\x07" not in ended.errors


def test_an_empty_print_prints_an_empty_line(command: Command, script: Callable[[str], str]) -> None:
    ended = command("run", "--check", script("print(1)\nprint()\nprint(2)\n"))
    assert (ended.code, ended.output) == (0, "1\n\n2\n")
    assert ended.errors.endswith("p.lx: 3 of 3 executed lines agree with CPython\n")


def test_a_seed_beyond_64_bits_is_a_usage_error(command: Command) -> None:
    ended = command("--seed", str(2**64), "-c", "a = 1")
    assert ended.code == 2 and "--seed" in ended.errors


def test_the_step_budget_reaches_the_session(command: Command, opened: list[Settings]) -> None:
    command("-c", "a = 1", "--step-budget", "7")
    assert opened == [Settings(step_budget=7)]


def test_nothing_on_standard_input(command: Command) -> None:
    assert command().code == 0


@pytest.mark.parametrize("typed", [b"\xff\xfe", b"a = 1.5j\n", b"a = ?\n", b"b\n"])
def test_standard_input_that_is_no_script(typed: bytes, command: Command) -> None:
    ended = command(typed=typed)
    assert ended.code == 2
    assert ended.output == ""
    assert ended.errors


def test_code_from_the_command_line(command: Command) -> None:
    assert command("-c", "print(18)").output == "18\n"


def test_code_and_file_exclude_each_other(command: Command, script: Callable[[str], str]) -> None:
    assert command("-c", "a = 1", "-i", script("a = 1")).code == 2


def test_a_file_first_then_standard_input_on_its_state(command: Command, script: Callable[[str], str]) -> None:
    assert command("-i", script("a = 71\n"), typed=b"print(a)").output == "71\n"


@pytest.mark.parametrize("options", [[], ["--mode", "latent"], ["--check"]])
def test_a_script_runs_without_the_word_run(options: list[str], command: Command, script: Callable[[str], str]) -> None:
    ended = command(*options, script("print(7)\n"))
    assert (ended.code, ended.output) == (0, "7\n")


def test_a_script_that_is_not_there_is_named(command: Command) -> None:
    ended = command("none.lx")
    assert ended.code == 2
    assert "none.lx: cannot be read" in ended.errors


def test_commands_of_the_repl_say_so_elsewhere(command: Command, script: Callable[[str], str]) -> None:
    for ended in (command("-c", ":vars"), command(typed=b"a = 1\n:vars\n"), command("run", script(":vars\n"))):
        assert ended.code == 2
        assert "is a command of the REPL" in ended.errors


@pytest.mark.parametrize("words", [["fly"], ["run"], ["run", "--mode", "exact", "p.lx"], ["--frobnicate"], ["synth"]])
def test_usage_errors_exit_with_2(words: list[str], command: Command) -> None:
    assert command(*words).code == 2


def test_a_program_error_exits_with_1_after_its_output(command: Command, script: Callable[[str], str]) -> None:
    ended = command("run", script("print(1)\n\n1 // 0\n"))
    assert (ended.code, ended.output) == (1, "1\n")
    assert "ZeroDivisionError" in ended.errors


def test_json_has_one_object_a_line_and_a_summary(command: Command, script: Callable[[str], str]) -> None:
    file = script("a = 5\n")
    line, summary = command("run", "--check", "--json", file).records
    assert 0 < line["confidence"] <= 1 and 0 <= summary["seconds"] < 60
    assert line == {
        "file": file,
        "line": 1,
        "source": "a = 5",
        "state": {"a": 5},
        "steps": 1,
        "confidence": line["confidence"],
        "output": [],
        "expected": {"a": 5},
        "match": True,
    }
    assert summary == {
        "file": file,
        "summary": True,
        "lines": 1,
        "steps": 1,
        "matched": 1,
        "error": None,
        "seconds": summary["seconds"],
        "results": summary["results"],
        "recalled": summary["recalled"],
    }


def test_json_without_check_expects_nothing(command: Command, script: Callable[[str], str]) -> None:
    line, summary = command("run", "--json", script("a = 5\n")).records
    assert "expected" not in line and "match" not in line
    assert summary["matched"] is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a = 1.5j\n", "SyntaxError"),
        ("a = b\n", "NameError"),
        ("1 // 0\n", "ZeroDivisionError"),
        ("a = ?", "SynthesisError"),
    ],
)
def test_json_summaries_name_the_error(text: str, kind: str, command: Command, script: Callable[[str], str]) -> None:
    *_, summary = command("run", "--json", script(text)).records
    assert summary["error"]["type"] == kind


def test_each_file_runs_whatever_an_earlier_one_did(
    command: Command, script: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "bad.lx").write_bytes(b"\xff")
    files = [str(tmp_path), str(tmp_path / "none.lx"), str(tmp_path / "bad.lx"), script("print(1)")]
    ended = command("run", *files)
    assert (ended.code, ended.output) == (2, "1\n")
    assert len(ended.errors.splitlines()) == 3
    assert [record["file"] for record in command("run", "--json", *files).records if "summary" in record] == files


def test_files_do_not_share_variables(command: Command, script: Callable[..., str]) -> None:
    assert command("run", script("a = 1\n", "one.lx"), script("print(a)\n", "two.lx")).code == 2


def test_a_mismatch_shows_line_expected_and_got(
    command: Command, script: Callable[[str], str], live_session: Session, lying_session: Session
) -> None:
    vars(live_session).update(vars(lying_session))
    file = script("a = 71\n")
    ended = command("run", "--check", file)
    assert ended.code == 1
    assert f"{file}:1: mismatch in `a = 71`: expected a = 71; got a = 70" in ended.errors
    assert command("run", file).code == 0


def test_endings_that_are_no_errors_of_ours(capfd: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert exit_code(interrupted) == 130


def test_a_closed_pipe_is_silent() -> None:
    code = "from latent_repl.exits import exit_code\nimport sys\nsys.exit(exit_code(lambda: print('x' * 10**6) or 0))"
    shell = f'{sys.executable} -c "$CODE" | head -c 1; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(
        ["bash", "-c", shell], env=os.environ | {"CODE": code}, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("x0\n", "")


@pytest.mark.slow
def test_pictures_are_written(command: Command, tmp_path: Path) -> None:
    assert command("map").output == "written to map.png\n"
    ended = command("landscape", "a=6; a+? == 42", "--size", "3", "-o", "one.svg", "-o", "two.png", "--json")
    assert ended.records == [{"written": "one.svg"}, {"written": "two.png"}]
    assert {path.name for path in tmp_path.iterdir()} >= {"map.png", "one.svg", "two.png"}


@pytest.mark.parametrize(
    "words", [["map", "-o", "map.txt"], ["landscape", "a = 1"], ["landscape"], ["map", "--plane", "flat"]]
)
def test_pictures_that_cannot_be_drawn(words: list[str], command: Command) -> None:
    ended = command(*words)
    assert (ended.code, ended.output) == (2, "")
    assert ended.errors


def test_the_explorers_page_is_served_on_a_problem(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[object] = []

    def serve(explorer: Explorer, port: int, *, tell: Callable[[str], None], browser: bool) -> None:
        served.append((explorer.space.problem.text, port, browser))
        tell("http://127.0.0.1:1234/token/")

    monkeypatch.setattr("latent_repl.explore.server.serve", serve)
    ended = command("explore", "a=6; a*? == 42", "--port", "1234", "--no-browser")
    assert (ended.code, ended.output) == (0, "http://127.0.0.1:1234/token/\nCtrl-C ends it\n")
    assert command("explore", "--json").records == [{"url": "http://127.0.0.1:1234/token/"}]
    assert served == [("a=6; a*? == 42", 1234, False), ("a=71; a+? == 18", 0, True)]


def test_a_page_that_cannot_be_served_is_said(command: Command) -> None:
    assert "no hole" in command("explore", "a = 1").errors
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = command("explore", "--port", port)
    assert (ended.code, ended.output) == (2, "")
    assert f"port {port} is in use" in ended.errors


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal of its own there")
def test_ctrl_c_ends_the_page_well() -> None:
    words = [sys.executable, "-m", "latent_repl", "explore", "--model", "sums-2d", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        url = json.loads(process.stdout.readline())["url"]
        with urllib.request.urlopen(url, timeout=30) as page:
            assert b"<title>latent-repl explore</title>" in page.read()
        process.send_signal(signal.SIGINT)
        assert (process.wait(30), process.stderr.read()) == (0, "")


def test_evaluation_exits_with_1_where_a_program_differs(command: Command, script: Callable[..., str]) -> None:
    assert command("eval", script('{"id": 1, "program": "a = 7"}\n', "right.jsonl")).code == 0
    assert command("eval", script('{"id": 1, "program": "a = 7j"}\n', "wrong.jsonl")).code == 1


def test_evaluation_lists_the_wrong_lines_of_programs_where_it_is_asked_to(
    command: Command, script: Callable[..., str], live_session: Session
) -> None:
    file = script('{"id": 1, "program": "a = 7\\nb = a + 64"}\n', "programs.jsonl")
    live_session.model = cast(Interpreter, Liar(live_session.model))
    told = "1:2: mismatch in `b = a + 64`: expected b = 71; got b = 70\n"
    assert command("eval", "--show-wrong", file).output.startswith(told)
    assert "mismatch" not in command("eval", file).output


def test_models_lists_the_shipped_checkpoints_with_their_figures(command: Command) -> None:
    listed = [line.split()[:2] for line in command("models").output.splitlines()]
    assert listed == [[name, "shipped"] for name in names()]
    records = {record["name"]: record for record in command("models", "--json").records}
    assert list(records) == names()
    assert records["base"]["exact"] > 0.999 and records["base"]["bytes"] > 1e6
