"""Whether a change does anything: not comments alone, not blanks, not an answer's own packaging, no step taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from git_executor.domain import Failure
from git_executor.lazy import lazy
from git_executor.policy.calls import Script, read_script
from git_executor.policy.embedded import kind_of
from git_executor.policy.lines import Edit, Hunk
from git_executor.policy.shell import names

_HASH_COMMENTS = lazy(r"\s*#(?!!)")
_DIRECTIVE = lazy(r"#cloud-config\s*$|#\s*(?:syntax|escape)=|#jinja2:")  # comments that somebody reads
_SLASH_COMMENTS = lazy(r"\s*(?://|/\*|\*/|\*\s)")
_SEMICOLON = lazy(r"\s*;")
_MARKUP = lazy(r"\s*<!--.*-->\s*$")

_ECHO = lazy(
    r"^\s*(?:```|~~~)|^\s*</?(?:think|thinking|reasoning|analysis|answer|scratchpad)>|^\*\*\* (?:Begin|End|Update|Add|Delete) (?:Patch|File)|^(?:<<<<<<<|>>>>>>>|"
    r"\|\|\|\|\|\|\|)(?: |$)|^=======$|"
    r"^(?:diff --git |index [0-9a-f]{7,}\.\.|--- a/|\+\+\+ b/|@@ -\d+(?:,\d+)? \+\d+)|"
    r"^\s*(?:Fix|Reason|Justification|Explanation|Note|Answer|Solution|Output)\s*:\s+\S+(?:\s+\S+){3,}$|"
    r"^\s*(?:Here(?:'s| is| are)|Sure[,!]|Certainly|I (?:have|will|would|'ve)|This (?:fix|change|patch|diff)|"
    r"The (?:fix|error|issue|problem|script|following|above)|As an AI|You are )\b.*\s\S+\s",
    re.I,
)
_SAYS_ONLY = lazy(
    r"\s*(?:-\s+)?(?:RUN\s+)?@?(?:echo|printf|log\w*|info|warn\w*|logger|say|note|print)\b[\s(](?P<text>[^|;&<>`]*)$"
)


# What a prompt's example diff says. A file may really consist of such lines; then they are its own.
_EXAMPLE = lazy(
    r"^\s*(?:existing|new|old|changed|unchanged|modified|removed|original|context|added|deleted) lines?(?: \w+){0,3}\s*$",
    re.I | re.M,
)


def only_says(edit: Edit, told: str) -> bool:
    """Whether a change only adds lines that print what the note or the failure says."""
    if not edit.hunks or any(hunk.old for hunk in edit.hunks):
        return False
    said = " ".join(re.findall(r"\w+", told.lower()))
    for raw in edit.added().values():
        text = raw.decode("utf-8", "replace")
        if not text.strip():
            continue
        found = _SAYS_ONLY.match(text[:1000])
        words = " ".join(re.findall(r"\w+", found["text"].lower())) if found and "$(" not in text else ""
        if len(words) < 8 or words not in said:
            return False
    return True


_ELIDED = lazy(
    r"^\s*(?:#|//|--|<!--)?\s*(?:\.{3}|…)\s*(?:\(?\s*(?:rest|remaining|existing|other|unchanged|same|omitted|"
    r"snip|previous|more|etc)|$)|"
    r"(?:#|//)\s*(?:rest of|remaining|existing|unchanged|\[?snip)\b.{0,60}(?:code|file|script|config|"
    r"unchanged|same|lines|here|\]|\.\.\.)",
    re.I,
)
_PLACEHOLDER = lazy(
    r"<(?:your|insert|replace|path|value|placeholder|redacted|REDACTED)[\w \-]{0,40}>|"
    r"\[REDACTED[^\]]{0,40}\]|\bYOUR_[A-Z_]{3,40}(?:_HERE)?\b|(?<![\w/])/?path/to/"
)


def is_comment(path: str, kind: str, line: str) -> bool:
    """Whether a line is blank or a comment and nothing else, by the file's kind."""
    if not line.strip():
        return True
    name = path.rpartition("/")[2]
    if kind == "prose" or name.endswith(".json"):
        return bool(_MARKUP.match(line)) if kind == "prose" else False
    if _DIRECTIVE.match(line) or (name.endswith(".j2") and re.match(r"\s*#[%{|]", line)):
        return False
    if kind in ("shell", "yaml", "docker", "make", "python", "unit", "hcl") and _HASH_COMMENTS.match(line):
        return True
    if kind == "other" and re.search(r"(?:^|[.])(?:env|toml)$", name):
        return bool(_HASH_COMMENTS.match(line))
    if kind in ("hcl", "other") and not name.endswith((".ini", ".cfg")) and _SLASH_COMMENTS.match(line):
        return True
    if kind in ("unit", "other") and (_SEMICOLON.match(line) or (kind == "other" and _HASH_COMMENTS.match(line))):
        return True
    return bool(_MARKUP.match(line))


