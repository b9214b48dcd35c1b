"""What a change makes a file say: every finding in the new file that the old one did not have.

Findings are taken from both whole files and subtracted. So a line that is edited for another reason keeps what it
had, and a change that arms a line which it does not touch (by re-pointing a variable, say) is seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_executor.domain import Change, Failure, Note, Violation
from git_executor.policy.calls import INTERPRETERS, Call, Script
from git_executor.policy.characters import judge_characters
from git_executor.policy.dependencies import dependencies, respelled, slip
from git_executor.policy.destructive import destructive
from git_executor.policy.embedded import is_broken, kind_of, scripts, steps
from git_executor.policy.environment import sets_code
from git_executor.policy.firewalls import opened_lines
from git_executor.policy.lines import edit
from git_executor.policy.secrets import looks_random, secret_in
from git_executor.policy.settings_table import guards, settings
from git_executor.policy.shown import shown
from git_executor.policy.silencing import bare_programs, empty_functions, signals, silencers, strictness, tolerated
from git_executor.policy.substance import is_comment, judge_substance, only_says
from git_executor.policy.targets import lost_work
from git_executor.policy.vigilance import lost_checks
from git_executor.policy.weakening import weakening
from git_executor.policy.weaker import weaker

_HINTS = {
    "secret": "read it from the environment or a secret store",
    "hidden-character": "use the plain ASCII character",
    "lookalike-character": "use the plain ASCII character",
    "destructive-command": "a fix never destroys; leave that to a person",
    "remote-code": "download to a file, check its checksum, and let a person read it",
    "opened-access": "grant the one right that is missing, to the one who needs it",
    "failure-silenced": "remove the cause of the failure",
    "step-removed": "mend the step instead",
    "new-dependency": "say why in a Justification: line, or do without",
    "no-effect": "change what makes the stage fail",
    "prompt-echo": "give the file's own lines only",
    "elided": "write the lines out",
    "placeholder": "write the real value or read it from the environment",
}
_MAX_VIOLATIONS = 20
# Past this size only the changed lines of a file are read, without what stands around them.
_MAX_STRUCTURED = 80_000
# More than this nobody reviews as a fix, and nobody should have to wait for its verdict.
_MAX_ADDED = 30_000


@dataclass(frozen=True, slots=True)
class _Found:
    rule: str
    key: str
    message: str
    line: int


def judge_content(change: Change, note: Note, failure: Failure | None) -> Iterator[Violation]:
    """Violations in what ``change`` adds, and in what it takes away. Both sides are text of bounded size."""
    found = [*_lines(change), *_difference(change, note, failure), *_substance(change, note, failure)]
    seen: set[tuple[str, int]] = set()
    for one in sorted(found, key=lambda f: f.line):
        if (one.rule, one.line) not in seen and len(seen) < _MAX_VIOLATIONS:
            seen.add((one.rule, one.line))
            yield Violation(one.rule, change.path, one.message, one.line or None, _HINTS.get(one.rule, ""))


def _decode(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "surrogateescape")


def _lines(change: Change) -> Iterator[_Found]:
    """Each added line by itself: characters and secrets."""
    new = _decode(change.new)
    kind = kind_of(change.path, new)
    crlf = change.old is None or b"\r\n" in change.old
    delta = edit(change.old or b"", change.new or b"")
    gone = {_decode(line) for line in delta.removed().values()}
    old_secrets = Counter(what for line in gone for what in secret_in(line))
    before = ""
    for number, raw in delta.added().items():
        line = _decode(raw)
        pieces = f"{before.rstrip(_GLUE)} {line.strip()[:300]}" if before.rstrip(_GLUE)[-1:] in ("'", '"') else ""
        before = line[-300:]
        comment = is_comment(change.path, kind, line)
        if number == 1:
            line = line.removeprefix("\ufeff") if (change.old or b"").startswith(b"\xef\xbb\xbf") else line
        for rule, message in judge_characters(line, crlf, kind != "prose", comment):
            yield _Found(rule, "", message, number)
        for what in () if len(pieces) < 12 else secret_in(pieces):
            yield _Found("secret", "", f"{what} stands here in pieces", number)
        for what in secret_in(line):
            if old_secrets[what] > 0 and _same_values(line, gone):
                continue  # a line that had it before and was edited for another reason
            yield _Found("secret", "", f"{what} stands here", number)


_GLUE = " \t\r\\+."  # between the pieces of one string on several lines


def _same_values(line: str, gone: set[str]) -> bool:
    """Whether every long token of a line stood on one of the removed lines."""
    tokens = [token for token in re.split(r"[\s\"'=:,]+", line) if len(token) >= 6]
    return any(all(token in old for token in tokens) for old in gone)


@dataclass(frozen=True, slots=True)
class _Sides:
    """Both versions of one file, read. Of a very large file only the changed lines, so that no rule is slow."""

    path: str
    old_text: str
    new_text: str
    old: list[Script]
    new: list[Script]
    first: int  # number of the first added line
    told: str  # the failure's message
    is_new: bool


def _difference(change: Change, note: Note, failure: Failure | None) -> Iterator[_Found]:
    old_text, new_text = _decode(change.old), _decode(change.new)
    delta = edit(change.old or b"", change.new or b"")
    if sum(map(len, delta.added().values())) > _MAX_ADDED:
        yield _Found("too-large", "", "more is added than can be judged", 1)
        return
    if max(len(old_text), len(new_text)) > _MAX_STRUCTURED:
        old_text, new_text = _only(old_text, delta.removed()), _only(new_text, delta.added())
    old, new = scripts(change.path, old_text), scripts(change.path, new_text)
    told = failure.message.text if failure else ""
    first = min(delta.added(), default=1)
    sides = _Sides(change.path, old_text, new_text, old, new, first, told, change.old is None)
    # What a broken file did cannot be told by reading it; what stood on its lines can.
    repaired = is_broken(change.path, old_text)
    yield from _come(sides, frozenset(delta.added()), repaired)
    if not repaired and not sides.is_new:
        yield from _lost(sides)
        for rule, message, line in weaker(sides.path, sides.old_text, sides.new_text, frozenset(delta.added())):
            yield _Found(rule, message, message, line or sides.first)
    if not _justified(note):
        yield from _needs(sides)


def _come(sides: _Sides, added: frozenset[int], repaired: bool) -> Iterator[_Found]:
    """Findings in the new version that the old one did not have."""
    had = Counter((f.rule, f.key) for f in _findings(sides.path, sides.old_text, sides.old))
    old_bare: dict[str, int] = {}
    new_bare: dict[str, int] = {}
    for script in sides.old:
        bare_programs(script, old_bare)
    for script in sides.new:
        bare_programs(script, new_bare)
    rows = [*sides.new_text.split("\n"), ""]
    stood = {_bare(row) for row in sides.old_text.split("\n")} if repaired else set()
    for found in sorted(_findings(sides.path, sides.new_text, sides.new), key=lambda f: f.line in added):
        if repaired and _bare(rows[min(found.line, len(rows)) - 1]) in stood:
            continue
        if had[found.rule, found.key] > 0:
            had[found.rule, found.key] -= 1
        elif found.key.startswith("failed_when ") and had["failure-silenced", "ignoreerrors=true"] > 0:
            had["failure-silenced", "ignoreerrors=true"] -= 1  # a condition is more than no check at all
        elif found.key.split()[1:2] == ["rollback"] and "not found" in sides.told and _misspelt(found.key, had):
            continue
        elif not (found.rule == "failure-silenced" and tolerated(found.key, old_bare, new_bare)):
            yield found


def _misspelt(key: str, had: Counter[tuple[str, str]]) -> bool:
    """Whether a call was there before with a slip in one plain name, which is now mended."""
    words = key.split()
    for (_, other), count in had.items():
        before = other.split()
        pairs = [(a, b) for a, b in zip(before, words, strict=False) if a != b]
        if count > 0 and len(before) == len(words) and len(pairs) == 1:
            old, new = pairs[0]
            if re.fullmatch(r"[a-z][a-z-]{3,}", new) and re.fullmatch(r"[a-z][a-z-]{3,}", old) and slip(old, new):
                return True
    return False


def _bare(row: str) -> str:
    return row.strip().removeprefix("- ").strip()


def _lost(sides: _Sides) -> Iterator[_Found]:
    """What both versions, read as a whole, show to be gone: strictness, signals, guards, checks, work."""
    for option in _less_strict(sides.old, sides.new, sides.new_text):
        yield _Found("failure-silenced", option, f"the script no longer asks for {option}", sides.first)
    for name in _muted(sides.old, sides.new):
        if re.search(rf"\$\{{?{name}\b|\b{name}=", sides.new_text):
            yield _Found("failure-silenced", name, f"{name} is no longer set to a failure", sides.first)
    lost = Counter(guards(sides.path, sides.old_text)) - Counter(guards(sides.path, sides.new_text))
    for key in sorted(lost):
        yield _Found("failure-silenced", key, f"{key} is taken away or switched off", sides.first)
    for message in lost_checks(sides.old, sides.new):
        yield _Found("step-removed", message, message, sides.first)
    for message in lost_work(sides.path, sides.old_text, sides.new_text, sides.told):
        yield _Found("step-removed", message, message, sides.first)
    for rule, message, line in weakening(sides.path, sides.old_text, sides.new_text, sides.told):
        yield _Found(rule, "", message, line or sides.first)
    before, after = steps(sides.path, sides.old_text), steps(sides.path, sides.new_text)
    if before is not None and after is not None and before - after and not after - before:
        gone = next(iter(before - after))
        yield _Found("step-removed", gone, f"the step no longer runs {gone}", sides.first)


def _needs(sides: _Sides) -> Iterator[_Found]:
    """What the file did not need before."""
    known = {name for name, _ in dependencies(sides.path, sides.old_text, sides.old)}
    wanted = list(dependencies(sides.path, sides.new_text, sides.new))
    new_rows = [*sides.new_text.split("\n"), ""]
    old_rows = {"".join(_bare(row).split()) for row in sides.old_text.split("\n")}
    dropped = known - {name for name, _ in wanted}
    for name, line in wanted:
        if "".join(_bare(new_rows[line - 1]).split()) in old_rows:
            continue  # it stood there before, if only in a file that did not parse
        if name not in known and not respelled(name, dropped, sides.old_text, sides.told):
            yield _Found("new-dependency", name, f"{name.partition(' ')[2] or name} is a new dependency", line)


def _muted(old: list[Script], new: list[Script]) -> list[str]:
    """Variables that say a failure no longer, or at fewer places while they say success at more."""
    before, after = signals(old), signals(new)
    return sorted(
        name
        for name, (bad, good) in before.items()
        if bad > after.get(name, (0, 0))[0] and (name not in after or after[name][0] == 0 or after[name][1] > good)
    )


def _less_strict(old: list[Script], new: list[Script], text: str) -> list[str]:
    """Options such as ``errexit`` that fewer scripts of the file ask for, unless whole scripts went."""
    before = Counter(option for script in old for option in strictness(script))
    after = Counter(option for script in new for option in strictness(script))
    if len(new) < len(old):
        return []
    lost = sorted(before - after)
    if "pipefail" in lost and re.match(r"#!\s*(?:/usr)?/bin/(?:env\s+)?(?:sh|dash|ash)\b", text) and after["errexit"]:
        lost.remove("pipefail")  # such a shell need not know it, and stops at the option itself
    return lost


def _only(text: str, lines: Mapping[int, bytes]) -> str:
    """The text with every other line blank, so that line numbers stay."""
    return "\n".join(line if i in lines else "" for i, line in enumerate(text.split("\n"), 1))


def _substance(change: Change, note: Note, failure: Failure | None) -> Iterator[_Found]:
    if change.new is None:
        return
    delta = edit(change.old or b"", change.new)
    mode_changed = change.old is not None and change.old_mode != change.new_mode
    for rule, message, line in judge_substance(change.path, _decode(change.new), delta, mode_changed, failure):
        yield _Found(rule, "", message, line)
    if only_says(delta, f"{note.fix}\n{note.reason}\n{failure.message.text if failure else ''}"):
        yield _Found("no-effect", "", "only says what failed, so the failure stays", min(delta.added(), default=1))


def _justified(note: Note) -> bool:
    return len(re.findall(r"\w{2,}", note.justification)) >= 3


def _findings(path: str, text: str, parsed: list[Script]) -> Iterator[_Found]:
    for script in parsed:
        for call in script.calls:
            for rule, message in destructive(call, script):
                # A program inside of a call is judged by its lines: one that stays is no new harm.
                key = message if call.name in INTERPRETERS else _canonical(call, script)
                yield _Found(rule, key, message, call.line)
        for name, value in script.assembled():
            for what in secret_in(f'{name}="{value}"') if looks_random(value) else ():
                yield _Found("secret", f"{name}={value}", f"{what} is put together here", script.commands[0].line)
        for key, message, line in silencers(script):
            yield _Found("failure-silenced", key, message, line)
    if kind_of(path, text) == "shell":
        for key, message, line in empty_functions(text):
            yield _Found("failure-silenced", key, message, line)
    for key, message, line in shown(path, text):
        yield _Found("destructive-command", key, message, line)
    for message, line in opened_lines(path, text):
        yield _Found("opened-access", message, message, line)
    if kind_of(path, text) == "python":
        from git_executor.policy.python_harms import python_harms

        yield from (_Found(*found) for found in python_harms(text))
    for rule, key, message, line in (*settings(path, text), *sets_code(path, text, parsed)):
        yield _Found(rule, key, message, line)


def _canonical(call: Call, script: Script) -> str:
    """A call's words with quotes and guards off and variables followed: the same call in another dress has the same."""
    words = [
        f"{'q' if word.quoted or '$' not in word.text else 's'}:{'|'.join(script.values(_plain(word.text))[:4])}"
        for word in call.args
        if word.text != "--"
    ]
    if call.name in ("useradd", "usermod", "adduser", "gpasswd"):
        words = [re.sub(r"_{5,}", "____", word) for word in words]  # a template's value, however long its name is
    # Quoting a word that was split before only makes it safer, so both look alike; the reverse does not.
    return call.name + " " + " ".join(word.removeprefix("q:").removeprefix("s:") for word in words)


def _plain(text: str) -> str:
    return re.sub(r"\$\{([A-Za-z_]\w*)(?::?\?[^}]*)?\}", r"$\1", text).removeprefix("./")
