"""What the tool itself suggests: ``Did you mean "x"?`` for a word that stands in exactly one place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import distance, is_slip
from git_executor.fixers.playbook.places import Place, places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_FILES = 150
_QUOTED = r"[\"'`‘“]([\w.$:/@+-]+)[\"'`’”]"  # noqa: RUF001 - tools quote with typographic marks


def suggestion(case: Case, said: Said) -> Iterator[Fix]:
    """The word that the message quotes and that the suggestion is a slip of, on the line that the log names or, where it
    names none, in its only place."""
    near = said["near"]
    if re.match(r"\s*(?:Name|Attribute|Import)Error: ", said.match.string):
        return  # Python's own family knows what is in reach there
    before = said.match.string[: said.match.start()]
    above = " ".join(_bare(case.lines[index]) for index in range(max(said.index - 4, 0), said.index))
    words = [word for word in re.findall(_QUOTED, f"{above} {before}") if word != near]
    wrong = next((word for word in reversed(words) if is_slip(word, near) or distance(word, near, 3) <= 2), None)
    if wrong is None:
        return
    named = list(_named_lines(case, said.index))
    found = [place for path, number in named for place in _on_line(case, path, number, wrong)]
    if not named and not case.out_of_reach:
        found = list(places(case, case.candidates[:_FILES], wrong))
    yield from replaced(case, found if len(found) == 1 else [], near, f"Corrected {wrong} to {near}", f"The tool knows no {wrong} and suggests {near} itself.")


def _bare(line: str) -> str:
    return line.strip().strip("│|╷╵").strip()


def _named_lines(case: Case, index: int) -> Iterator[tuple[str, int]]:
    """(path, line from 0) of the places that the log names near a line."""
    seen = set()
    for _, line in case.near(index, 8, 3):
        for match in re.finditer(r"\bon ([\w./-]+) line (\d+)|([\w./-]+\.\w+):(\d+)|[Ff]ile \"([^\"]+)\", line (\d+)", line[:2000]):
            name, number = (match[1] or match[3] or match[5]), int(match[2] or match[4] or match[6])
            path = case.locate(name)
            if path and (path, number) not in seen:
                seen.add((path, number))
                yield path, number - 1


def _on_line(case: Case, path: str, number: int, word: str) -> Iterator[Place]:
    text = case.text(path)
    lines = text.split("\n")
    if number < len(lines):
        start = sum(len(line) + 1 for line in lines[:number])
        yield from (place for place in places(case, [path], word, r"(?<![\w-])[\w.]*?") if start <= place.start <= start + len(lines[number]))


RULES: tuple[Rule, ...] = (
    Rule("suggestion", ("did you mean", "perhaps you meant", "maybe you meant", "you probably meant"),
         (r"(?i)(?:did you mean|perhaps you meant|maybe you meant|you probably meant)(?: to use| this)?:? [\"'`‘“]?(?P<near>[A-Za-z_$][\w.$:/@+-]*)[\"'`’”]?\s*[?.)]*",), suggestion),  # noqa: RUF001
)  # fmt: skip
