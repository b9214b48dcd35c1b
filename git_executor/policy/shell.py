"""A small reader of shell text: commands with their words, as a shell would see them.

It understands what hides or shows a command: quotes, escapes, line continuations, comments, here-documents,
substitutions, groups, ``case`` patterns, pipelines. It does not expand anything: ``$name`` stays as it is. It is
total: any text gives commands, broken text gives what can be told. Time is linear in the text, nesting is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache


def names(text: str) -> frozenset[str]:
    """A set of names, written as one text."""
    return frozenset(text.split())


_MAX_DEPTH = 24
_BLANK = " \t\r"
_OPERATORS = ("&&", "||", ";;&", ";;", ";&", "|&", "|", "&", ";", "\n", "(", ")")
_REDIRECTS = ("&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", ">>", ">&", ">|", "<", ">")
# Words that stand before a command without being one.
_LEADING = names("if then elif else while until do ! { } time coproc")
_CLOSING = names("fi done esac }")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "0": "\0"}


@dataclass(frozen=True, slots=True)
class Word:
    """One word without its quotes. ``plain`` says that nothing in it is expanded; ``quoted`` that no expansion in it
    stands outside of quotes, so that it stays one word."""

    text: str
    line: int
    plain: bool = True
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """``op`` such as ``>`` or ``<<``, and its target: for a here-document the body."""

    op: str
    target: Word
    fd: str = ""


@dataclass(slots=True)
class Command:
    """A simple command. ``before`` and ``after`` are the operators around it (``|``, ``&&``, ``||``, ``;``, newline);
    ``nested`` are commands of substitutions in its words, in the order they stand."""

    words: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    nested: list[Command] = field(default_factory=list)
    leading: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def line(self) -> int:
        return self.words[0].line if self.words else self.redirects[0].target.line if self.redirects else 0


def parse(text: str, first_line: int = 1, depth: int = 0) -> list[Command]:
    """The commands of ``text`` in order, those of groups and functions included; lines count from ``first_line``."""
    if first_line == 1 and not depth:
        return list(_whole(text)[0])
    return _Parser(text, first_line, depth).commands(closing="")


@lru_cache(maxsize=4)  # both versions of a script, which several rules read; nobody may change the commands
def _whole(text: str) -> tuple[list[Command], bool]:
    parser = _Parser(text, 1, 0)
    return parser.commands(closing=""), parser.open


def is_open(text: str) -> bool:
    """Whether a quote or a here-document begins in the text and never ends: the shell would refuse it."""
    return _whole(text)[1]


def flatten(commands: list[Command]) -> Iterator[Command]:
    """Every command with the nested ones after it."""
    stack = list(reversed(commands))
    while stack:
        command = stack.pop()
        yield command
        stack.extend(reversed(command.nested))


def _in_test(command: Command) -> bool:
    words = command.words
    return bool(words) and words[0].text == "[[" and words[-1].text != "]]"


class _Parser:
    def __init__(self, text: str, line: int, depth: int) -> None:
        self.text, self.at, self.line, self.depth = text, 0, line, depth
        self.open = False
        self.pending: list[tuple[Command, str, bool, bool]] = []  # here-documents: command, delimiter, raw, tabs

    def commands(self, closing: str) -> list[Command]:
        """Commands up to an unmatched ``closing`` (``)`` or nothing)."""
        found: list[Command] = []
        current, cases, parens = Command(), 0, 0
        pattern = False  # between "in" or ";;" and the ")" of a case's pattern
        while True:
            self._skip_blanks()
            if _in_test(current) and self.text[self.at : self.at + 1] in "()|&<>" and self.at < len(self.text):
                self.at += 1  # inside of [[ ]] these compare and group
                continue
            operator = self._operator()
            if operator is None and self.at < len(self.text):
                start = self.at
                self._word_or_redirect(current)
                if len(current.words) == 1:
                    first = self.text[start : self.at]
                    cases += (first == "case") - (first == "esac" and cases > 0)
                    if first in _LEADING or first in _CLOSING:
                        current.leading += (first,)
                        current.words.clear()
                    pattern = pattern and first != "esac"
                elif len(current.words) == 2 and current.words[0].text == "function":
                    current.words.clear()
                elif len(current.words) == 3 and cases and current.words[0].text == "case":
                    pattern = current.words[2].text == "in"
                continue
            end = self.at >= len(self.text) and operator is None
            if pattern and operator in ("(", "|", ")"):
                current, pattern = Command(before=operator), operator != ")"
                continue
            if operator == "(" and len(current.words) == 1:
                current.words.clear()  # the name of a function
            if current.words or current.redirects or current.leading:
                current.after = operator or ""
                found.append(current)
            if operator == "\n":
                self._bodies()
            if end:
                self._bodies()
                return found
            if operator == ")":
                if not parens and closing == ")":
                    return found
                parens = max(0, parens - 1)
            parens += operator == "("
            pattern = pattern or (cases > 0 and operator in (";;", ";&", ";;&"))
            current = Command(before=operator or "")

    # --- pieces -------------------------------------------------------------------------------------

    def _skip_blanks(self) -> None:
        text = self.text
        while self.at < len(text):
            c = text[self.at]
            if c in _BLANK:
                self.at += 1
            elif c == "\\" and text.startswith(("\\\n", "\\\r\n"), self.at):
                self.at += 2 if text[self.at + 1] == "\n" else 3
                self.line += 1
            elif c == "#":
                end = text.find("\n", self.at)
                self.at = len(text) if end < 0 else end
            else:
                return

    def _operator(self) -> str | None:
        text, at = self.text, self.at
        if at >= len(text) or text[at] not in "&|;\n()" or text.startswith("&>", at):
            return None
        operator = next(op for op in _OPERATORS if text.startswith(op, at))
        self.at += len(operator)
        if operator == "\n":
            self.line += 1
        return operator

    def _word_or_redirect(self, command: Command) -> None:
        text, start = self.text, self.at
        end = start
        while end < len(text) and end - start < 4 and text[end].isdigit():
            end += 1
        starts = end < len(text) and text[end] in "&<>"
        op = next((op for op in _REDIRECTS if text.startswith(op, end)), None) if starts else None
        if op is None or (op in ("<", ">") and text.startswith("(", end + 1)):
            command.words.append(self._word(command))
            return
        fd, self.at = text[start:end], end + len(op)
        while self.at < len(text) and text[self.at] in _BLANK:
            self.at += 1
        before = self.at
        target = self._word(command)
        if op in ("<<", "<<-"):
            raw = any(c in text[before : self.at] for c in "'\"\\")
            self.pending.append((command, target.text, raw, op == "<<-"))
        else:
            command.redirects.append(Redirect(op, target, fd))

    def _bodies(self) -> None:
        """The here-documents whose bodies begin at this line."""
        pending, self.pending = self.pending, []
        for command, delimiter, raw, tabs in pending:
            first, lines, ended = self.line, [], False
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                self.at, self.line = min(end + 1, len(self.text)), self.line + 1
                if (line.lstrip("\t") if tabs else line).rstrip("\r") == delimiter:
                    ended = True
                    break
                lines.append(line.lstrip("\t") if tabs else line)
            self.open |= not ended
            body = "\n".join(lines)
            if not raw:
                command.nested += _substitutions(body, first, self.depth)
            command.redirects.append(Redirect("<<", Word(body, first, plain=raw, quoted=True)))

    def _word(self, command: Command) -> Word:
        text, line = self.text, self.line
        out: list[str] = []
        plain, bare = True, False  # bare: an expansion outside of quotes
        while self.at < len(text):
            c = text[self.at]
            if c in _BLANK or c in "\n&|;()":
                if c == "(" and out and out[-1][-1:] in ("=", "?", "*", "+", "@", "!"):
                    self._array(command, out)  # an array or an extended glob
                    continue
                break
            if c in "<>":
                if not text.startswith("(", self.at + 1):
                    break
                self.at += 2
                command.nested += self._nested()
                out.append(f"{c}(...)")
                plain = False
            elif c == "\\":
                if text.startswith("\n", self.at + 1):
                    self.line += 1
                else:
                    out.append(text[self.at + 1 : self.at + 2])
                self.at += 2
            elif c == "'":
                out.append(self._until("'"))
            elif c == '"':
                plain &= self._double(command, out)
            elif c == "$" and text.startswith("'", self.at + 1):
                self.at += 1
                out.append(self._ansi())
            elif c == "$" and text.startswith('"', self.at + 1):
                self.at += 1
            elif c in "$`":
                piece = self._expansion(command)
                out.append(piece)
                if piece != "$":
                    plain, bare = False, True
            else:
                out.append(c)
                self.at += 1
        if self.at < len(text) and not out and text[self.at] in "()" and self.line == line:
            self.at += 1  # never stand still
        return Word("".join(out), line, plain, quoted=not bare)

    def _array(self, command: Command, out: list[str]) -> None:
        self.at += 1
        inner = self._nested()
        words = [word for item in inner for word in item.words]
        out.append("(" + " ".join(word.text for word in words) + ")")
        for item in inner:
            command.nested += item.nested

    def _until(self, quote: str) -> str:
        end = self.text.find(quote, self.at + 1)
        self.open |= end < 0
        end = len(self.text) if end < 0 else end
        inner = self.text[self.at + 1 : end]
        self.line += inner.count("\n")
        self.at = end + 1
        return inner

    def _ansi(self) -> str:
        """``$'...'``: the escapes that spell a command without showing it."""
        text, out = self.text, []
        self.at += 1
        while self.at < len(text) and text[self.at] != "'":
            c = text[self.at]
            self.at += 1
            if c != "\\" or self.at >= len(text):
                self.line += c == "\n"
                out.append(c)
                continue
            kind = text[self.at]
            self.at += 1
            digits, base, most = {"x": ("", 16, 2), "u": ("", 16, 4), "U": ("", 16, 8)}.get(kind, (kind, 8, 3))
            if base == 8 and not ("0" <= kind <= "7"):
                out.append(_ESCAPES.get(kind, kind))
                continue
            allowed = "0123456789abcdefABCDEF" if base == 16 else "01234567"
            while self.at < len(text) and len(digits) < most and text[self.at] in allowed:
                digits += text[self.at]
                self.at += 1
            code = int(digits, base) if digits else 0
            out.append(chr(code) if code < 0x110000 else "\ufffd")
        self.at += 1
        return "".join(out)

    def _double(self, command: Command, out: list[str]) -> bool:
        text, plain = self.text, True
        self.at += 1
        while self.at < len(text):
            c = text[self.at]
            if c == '"':
                self.at += 1
                return plain
            if c == "\\":
                following = text[self.at + 1 : self.at + 2]
                self.line += following == "\n"
                out.append("" if following == "\n" else following if following in '$`"\\' else "\\" + following)
                self.at += 2
            elif c in "$`":
                piece = self._expansion(command)
                out.append(piece)
                plain &= piece == "$"
            else:
                self.line += c == "\n"
                out.append(c)
                self.at += 1
        self.open = True
        return plain

    def _expansion(self, command: Command) -> str:
        """What ``$`` or a backtick begins; commands in it go to ``command.nested``."""
        text, start = self.text, self.at
        if text[start] == "`":
            end = start + 1
            while end < len(text) and text[end] != "`":
                end += 2 if text[end] == "\\" else 1
            inner = text[start + 1 : end].replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\")
            if self.depth < _MAX_DEPTH:
                command.nested += parse(inner, self.line, self.depth + 1)
            self.line += inner.count("\n")
            self.at = end + 1
            return f"$({' '.join(inner.split())})"
        if text.startswith("$((", start):
            end = text.find("))", start + 3)
            end = len(text) if end < 0 else end
            command.nested += _substitutions(text[start + 3 : end], self.line, self.depth)
            self.line += text.count("\n", start, end)
            self.at = end + 2
            return "$((...))"
        if text.startswith("$(", start):
            self.at = start + 2
            command.nested += self._nested()
            return f"$({' '.join(text[start + 2 : self.at - 1].split())})"
        if text.startswith("${", start):
            return self._braces(command)
        end = start + 1
        while end < len(text) and (text[end].isalnum() or text[end] == "_") and text[end].isascii():
            end += 1
            if text[start + 1].isdigit():
                break
        if end == start + 1 and end < len(text) and text[end] in "@*#?$!-":
            end += 1
        self.at = end
        return text[start:end]

    def _braces(self, command: Command) -> str:
        text, start = self.text, self.at
        self.at += 2
        level = 1
        while self.at < len(text) and level:
            c = text[self.at]
            if c in "$`" and (c == "`" or text.startswith(("${", "$("), self.at)) and self.depth < _MAX_DEPTH:
                self.depth += 1
                self._expansion(command)
                self.depth -= 1
                continue
            if c == "\\":
                self.at += 1
            elif c == "'" and "'" in text[self.at + 1 : self.at + 200]:
                self._until("'")
                continue
            level += (c == "{") - (c == "}")
            self.line += c == "\n"
            self.at += 1
        return text[start : self.at]

    def _nested(self) -> list[Command]:
        """The commands up to the closing parenthesis."""
        if self.depth >= _MAX_DEPTH:
            end = self.text.find(")", self.at)
            self.at = len(self.text) if end < 0 else end + 1
            return []
        self.depth += 1
        held, self.pending = self.pending, []
        found = self.commands(closing=")")
        self.pending = held
        self.depth -= 1
        return found


def _substitutions(text: str, line: int, depth: int) -> list[Command]:
    """The commands that a here-document's or an arithmetic text runs."""
    if ("$(" not in text and "`" not in text and "${" not in text) or depth >= _MAX_DEPTH:
        return []
    holder = Command()
    parser = _Parser(text, line, depth + 1)
    while parser.at < len(text):
        c = text[parser.at]
        if c in "$`":
            parser._expansion(holder)
            continue
        parser.line += c == "\n"
        parser.at += 2 if c == "\\" else 1
    return holder.nested
