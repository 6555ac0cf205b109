"""The explorer in a notebook, by anywidget: the same page, whose questions come as the widget's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from latent_repl.errors import UsageError
from latent_repl.explore import page
from latent_repl.explore.explorer import Explorer

if TYPE_CHECKING:
    from latent_repl.explore.explored import Explored


def explorer_widget(session: Explored, problem: str | None = None) -> Any:
    """Return a widget that shows a session's spaces. Raises UsageError where anywidget is not installed."""
    try:
        import anywidget
    except ImportError as error:
        raise UsageError("the explorer in a notebook needs anywidget: pip install 'latent-repl[notebook]'") from error
    explorer = Explorer(session, problem)

    def answer(widget: Any, content: Any, buffers: Any) -> None:
        widget.send({"id": content["id"], "answer": explorer.answer(content["message"])})

    widget = type("ExplorerWidget", (anywidget.AnyWidget,), {"_esm": page.script(), "_css": page.styles()})()
    widget.on_msg(answer)
    return widget
