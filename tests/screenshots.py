"""Draws the pages' pictures of a real session: python -m tests.screenshots

The session runs on the shipped checkpoint; what the pictures show is what it answered. Each is 80 columns wide, in dark
and in light.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from prompt_toolkit.document import Document
from prompt_toolkit.lexers import PygmentsLexer
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

from latent_repl.display import Screen
from latent_repl.repl.completion import LxLexer
from latent_repl.repl.context import Context
from latent_repl.repl.loop import evaluate
from latent_repl.session import Session

COLUMNS = 80
FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
LIGHT = TerminalTheme(
    (246, 248, 250),
    (36, 41, 47),
    [
        (36, 41, 47),
        (207, 34, 46),
        (17, 99, 41),
        (77, 45, 0),
        (9, 105, 218),
        (130, 80, 223),
        (27, 124, 131),
        (110, 119, 129),
    ],
)
THEMES = {"dark": SVG_EXPORT_THEME, "light": LIGHT}
WEB_FONTS = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)
"""Fonts that would be loaded from elsewhere; a picture stands alone."""
STYLES = {"keyword": "bold green", "hole": "bold magenta", "number": "cyan", "operator": "dim"}
SESSIONS = {
    "session": ("a = 6", "b = a * 7", "a, b = b, a", "while b < 9:\n    b = b + 1", "a // 0", ":undo", ":diff 1"),
    "synthesis": (
        ":synth def f(a):\n    ?\n    ?\n    return b\nf(2) == 5\nf(6) == 13\nf(8) == 17",
        ":synth --apply a = 71; b = a + ?; b == 18",
        ":vars",
    ),
    "latents": ("a = 17", "a = 50", "b = a", ":nearest b = a + 2", ":lerp b = a + 2 -> b = a * 9", ":map"),
}


def highlighted(text: str) -> Text:
    """Return typed text as the prompt shows it, the prompt included."""
    line_of, shown = PygmentsLexer(LxLexer).lex_document(Document(text)), Text()
    for number in range(text.count("\n") + 1):
        shown.append("... " if number else ">>> ", "dim")
        for style, piece, *_ in line_of(number):
            shown.append(piece, next((look for word, look in STYLES.items() if word in style), ""))
        shown.append("\n")
    shown.rstrip()
    return shown


def draw(name: str, lines: tuple[str, ...]) -> None:
    """Run the lines in a fresh session and write the pictures."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor", highlight=False
    )
    session = Session(trace=True)
    context = Context(lambda: session, Screen(io.StringIO()))
    context.screen._console = console
    for line in lines:
        console.print(highlighted(line))
        for view in evaluate(context, line):
            context.screen.show(view)
    for theme, colours in THEMES.items():
        drawn = console.export_svg(title="latent-repl", theme=colours, clear=False)
        (FOLDER / f"{name}-{theme}.svg").write_text(WEB_FONTS.sub("", drawn))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, lines in SESSIONS.items():
        draw(name, lines)
