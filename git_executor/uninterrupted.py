"""A stretch of work that a signal must not cut in two."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_HELD = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back interruption, for us and for the processes started meanwhile.

    What arrives in between comes too late to stop anything, so it is dropped: the caller is about to end and to say
    what it has done. Only the main thread is ever asked to.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        while late := signal.sigpending() & _HELD:
            signal.sigwait(late)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
