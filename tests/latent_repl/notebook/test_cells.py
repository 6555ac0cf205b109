"""A cell is run piece by piece, and shows what the REPL would."""

from __future__ import annotations

from typing import Any

import pytest

from latent_repl.errors import LxSyntaxError, ProgramError, UsageError
from latent_repl.notebook.cells import CellOutput, CellRunner, pieces
from latent_repl.session import Session


@pytest.fixture
def printed() -> list[str]:
    return []


@pytest.fixture
def cells(live_session: Session, printed: list[str]) -> CellRunner:
    return CellRunner(lambda: live_session, printed.append)


def test_commands_stand_alone_with_their_blocks_and_statements_together() -> None:
    text = "a = 1\nfor i in range(2):\n    a += i\n:undo\n\n:time for i in range(2):\n    a = i\n\nb = 2"
    assert [*pieces(text)] == [
        "a = 1\nfor i in range(2):\n    a += i\n",
        ":undo",
        ":time for i in range(2):\n    a = i",
        "b = 2\n",
    ]
    assert [*pieces("\n\n")] == []


def test_a_statement_shows_its_changes_and_the_state_as_a_table(cells: CellRunner, printed: list[str]) -> None:
    [shown] = cells.run("x = [1, 2]\nprint(len(x))\n")
    assert shown.plain.startswith("  x = [1, 2]") and "✓" in shown.plain
    assert "<td>x</td><td>[1, 2]</td>" in shown.html and shown._repr_html_() == shown.html
    assert "".join(printed).strip() == "2"


def test_going_back_is_exact_across_cells(cells: CellRunner) -> None:
    for text in ("a = 1", "a = 2", ":branch other\na = 3"):
        list(cells.run(text))
    session = cells.context.session
    latents = session.latents
    shown = [*cells.run(":undo\n:branch main")]
    assert [each.plain.splitlines()[-1] for each in shown] == ["  a = 2", "  a = 2"]
    list(cells.run(":branch other\n:redo"))
    assert session.latents is latents or (session.latents == latents).all()


def test_the_way_over_the_map_is_a_picture(cells: CellRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    list(cells.run("a = 1\na = 2"))
    [shown] = cells.run(":map")
    assert (shown._repr_png_() or b"")[:4] == b"\x89PNG" and shown._repr_html_() is None and shown.plain

    def missing(*_: Any) -> None:
        raise UsageError("needs matplotlib")

    monkeypatch.setattr("latent_repl.explore.figures.draw_trajectory", missing)
    assert CellOutput(shown.plain, shown.html) == next(cells.run(":map"))


def test_errors_end_a_cell_after_what_was_shown(cells: CellRunner) -> None:
    with pytest.raises(LxSyntaxError):
        list(cells.run("a = 7.5j"))
    shown = list[CellOutput]()
    with pytest.raises(ProgramError, match="ZeroDivisionError"):
        shown.extend(cells.run("a = 1 // 0"))
    running = cells.run("a = 1 // 0\n")
    assert "ZeroDivisionError" in next(running).plain


def test_names_and_commands_are_explained(cells: CellRunner) -> None:
    list(cells.run("a = 71\ndef double(n):\n    return n * 2"))
    assert (cells.inspect("a") or "").startswith("a = 71\n")
    assert (cells.inspect("double") or "").strip() == "def double(n)"
    assert (cells.inspect(":undo") or "").startswith(":undo [COUNT]")
    assert cells.inspect("nothing") is None and cells.inspect(":nothing") is None
