"""The kinds of values that flags and arguments take: each checks one word and says what to put in its place.

A kind is named in capitals in a tool's table. ``{a,b}`` in a table stands for one of these words.
"""

from __future__ import annotations

import os
import re
import urllib.parse
from collections.abc import Callable

from git_executor.escalation.diagnostics import paths
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused, Word

Kind = Callable[[Word, Place], list[str]]


def matching(pattern: str, what: str) -> Kind:
    """A kind whose words match the whole of ``pattern``."""
    compiled = re.compile(pattern, re.ASCII)

    def check(word: Word, place: Place) -> list[str]:
        if not compiled.fullmatch(word.text):
            raise Refused(f"{word.text!r} is no {what}")
        return [word.text]

    return check


def one_of(words: str) -> Kind:
    """``{json,yaml}``: one of these, exactly."""
    allowed = tuple(words.strip("{}").split(","))

    def check(word: Word, place: Place) -> list[str]:
        if word.text not in allowed:
            raise Refused(f"{word.text!r} is none of {', '.join(allowed)}")
        return [word.text]

    return check


def _text(word: Word, place: Place) -> list[str]:
    return [word.text]


def _no_file_text(word: Word, place: Place) -> list[str]:
    """Text for a flag that reads a file when its value begins with ``@``."""
    if word.text.startswith("@"):
        raise Refused(f"{word.text!r} reads a file")
    return [word.text]


def _pattern_of_repository(word: Word, place: Place) -> list[str]:
    """A path that git itself looks up in its own trees: it cannot leave the repository, but it can name a secret."""
    name = word.text
    if name.startswith(("/", "~", ":")) or ".." in name.split("/"):
        raise Refused(f"{name}: outside the repository, or a pathspec with magic")
    if name not in ("", ".") and paths.secret_shaped(name):
        raise Refused(f"{name}: its name says that it holds secrets")
    return [name]


_REVISION = re.compile(r"[A-Za-z0-9_@^][A-Za-z0-9_./@^~{}+#=-]*")


def _revision(word: Word, place: Place) -> list[str]:
    """A revision, a range, ``revision:path``, or a path."""
    revision, colon, path = word.text.partition(":")
    if colon:
        _pattern_of_repository(Word(path), place)
        if not (revision == "" or _REVISION.fullmatch(revision)):
            raise Refused(f"{word.text!r} is no revision")
        return [word.text]
    return _pattern_of_repository(word, place)


_DECIMAL = r"[0-9]{1,9}"
_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.:@+-]{0,252}"
_HOST = r"(?!-)(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})|\[?[0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9._-]{1,15})?\]?)"
_URL = r"(?:https?://)?(?!-)(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?][A-Za-z0-9._~:/?#!$&'()*+,;=%|-]*)?"
# Cloud metadata services hand out credentials; the Kubernetes API lists secrets under such a path; and some devices
# act when they are merely asked.
_URL_SECRETS = re.compile(
    r"/secrets?(?:[/?#]|\Z)|/access/ticket|/agent/|(?:^|//)metadata\.|computemetadata|/latest/meta-data"
)
_URL_ACTS = re.compile(
    r"[/?&=_.-](?:reboot|restart|shutdown|poweroff|halt|delete|destroy|remove|reset|quit|exec|cmnd|cmd|turn)(?:[/?&=_.-]|\Z)"
)
# 169.254.x.x in its disguises: as one number, in hexadecimal, inside an IPv6 address.
_URL_LINK_LOCAL = re.compile(r"169\.254\.|0x[0-9a-f]+|0[0-7]+\.|[0-9]{8,}|\[::ffff:|\[fe80:|\[fd00:ec2")


def _url(word: Word, place: Place) -> list[str]:
    if not re.fullmatch(_URL, word.text, re.ASCII):
        raise Refused(f"{word.text!r} is no plain http or https address (no user, no braces, no other protocol)")
    plain = urllib.parse.unquote(urllib.parse.unquote(word.text)).lower()
    host = re.split(r"[/?#]", plain.partition("://")[2] or plain, maxsplit=1)[0]
    if _URL_LINK_LOCAL.match(host) or _URL_SECRETS.search(plain):
        raise Refused(f"{word.text!r} may answer with secrets")
    if _URL_ACTS.search(plain):
        raise Refused(f"{word.text!r} looks like an order, not a question")
    return [word.text]


_ENVIRONMENT = re.compile(r"(?<!labels)(?<!annotations)\.env(?:From)?\b|[\"']env(?:From)?[\"']")


def _kube_format(word: Word, place: Place) -> list[str]:
    """An output format that names no file: ``json``, ``jsonpath=...``, but not ``jsonpath-file=...``."""
    name, equals, template = word.text.partition("=")
    plain = ("json", "yaml", "wide", "name", "table", "short")
    if name in plain and not equals:
        return [word.text]
    if name in ("jsonpath", "jsonpath-as-json", "custom-columns", "go-template") and equals:
        if _ENVIRONMENT.search(template):  # values without their names, which redaction could not know
            raise Refused("the environment of a container may hold secrets")
        return [word.text]
    raise Refused(f"the output format {word.text!r} is not allowed")


_JQ_READS = re.compile(r'\$ENV\b|(?<![.\w$"])env\b(?!\s*:)|\b(?:import|include|input_filename|get_search_list)\b')


def _jq_program(word: Word, place: Place) -> list[str]:
    if _JQ_READS.search(word.text):
        raise Refused("a jq program that reads the environment or other files")
    return [word.text]


