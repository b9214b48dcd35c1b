"""A command line taken apart as a POSIX shell would, by somebody who is not a shell.

Quotes, backslashes, pipes, ``NAME=value`` in front, a trailing comment, ``2>&1`` and ``2>/dev/null`` are understood.
Everything that would need a shell (substitution, variables, redirection, lists, jobs) is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

MAX_CHARACTERS = 4000
MAX_WORDS = 200


class Refused(Exception):
    """Not allowed; the text says why and, where there is one, what to write instead. Never leaves this package."""


class Word(NamedTuple):
    """One word; ``glob`` says that an unquoted ``*``, ``?`` or ``[`` stands in it."""

    text: str
    glob: bool = False


class Errors(Enum):
    """Where a program's standard error goes."""

    SHOWN = "shown"
    DROPPED = "2>/dev/null"
    MERGED = "2>&1"


@dataclass(frozen=True, slots=True)
class Simple:
    """One program of a pipe: assignments in front, then its words."""

    environ: tuple[tuple[str, str], ...]
    words: tuple[Word, ...]
    errors: Errors


_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=", re.ASCII)
_REDIRECTION = re.compile(r"2>\s{0,5}(?:&1|/dev/null)(?=[\s|]|\Z)")
_OPERATORS = {
    ";": "several commands in one: list them one by one",
    "&": "background jobs and '&&' need a shell: list the commands one by one",
    ">": "output is saved anyway; redirection is not allowed",
    "<": "redirection is not allowed: name the file as an argument",
    "(": "subshells are not allowed",
    ")": "subshells are not allowed",
}
_EXPANSION = "'{}' would need a shell; write the value itself, or put it in single quotes if it is meant literally"


def split(command: str) -> list[Simple]:
    """The programs of a pipe, in order. Raises ``Refused``."""
    command = command.strip().replace("\t", " ")
    if len(command) > MAX_CHARACTERS:
        raise Refused(f"longer than {MAX_CHARACTERS} characters")
    if not command.isprintable():
        raise Refused("it holds line breaks or characters that cannot be seen")
    reader = _Reader(command)
    reader.read()
    if sum(len(simple) for simple in reader.pipe) > MAX_WORDS:
        raise Refused(f"more than {MAX_WORDS} words")
    return [_simple(words, errors) for words, errors in zip(reader.pipe, reader.errors, strict=True)]


def _simple(words: list[tuple[Word, bool]], errors: Errors) -> Simple:
    environ: list[tuple[str, str]] = []
    while words and not words[0][1] and _ASSIGNMENT.match(words[0][0].text):
        name, _, value = words.pop(0)[0].text.partition("=")
        environ.append((name, value))
    if not words:
        raise Refused("there is no command")
    return Simple(tuple(environ), tuple(word for word, _ in words), errors)


class _Reader:
    """Walks over the characters once. ``pipe`` collects words, each with whether it began with a quote."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.pipe: list[list[tuple[Word, bool]]] = [[]]
        self.errors = [Errors.SHOWN]

    def read(self) -> None:
        while self.at < len(self.text):
            char = self.text[self.at]
            redirection = _REDIRECTION.match(self.text, self.at)
            if char == " ":
                self.at += 1
            elif char == "#":
                return
            elif redirection:
                self.errors[-1] = Errors.MERGED if "&" in redirection.group() else Errors.DROPPED
                self.at = redirection.end()
            elif char == "|":
                self._pipe()
            else:
                self._word()

    def _pipe(self) -> None:
        rest = self.text[self.at :]
        if re.fullmatch(r"\|\|\s*(?:true|:)\s*", rest) and self.pipe[-1]:
            self.at = len(self.text)  # the exit code is only reported, so this changes nothing
            return
        if rest.startswith(("||", "|&")):
            raise Refused(f"{rest[:2]!r} needs a shell: list the commands one by one")
        if not self.pipe[-1]:
            raise Refused("a pipe without a command before it")
        self.pipe.append([])
        self.errors.append(Errors.SHOWN)
        self.at += 1

    def _word(self) -> None:
        text, start, glob = self.text, self.at, False
        parts: list[str] = []
        while self.at < len(text) and text[self.at] not in " |":
            char = text[self.at]
            if char in _OPERATORS:
                raise Refused(_OPERATORS[char])
            if char in "$`":
                raise Refused(_EXPANSION.format(char))
            if char == "'":
                parts.append(self._single())
            elif char == '"':
                parts.append(self._double())
            elif char == "\\":
                parts.append(text[self.at + 1 : self.at + 2])
                self.at += 2
            else:
                glob = glob or char in "*?["
                parts.append(char)
                self.at += 1
        self.pipe[-1].append((Word("".join(parts), glob), text[start] in "'\"\\"))

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise Refused("a quote is not closed")
        inner = self.text[self.at + 1 : end]
        self.at = end + 1
        return inner

    def _double(self) -> str:
        parts: list[str] = []
        self.at += 1
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == '"':
                self.at += 1
                return "".join(parts)
            if char in "$`":
                raise Refused(_EXPANSION.format(char))
            if char == "\\" and self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`"):
                self.at += 1
                char = self.text[self.at]
            parts.append(char)
            self.at += 1
        raise Refused("a quote is not closed")
