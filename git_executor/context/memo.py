"""The parts of the architecture memo that a stage needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{2,}")


def memo_sections(memo: str, wanted: Sequence[str], keywords: Mapping[str, tuple[str, ...]], message: str) -> list[str]:
    """Sections of a Markdown memo, the most relevant first, each with its heading.

    ``wanted`` are the stage's section names. A section is relevant when its heading holds a wanted name or one of the
    keywords configured for that name; after those come sections that share rare words with the failure's message.
    """
    sections = _split(memo)
    scored: list[tuple[float, int]] = []
    said = {word.lower() for word in _WORD.findall(message)}
    for index, (title, text) in enumerate(sections):
        score = 0.0
        low = title.lower()
        for rank, name in enumerate(wanted):
            terms = [name.replace("_", " ").replace("-", " "), name, *keywords.get(name, ())]
            if any(term.lower() in low for term in terms if term):
                score = max(score, 100.0 - rank)
            elif any(term.lower() in text.lower() for term in keywords.get(name, ()) if term):
                score = max(score, 40.0 - rank)
        words = {word.lower() for word in _WORD.findall(text)}
        score += min(20.0, 4.0 * len(said & words)) if score else min(10.0, 2.0 * len(said & words) - 4)
        if score > 0:
            scored.append((-score, index))
    return [sections[index][1] for _, index in sorted(scored)]


def _split(memo: str) -> list[tuple[str, str]]:
    """(heading, text of the section with its heading, without its subsections)."""
    sections: list[tuple[str, list[str]]] = []
    fenced = False
    for line in memo.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading:
            sections.append((heading.group(2), [line]))
        elif sections:
            sections[-1][1].append(line)
        elif line.strip():
            sections.append(("", [line]))
    return [
        (title, "\n".join(lines).strip())
        for title, lines in sections
        if len(lines) > 1 and any(x.strip() for x in lines[1:])
    ]
