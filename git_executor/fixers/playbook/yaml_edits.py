# ruff: noqa: RUF001 - tools quote with typographic marks
"""Small edits that mend YAML, each for one way to break it.

An edit function takes the lines and the number (from 0) of the line that a reader complained about, and yields new
lines with a word about what it did. It need not be right: the caller keeps only those that then parse, and only when
they all mean the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from git_executor.fixers.playbook.near import one_near, spelt_better
from git_executor.fixers.playbook.places import with_line

Lines = list[str]
Edit = Callable[[Lines, int], Iterator[tuple[Lines, str]]]

_KEY = r"[A-Za-z_][\w.\-/]*"
_ENTRY = (
    rf"(?P<lead>\s*(?:- +)*)(?P<key>{_KEY}|\"[^\"]*\"|'[^']*'):(?P<gap> +)(?P<value>\S.*?)(?P<tail>\s*)$"
)
_ITEM = r"(?P<lead>\s*- +)(?P<value>\S.*?)(?P<tail>\s*)$"


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def around(lines: Lines, at: int, before: int = 3, after: int = 1) -> Iterator[int]:
    """The numbers of lines near ``at`` that hold something, nearest first."""
    for distance in range(max(before, after) + 1):
        for number in dict.fromkeys((at - distance, at + distance)):
            within = (number <= at and distance <= before) or (number > at and distance <= after)
            if (
                within
                and 0 <= number < len(lines)
                and lines[number].strip()
                and not lines[number].lstrip().startswith("#")
            ):
                yield number


def tabs(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """Tabs in the indentation, everywhere in the file, by the file's own step first."""
    if not any(re.match(r"[ ]*(?:- *)?\t", line) for line in lines):
        return
    for width in dict.fromkeys((step(lines), 2, 4, 8)):
        yield [_spaced(line, width) for line in lines], "replaced tabs in the indentation by spaces"


def _spaced(line: str, width: int) -> str:
    match = re.match(r"[ \t]*(?:-\t+)?", line)
    if not match or not line.strip():
        return line
    start = re.sub(r"-\t+$", "- ", match[0])
    return start.replace("\t", " " * width) + line[match.end() :]


def step(lines: Lines) -> int:
    """The file's indentation step, 2 where nothing says otherwise."""
    widths = [indent(line) for line in lines if line.strip() and indent(line) and "\t" not in line]
    return min(widths) if widths and 1 < min(widths) <= 8 else 2


