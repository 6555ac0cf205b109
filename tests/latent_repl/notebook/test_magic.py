"""`%%lx` in an ordinary shell of IPython."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

import latent_repl


def test_cells_of_lx_stand_beside_cells_of_python(capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell()
    latent_repl.load_ipython_extension(shell)
    shell.run_cell_magic("lx", "", "a = 6\nprint(a * 7)\n")
    assert "42" in capsys.readouterr().out
    shell.run_line_magic("lx", "a = a + 1")
    assert shell.user_ns["lx_session"].state == {"a": 7}
    shell.run_line_magic("lx", "a = 7.5j")
    assert "7.5" in capsys.readouterr().err
