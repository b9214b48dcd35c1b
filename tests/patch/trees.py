"""A tree held in memory, for tests of code that needs no repository."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from git_executor.domain import DIRECTORY, REGULAR, Blob


class MemoryTree:
    """Implements ``domain.Tree`` over a mapping of path to bytes or blob."""

    def __init__(self, files: Mapping[str, bytes | Blob]) -> None:
        self.files = {
            path: held if isinstance(held, Blob) else Blob(REGULAR, held)
            for path, held in sorted(files.items())
        }

    def read(self, path: str) -> Blob | None:
        return self.files.get(path)

    def names(self, directory: str) -> Mapping[str, int]:
        prefix = directory + "/" if directory else ""
        found: dict[str, int] = {}
        for path, blob in self.files.items():
            if path.startswith(prefix):
                name, slash, _ = path[len(prefix) :].partition("/")
                found[name] = DIRECTORY if slash else blob.mode
        return found

    def paths(self) -> Iterator[str]:
        return iter(self.files)
