"""Deadlines for a streamed answer: to the first token, between tokens, and for the whole.

``httpx`` only knows a limit for each read, so a server that trickles would never be stopped. A watching thread shuts
the connection down when a deadline passes; the reader wakes with an error, and ``passed`` says which deadline it was.
Closing the connection is also what makes Ollama stop generating.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType

import httpx


class Deadline:
    """Times are seconds. Use as a context manager around the reading; call ``beat`` for every part that arrives."""

    def __init__(self, first: float, gap: float, total: float) -> None:
        self.first, self.gap, self.total = min(first, total), gap, total
        self.passed = ""
        self._changed = threading.Condition()
        self._open = False
        self._end = self._next = 0.0
        self._name = ""
        self._socket: socket.socket | None = None

    def __enter__(self) -> Deadline:
        now = time.monotonic()
        self._end, self._next, self._name = (
            now + self.total,
            now + self.first,
            f"no first token within {self.first:g} s",
        )
        self._open = True
        self._thread = threading.Thread(target=self._run, name="deadline", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join()

    def beat(self) -> None:
        """Something arrived: from now on the limit between tokens counts."""
        with self._changed:
            due = time.monotonic() + self.gap
            if due < self._next:
                self._changed.notify()  # the watcher sleeps until the old, later time
            self._next, self._name = due, f"nothing for {self.gap:g} s in the middle of the answer"

    def watch(self, response: httpx.Response) -> None:
        """An event hook: remember the connection that a response comes from."""
        stream = response.extensions.get("network_stream")
        found = stream.get_extra_info("socket") if stream is not None else None
        if isinstance(found, socket.socket):
            self._socket = found

    def _run(self) -> None:
        with self._changed:
            while self._open:
                now = time.monotonic()
                if now >= self._end:
                    self.passed = f"no end of the answer within {self.total:g} s"
                elif now >= self._next:
                    self.passed = self._name
                if self.passed:
                    break
                self._changed.wait(min(self._end, self._next) - now)
        if self.passed and self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
