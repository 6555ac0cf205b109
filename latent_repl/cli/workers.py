"""Many pieces of work on many workers: processes here or on other machines. What comes back is in the pieces' order.

    Workers().results(work, pieces)                      here, one after another
    Workers(jobs=4).results(work, pieces)                in four processes (joblib's loky)
    Workers(dask="tcp://host:8786").results(...)         on the workers of a Dask cluster

`work` is a function of a module, so that a worker can import it.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Any, TypeVar

from latent_repl.errors import UsageError

T = TypeVar("T")
R = TypeVar("R")

TRIES = 3
"""How often a piece may end its worker before it is given up; the same as Dask allows. Chosen."""
PATIENCE = 10
"""Seconds in which a cluster has to answer. Chosen."""


@dataclass(frozen=True, kw_only=True)
class Workers:
    """Who works. jobs: processes on this machine; dask: the address of a cluster's scheduler, in their place."""

    jobs: int = 1
    dask: str | None = None

    @property
    def alone(self) -> bool:
        """Whether this process does all the work."""
        return self.jobs == 1 and self.dask is None

    def results(self, work: Callable[[T], R], pieces: Sequence[T]) -> Iterator[R]:
        """Yield what each piece comes to, in order, as soon as those before it are there.

        Pieces of a worker that was killed are worked on again. Raises UsageError where one ends its worker again and
        again, and for a cluster that does not answer.
        """
        if self.alone:
            yield from map(work, pieces)
            return
        from joblib import parallel_config

        with ExitStack() as open_until_the_end, parallel_config(**self._backend(open_until_the_end)):
            yield from _results(work, pieces)

    def _backend(self, until_the_end: ExitStack) -> dict[str, Any]:
        """Return what joblib is to work with, a cluster's client entered in what is closed at the end."""
        if self.dask is None:
            return {"backend": "loky", "n_jobs": self.jobs, "inner_max_num_threads": 1}
        try:
            from distributed import Client
        except ImportError as error:
            raise UsageError("--dask needs a library: pip install 'latent-repl[dask]'") from error
        try:
            client = Client(self.dask, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise UsageError(f"no Dask scheduler answers at {self.dask} ({error})") from error
        until_the_end.enter_context(closing(client))
        return {"backend": "dask", "n_jobs": -1, "client": client}


def _results(work: Callable[[T], R], pieces: Sequence[T]) -> Iterator[R]:
    from concurrent.futures import BrokenExecutor

    from joblib import Parallel, delayed

    done = tries = 0
    while done < len(pieces):
        left = (delayed(_undisturbed)(work, piece) for piece in pieces[done:])
        try:
            with closing(Parallel(return_as="generator", batch_size=1)(left)) as results:
                for result, failed in results:
                    if failed is not None:
                        raise failed
                    done, tries = done + 1, 0
                    _tell(done, len(pieces))
                    yield result
        except BrokenExecutor as error:
            tries += 1
            if tries == TRIES:
                raise UsageError(f"piece {done + 1} of {len(pieces)} ends its worker again and again") from error


def _undisturbed(work: Callable[[T], R], piece: T) -> tuple[R | None, Exception | None]:
    """Do a piece of work in a worker and return what it comes to, or its error, which is raised when its turn comes.

    Every process of a terminal gets a Ctrl-C; the main one answers it.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return work(piece), None
    except Exception as error:
        return None, error


def _tell(done: int, count: int) -> None:
    """Show on a terminal how far the work is."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {count}" + "\n" * (done == count))
        sys.stderr.flush()
