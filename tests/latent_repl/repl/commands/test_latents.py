"""Lines and states looked at in latent space."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from latent_repl.errors import UsageError


def test_nearest_begins_with_the_line_itself(run: Callable[[str], str]) -> None:
    run("a = 1")
    rows = run(":nearest b = a + 2").splitlines()
    assert rows[1].split() == ["b", "=", "a", "+", "2", "0.0000"]
    distances = [float(row.split()[-1]) for row in rows[1:]]
    assert distances == sorted(distances) and len(distances) == 8
    with pytest.raises(UsageError, match="is 2 core lines"):
        run(":nearest b = a + 2 * a")


def test_nearest_state_is_the_decoded_one(run: Callable[[str], str]) -> None:
    run("a = 17")
    assert run(":nearest").splitlines()[1].startswith("a = 17 ")


def test_lerp_between_lines_and_between_states(run: Callable[[str], str]) -> None:
    run("a = 1")
    run("a = 9")
    lines = run(":lerp b = a + 2 -> b = a * 9").splitlines()[1:]
    assert "b = a + 2" in lines[0] and "b = a * 9" in lines[-1] and len(lines) == 9
    states = run(":lerp 1 -> main").splitlines()[1:]
    assert "a = 1 " in states[0] and "a = 9 " in states[-1]
    run(":pin here")
    assert run(":lerp 1 -> here").splitlines()[1:] == states
    for wrong in (":lerp", ":lerp a = 1", ":lerp -> a = 1", ":lerp 0 -> 77"):
        with pytest.raises(UsageError):
            run(wrong)


def test_map_shows_each_variables_way(run: Callable[[str], str], tmp_path: Path) -> None:
    run("a = 1")
    run("a = 9")
    drawn = run(":map")
    assert drawn.endswith("a  1 → 9\n")
    assert max(map(len, drawn.splitlines())) <= 80
    assert sum(line.count("a") for line in drawn.splitlines()[:-1]) == 2
    assert run(":map way.svg") == "written to way.svg\n"
    assert "<svg" in (tmp_path / "way.svg").read_text()
    with pytest.raises(UsageError, match=r"ends in \.png"):
        run(":map way.txt")
