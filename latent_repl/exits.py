"""How the command line ends: 0 done, 1 a mismatch or a program error, 2 usage or syntax, 130 interrupted.

Nothing heavy is imported here: Ctrl-C is answered from the first moments on.
"""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from latent_repl.errors import LatentReplError, printable

UNWRITABLE = (errno.EBADF, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a stream that is closed, full or gone answers; an error of a file has its name."""
DONE, FAILED, INTERRUPTED = 0, 1, 130


class Interrupt:
    """What Ctrl-C does to the command line: it raises KeyboardInterrupt in work, and elsewhere ends the process.

    Amid an import it ends the process too: a library that is half there answers an exception with another one.
    """

    def __init__(self) -> None:
        self.working = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Answer the signal."""
        if not self.working or _amid_import(frame):
            _leave()
        self.working = False  # a second Ctrl-C, while the first is answered, ends the process
        raise KeyboardInterrupt


_INTERRUPT = Interrupt()


def end_process(work: Callable[[], int]) -> NoReturn:
    """Do the work of a whole process and end it: signals, warnings and streams are taken over first.

    The user's text is checked by Lx itself, and what libraries say to their developers is nothing for users.
    """
    signal.signal(signal.SIGINT, _INTERRUPT)
    warnings.filterwarnings("ignore")
    _open_streams()
    code = _flushed(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: nothing is left to interrupt
    sys.exit(code)


def exit_code(work: Callable[[], int]) -> int:
    """Do the work and return its exit code, or that of the error it raises, whose message goes to standard error.

    A reader who has seen enough (a closed pipe, as with `head`) ends the work silently and well; where the output
    cannot be written for another reason, it is an error.
    """
    try:
        _INTERRUPT.working = True
        code = _flushed(work)
        _INTERRUPT.working = False
        return code
    except LatentReplError as error:
        _INTERRUPT.working = False
        _say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED


def _flushed(work: Callable[[], int]) -> int:
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        _discard_output()
        return DONE
    except OSError as error:
        if error.filename is not None or error.errno not in UNWRITABLE:
            raise
        _discard_output()
        _say(f"the output cannot be written: {error.strerror}")
        return FAILED


def _open_streams() -> None:
    """Let each stream be there, and write what its encoding has not as replacements."""
    if sys.stdout is None:
        # Opened for reading: whoever writes to it is told so, whoever does not is not.
        sys.stdout = os.fdopen(_null(os.O_RDONLY, 1), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(_null(os.O_WRONLY, 2), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace" if stream is sys.stdout else "backslashreplace")


def _null(flags: int, number: int) -> int:
    opened = os.open(os.devnull, flags)
    if opened != number:
        os.dup2(opened, number)
    return number


def _discard_output() -> None:
    # Python flushes standard output once more at its end, and would complain there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{printable(message)}\n")
        sys.stderr.flush()


def _amid_import(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _leave() -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(Exception):  # the signal may have come amid a write
        sys.stdout.flush()
    with suppress(Exception):
        _say("interrupted")
    os._exit(INTERRUPTED)
