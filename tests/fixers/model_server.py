"""Runs a model file behind llama.cpp's own server, for tests and benchmarks; ``python model_server.py MODEL PORT``."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def serving(model: Path, python: str = sys.executable) -> Iterator[str]:
    """The address of an OpenAI-style server for ``model``. Needs ``xllamacpp`` in that Python."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    process = subprocess.Popen(
        [python, __file__, str(model), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environ
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.kill()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/health", timeout=2).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the model server did not start")


def _serve(model: str, port: int) -> None:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path, params.port, params.hostnames = model, port, ["127.0.0.1"]
    params.n_ctx, params.n_parallel, params.use_jinja = 8192, 1, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    server = xllamacpp.Server(params)
    while server is not None:
        time.sleep(3600)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
