"""How the command line ends: 0 done, 1 a mismatch or a program error, 2 usage or syntax, 130 interrupted."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from latent_repl.errors import LatentReplError

DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def exit_code(work: Callable[[], int]) -> int:
    """Do the work and return its exit code, or that of the error it raises, whose message goes to standard error.

    A reader who has seen enough (a closed pipe, as with `head`) ends the work silently and well.
    """
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except LatentReplError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return DONE


def _discard_output() -> None:
    # Python flushes standard output once more at its end, and would complain there.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
