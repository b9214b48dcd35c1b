"""The messages that span lines: Python tracebacks, Ansible results, Terraform diagnostics, bulleted Go
errors.

A reader is given the lines and an index; it answers with the block that begins there, or ``None``. All look
ahead a bounded number of lines only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence

from .candidates import Block, Candidate, Context
from .lines import Line
from .signatures import TABLE, matching

Reader = Callable[[Sequence[Line], int], Block | None]

_FRAME = re.compile(r'^File "([^"]{1,400})", line (\d+)')
_YAML_MARK = re.compile(r'^in "([^"]{1,400})", line (\d+), column (\d+)')
_LIBRARY = ("site-packages/", "dist-packages/", "/lib/python", "<frozen", "<string>", "<stdin>")
_POINTERS = (
    _YAML_MARK,
    re.compile(r"^(?:-->|Origin:|at|in|on|File|from) ([^\s:]*[./][^\s:]*?)(?::| line )(\d+)(?::(\d+))?\b"),
    re.compile(r"^The error appears to be in '([^']+)': line (\d+), column (\d+)"),
    re.compile(r"^on ([^\s:]+) line (\d+)()"),
)
_BARE_FILE = re.compile(r"^(?:\./)?[\w./-]+\.ya?ml$")
_ANSIBLE = re.compile(
    r"^(?:fatal|failed): \[([^\]]{1,200})\](?: \(item=.{0,200}?\))?:? ?(?:: )?(FAILED!|UNREACHABLE!"
    r"|) ?=> ?(.*)$"
)
_ADHOC = re.compile(r"^([\w.-]{1,100}) \| (FAILED!?|UNREACHABLE!)(?: \| rc=\d+)? ?(?:=>|>>) ?(.*)$")
_TERRAFORM = re.compile(r"^Error: \S")
_ADDRESS = re.compile(r"^with ([\w.\[\]\"'-]+),?$")
_PLACE = re.compile(r"^on (\S+) line (\d+)(?:, in (.{1,200}?):?)?$")
_CODE = re.compile(r"^\d+: |^├|^│|^while calling|^[╷╵]")
_OCCURRED = re.compile(r"errors? occurred:?$|failed:$|problems?:$|errors?:$|following charts?:$|chart\(s\):$", re.I)
_EMPTY_WORDS = (
    "non-zero return code",
    "module failure",
    "error executing command.",
    "see stdout/stderr",
    "task failed",
)


def pointed_place(lines: Sequence[Line], index: int) -> Context:
    """The file and place that the three lines below a message give, or a bare YAML file name shortly
    above."""
    context = Context(task=lines[index].task)
    for line in lines[index + 1 : index + 4]:
        for pointer in _POINTERS:
            found = pointer.match(line.text)
            if found:
                return context._replace(file=found[1], line=int(found[2]), column=int(found[3]) if found[3] else None)
        if not line.text:
            break
    for back in range(index - 1, max(-1, index - 6), -1):  # yamllint names the file once, above its findings
        if not lines[back].text:
            break
        if _BARE_FILE.match(lines[back].text):
            return context._replace(file=lines[back].text)
    return context


def _traceback(lines: Sequence[Line], index: int) -> Block | None:
    if not lines[index].text.startswith("Traceback (most recent call last)"):
        return None
    own: tuple[str, int] | None = None
    spawned = False
    at = index + 1
    while at < min(len(lines), index + 300):
        line = lines[at]
        frame = _FRAME.match(line.text)
        if frame:
            spawned = spawned or "subprocess.py" in frame[1]
            if not any(part in frame[1] for part in _LIBRARY):
                own = (frame[1], int(frame[2]))
        elif line.text and not line.indent:
            break
        at += 1
    if at >= len(lines):
        return Block((), at)
    context = Context(own[0], own[1]) if own else Context()
    text, end = lines[at].text, at + 1
    while end < min(len(lines), at + 8) and text.startswith("yaml."):
        mark = _YAML_MARK.match(lines[end].text)
        if mark:
            context = Context(mark[1], int(mark[2]), int(mark[3]))
        elif lines[end].text.startswith(("expected", "could not", "found", "while", "did not", "mapping")):
            text += "; " + lines[end].text
        elif lines[end].text and not lines[end].indent:
            break
        end += 1
    if spawned and text.startswith(("FileNotFoundError", "PermissionError")):
        text += " [spawn]"
    return Block((Candidate(at, end, text, context._replace(task=lines[index].task)),), end)


def _ansible(lines: Sequence[Line], index: int) -> Block | None:
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
    for line in lines:
        heaviest = max((known.weight for known in matching(TABLE, line[:1000])), default=0.0)
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
    if not _TERRAFORM.match(first.text):
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
        return None
    context, body = Context(), [first.text]
    for line in lines[index + 1 : end]:
        address, place = _ADDRESS.match(line.text), _PLACE.match(line.text)
        if address:
            context = context._replace(resource=address[1])
        elif place:
            inside = (place[3] or "").replace('" "', ".").replace('"', "").replace("resource ", "")
            context = context._replace(file=place[1], line=int(place[2]), resource=context.resource or inside or None)
        elif line.text and not _CODE.match(line.text):
            body.append(line.text)
    return Block((Candidate(index, end, " ".join(body), context),), end)


def _plain_end(lines: Sequence[Line], index: int, last: int) -> int:
    """Without a box the explanation ends at the second blank line after the place."""
    blanks, placed = 0, False
    for at in range(index + 1, last):
        text = lines[at].text
        if text.startswith(("Error: ", "Warning: ")):
            return at
        if _PLACE.match(text) or _ADDRESS.match(text):
            placed, blanks = True, 0
        elif not text and placed:
            blanks += 1
            if blanks == 2:
                return at
    return last


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
    if not proxmox and not _OCCURRED.search(first.text[-60:]):
        return None
    end = index + 1
    pieces: list[str] = []
    while end < min(len(lines), index + 8) and len(pieces) < 3:
        text = lines[end].text
        if text.startswith(("* ", "- ", "• ")) or (proxmox and re.match(r"^[\w.-]{1,40}: \S", text)):
            pieces.append(text)
        elif text or pieces:
            break
        end += 1
    if not pieces:
        return None
    place = pointed_place(lines, index)
    return Block((Candidate(index, end, f"{first.text} {' '.join(pieces)}", place),), end)


def _quoted(lines: Sequence[Line], index: int) -> Block | None:
    """SOPS quotes and wraps what went wrong: ``- | text``, then ``| text``."""
    if not lines[index].text.startswith("- | "):
        return None
    end = index + 1
    while end < min(len(lines), index + 8) and lines[end].text.startswith("| "):
        end += 1
    text = " ".join(line.text.removeprefix("- ").removeprefix("| ") for line in lines[index:end])
    return Block((Candidate(index, end, text),), end)


READERS: tuple[Reader, ...] = (_traceback, _ansible, _terraform, _warning_box, _bulleted, _quoted)