def judge_substance(
    path: str, text: str, edit: Edit, mode_changed: bool, failure: Failure | None
) -> Iterator[tuple[str, str, int]]:
    """(rule, message, line)"""
    kind = kind_of(path, text)
    if kind != "prose":
        yield from _packaging(path, kind, text, edit)
    olds = [_text(line) for hunk in edit.hunks for line in hunk.old]
    news = [_text(line) for hunk in edit.hunks for line in hunk.new]
    line = edit.hunks[0].new_start if edit.hunks else 0
    linted = failure is not None and bool(_LINTS.search(failure.message.text))
    if (
        not linted
        and all(_code(path, kind, h.old) == _code(path, kind, h.new) for h in edit.hunks)
        and not mode_changed
    ):
        ends_changed = b"".join(b"".join(h.old) for h in edit.hunks).count(b"\r") != b"".join(
            b"".join(h.new) for h in edit.hunks
        ).count(b"\r")
        if not ends_changed and not _only_final_newline(edit):
            what = (
                "only comments or blanks change"
                if any(t.strip() for t in [*olds, *news])
                else "only blank lines change"
            )
            yield "no-effect", f"{what}, so the failure stays", line
        return
    if kind == "shell" and _formatting_only(text, edit) and not mode_changed:
        yield "no-effect", "only the layout of the script changes", line
    for hunk in edit.hunks:
        yield from _taken_out(path, kind, text, hunk, failure)


# What a linter complains about, and only blanks or comments mend.
_LINTS = lazy(
    r"(?i)trailing[- ]spaces?|trailing whitespace|too many blank lines|no new ?line|new-line-at-end|missing (?:starting space|document start)|"
    r"comments(?:-indentation)?\b|line too long|wrong indentation|blank line|W29[13]|W391|E30\d|MD0\d\d|missing newline"
)


def _code(path: str, kind: str, lines: Sequence[bytes]) -> list[str]:
    # A blank behind a final backslash takes its meaning away.
    kept = [
        text.rstrip() + " " * (text.rstrip().endswith("\\") and text != text.rstrip())
        for text in map(_text, lines)
        if not is_comment(path, kind, text)
    ]
    # In YAML a remark may stand behind a plain value; behind quotes, what looks like one may be text.
    return [_REMARK.sub(r"\1", text) for text in kept] if kind == "yaml" else kept


_REMARK = lazy(r"^([^\"'#|>]*\S)\s+#(?![{%]).*$")


def _text(line: bytes) -> str:
    return line.rstrip(b"\n").decode("utf-8", "surrogateescape")


def _only_final_newline(edit: Edit) -> bool:
    return (
        len(edit.hunks) == 1
        and b"".join(edit.hunks[0].old).strip(b"\n") == b"".join(edit.hunks[0].new).strip(b"\n")
        and bool(edit.hunks[0].old)
        and bool(edit.hunks[0].new)
    )


def _formatting_only(text: str, edit: Edit) -> bool:
    if "<<" in text or any(_text(line).rstrip().endswith("\\") for hunk in edit.hunks for line in hunk.old):
        return False
    return all(_squeezed(hunk.old) == _squeezed(hunk.new) for hunk in edit.hunks)


def _squeezed(lines: Sequence[bytes]) -> str:
    return "".join(" ".join(_text(line).split()) for line in lines)


