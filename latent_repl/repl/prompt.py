"""The line editor: several lines with Python's indentation, history, search, completion, colours."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus, has_selection
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.lexers import PygmentsLexer
from prompt_toolkit.output import Output
from prompt_toolkit.styles import Style

from latent_repl.language.parsing.parse import is_complete
from latent_repl.repl.commands.synth import begin_import, begins_search, is_open
from latent_repl.repl.completion import LxCompleter, LxLexer
from latent_repl.repl.context import Context

PROMPT, CONTINUATION = ">>> ", "... "
INDENTATION = 4
"""Columns of one level, as in Python's style guide."""
PYTHON_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.)(?: |$)", re.MULTILINE)
PASTED_BEGINNINGS = (" ", "\t", ".", ">")
STYLE = Style.from_dict({"pygments.punctuation.hole": "bold ansimagenta"})
"""What prompt_toolkit's own style lacks: a hole has the colour of its fill."""


class ForgivingHistory(FileHistory):
    """A history file that warns once where it cannot be written, and goes on in memory.

    An entry is one write: whatever ends the process, each entry is there whole or not at all.
    """

    def __init__(self, path: Path, warn: Callable[[str], None]) -> None:
        super().__init__(path)
        self._path, self._warn, self._warned = path, warn, False

    def store_string(self, string: str) -> None:
        """Append to the file, in prompt_toolkit's own format."""
        lines = "".join(f"+{line}\n" for line in string.split("\n"))
        try:
            with self._path.open("ab", buffering=0) as file:
                file.write(f"\n# {datetime.now()}\n{lines}".encode(errors="replace"))
        except OSError as error:
            if not self._warned:
                self._warn(f"{self._path}: the history cannot be written: {error}")
            self._warned = True


def open_history(warn: Callable[[str], None], path: Path | None = None) -> History:
    """Return the history in the user's state folder, made if missing; in memory, with a warning, where that fails."""
    path = user_state_path("latent-repl") / "history" if path is None else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.read_bytes().decode()
    except UnicodeDecodeError:
        warn(f"{path}: the history holds what is not text; the rest of it is used")
    except OSError as error:
        warn(f"{path}: no history, it cannot be used: {error.strerror}")
        return InMemoryHistory()
    return ForgivingHistory(path, warn)


def open_prompt(
    context: Context,
    history: History,
    on_first_prompt: Callable[[], None],
    *,
    terminal_input: Input | None = None,
    terminal_output: Output | None = None,
) -> PromptSession[str]:
    """Return the editor; `on_first_prompt` is called once, after the first prompt is on the screen.

    Typing `:synth` begins to import what a search needs.
    """
    prompt: PromptSession[str] = PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation=CONTINUATION,
        history=history,
        lexer=PygmentsLexer(LxLexer),
        completer=LxCompleter(context),
        complete_while_typing=False,
        enable_history_search=True,  # Up after some text: entries that begin with it
        style=STYLE,
        key_bindings=key_bindings(),
        input=terminal_input,
        output=terminal_output,
    )

    def once(application: Application[str]) -> None:
        application.after_render -= once
        on_first_prompt()

    def foresee(buffer: Buffer) -> None:
        if begins_search(buffer.text):
            begin_import()

    prompt.app.after_render += once
    prompt.default_buffer.on_text_changed += foresee
    return prompt


@Condition
def _in_indentation() -> bool:
    from prompt_toolkit.application import get_app

    return not get_app().current_buffer.document.current_line_before_cursor.strip()


def _insert_pasted(buffer: Buffer, data: str) -> None:
    text = data.replace("\r\n", "\n").replace("\r", "\n")
    buffer.insert_text(without_prompts(text) if buffer.text.strip() else plain(text))


