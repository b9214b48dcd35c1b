"""The labelled logs, as readable text: a header line ``=== name | class [| hard]``, then the log itself.

Files called ``*.tsv`` hold single messages, a label before each and ``\\n`` where a line ends; they are read within
a small log.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
_AROUND = "==> running step\napplying\n{message}\nmake: *** [Makefile:3: step] Error 1\n"


class Case(NamedTuple):
    """One labelled log tail."""

    name: str
    label: str
    hard: bool
    aside: bool
    text: str


def cases() -> Iterator[Case]:
    """Every labelled log; those in files called ``aside-*`` were kept aside until the rules were done."""
    for path in sorted((HERE / "logs").glob("*.txt")):
        for piece in path.read_text(encoding="utf-8").split("\n=== "):
            header, _, text = piece.removeprefix("=== ").partition("\n")
            name, label, *rest = (part.strip() for part in header.split("|"))
            yield Case(name, label, "hard" in rest, path.name.startswith("aside"), text)
    for path in sorted((HERE / "logs").glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            label, _, message = line.partition("\t")
            aside = path.name.startswith("aside")
            yield Case(
                f"{path.name}:{number}", label, False, aside, _AROUND.format(message=message.replace("\\n", "\n"))
            )