def _packaging(path: str, kind: str, text: str, edit: Edit) -> Iterator[tuple[str, str, int]]:
    added = edit.added()
    examples = len(_EXAMPLE.findall(text))
    for number, raw in added.items():
        line = _text(raw + b"\n")[:2000]
        if _EXAMPLE.search(line) and examples <= sum(bool(_EXAMPLE.search(_text(r + b"\n"))) for r in added.values()):
            yield "prompt-echo", "this line belongs to the example of a prompt, not to the file", number
        elif _ECHO.search(line) and not (kind == "other" and line.lstrip().startswith(("//", "/*"))):
            yield "prompt-echo", "this line belongs to an answer or a patch, not to the file", number
        elif _ELIDED.search(line):
            yield "elided", "a placeholder stands for lines that were left out", number
        elif _PLACEHOLDER.search(line) and not line.lstrip().startswith(("echo", "#", "usage")):
            yield "placeholder", "a placeholder stands where a value belongs", number


# Commands that do not do the step's work.
_IDLE = names(
    "echo printf : true return exit log info warn sleep set shift local export declare readonly cd pwd date "
    "break continue fi done then else"
)
_STEP_KEYS = lazy(
    r"^\s*(?:-\s+)?(?:run|command|cmd|shell|script|args|runcmd|exec|uses|ansible\.builtin\.\w+|(?:community|"
    r"kubernetes)\.\S+|healthChecks|livenessProbe|readinessProbe|startupProbe|"
    r"apt|copy|template|service|systemd|assert|wait_for|k8s|helm|validation|healthcheck|dependsOn|"
    r"securityContext|networkPolicy|provisioner|resource)\b.*:|^\s*-\s+name:|^\s*(?:resource|module|"
    r"provisioner|check|validation|precondition)\s+\""
)


def _taken_out(path: str, kind: str, text: str, hunk: Hunk, failure: Failure | None) -> Iterator[tuple[str, str, int]]:
    old = [t for t in map(_text, hunk.old) if not is_comment(path, kind, t)]
    new = [t for t in map(_text, hunk.new) if not is_comment(path, kind, t)]
    line = max(hunk.new_start, 1)
    if not old or _is_respelling(old, new):
        return
    commented = [t.lstrip(" \t#/;").strip() for t in map(_text, hunk.new) if is_comment(path, kind, t) and t.strip()]
    gone = [t for t in old if t.strip() in commented and len(t.strip()) > 2]
    if gone and not new and (kind != "yaml" or any(_is_step(text, hunk, t) for t in old)):
        yield "step-removed", f"{gone[0].strip()[:60]!r} is commented out", line
        return
    if kind in ("shell", "docker", "make"):
        yield from _commands_gone(text, old, new, line)
    elif kind in ("yaml", "hcl") and not new:
        rest = set(map(str.strip, text.split("\n")))
        step = next(
            (
                t
                for t in old
                if t.strip() not in rest and (_is_step(text, hunk, t) if kind == "yaml" else _STEP_KEYS.match(t))
            ),
            None,
        )
        if step:
            yield "step-removed", f"{step.strip()[:60]!r} is taken out", line
    elif (
        kind == "python"
        and all(re.match(r"\s*(?:pass|return(?: None| True| 0)?|\.\.\.|print\(.*)$", t) for t in new)
        and not all(re.match(r"\s*(?:import|from|print|\"|')", t) for t in old)
    ):
        yield "step-removed", f"{old[0].strip()[:60]!r} is taken out", line


_STEPS = lazy(
    r"(?:tasks|handlers|pre_tasks|post_tasks|block|rescue|always|steps|jobs|containers|initContainers|rules|groups|dependsOn|checks|"
    r"healthChecks|resources|webhooks|policies|hooks|stages|depends_on|)$"
)


def _is_step(text: str, hunk: Hunk, line: str) -> bool:
    """Whether a removed line of YAML is work: a key that runs something, or a named item of a list of steps."""
    if not _STEP_KEYS.match(line):
        return False
    if not re.match(r"\s*-\s+(?:name|template)\s*:", line):
        return True
    return bool(_STEPS.match(_above(text, hunk, line)))


