"""What a terminal says while work goes on: how far it is and how to stop it, gone before anything else is shown.

waiting = Waiting(sys.stderr)
waiting(1200)       after two seconds, behind what stands there:   1,200 steps, 2.4 s; Ctrl-C stops
waiting.clear()
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TextIO

AFTER = 2.0
"""Seconds of work without a word. Chosen: what is over sooner needs none."""
EVERY = 0.2
"""Seconds from one word to the next. Chosen: often enough to be seen to move."""

# Without wrapping, written from a cursor that is put back: what stands before it, a program's open line, stays whole.
_WRITTEN = "\x1b[?7l\x1b7\x1b[2m  {}\x1b[K\x1b[22m\x1b8\x1b[?7h"
_CLEARED = "\x1b[K"


class Waiting:
    """A word on a terminal after two seconds of work; on what is no terminal it says nothing."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._speaks = stream is not None and stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
        self._shown = False
        self._begun: float | None = None
        self._next = 0.0

    def __call__(self, steps: int) -> None:
        """Say how many steps the work has taken, if it is time to."""
        now = time.monotonic()
        if self._begun is None:
            self._begun, self._next = now, now + AFTER
        if self._speaks and now >= self._next:
            self._next, self._shown = now + EVERY, True
            self._write(_WRITTEN.format(f"{steps:,} steps, {now - self._begun:.1f} s; Ctrl-C stops"))

    def pause(self) -> None:
        """Take the word back, for something else is to be written; the work goes on."""
        if self._shown:
            self._shown = False
            self._write(_CLEARED)

    def clear(self) -> None:
        """Take the word back: the work is over."""
        self.pause()
        self._begun = None

    def _write(self, text: str) -> None:
        assert self._stream is not None, "what is no stream says nothing"
        with suppress(OSError):  # a terminal that is gone needs no word
            self._stream.write(text)
            self._stream.flush()
