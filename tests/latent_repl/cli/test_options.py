"""The common options: every subcommand takes them, after its name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.cli.options import Settings
from tests.latent_repl.cli.conftest import Command


@pytest.mark.parametrize("name", ["repl", "run", "synth", "eval", "map", "landscape", "models"])
def test_every_subcommand_takes_the_common_options(name: str, command: Command) -> None:
    shown = command(name, "--help").output
    for option in ("--model", "--mode", "--device", "--threads", "--seed", "--json"):
        assert option in shown


def test_options_reach_the_session(command: Command, opened: list[Settings]) -> None:
    command("repl", "--mode", "snap", "--seed", "7", "--model", "there", typed=b"a = 1")
    assert opened == [Settings(model="there", mode="snap", seed=7)]


def test_options_before_the_subcommand_are_refused(command: Command, script: Callable[[str], str]) -> None:
    ended = command("--mode", "latent", "run", script("a = 1"))
    assert ended.code == 2
    assert "got --mode latent before run, write it after: latent-repl run --mode latent /" in ended.errors


def test_an_option_of_a_subcommand_before_it_is_named_too(command: Command) -> None:
    ended = command("--budget", "8", "synth", "a=71; a+? == 18")
    assert ended.code == 2
    assert "write it after: latent-repl synth --budget 8 'a=71; a+? == 18'" in ended.errors
