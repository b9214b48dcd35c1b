"""Secrets whose name and value stand apart: PEM blocks, block scalars, name/value fields, Kubernetes Secrets."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from git_executor.context.secrets.around import around, lines_with, pieces
from git_executor.context.secrets.names import Telling, judge
from git_executor.context.secrets.pairs import is_secret_value, judge_with_word_before
from git_executor.context.secrets.span import Span, line_start
from git_executor.context.secrets.values import (
    is_digest,
    is_public,
    is_reference,
    looks_made,
    looks_odd,
    looks_random,
)
from git_executor.context.secrets.vocabulary import Vocabulary
from git_executor.lazy import lazy

_PEM_BEGIN = lazy(r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]:")
_PEM_LINE = lazy(r"(?:\\n|[A-Za-z0-9+/=]){16,}")
_PEM_REST = lazy(r"[A-Za-z0-9+/=]{2,16}\s*")
_PEM_END = lazy(r"-----END |-----BEGIN ")
_NAME_FIELD = lazy(
    r"""(?:(?<![\w-])(?:name|key|field|param(?:eter)?(?:key|name)?|variable|var|option|setting|property|attribute|full-tokenid|env|header)
        (?:["']?[ \t]{0,40}[:=│|>][ \t]{0,4}["']?|[ \t]{1,4}["'])|(?<=\s)-n[ \t])(?P<name>[A-Za-z_][\w.!@\-]{2,95})""",
    re.VERBOSE | re.IGNORECASE,
)
_VALUE_FIELD = lazy(
    r"""(?:(?<![\w-])(?:(?:new|old|current|default|parameter|string|env)?[_-]?value|val|default|content|data|old|new|current|from|to)
        ["']?[ \t]{0,40}[:=│|>][ \t]{0,4}(?:[|>][-+]?[ \t]{0,4}\n[ \t]{1,40})?|(?<=\s)-v[ \t])(?:(?P<q>["'])(?P<quoted>(?:(?!(?P=q))[^\\\n]|\\.){0,4096})|(?P<bare>[^\s,;"'}<>]{1,4096}))""",
    re.VERBOSE | re.IGNORECASE,
)
_BOUNDARY = lazy(r"\n[ \t]*(?:-[ \t]|\n|\#\#|---|\w+[ \t]*\{)|</(?:item|entry|parameter|property|env)>", re.I)
_HANGING = lazy(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{0,63})[\"']?(?:[ \t](?:is|are|was)|[ \t]{0,4}(?:\([^()\n]{0,40}\))?)[:=]"
    r"[ \t]{0,80}(?P<mark>[|>][-+0-9]{0,3}|\\|\[)?[ \t]{0,80}(?:\#[^\n]{0,80})?\n"
)
_OPEN_END = lazy(r"(?:[:=|>\\\[{(]|[|>][-+0-9]{1,3})[ \t]*(?:\#.*)?\Z|\#")
_ASKED = ("passw", "passphrase", "passcode", "pwd", "secret", "token", "key", "credential", "pin")
_SECTION = lazy(
    r"^(?P<indent>[ \t]*)[\"']?(?P<name>passwords|tokens|api_?keys|credentials|creds|secrets?|auth)[\"']?:[ \t]*\{?[ \t]*\n",
    re.MULTILINE | re.I,
)
_ENTRY = lazy(
    r"(?P<indent>[ \t]+)[\"']?(?P<name>[\w.-]{1,80})[\"']?[ \t]*[:=][ \t]*(?P<v>[^\n{}\[\]]{1,4000}?),?[ \t]*\Z"
)
_SAID = lazy(
    r"(?i:\b(?:password|passphrase|passcode|passwd|secret|token|api[ -]?key|credentials?)\b)[^\n:=\"]{1,60}"
    r"(?:[:=][ \t]+|\b(?:is|was|to)[ \t]+|(?<=[a-z])[ \t]*\n[ \t]*)[\"'`]?(?P<v>[^\s\"'`]{6,200})[\"'`]?[.,;!]?[ \t]*$",
    re.MULTILINE,
)
_PROMPT = lazy(
    r"(?i:\b(?P<asked>password|passphrase|passcode|passwd|pwd|secret|token|(?:api|access|private|unseal|recovery)[ -]?key|credentials?|pin)\b)"
    r"(?P<rest>[^\n]{0,80}?)(?:[:?>][ \t]*|[ \t](?:is|was|are)[ \t]*|[ \t=<>*#\"')-]{0,40})\n(?:[ \t]*\n){0,2}"
    r"[ \t]*[>*-]?[ \t]*[\"'`]?(?P<v>[^\s\"'`]{6,4096})[\"'`]?[ \t]*$",
    re.MULTILINE,
)
_SEVERAL = lazy(r"[=,].")  # a setting or a row of a table
_NOT_ASKED = lazy(
    r"(?i)\b(?:hash|digest|commit|revision|id|file|path|name|url|version|public|pub|fingerprint|length)\b"
)
_WORDS_AND_DIGITS = lazy(r"[A-Za-z]{3,20}(?:[-_. ][A-Za-z]{3,20}){1,8}[-_.]?[0-9]{0,6}")
_NESTED = lazy(
    r"(?<![\w.-])(?P<name>[A-Za-z_][\w.-]{2,95})[\"']?[ \t]*[:=]?[ \t]*(?:\{(?:[^{}\n]|\n){0,400}?(?<![\w.-])[\"']?|\n[ \t]+(?:[a-z_]{1,20}:[^\n]{0,80}\n[ \t]+){0,3}?)"
    r"(?:value|default|content|plaintext|current|string|secret_?string|result)[\"']?[ \t]*[:=][ \t]*"
    r"(?:\"(?P<double>(?:[^\"\\\n]|\\.){1,4096})\"|'(?P<single>[^'\n]{1,4096})'|(?P<bare>[^\s\"'{}\[\],|>][^\s,{}]{0,4096}))"
)
_NAME_LAST = lazy(
    r"(?i:pass|pwd|pw|secret|token|key|cred|auth|psk|code|phrase|pin|login)[\w.-]{0,40}[\"']?[ \t]*[:=]?[ \t]*\Z"
)
_FLAGGED = lazy(  # an object that says of itself that it is sensitive
    r"\{(?=[^{}]{0,2000}[\"']?sensitive[\"']?\s{0,4}[:=]\s{0,4}true)[^{}]{0,2000}?[\"']?(?<![\w-])value[\"']?\s{0,4}[:=]\s{0,4}\"(?P<v>(?:[^\"\\\n]|\\.){3,4096})\""
)
_ECHOED = lazy(
    r"\b(?:echo|printenv|cat|terraform output -raw|tofu output -raw)[ \t]+[\"']?\$?\{?(?P<name>[\w./-]{2,80})\}?[\"']?[ \t]*\n(?P<v>\S{4,4096})[ \t]*(?=\n|\Z)"
)
_PRINTED = lazy(  # programs that print a secret and nothing else
    r"(?:\bget secrets?[ /][^\n]{0,200}(?:path|template)=[^\n]{0,200}|\bpass(?:[ \t]show)?[ \t]+[\w-]+/[\w/.-]+|\bopenssl rand[^\n]{0,60}|\bpwgen\b[^\n]{0,60}"
    r"|\bvault[^\n]{0,20} (?:read|get)[^\n]{0,80}-field[= ][^\n]{0,80}|\bbw get (?:password|totp)[^\n]{0,80}|\bop read[^\n]{0,120}|\bsops[^\n]{0,80}--extract[^\n]{0,80}"
    r"|\bheadscale preauthkeys create[^\n]{0,60}|\bjoin-token -q[^\n]{0,40}|\bkubectl[^\n]{0,80} get secrets?[^\n]{0,120}\|[ \t]*base64[^\n]{0,20}|\bage-keygen[^\n]{0,40}|\bwg genkey(?![^\n]{0,80}pubkey)|\bwg genpsk|\bkubeadm token (?:create|generate)|\bk3s token create|\bmkpasswd[^\n]{0,60}|/dev/u?random[^\n]{0,100}|\bkubectl[^\n]{0,40} create token[^\n]{0,80}"
    r"|\bsecrets? get[^\n]{0,80}--plain|\bgh auth token|\bget-secret-value[^\n]{0,200}--output text|\bgcloud auth print-[\w-]*token)[^\n|]{0,80}(?:\|[ \t]*(?:base64|tr|head|cut|fold|tee|jq)[^\n]{0,80})?\n"
    r"[ \t]*(?P<v>[^\s:]\S{5,4096})[ \t]*(?=\n|\Z)"
)
_LOGIN = lazy(
    r"\b(?i:credentials?|log(?:in|ged|ging)|auth\w{0,12}|tried|trying|as|user|with|for)[ \t]+[\"']?"
    r"[A-Za-z][\w.@-]{1,40}:(?P<v>[^\s\"':/]{6,200})"
)
_XML = lazy(r"<(?P<name>[A-Za-z_][\w.:-]{0,63})(?:\s[^<>\n]{0,200})?>(?P<v>[^<>\n]{1,4096})</(?P=name)>")
_SETTING = lazy(r"(?:export[ \t]+)?[\"']?(?P<name>[A-Za-z_][\w.-]{0,63})[\"']?[ \t]*[:=][ \t]*(?P<v>[^\n]{0,1000})")
_SECRET_KIND = lazy(r"^(?P<pre>[^\n]{0,80}?)kind:[ \t]*[\"']?Secret[\"']?[ \t]*$", re.MULTILINE)
_SECRET_JSON = lazy(r"\"(?:data|stringData)\"\s{0,8}:\s{0,8}\{(?P<body>[^{}]{0,65536})\}")
_JSON_VALUE = lazy(r"\"[\w.-]{1,128}\"\s{0,8}:\s{0,8}\"(?P<v>(?:[^\"\\\n]|\\.){1,16384})\"")


def in_layouts(text: str, lowered: str, telling: Sequence[int], known: Vocabulary) -> Iterator[Span]:
    """Secrets that only the lines around them give away; ``telling`` are the beginnings of lines with telling names."""
    if "private key" in lowered or "putty-user-key" in lowered:
        yield from _pem(text)
    near = list(pieces(text, telling, before=6, after=8))
    fields = sorted({*telling, *lines_with(text, ["!"])} if "!" in text else telling)
    for start, stop in near:
        lines = fields[bisect_left(fields, start) : bisect_left(fields, stop)]
        if any(_tells(m) for at in lines for m in _NAME_FIELD.finditer(text, at, _line_end(text, at))):
            yield from _fields(text, start, stop)
    yield from _nested(text, near, telling)
    for start in telling:
        stop = text.find("\n", start)
        if stop >= 0:
            yield from _below(text, lowered, start, stop)
    yield from _marked(text, lowered, known)
    yield from _shown(text, lowered, known)
    if "chpasswd" in lowered:
        yield from _userlist(text)
    if "</" in text:
        for match in _XML.finditer(text):
            strength, kind = judge(match.group("name"))
            if strength is not Telling.NO and is_secret_value(match.group("v"), strength):
                yield Span(*match.span("v"), kind)
    if "secret" in lowered and "kind" in lowered:
        yield from _kubernetes(text)


def _below(text: str, lowered: str, start: int, stop: int) -> Iterator[Span]:
    """What a line announces for the next ones: ``stop`` is its end."""
    if _OPEN_END.search(text, max(start, stop - 120), stop):
        yield from _hanging(text, start, stop + 1)
        yield from _sections(text, start, stop + 1)
    if any(lowered.find(word, start, stop) >= 0 for word in _ASKED):
        end = stop
        for _ in range(3):
            found = text.find("\n", end + 1)
            end = found if found >= 0 else len(text)
        yield from _prose(text, start, stop, end)


def _pem(text: str) -> Iterator[Span]:
    done = 0
    while begin := _PEM_BEGIN.search(text, done):
        at, budget = begin.end(), 400
        column: int | None = None  # where the lines of the block begin, behind the prefix of a log
        while budget and at < len(text):
            stop = text.find("\n", at, at + 65536)
            stop = min(len(text), at + 65536) if stop < 0 else stop
            end = _PEM_END.search(text, at, stop)
            limit = end.start() if end else stop
            runs = list(_PEM_LINE.finditer(text, at, limit))
            if runs:
                column = runs[0].start() - at
                yield Span(runs[0].start(), runs[-1].end(), "KEY")
            elif column is not None and _PEM_REST.fullmatch(text, at + column, limit):
                yield Span(at + column, limit, "KEY")
            elif budget < 400 and stop - at > 90:
                break
            if end:
                break
            at, budget = stop + 1, budget - 1
        done = max(begin.end(), min(at, len(text)))


def _line_end(text: str, at: int) -> int:
    stop = text.find("\n", at)
    return len(text) if stop < 0 else stop


def _tells(field: re.Match[str]) -> bool:
    return "!" in field.group("name") or judge(field.group("name"))[0] is not Telling.NO


def _fields(text: str, begin: int, end: int) -> Iterator[Span]:
    names = list(_NAME_FIELD.finditer(text, begin, end))
    telling_names = [match for match in names if _tells(match)]
    values = list(_VALUE_FIELD.finditer(text, begin, end))
    starts, value_starts = [match.start() for match in names], [match.start() for match in values]
    for match in telling_names:
        telling, kind = (Telling.STRONG, "TOKEN") if "!" in match.group("name") else judge(match.group("name"))
        place = bisect_right(starts, match.start())
        stop = min(starts[place] if place < len(starts) else end, match.end() + 300)
        first = bisect_left(value_starts, match.end())
        found = [v for v in values[first : first + 3] if v.start() < stop and _together(text, match.end(), v.start())]
        if not found and first:  # the value may come first
            before = values[bisect_left(value_starts, match.start()) - 1]
            near = match.start() - 300 <= before.start() < match.start()
            found = [before] if near and _together(text, before.end(), match.start()) else []
        for value in found:
            group = "quoted" if value.group("quoted") is not None else "bare"
            if is_secret_value(value.group(group), telling, kind, quoted=group == "quoted"):
                yield Span(*value.span(group), kind)


def _together(text: str, start: int, stop: int) -> bool:
    """Nothing between two fields says that they belong to different objects, items or paragraphs."""
    depth = 0
    for brace in text[start:stop]:
        depth += (brace == "{") - (brace == "}")
        if depth < 0:
            return False
    return _BOUNDARY.search(text, start, stop) is None


def _hanging(text: str, begin: int, end: int) -> Iterator[Span]:
    """A name at the end of a line, its value on the next ones: block scalars, lists, printed credentials."""
    for match in _HANGING.finditer(text, begin, end):
        telling, kind = judge(match.group("name"))
        if telling is not Telling.STRONG:
            telling, kind = judge_with_word_before(text, match.start(), match.group("name"))
        if telling is Telling.NO:
            continue
        line_at = line_start(text, match.start())
        indent = len(text[line_at : match.start()]) - len(text[line_at : match.start()].lstrip())
        at, taken = match.end(), 0
        block = bool(match.group("mark"))
        while at < len(text) and taken < 200:
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            line = text[at:stop]
            body = line.strip()
            deep = len(line) - len(line.lstrip())
            if body and (deep <= indent and not (taken == 0 and not block and not indent)):
                break
            if match.group("mark") == "[" and (body.startswith("]") or "(" in body):
                break  # the end of a list, or a list of something else than texts
            item = body.removeprefix("- ").strip().strip(",").strip("\"'")
            if (
                body
                and not block
                and (" " in item or item.endswith((":", "{", "[")) or (":" in item and not body.startswith("- ")))
            ):
                break
            if item and is_secret_value(
                item, telling if block or body.startswith("- ") else Telling.WEAK if deep <= indent else telling
            ):
                begin = at + line.index(item)
                yield Span(begin, begin + len(item), kind)
            at, taken = stop + 1, taken + 1
            if body and not block and not body.startswith("- ") and not match.group("name").endswith("s"):
                break


def _sections(text: str, begin: int, end: int) -> Iterator[Span]:
    """``passwords:``, ``credentials:`` and their like, with names of their own below."""
    for match in _SECTION.finditer(text, begin, end):
        strong = match.group("name").lower().rstrip("s") not in ("credential", "cred", "secret", "auth")
        indent, at = len(match.group("indent")), match.end()
        for _ in range(100):
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            entry = _ENTRY.match(text, at, stop)
            if entry is None or len(entry.group("indent")) <= indent:
                break
            value = entry.group("v").strip().strip("\"'")
            telling = Telling.STRONG if strong else Telling.WEAK
            ok = (
                is_secret_value(value, telling, "SECRET") and judge(entry.group("name"))[0] is not Telling.NO
                if not strong
                else is_secret_value(value, telling)
            )
            if value and (ok or (not strong and looks_random(value))):
                begin = text.index(value, entry.start("v"))
                yield Span(begin, begin + len(value), "SECRET")
            at = stop + 1
            if at >= len(text):
                break


def _prose(text: str, begin: int, stop: int, end: int) -> Iterator[Span]:
    """``The password for admin is ...``, and the same with the value alone on the next line.

    The announcement stands in the line from ``begin`` to ``stop``, the value before ``end``.
    """
    for match in _within(_PROMPT, text, begin, stop, end):
        value = match.group("v")
        plain = match.group("asked").lower().startswith("pass") and _WORDS_AND_DIGITS.fullmatch(value)
        if not (looks_made(value) or looks_odd(value) or looks_random(value) or plain) or value.endswith((":", "{")):
            continue
        if is_reference(value) or is_public(value) or _SEVERAL.search(value) or _NOT_ASKED.search(match.group("rest")):
            continue
        yield Span(*match.span("v"), "PASSWORD")
    for match in _within(_SAID, text, begin, stop, end):
        value = match.group("v").rstrip(".,;:!\"'`")
        if (
            (looks_made(value) or looks_odd(value))
            and not is_reference(value)
            and not is_public(value)
            and "=" not in value[:-2]
        ):
            if is_digest(value) and "password" not in match.group().lower():
                continue
            yield Span(match.start("v"), match.start("v") + len(value), "PASSWORD")


def _within(pattern: re.Pattern[str], text: str, begin: int, stop: int, end: int) -> Iterator[re.Match[str]]:
    """Matches that begin before ``stop``; they may reach to ``end``."""
    return takewhile(lambda match: match.start() < stop, pattern.finditer(text, begin, end))


def _nested(text: str, near: Iterable[tuple[int, int]], telling: Iterable[int]) -> Iterator[Span]:
    """A telling name whose value is a field of the mapping below it."""
    ends = iter(near)
    stop = at = 0
    for start in telling:
        while start >= stop:
            _, stop = next(ends)
        line = text.find("\n", start, stop)
        line = stop if line < 0 else line
        if "{" not in text[start:line] and not _NAME_LAST.search(text, max(start, line - 120), line):
            continue
        at = max(at, start)
        while (match := _NESTED.search(text, at, stop)) and match.start() < line:
            at = match.end("name")
            strength, kind = judge(match.group("name"))
            group = next(group for group in ("double", "single", "bare") if match.group(group) is not None)
            value = match.group(group)
            if strength is not Telling.NO and is_secret_value(value, strength, kind, quoted=group != "bare"):
                yield Span(*match.span(group), kind)
                at = match.end()


def _marked(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """Values of objects that call themselves sensitive."""
    for start, stop in around(lowered, known.of(("sensitive",)), before=8, after=40):
        for found in _FLAGGED.finditer(text, start, stop):
            if not is_reference(found.group("v")) and not is_public(found.group("v")):
                yield Span(*found.span("v"), "SECRET")


_SHOWS = ("echo", "printenv", "cat ", "output -raw")
_PRINTERS = (
    "get secret", "pass ", "openssl rand", "pwgen", "vault", "bw get", "op read", "sops", "wg gen", "kubeadm token",
    "preauthkeys", "join-token", "age-keygen", "k3s token", "mkpasswd", "random", "create token", "--plain", "gh auth", "get-secret-value", "print-",
)  # fmt: skip
_LOGINS = ("credential", "login", "logged", "logging", "auth", "tried", "trying", " as ", "user ", " with ", " for ")


def _shown(text: str, lowered: str, known: Vocabulary) -> Iterator[Span]:
    """What a command prints on the line below it, and ``user:password`` in messages."""
    for start, stop in around(lowered, known.of(_SHOWS), after=1):
        for match in _ECHOED.finditer(text, start, stop):
            name = match.group("name").rpartition("/")[2]
            if judge(name)[0] is Telling.STRONG and is_secret_value(match.group("v"), Telling.STRONG):
                yield Span(*match.span("v"), "SECRET")
    for start, stop in around(lowered, known.of(_PRINTERS), after=1):
        for match in _PRINTED.finditer(text, start, stop):
            value = match.group("v")
            if (looks_made(value) or looks_odd(value)) and not is_reference(value) and not is_public(value):
                yield Span(*match.span("v"), "SECRET")
    for start, stop in around(lowered, known.of(_LOGINS)):
        for match in _LOGIN.finditer(text, start, stop):
            value = match.group("v").rstrip(".,;)")
            if (looks_made(value) or looks_odd(value)) and not is_reference(value) and not is_digest(value):
                yield Span(match.start("v"), match.start("v") + len(value), "PASSWORD")


def _userlist(text: str) -> Iterator[Span]:
    """``user:password`` lines as ``chpasswd`` reads them."""
    for match in re.finditer(r"chpasswd", text):
        for entry in re.finditer(
            r"^[ \t]*(?:- )?[\"']?[a-z_][\w-]{0,31}:(?P<v>[^\s:\"']{3,200})[\"']?[ \t]*$",
            text[match.end() : match.end() + 2000],
            re.MULTILINE,
        ):
            if not is_reference(entry.group("v")):
                yield Span(match.end() + entry.start("v"), match.end() + entry.end("v"), "PASSWORD")
        for entry in re.finditer(
            r"[\"'](?:[a-z_][\w-]{0,31}):(?P<v>[^\s:\"'\\]{3,200})[\"'\\]", text[match.end() : match.end() + 600]
        ):
            if not is_reference(entry.group("v")):
                yield Span(match.end() + entry.start("v"), match.end() + entry.end("v"), "PASSWORD")


def _kubernetes(text: str) -> Iterator[Span]:
    done = 0
    while match := _SECRET_KIND.search(text, done):
        start = max(text.rfind("\n---", done, match.start()), match.start() - 65536, done)
        stop = text.find("\n---", match.end())
        done = min(len(text) if stop < 0 else stop, match.end() + 262144)
        yield from _yaml_secret(text, start, done)
    if '"Secret"' in text:
        for match in _SECRET_JSON.finditer(text):
            for value in _JSON_VALUE.finditer(text, *match.span("body")):
                if not is_reference(value.group("v")):
                    yield Span(*value.span("v"), "SECRET")


def _harmless(line: str) -> bool:
    """A line of a file in a Secret that says what it holds, and that is no secret."""
    setting = _SETTING.fullmatch(line)
    if setting is None:
        return line.startswith(("#", ";", "[")) or not any(c.isalnum() for c in line)
    value = setting.group("v").strip("\"' ,;")
    if judge(setting.group("name"))[0] is not Telling.NO:
        return is_reference(value)
    made = _WORDS_AND_DIGITS.fullmatch(value) and value[-1:].isdigit()
    mixed = looks_odd(value) or (made and len(value) >= 8)
    return not (mixed or looks_random(value) or "://" in value or (is_digest(value) and len(value) >= 16))


def _yaml_secret(text: str, start: int, stop: int) -> Iterator[Span]:
    inside: int | None = None
    block: int | None = None
    encoded = True
    at = start
    while at < stop:
        end = text.find("\n", at, stop)
        end = stop if end < 0 else end
        line = text[at:end]
        body, deep = line.strip(), len(line) - len(line.lstrip())
        if inside is not None and body and deep <= inside:
            inside = block = None
        if inside is None:
            if body in ("data:", "stringData:"):
                inside, encoded = deep, body == "data:"
        elif block is not None and body and deep > block:
            if encoded or not _harmless(body):
                yield Span(at, end, "SECRET")
        elif body and not body.startswith("#"):
            block = None
            _, colon, value = body.partition(":")
            value = value.strip()
            if colon and value[:1] in ("|", ">"):
                block = deep
            elif colon and value and not is_reference(value):
                value = value.strip("\"'")
                begin = at + line.index(value, line.index(":") + 1)
                yield Span(begin, begin + len(value), "SECRET")
        at = end + 1
