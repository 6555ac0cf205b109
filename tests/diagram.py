"""Draws the picture of the stages: `python -m tests.diagram`. Its numbers are those of a real session."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent_repl import Session
from latent_repl.language.program import CoreLine

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "stages.svg"
WIDTH, HEIGHT = 980, 520
BEFORE, LINE = "a = 6", "b = a * 7"
INK, QUIET, PAPER, EDGE = "#1f2933", "#52606d", "#ffffff", "#9aa5b1"
# What -1, 0 and 1 look like.
LOW, MIDDLE, HIGH = np.array([[33, 102, 172], [247, 247, 247], [214, 96, 40]])
BOX = "rx='8' fill='#f5f7fa' stroke='#9aa5b1'"


def text(x: float, y: float, words: str, *, size: int = 15, fill: str = INK, more: str = "") -> str:
    """Return a line of text."""
    return f"<text x='{x:g}' y='{y:g}' font-size='{size}' fill='{fill}' {more}>{escape(words)}</text>"


def code(x: float, y: float, words: str, *, size: int = 17, more: str = "") -> str:
    """Return a line of code."""
    return text(x, y, words, size=size, more=f"font-family='ui-monospace,Menlo,Consolas,monospace' {more}")


def stage(x: float, y: float, number: int, name: str) -> str:
    """Return a stage's number in a disc, and its name."""
    disc = f"<circle cx='{x:g}' cy='{y - 5:g}' r='11' fill='#3f51b5'/>"
    figure = text(x, y, str(number), size=13, fill=PAPER, more="text-anchor='middle'")
    return disc + figure + text(x + 17, y, name, size=14, fill=INK, more="font-weight='600'")


def arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return an arrow."""
    return f"<path d='M{x:g} {y:g} L{to_x:g} {to_y:g}' stroke='{QUIET}' stroke-width='2' marker-end='url(#head)'/>"


def strip(x: float, y: float, latent: NDArray[Any], width: float, rows: int = 1) -> str:
    """Return the numbers of a latent as coloured cells."""
    numbers = latent.reshape(rows, -1)
    size = width / numbers.shape[1]
    cells = []
    for row, column in np.ndindex(numbers.shape):
        share = float(numbers[row, column])
        red, green, blue = (MIDDLE + abs(share) * ((HIGH if share > 0 else LOW) - MIDDLE)).astype(int)
        place = f"x='{x + column * size:.1f}' y='{y + row * 11}' width='{size:.2f}' height='10'"
        cells.append(f"<rect {place} fill='#{red:02x}{green:02x}{blue:02x}'/>")
    return "".join(cells)


def state(x: float, y: float, rows: dict[str, NDArray[Any]]) -> str:
    """Return a state: the latent of each slot, with its name before it."""
    drawn = [f"<rect x='{x}' y='{y}' width='230' height='{len(rows) * 26 + 14}' {BOX}/>"]
    for place, (name, latent) in enumerate(rows.items()):
        drawn += [code(x + 12, y + 25 + place * 26, name, size=14), strip(x + 74, y + 15 + place * 26, latent, 144)]
    return "".join(drawn)


def slots(session: Session, latents: NDArray[Any], names: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Return the latents of some variables, and that of the status."""
    return {**{name: latents[session.names[name].index] for name in names}, "status": latents[-1]}


def draw() -> str:
    """Return the picture."""
    session = Session()
    session.run(BEFORE)
    before = session.latents
    [line] = session.lower(LINE)[1].instructions
    assert isinstance(line, CoreLine)
    ids = session.model.vocabulary.core_line_ids(line)
    [coded] = session.model.encode_code(np.array([ids]))
    result = session.run(LINE)
    old, new = (slots(session, latents, ("a", "b")) for latents in (before, session.latents))
    shown = f"  {LINE[0]} = {result.state['b']}   {result.confidence:.4f}  ✓"
    parts = [
        f"<rect width='{WIDTH}' height='{HEIGHT}' rx='12' fill='{PAPER}' stroke='{EDGE}'/>",
        f"<rect x='24' y='30' width='150' height='46' {BOX}/>",
        code(42, 59, LINE),
        arrow(174, 53, 268, 53),
        stage(190, 40, 1, "parse"),
        stage(190, 82, 2, "lower"),
        f"<rect x='274' y='30' width='240' height='46' {BOX}/>",
        *(code(292 + place * 56, 59, part) for place, part in enumerate(("b", "*", "a", "7"))),
        text(284, 94, "a core line: target, operator, operands", size=12, fill=QUIET),
        arrow(514, 53, 622, 53),
        stage(526, 40, 3, "tokenise"),
        f"<rect x='628' y='30' width='328' height='46' {BOX}/>",
        *(code(646 + place * 80, 59, str(each)) for place, each in enumerate(ids)),
        text(638, 94, "four whole numbers", size=12, fill=QUIET),
        arrow(790, 102, 790, 148),
        stage(806, 132, 4, "encode"),
        f"<rect x='628' y='154' width='328' height='62' {BOX}/>",
        strip(640, 164, coded, 304, rows=4),
        text(628, 234, f"code latent: {len(coded)} numbers between -1 and 1", size=12, fill=QUIET),
        state(24, 250, old),
        text(24, 240, "state latents, where a is 6", size=12, fill=QUIET),
        "<rect x='386' y='258' width='170' height='76' rx='12' fill='#e8eaf6' stroke='#3f51b5' stroke-width='2'/>",
        stage(412, 302, 5, "execute"),
        text(404, 352, "the executor network", size=12, fill=QUIET),
        arrow(254, 296, 380, 296),
        arrow(620, 196, 540, 252),
        arrow(556, 296, 692, 296),
        state(698, 250, new),
        text(698, 240 + 116, "the next state's latents;", size=12, fill=QUIET),
        text(698, 240 + 132, "they feed the next step", size=12, fill=QUIET),
        arrow(900, 346, 900, 408),
        stage(772, 402, 6, "decode"),
        f"<rect x='626' y='414' width='330' height='46' {BOX}/>",
        code(640, 443, f"a = 6   b = {result.state['b']}   ok"),
        arrow(626, 437, 412, 437),
        stage(486, 424, 7, "display"),
        "<rect x='24' y='414' width='382' height='46' rx='8' fill='#1f2933'/>",
        f"<text x='40' y='443' font-size='17' fill='#e4e7eb' xml:space='preserve' font-family="
        f"'ui-monospace,Menlo,Consolas,monospace'>{escape(shown)}</text>",
        text(24, 482, "✓: CPython, run beside it, agrees. It has no part in the answer.", size=12, fill=QUIET),
        *(strip(626 + 3 * place, 486, np.array([share]), 3) for place, share in enumerate(np.linspace(-1, 1, 61))),
        text(596, 496, "-1", size=12, fill=QUIET),
        text(816, 496, "1", size=12, fill=QUIET),
    ]
    head = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' "
        f"font-family='system-ui,Segoe UI,Helvetica,Arial,sans-serif'>"
        f"<defs><marker id='head' viewBox='0 0 10 10' refX='8' refY='5' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0 0 L10 5 L0 10 z' fill='{QUIET}'/></marker></defs>"
    )
    return "\n".join([head, *parts, "</svg>\n"])


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
