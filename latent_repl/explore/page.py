"""The explorer's page as files of this package: one JavaScript source for the browser and for notebooks.

The parts are joined as they are, in this order; nothing is built, and nothing comes from elsewhere.
"""

from __future__ import annotations

from importlib.resources import files

PARTS = ("elements", "colours", "canvas", "inspector", "search", "states", "explorer")


def script() -> str:
    """Return the JavaScript module: `mount(root, ask)`, and what anywidget calls."""
    return "\n".join(read(f"{part}.js") for part in PARTS)


def styles() -> str:
    """Return the style sheet."""
    return read("explorer.css")


def read(name: str) -> str:
    """Return the text of one of the page's files."""
    return (files("latent_repl.explore") / "assets" / name).read_text(encoding="utf-8")