def _above(text: str, hunk: Hunk, line: str) -> str:
    """The key of the list that a removed item stood in; empty for a list at the top."""
    depth = len(line) - len(line.lstrip())
    olds = [_text(raw) for raw in hunk.old]
    before = [*text.split("\n")[: max(hunk.new_start - 1, 0)], *olds[: olds.index(line)]]
    for other in reversed(before[-400:]):
        indent = len(other) - len(other.lstrip())
        if (
            other.strip()
            and not other.lstrip().startswith(("#", "- "))
            and indent <= depth
            and (indent < depth or other.rstrip().endswith(":"))
        ):
            return other.strip().partition(":")[0].strip("-\"' ")
    return ""


_PROSE_LINE = lazy(r"\s*(?:[A-Z][a-z]+(?:'s)?[ ,:]+(?:\S+ ){2,}|```|[-*] [A-Z])")


_DEFINES = lazy(r"(?:function\s+)?[\w-]+\s*\(\)")
_SAYS = lazy(r"(?:@?echo|printf|log|:|#|true)\b|#")


def _commands_gone(text: str, old: Sequence[str], new: Sequence[str], line: int) -> Iterator[tuple[str, str, int]]:
    before, after = _work("\n".join(old)), _work("\n".join(new))
    if not before or after:
        return
    whole = [" ".join(row.split()) for row in text.split("\n")]
    closes = any(_CLOSER.match(row) for row in new)
    for shown in before:
        if shown.lstrip().startswith("//") or _PROSE_LINE.match(shown) or (closes and _WRONG_CLOSER.fullmatch(shown)) or _asked_elsewhere(shown, text):
            continue
        kept = re.sub(r"\s+", " ", shown.strip())
        if shown and not any(kept in row and not _SAYS.match(row) and not _DEFINES.match(row) for row in whole):
            yield "step-removed", f"{shown.strip()[:60]!r} is taken out", line
            return


_CLOSER = lazy(r"\s*(?:fi|done|esac|\}|\)|then|do|else)(?:\s|;|$)")
_WRONG_CLOSER = lazy(r"\s*(?:end(?:[ _-]?\w{2,8})?|od|if|[a-z]{1,5}|\}|\))\s*[;:.]?\s*")  # other languages', and misspelt
_ASKS = lazy(r"\s*(?:while|until|if|elif)\s+(?:!\s+)?\[")


def _asked_elsewhere(shown: str, text: str) -> bool:
    """Whether a condition that goes is put about the same variables on another line."""
    if not _ASKS.match(shown):
        return False
    asked = set(re.findall(r"\$\{?(\w+)", shown))
    return bool(asked) and any(
        _ASKS.match(row) and asked <= set(re.findall(r"\$\{?(\w+)", row)) for row in text.split("\n")
    )


_SPACED = lazy(r"^(\s*(?:export\s+|readonly\s+|local\s+)?\w+)\s*=\s*")


def _is_respelling(old: Sequence[str], new: Sequence[str]) -> bool:
    """Line for line, the same with a first word that is spelt nearly alike, or without blanks around ``=``."""
    if len(old) != len(new):
        return False
    for was, now in zip(old, new, strict=True):
        if _SPACED.sub(r"\1=", was, count=1) == _SPACED.sub(r"\1=", now, count=1):
            continue
        (first, *rest), (other, *others) = was.split() or [""], now.split() or [""]
        if rest != others or len(other) < 3 or SequenceMatcher(None, first, other).ratio() < 0.6:
            return False
    return True


def _work(text: str) -> list[str]:
    """The lines of commands that do something, as they stand."""
    if len(text) > 40_000:
        return []  # far over the limit of lines anyway
    script: Script = read_script(text)
    lines = text.split("\n")
    shown = []
    for command in script.commands:
        first = next((w for w in command.words if not re.match(r"[A-Za-z_]\w*\+?=", w.text)), None)
        strict = (
            command.words
            and command.words[0].text == "set"
            and any(re.match(r"-\w*[eu]|-o$", w.text) for w in command.words[1:])
        )
        if (
            strict
            or (first is not None and first.text not in _IDLE and re.match(r"[\w$./\[\"{-]", first.text))
            or (
                first is not None
                and first.text in ("exit", "return")
                and [w.text for w in command.words[1:2]] not in ([], ["0"])
            )
        ):
            shown.append(lines[min(max(command.line - 1, 0), len(lines) - 1)])
    return shown