def key_bindings() -> KeyBindings:
    """Return what Enter, Tab and Backspace do: they know of blocks, and Alt-Enter runs one as it stands."""
    bindings = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)  # not in the line of a history search
    pasting = False

    @bindings.add("enter", filter=typing)
    def _(event: KeyPressEvent) -> None:
        # Keys that wait already, with an indentation or a prompt of their own, come from a paste and not from fingers.
        nonlocal pasting
        waiting = event.key_processor.input_queue
        pasting = bool(waiting) and (pasting or waiting[0].data in PASTED_BEGINNINGS)
        enter(event.current_buffer, indent=not pasting)

    @bindings.add(Keys.BracketedPaste, filter=typing)
    def _(event: KeyPressEvent) -> None:
        _insert_pasted(event.current_buffer, event.data)

    @bindings.add("escape", "enter", filter=typing)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @bindings.add("tab", filter=typing & _in_indentation & ~has_selection)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(" " * INDENTATION)

    @bindings.add("tab", filter=typing & has_selection)
    def _(event: KeyPressEvent) -> None:
        shift_lines(event.current_buffer, INDENTATION)

    @bindings.add("s-tab", filter=typing)
    def _(event: KeyPressEvent) -> None:
        shift_lines(event.current_buffer, -INDENTATION)

    @bindings.add("backspace", filter=typing & _in_indentation & ~has_selection)
    def _(event: KeyPressEvent) -> None:
        column = event.current_buffer.document.cursor_position_col
        event.current_buffer.delete_before_cursor(max(1, (column - 1) % INDENTATION + 1 if column else 1))

    return bindings


def shift_lines(buffer: Buffer, columns: int) -> None:
    """Move the selected lines, or the cursor's, to the right or, below 0, as far to the left as they go."""
    document = buffer.document
    start, end = document.selection_range() if document.selection else (document.cursor_position,) * 2
    first, last = (document.translate_index_to_position(place)[0] for place in (start, end))
    lines = document.lines
    shifted = [_shifted(line, columns) if first <= row <= last else line for row, line in enumerate(lines)]
    row, column = document.cursor_position_row, document.cursor_position_col
    column = max(0, column + len(shifted[row]) - len(lines[row]))
    text = "\n".join(shifted)
    buffer.document = Document(text, Document(text).translate_row_col_to_index(row, column))


def _shifted(line: str, columns: int) -> str:
    if columns >= 0:
        return " " * columns + line
    return line[min(-columns, len(line) - len(line.lstrip(" "))) :]


def without_prompts(text: str) -> str:
    """Return a text without the prompts of a Python session at the beginnings of its lines.

    >>> without_prompts(">>> if a:\\n...     b = 1")
    'if a:\\n    b = 1'
    """
    return PYTHON_PROMPT.sub("", text)


def plain(text: str) -> str:
    """Return a text without prompts and without the indentation that all its lines have."""
    return textwrap.dedent(without_prompts(text))


def enter(buffer: Buffer, *, indent: bool = True) -> None:
    """Accept the text if it is whole, else begin another line, with the indentation that fits if one is wanted.

    Above the last line Enter always begins another one: a block from the history can be edited.
    """
    if is_ready(plain(buffer.text)) and (buffer.document.on_last_line or not buffer.document.text_after_cursor.strip()):
        buffer.validate_and_handle()
    else:
        columns = next_indentation(buffer.document.current_line_before_cursor) if indent else 0
        buffer.insert_text("\n" + " " * columns)


def is_ready(text: str) -> bool:
    """Say whether the text can be run as it stands; a block ends with an empty line, as in Python.

    >>> is_ready("a = 1"), is_ready("if a:\\n    b = 2"), is_ready("if a:\\n    b = 2\\n    ")
    (True, False, True)
    """
    if not text.strip() or text.lstrip().startswith(":"):
        return not is_open(text)
    lines = text.split("\n")
    return is_complete("\n".join([*lines[:-1], lines[-1] if lines[-1].strip() else ""]))


def next_indentation(line: str) -> int:
    """Return the columns by which the line after this one is indented."""
    columns, words = len(line) - len(line.lstrip()), line.split()
    if line.rstrip().endswith(":"):
        return columns + INDENTATION
    leaves = bool(words) and words[0] in ("break", "continue", "pass", "return")
    return max(0, columns - INDENTATION) if leaves else columns
