"""A tree of files in memory, as ``domain.Tree`` describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from git_executor.domain import DIRECTORY, REGULAR, Blob


class Files:
    def __init__(self, files: Mapping[str, bytes | str] = {}) -> None:
        self._files = {path: data.encode() if isinstance(data, str) else data for path, data in files.items()}

    def read(self, path: str) -> Blob | None:
        data = self._files.get(path)
        return None if data is None else Blob(REGULAR, data)

    def names(self, directory: str) -> Mapping[str, int]:
        prefix = f"{directory}/" if directory else ""
        rests = [path[len(prefix) :] for path in self._files if path.startswith(prefix)]
        return {rest.split("/")[0]: DIRECTORY if "/" in rest else REGULAR for rest in rests}

    def paths(self) -> Iterator[str]:
        return iter(sorted(self._files))
