"""The messages that span lines: Python tracebacks, Ansible results, Terraform diagnostics, bulleted Go
errors.

A reader is given the lines and an index; it answers with the block that begins there, or ``None``. All look
ahead a bounded number of lines only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from . import sayings, titles
from .candidates import Block, Candidate, Context
from .lines import Line
from .patterns import Pattern
from .places import YAML_MARK, pointed_place
from .roles import Role, role_of
from .signatures import TABLE, matching, relevant

# Marks at the end of a candidate's text that say what a traceback's frames were about.
SPAWNED, OPENED = " [spawn]", " [open]"
Reader = Callable[[Sequence[Line], int], Block | None]

_FRAME = Pattern(r'^File "([^"]{1,400})", line (\d+)')
_STARTS = Pattern(r"subprocess|, in _?(?:exec|posix_?spawn|spawn)\w*|\bpty\.py")
_LIBRARY = ("site-packages/", "dist-packages/", "/lib/python", "<frozen", "<string>", "<stdin>")
_ANSIBLE = Pattern(
    r"^(?:fatal|failed): \[([^\]]{1,200})\](?: \(item=.{0,200}?\))?:? ?(?:: )?(FAILED!|UNREACHABLE!"
    r"|) ?=> ?(.*)$"
)
_ADHOC = Pattern(r"^([\w.-]{1,100}) \| (FAILED!?|UNREACHABLE!)(?: \| rc=\d+)? ?(?:=>|>>) ?(.*)$")
_TITLE = Pattern(r"^Error: [A-Z][^:]{3,80}$")
_ADDRESS = Pattern(r"^with ([\w.\[\]\"'-]+),?$")
_PLACE = Pattern(r"^on (\S+) line (\d+)(?:, in (.{1,200}?):?)?$")
_CODE = Pattern(r"^\d+: |^├|^│|^while calling|^[╷╵]")
_OCCURRED = Pattern(
    r"errors?(?:\(s\))? occurred:?$|failed:$|problems?:$|issues\b.{0,60}:$|errors?:$|following charts?:$|chart\(s\):$",
    re.I,
)
_DETAILED = Pattern(r"(?:problems?|issues\b.{0,60}):$")
_DETAIL = Pattern(r"[\w-]{1,20}: \S")
_MISSED = Pattern(r"\[Errno 2\] No such file or directory(?:: b?['\"](\S{1,200})['\"])$")
_TIMED = Pattern(r"(?:real|user|sys)\s+\d+m|(?:time|elapsed|duration|took): \d|Command exited with non-zero", re.I)
_EMPTY_WORDS = (
    "non-zero return code",
    "module failure",
    "error executing command.",
    "see stdout/stderr",
    "task failed",
)


def _traceback(lines: Sequence[Line], index: int) -> Block | None:
    if not lines[index].text.startswith("Traceback (most recent call last)"):
        return None
    own: tuple[str, int] | None = None
    framed = spawned = False
    at = index + 1
    while at < min(len(lines), index + 300):
        line = lines[at]
        frame = _FRAME.match(line.text)
        if frame:
            framed, spawned = True, spawned or _STARTS.search(line.text) is not None
            if not any(part in frame[1] for part in _LIBRARY):
                own = (frame[1], int(frame[2]))
        elif line.text and line.indent <= lines[index].indent:
            break
        at += 1
    if at >= len(lines):
        return Block((), at)
    context = Context(own[0], own[1]) if own else Context()
    text, end = lines[at].text, at + 1
    while end < min(len(lines), at + 8) and text.startswith("yaml."):
        mark = YAML_MARK.match(lines[end].text)
        if mark:
            context = Context(mark[1], int(mark[2]), int(mark[3]))
        elif lines[end].text.startswith(("expected", "could not", "found", "while", "did not", "mapping")):
            text += "; " + lines[end].text
        elif lines[end].text and lines[end].indent <= lines[index].indent:
            break
        end += 1
    if framed and text.startswith(("FileNotFoundError", "PermissionError")):
        text += SPAWNED if spawned else OPENED
    return Block((Candidate(at, end, text, context),), end)


def _ansible(lines: Sequence[Line], index: int) -> Block | None:
    if not lines[index].text.startswith(("fatal: [", "failed: [")) and " | " not in lines[index].text:
        return None
    found = _ANSIBLE.match(lines[index].text) or _ADHOC.match(lines[index].text)
    if not found:
        return None
    host, kind, rest = found[1], found[2], found[3]
    end = index + 1
    indents = [lines[index].indent + 1]
    while end < min(len(lines), index + 200) and lines[end].text and not _starts_anew(lines[end], rest, indents[0]):
        end += 1
        if lines[end - 1].text == "}" and rest.startswith("{"):
            break
    dump = " ".join([rest, *(line.text for line in lines[index + 1 : end])]) if rest.startswith("{") else ""
    said = _from_json(dump) or _from_text(rest, [line.text for line in lines[index + 1 : end]])
    if (missing := _MISSED.search(said)) and re.search(rf'"cmd": (?:\[)?"{re.escape(missing[1])}[" ]', dump):
        said += SPAWNED
    if said.lower().startswith(_EMPTY_WORDS):  # opaque: what was run and how it ended is all there is
        said = " ".join([said, *_run(dump)])
    if kind == "UNREACHABLE!":
        said = said or "UNREACHABLE!"
    following = [line.text for line in lines[end : end + 3]]
    handled = any(text.startswith("...ignoring") for text in following)
    context = Context(host=host, task=lines[index].task)
    text = said or f"{kind} => {rest}".strip()
    return Block((Candidate(index, end, text, context, ansible=True, handled=handled),), end)


def _starts_anew(line: Line, rest: str, indent: int) -> bool:
    if rest.startswith("{") and not rest.endswith("}"):
        return line.text.startswith(("TASK [", "PLAY ", "fatal: [", "failed: ["))
    return line.indent < indent


def _from_json(dump: str) -> str:
    if not dump:
        return ""
    import json  # few logs hold such lines

    try:
        fields = json.loads(dump)
    except (ValueError, RecursionError):
        found = [
            match[1].replace("\\n", "\n").replace('\\"', '"')
            for key in ("stderr", "module_stderr", "msg", "stdout")
            if (match := re.search(rf'"{key}": "((?:[^"\\]|\\.){{1,2000}})', dump))
        ]
        return _telling(found)
    if not isinstance(fields, dict):
        return ""
    texts = [
        str(fields[key])
        for key in ("stderr", "module_stderr", "msg", "exception", "stdout", "reason")
        if fields.get(key)
    ]
    results = fields.get("results")
    if isinstance(results, list):
        failed = [item for item in results if isinstance(item, dict) and (item.get("failed") or item.get("rc"))]
        texts += [str(item[key]) for item in failed[:5] for key in ("stderr", "msg") if item.get(key)]
    return _telling(texts)


def _run(dump: str) -> list[str]:
    """The exit code and the command of an Ansible result, as words."""
    code = re.search(r'"rc": (-?\d{1,10})', dump)
    command = re.search(r'"(?:cmd|_raw_params)": (\[[^\]]{1,600}\]|"(?:[^"\\]|\\.){1,600}")', dump)
    words = re.sub(r'[\[\]",]', "", command[1]) if command else ""
    return [word for word in (f"rc={code[1]}" if code else "", words) if word]


def _from_text(rest: str, following: Iterable[str]) -> str:
    texts = [
        re.sub(r"^(?:- )?(?:msg|stderr|module_stderr|stdout|reason): ?[|>'\"-]*", "", text).strip("'\"")
        for text in following
    ]
    return _telling([rest, *texts])


def _telling(texts: Sequence[str]) -> str:
    """The line that says most: by the signatures first, else the last of standard error, else the message."""
    lines = [line.strip() for text in texts for line in text.splitlines()[-60:] if line.strip()]
    best, weight = "", 0.0
    table = relevant(TABLE, "\n".join(lines).lower())
    for line in lines:
        heaviest = max((known.weight for known in matching(table, line[:1000])), default=0.0)
        if heaviest > weight:
            best, weight = line, heaviest
    if best:
        return best[:1000]
    worded = [line for line in lines if not line.lower().startswith(_EMPTY_WORDS)]
    return (worded or lines or [""])[0][:1000]


def _terraform(lines: Sequence[Line], index: int) -> Block | None:
    """A diagnostic: its title, then the place, quoted code and an explanation wrapped to the terminal's
    width."""
    first = lines[index]
    if not first.text.startswith("Error: "):
        return None
    last = min(len(lines), index + 60)
    if first.box:
        end = next(
            (at for at in range(index + 1, last) if not lines[at].box or lines[at].text.startswith("Error: ")),
            last,
        )
    elif any(_PLACE.match(line.text) or _ADDRESS.match(line.text) for line in lines[index + 1 : index + 5]):
        end = _plain_end(lines, index, last)
    else:
        return _titled(lines, index)
    context, body = Context(), [first.text]
    for line in lines[index + 1 : end]:
        address, place = _ADDRESS.match(line.text), _PLACE.match(line.text)
        if address:
            context = context._replace(resource=address[1])
        elif place:
            inside = (place[3] or "").replace('" "', ".").replace('"', "").replace("resource ", "")
            context = context._replace(file=place[1], line=int(place[2]), resource=context.resource or inside or None)
        elif line.text and line.box <= first.box and not _CODE.match(line.text):
            body.append(line.text)
    return Block((Candidate(index, end, " ".join(body), context),), end)


def _titled(lines: Sequence[Line], index: int) -> Block | None:
    """A diagnostic that names no place: a title, a blank line, one paragraph."""
    title = lines[index].text
    if index + 2 >= len(lines) or lines[index + 1].text or not _TITLE.match(title):
        return None
    end = index + 2
    while (
        end < min(len(lines), index + 12)
        and lines[end].text
        and not _foreign(lines[end])
        and role_of(lines[end]) is not Role.NOISE
    ):
        end += 1
    body = [line.text for line in lines[index + 2 : end]]
    if not body or not body[0][0].isupper() or body[0].startswith("Error: "):
        return None
    return Block((Candidate(index, end, " ".join([title, *body])),), end)


def _plain_end(lines: Sequence[Line], index: int, last: int) -> int:
    """Without a box the explanation ends at the second blank line after the place."""
    blanks, placed = 0, False
    for at in range(index + 1, last):
        text = lines[at].text
        if text.startswith(("Error: ", "Warning: ")) or _foreign(lines[at]) or _timed(text):
            return at
        if _PLACE.match(text) or _ADDRESS.match(text):
            placed, blanks = True, 0
        elif not text and placed and not lines[at].box:
            blanks += 1
            if blanks == 2:
                return at
    return last


def _timed(text: str) -> bool:
    return _TIMED.match(text) is not None


def _foreign(line: Line) -> bool:
    """Whether a line belongs to whoever started the tool."""
    return bool(line.tag) or role_of(line) in (Role.WRAPPER, Role.CLEANUP, Role.HEADING)


def _warning_box(lines: Sequence[Line], index: int) -> Block | None:
    if not (lines[index].box and lines[index].text.startswith("Warning: ")):
        return None
    end = index + 1
    while end < len(lines) and lines[end].box and not lines[end].text.startswith("Error: "):
        end += 1
    return Block((), end)


def _bulleted(lines: Sequence[Line], index: int) -> Block | None:
    """Go's multi-errors and Proxmox' parameter errors: a heading, then what went wrong line by line."""
    first = lines[index]
    proxmox = "arameter verification failed" in first.text
    if not proxmox and not (first.text.endswith(":") and _OCCURRED.search(first.text[-60:])):
        return None
    occurred = first.text.endswith("occurred:")
    detailed = _DETAILED.search(first.text[-60:]) is not None
    end = index + 1
    pieces: list[str] = []
    while end < min(len(lines), index + 8) and len(pieces) < 3:
        text = lines[end].text
        if pieces and text and (_foreign(lines[end]) or role_of(lines[end]) is Role.NOISE):
            break
        if (
            text.startswith(("* ", "- ", "• "))
            or (proxmox and re.match(r"^[\w.-]{1,40}: \S", text))
            or (text and (occurred or detailed) and lines[end].indent > first.indent)
            or (detailed and _DETAIL.match(text))
        ):
            pieces.append(text)
        elif text or pieces:
            break
        end += 1
    if not pieces:
        return None
    place = pointed_place(lines, index)
    return Block((Candidate(index, end, f"{first.text} {' '.join(pieces)}", place),), end)


READERS: tuple[Reader, ...] = (
    _traceback,
    _ansible,
    _terraform,
    _warning_box,
    _bulleted,
    sayings.quoted,
    sayings.answered,
    sayings.npm,
    sayings.addressed,
    sayings.awaited,
    sayings.chain,
    sayings.panicked,
    titles.headed,
)