def _chart(word: Word, place: Place) -> list[str]:
    """A chart of a configured repository, or a folder here."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,200}", word.text, re.ASCII) or ".." in word.text:
        raise Refused(f"{word.text!r} is no chart of a configured repository")
    if os.path.lexists(os.path.join(place.root, word.text)):
        paths.inside(word, place)
    return [word.text]


def _variables(word: Word, place: Place) -> list[str]:
    """A file of terraform variables; of any other file the error message would quote lines."""
    if not word.text.endswith((".tfvars", ".tfvars.json")):
        raise Refused(f"{word.text}: no file of variables")
    return [paths.inside(word, place)]


def _log_count(word: Word, place: Place) -> list[str]:
    if not re.fullmatch(r"[+-]?[0-9]{1,9}[kKMb]?|all", word.text):
        raise Refused(f"{word.text!r} is no number of lines")
    return [word.text]


KINDS: dict[str, Kind] = {
    "TEXT": _text,
    "PLAINTEXT": _no_file_text,
    "NAME": matching(_NAME, "name"),
    "NAMES": matching(rf"{_NAME}(?:,{_NAME})*", "list of names"),
    "RAWPATH": matching(
        r"/(?:healthz|livez|readyz)(?:/[a-z0-9-]{1,60}){0,3}(?:\?[a-z=&-]{1,60})?|/(?:version|api|apis|metrics|openapi/v2)"
        r"|/apis/metrics\.k8s\.io/v1beta1/(?:nodes|pods)",
        "API path that is only about health and versions",
    ),
    "RESOURCE": matching(r"[A-Za-z0-9*][A-Za-z0-9_./,:@*-]{0,300}", "resource"),
    "CHART": _chart,
    "VARFILE": _variables,
    "SOCKET": matching(r"unix:///(?:var/)?run/[A-Za-z0-9./_-]{1,100}\.sock", "runtime socket"),
    "TYPENAME": matching(r"[A-Za-z0-9_][A-Za-z0-9_./:@+-]{0,252}", "name"),
    "COLUMNS": matching(r"[+A-Za-z0-9_@:.,%-]{0,500}", "list of columns"),
    "INT": matching(_DECIMAL, "number"),
    "FEW": matching(r"[1-9]|[1-9][0-9]", "number from 1 to 99"),
    "SMALL": matching(r"[0-9]{1,4}", "number below 10000"),
    "SECONDS": matching(r"[0-9]{1,4}(?:\.[0-9]{1,3})?", "number of seconds"),
    "INTERVAL": matching(r"0?\.[2-9][0-9]*|[1-9][0-9]?(?:\.[0-9]+)?", "interval of 0.2 s or more"),
    "COUNT": _log_count,
    "DURATION": matching(r"[0-9.]{1,12}(?:ns|us|ms|[smhd])?(?:[0-9.]{1,12}[smh]){0,2}", "duration"),
    "VERBOSITY": matching(r"[0-6]", "verbosity from 0 to 6: above, requests and their headers are printed"),
    "HOST": matching(_HOST, "host name or address"),
    "HOSTS": matching(rf"{_HOST}(?:,{_HOST})*", "list of hosts"),
    "SERVER": matching(rf"@{_HOST}", "server"),
    "URL": _url,
    "RESOLVE": matching(r"[A-Za-z0-9_.:*,+\[\]-]{3,300}", "HOST:PORT:ADDRESS"),
    "WORD": matching(r"[A-Za-z0-9_.:/@%+,=-]{1,200}", "plain word"),
    "BOOT": matching(r"[+-]?[0-9]{1,6}|[0-9a-f]{32}(?:[+-][0-9]{1,6})?|all", "boot"),
    "PRIORITY": matching(r"[a-z0-7]{1,7}(?:\.\.[a-z0-7]{1,7})?", "priority"),
    "JOURNAL_FORMAT": matching(r"short(?:-[a-z]+){0,2}|verbose|json(?:-pretty)?|cat|with-unit", "journal format"),
    "UNIT": matching(r"[A-Za-z0-9_][A-Za-z0-9_.:@*?\\-]{0,252}", "unit"),
    "GITKEY": matching(
        r"(?:user\.(?:name|email)|core\.[a-z]+|branch\..+|remote\.[A-Za-z0-9._-]+\.(?:url|fetch|pushurl)"
        r"|(?:init|pull|push|fetch|merge|rebase|diff|log)\.[A-Za-z.]+|extensions\.[a-z]+)",
        "harmless key",
    ),
    "MATCH": matching(r"[A-Z_][A-Z0-9_]{1,63}=.{0,300}|\+|[0-9]{1,6}|[0-9a-f]{32}", "FIELD=VALUE match"),
    "FORMAT": _kube_format,
    "JQ": _jq_program,
    "READ": paths.readable,
    "LOOK": paths.visible,
    "MOUNT": paths.mounted,
    "INSIDE": lambda word, place: [paths.inside(word, place)],
    "KUBECONFIG": lambda word, place: [paths.kubeconfig(word, place)],
    "DEVNULL": one_of("{/dev/null,-}"),
    "REVISION": _revision,
    "TRACKED": _pattern_of_repository,
    "REMOTE": matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}", "name of a remote"),
    "DEVICE": matching(r"/dev/[A-Za-z0-9_/.:+-]{1,100}", "device"),
    "VOLUME": matching(r"[A-Za-z0-9_][A-Za-z0-9_.:/@-]{0,200}", "volume"),
}


def kind(name: str) -> Kind:
    """The kind that a table names. Raises ``KeyError`` for one that does not exist, which a test rules out."""
    return one_of(name) if name.startswith("{") else KINDS[name]
