"""Commands that look around in the latent spaces: neighbours, ways between two points, the map of the states."""

from __future__ import annotations

from latent_repl import display
from latent_repl.display import View
from latent_repl.errors import UsageError
from latent_repl.layout import Fitted
from latent_repl.repl.commands.table import Command, read_path, read_place
from latent_repl.repl.context import Context


def _nearest(context: Context, argument: str) -> list[View]:
    from latent_repl.explore.neighbours import nearest_lines, nearest_states

    session = context.session
    near = nearest_lines(session, argument) if argument else nearest_states(session)
    rows = [(neighbour.text, f"{neighbour.distance:.4f}") for neighbour in near]
    return [display.table_view(("line" if argument else "state", "distance"), rows)]


def _lerp(context: Context, argument: str) -> list[View]:
    from latent_repl.explore.neighbours import between_lines, between_states

    first, arrow, last = (part.strip() for part in argument.partition("->"))
    if not (first and arrow and last):
        raise UsageError("write two lines or two states, as :lerp a = 1 -> a = 9 or :lerp 0 -> 3")
    session = context.session
    places = [read_place(first), read_place(last)]
    if all(isinstance(place, int) or place in {**session.branches, **session.pins} for place in places):
        way = between_states(session, session.point(places[0]), session.point(places[1]))
    else:
        way = between_lines(session, first, last)
    rows = [(f"{point.share:.0%}", point.text, f"{point.confidence:.4f}") for point in way]
    return [display.table_view(("way", "decoded", "confidence"), rows)]


def _map(context: Context, argument: str) -> list[View]:
    from latent_repl.explore.maps import draw_in_characters, trajectory

    path = trajectory(context.session)
    if not argument:
        return [Fitted(lambda width: draw_in_characters(path, width))]
    from latent_repl.explore.figures import draw_trajectory

    return [display.note_view(f"written to {draw_trajectory(path, read_path(argument, 'map'))}")]


NEAREST = Command(
    "nearest",
    ":nearest [LINE]",
    "list the known lines or states closest to a latent",
    "Without a line: known states near the current one, which are those of this session and those with another\n"
    "number in one variable. With a line, such as :nearest b = a + 2: lines with another operand or operator.",
    _nearest,
)
LERP = Command(
    "lerp",
    ":lerp A -> B",
    "decode the way between two lines or two states",
    "Lines: :lerp b = a + 2 -> b = a * 9. States, by the numbers of :history or by branch: :lerp 0 -> 3.",
    _lerp,
)
MAP = Command(
    "map",
    ":map [FILE]",
    "show this session's way through the map of the states",
    "Every number is a point in latent space; the map is their projection on two directions, and each variable's\n"
    "way over it is drawn. FILE.png or FILE.svg is a picture, which needs the extra: pip install latent-repl[figures]",
    _map,
    completes="files",
)