def hard_spaces(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    if any(re.match(r"[ ]*\u00a0", line) for line in lines):
        yield (
            [re.sub(r"^[ \u00a0]+", lambda m: " " * len(m[0]), line) for line in lines],
            "replaced no-break spaces in the indentation",
        )


def fences(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """Left-overs that are no YAML in any place: Markdown fences and the end word of a here-document."""
    stray = [number for number, line in enumerate(lines) if re.fullmatch(r"(?:```\w*|EOF)\s*", line)]
    if stray and len(stray) <= 2:
        yield [line for number, line in enumerate(lines) if number not in stray], "removed left-over fence lines"


def lone_marker(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """One conflict marker that was left when the others were taken out."""
    found = [number for number, line in enumerate(lines) if re.match(r"(?:<{7}|>{7}) \S|={7}\s*$|\|{7}(?: |$)", line)]
    if len(found) == 1:
        yield with_line(lines, found[0]), "removed a left-over conflict marker"


def equal_sides(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A merge conflict both sides of which say the same."""
    starts = [number for number, line in enumerate(lines) if line.startswith("<<<<<<< ")]
    middles = [number for number, line in enumerate(lines) if line.rstrip() == "======="]
    ends = [number for number, line in enumerate(lines) if line.startswith(">>>>>>> ")]
    if len(starts) == len(middles) == len(ends) == 1 and starts[0] < middles[0] < ends[0]:
        ours, theirs = lines[starts[0] + 1 : middles[0]], lines[middles[0] + 1 : ends[0]]
        if [line.rstrip() for line in ours] == [line.rstrip() for line in theirs]:
            yield [*lines[: starts[0]], *ours, *lines[ends[0] + 1 :]], "resolved a conflict whose sides are the same"


def unknown_escapes(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A backslash in double quotes that is meant as one: only where no escape of the value has a meaning."""
    for number in around(lines, at, 1, 0):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        value = match["value"] if match else ""
        if match and re.fullmatch(r"\"(?:[^\"\\']|\\[^0abtnvfreNLPxuU_\"/\\ \t'])*\"", value) and "\\" in value:
            yield with_line(lines, number, _revalued(lines[number], match, f"'{value[1:-1]}'")), "put a value with backslashes in single quotes"


def dropped_text(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A line of a block scalar that lost its indentation. Its depth must be plain: its neighbours' own, or of no weight
    to what the text says."""
    for number in around(lines, at, 12, 1):
        if not 0 < number < len(lines) - 1:
            continue
        above, below = lines[number - 1], lines[number + 1]
        if re.match(rf"\s*(?:- +)?(?:{_KEY}|\"[^\"]*\"):(?:\s|$)", lines[number]):
            continue  # as likely an entry of the mapping around
        head = number - 1
        while head >= 0 and not re.search(r":\s+[|>][-+\d]*\s*$", lines[head]):
            head -= 1
        if head < 0 or head == number - 1 or any(line.strip() and indent(line) <= indent(lines[head]) for line in lines[head + 1 : number]):
            continue
        if indent(lines[number]) >= indent(lines[head + 1]) or indent(below) < indent(lines[head + 1]) or not above.strip() or not below.strip():
            continue
        braces = all(line.rstrip().endswith((";", "{", "}")) for line in (above, lines[number], below))
        if indent(above) == indent(below) or (braces and not above.rstrip().endswith("{")):
            yield with_line(lines, number, " " * indent(above) + lines[number].lstrip()), "indented a line of a block scalar"


def separators(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    for number in around(lines, at, 2, 2):
        if re.fullmatch(r"(?:--|-{4,8}|[–—]{1,3}-?|- - -|-- -)\s*", lines[number]):
            yield with_line(lines, number, "---"), "corrected the document separator"


def dashes(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``-item`` for ``- item``, where a neighbour at that depth is a list entry."""
    changed, count = list(lines), 0
    for number in around(lines, at, 4, 4):
        match = re.match(r"(\s*)-([^\s-].*)$", lines[number])
        if match and any(re.match(rf"{match[1]}- ", lines[other]) for other in around(lines, number, 6, 6)):
            changed[number], count = f"{match[1]}- {match[2]}", count + 1
    if count:
        yield changed, "added the space after the list dash"
    for number in around(lines, at, 2, 1):
        match = re.match(rf"(\s*)-({_KEY}:(?: .*)?)$", lines[number])
        if match:
            yield with_line(lines, number, f"{match[1]}- {match[2]}"), "added the space after the list dash"


def aliases(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    anchors = set(re.findall(r"(?:^|[\s\[,])&([\w.\-]+)", "\n".join(lines)))
    for match in re.finditer(r"(?:^|[\s\[,])\*([\w.\-]+)", lines[at]):
        near = one_near(match[1], anchors)
        if match[1] not in anchors and near:
            anchored = [number for number, line in enumerate(lines) if re.search(rf"&{re.escape(near)}(?![\w.-])", line)]
            text = "\n".join(lines)
            if len(anchored) == 1 and not re.search(rf"\*{re.escape(near)}(?![\w.-])", text) and spelt_better(match[1], near, text) > 0:
                yield with_line(lines, anchored[0], lines[anchored[0]].replace(f"&{near}", f"&{match[1]}")), f"corrected the anchor &{near} to &{match[1]}, as it is used"
                continue
            line = lines[at][: match.start(1)] + near + lines[at][match.end(1) :]
            yield with_line(lines, at, line), f"corrected the alias *{match[1]} to *{near}"


def open_quotes(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A quote that is opened on a line and not closed there; YAML then runs on to the next quote of the file."""
    for number in range(at, max(at - 400, -1), -1):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        if match and match["value"][0] in "\"'" and not _closed(match["value"]) and " #" not in match["value"]:
            quote = match["value"][0]
            if match["value"].endswith(",") and "[" in lines[number]:
                continue
            yield with_line(lines, number, lines[number].rstrip() + quote), "closed the quote"


def _closed(value: str) -> bool:
    """Whether a value that begins with a quote has its end on the same line."""
    quote = value[0]
    body = re.sub(r"\\." if quote == '"' else "''", "", value[1:])
    return quote in body


def inner_quotes(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``'it's'`` and ``"say "hi""``: the other kind of quote goes around."""
    for number in around(lines, at, 2, 0):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        value = match["value"] if match else ""
        if match and len(value) > 2 and value[0] in "\"'" and value[-1] == value[0] and value[0] in value[1:-1]:
            other = "'" if value[0] == '"' else '"'
            if other not in value and "\\" not in value:
                yield (
                    with_line(lines, number, _revalued(lines[number], match, other + value[1:-1] + other)),
                    "changed the quotes around a value that holds the same quote",
                )


def jinja(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``key: {{ name }}`` is a mapping to YAML; Ansible and its kind want it quoted."""
    for number in around(lines, at, 2, 1):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        if match and match["value"].startswith("{{") and match["value"].count("{{") == match["value"].count("}}"):
            quoted = quote(match["value"])
            if quoted:
                yield (
                    with_line(lines, number, _revalued(lines[number], match, quoted)),
                    "quoted a value that begins with {{",
                )


def typographic_quotes(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    for number in around(lines, at, 2, 1):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        inside = re.fullmatch(r"[“”„]([^“”„\"\\]*)[“”]", match["value"]) if match else None
        if match and inside:
            yield with_line(lines, number, _revalued(lines[number], match, f'"{inside[1]}"')), "changed typographic quotes to plain ones"


def lost_dash(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A line without its dash between entries of one list, or after several of them."""
    for number in around(lines, at, 2, 1):
        match = re.match(r"(\s*)([^\s:#\-][^\s:#]*)\s*$", lines[number])
        if not match:
            continue
        above = lines[number - 1] if number else ""
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        item = rf"{match[1]}- [^:]*$"
        if re.match(item, above) and (re.match(item, below) or (indent(below) < len(match[1]) and number > 1 and re.match(item, lines[number - 2]))):
            yield with_line(lines, number, f"{match[1]}- {lines[number].lstrip()}"), "added the dash of a list entry"


def reserved_start(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """A plain value must not begin with these: ``@``, ``%``, `````, ``*.domain``, ``>=1.2``, ``!=``, ``- x``, ``?``."""
    for number in around(lines, at, 2, 1):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        if (
            match
            and re.match(r"[@%`]|\*(?![\w\-]+$)|\*\*|[>|](?=[=\w<])|[&!](?=\s|=)|[?:] |- |\]|\}|,", match["value"])
            and " #" not in match["value"]
        ):
            quoted = quote(match["value"])
            if quoted:
                yield (
                    with_line(lines, number, _revalued(lines[number], match, quoted)),
                    f"quoted a value that begins with {match['value'][0]}",
                )


def missing_space(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``key:value``, not a URL."""
    for number in around(lines, at, 3, 1):
        match = re.match(r"(\s*(?:- +)*[A-Za-z_][\w-]*):(?!\S )([^\s:/].*|/[^/].*)$", lines[number])
        if match:
            yield with_line(lines, number, f"{match[1]}: {match[2]}"), "added the space after the colon"


def missing_colon(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``key`` above its children, and ``key value`` among ``key: value``."""
    for number in around(lines, at, 3, 1):
        line = lines[number]
        head = re.match(r"(\s*(?:- +)?)([A-Za-z_][\w-]*)\s*$", line)
        below = next((other for other in lines[number + 1 :] if other.strip()), "")
        if head and (indent(below) > len(head[1]) or (indent(below) == len(head[1]) and below.lstrip().startswith("- "))):
            yield with_line(lines, number, line.rstrip() + ":"), "added the missing colon"
        pair = re.match(rf"(\s*(?:- +)?{_KEY})(?: *[=;] *| +)([^\s:=;]\S*|\"[^\"]*\"|'[^']*')$", line)
        if pair and ": " not in line and _has_sibling_pairs(lines, number):
            yield with_line(lines, number, f"{pair[1]}: {pair[2]}"), "added the missing colon"


def _has_sibling_pairs(lines: Lines, number: int) -> bool:
    depth = indent(lines[number])
    return any(indent(lines[other]) == depth and re.match(rf"\s*(?:- +)?{_KEY}:(\s|$)", lines[other])
               for other in around(lines, number, 3, 3) if other != number)  # fmt: skip


def flow_ends(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``[a, b`` and ``{a: 1`` that end with their line."""
    for number in range(at, max(at - 60, -1), -1):
        match = re.match(_ENTRY, lines[number])
        if not match or match["value"][0] not in "[{" or match["value"].startswith("{{") or " #" in match["value"]:
            continue
        value = re.sub(r"\"[^\"]*\"|'[^']*'", "", match["value"])
        opened, close = value[0], {"[": "]", "{": "}"}[value[0]]
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        other = "}" if close == "]" else "]"
        if value.endswith(other) and value.count(opened) == value.count(close) + 1 and other not in value[:-1]:
            at_end = lines[number].rstrip()
            yield with_line(lines, number, at_end[:-1] + close), f"closed the {opened} with its own kind"
            continue
        if value.count(opened) == value.count(close) + 1 and indent(below) <= indent(lines[number]):
            yield with_line(lines, number, lines[number].rstrip().rstrip(",") + close), f"closed the {opened}"


def block_text(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``run: | echo`` with the text's first line on the line of the indicator."""
    for number in around(lines, at, 1, 0):
        match = re.match(
            rf"(?P<lead>\s*(?:- +)?)(?P<key>{_KEY}): +(?P<mark>[|>][-+]?) +(?P<text>[^#\s].*)$", lines[number]
        )
        below = next((line for line in lines[number + 1 :] if line.strip()), "")
        if match and indent(below) > len(match["lead"]):
            head = f"{match['lead']}{match['key']}: {match['mark']}"
            yield (
                with_line(lines, number, head, " " * indent(below) + match["text"]),
                "moved the text of a block scalar to its own line",
            )


def stray_text(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """Words after a complete value, set off by two spaces or more: ``disk: /dev/sda  old: entry``."""
    for number in around(lines, at, 1, 0):
        match = re.match(
            rf"(\s*(?:- +)?{_KEY}: +(?:\"[^\"]*\"|'[^']*'|[^\s#\"'|>&*!{{\[][^\s:]*))(?:\s{{2,}}|(?<=[\"'])\s+)[^\s#].*$",
            lines[number],
        )
        if match:
            yield with_line(lines, number, match[1]), "removed stray text after a value"


def quoting(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """``description: step 2: install``: a plain value holds no colon with a space."""
    for number in around(lines, at, 1, 0):
        match = re.match(_ENTRY, lines[number]) or re.match(_ITEM, lines[number])
        if not match or match["value"][0] in "\"'|>{[&*!#" or not re.search(r":(?:\s|$)", match["value"]):
            continue
        if re.search(r"\S\s{2,}\S", match["value"]) or re.search(r"\s#", match["value"]):
            continue
        quoted = quote(match["value"])
        if quoted:
            yield with_line(lines, number, _revalued(lines[number], match, quoted)), "quoted a value that holds a colon"


def indentation(lines: Lines, at: int) -> Iterator[tuple[Lines, str]]:
    """One line, or a line with what hangs below it, moved to a depth of its neighbours: by one column first."""
    moves = []
    for number in around(lines, at, 1, 1):
        others = [lines[other] for other in around(lines, number, 12, 6) if other != number]
        depths = {indent(line) for line in others}
        depths |= {len(item[0]) for line in others if (item := re.match(r" *(?:- +)+", line))}
        moves += [(wanted - indent(lines[number]), number) for wanted in depths]
    entry = rf"\s*(?:- |-$|(?:{_KEY}|\"[^\"]*\"|'[^']*'):(?:\s|$))"
    for shift, number in sorted(moves, key=lambda move: abs(move[0])):
        # A whole step off is no slip of the finger: as likely, the line that it belongs to is missing.
        if shift % step(lines) == 0 or abs(shift) > 3 or not re.match(entry, lines[number]):
            continue
        if any(re.match(r"\s*-[A-Za-z]|[^:]*\w :\S|\s*[\w.]+ [\w. ]+:(?:\s|$)", lines[other]) for other in around(lines, number, 2, 2)):
            continue  # a neighbour is odd in another way, and that may be the fault
        for end in dict.fromkeys((number + 1, _below(lines, number), _run(lines, number))):
            moved = [_shifted(line, shift) for line in lines[number:end]]
            yield [*lines[:number], *moved, *lines[end:]], f"corrected the indentation by {abs(shift)}"


def _below(lines: Lines, number: int) -> int:
    """The end of a line's block: the first line after it that is not deeper."""
    end = number + 1
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > indent(lines[number])):
        end += 1
    return end


def _run(lines: Lines, number: int) -> int:
    """The end of the run of lines that are at least as deep."""
    end = number + 1
    while end < len(lines) and lines[end].strip() and indent(lines[end]) >= indent(lines[number]):
        end += 1
    return end


def _shifted(line: str, shift: int) -> str:
    if not line.strip():
        return line
    return " " * shift + line if shift > 0 else line[min(-shift, indent(line)) :]


def quote(value: str) -> str:
    """The value in double quotes, or single ones where it holds what double ones would change; ``""`` if neither will do."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return f"'{value}'" if "'" not in value else ""


def _revalued(line: str, match: re.Match[str], value: str) -> str:
    return line[: match.start("value")] + value + line[match.end("value") :]


@dataclass(frozen=True, slots=True)
class Tier:
    """Edits of one certainty. A later tier is asked only when no edit of the earlier ones makes the file parse."""

    edits: tuple[Edit, ...]


TIERS: tuple[Tier, ...] = (
    Tier((tabs, hard_spaces, typographic_quotes, fences, lone_marker, equal_sides, separators, aliases, jinja)),
    Tier((dashes, open_quotes, inner_quotes, reserved_start, unknown_escapes, flow_ends, block_text)),
    Tier((dropped_text,)),
    Tier((missing_space, missing_colon, lost_dash)),
    Tier((stray_text, quoting)),
    Tier((indentation,)),
)
