"""What --model can take on this machine, with sizes and figures."""

from __future__ import annotations

from pathlib import Path

from latent_repl.model.catalogue import catalogue
from latent_repl.model.checkpoint import names
from tests.latent_repl.hub_cache import keep


def test_shipped_and_cached_checkpoints_are_listed(tmp_path: Path) -> None:
    folder = keep(tmp_path, "some/model")
    (keep(tmp_path, "another/kind") / "config.json").unlink()
    entries = catalogue(tmp_path)
    assert [entry.name for entry in entries] == [*names(), "some/model@main"]
    shipped, downloaded = next(entry for entry in entries if entry.name == "sums-2d"), entries[-1]
    assert (shipped.source, downloaded.source, downloaded.folder) == ("shipped", "cached", folder)
    assert downloaded.size == shipped.size > 100_000
    assert downloaded.exact == shipped.exact is not None
    assert downloaded.record["values"] == "-99 to 99" and downloaded.row[2].endswith(" MB")


def test_a_checkpoint_without_metrics_has_no_figures(tmp_path: Path) -> None:
    (keep(tmp_path, "some/model") / "metrics.json").unlink()
    entry = catalogue(tmp_path)[-1]
    assert entry.exact is None and entry.row[-1] == ""
