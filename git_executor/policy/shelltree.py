"""A script as a tree: lists of pipelines in loops, branches, groups and functions, as POSIX's grammar nests them.

``shell.parse`` gives the commands one after another, which is enough to say what runs. Whether a failure counts depends
on what stands around a command, and for that the nesting is needed. Words are read by the same reader. It is total:
of a broken text it gives what can be told, and says ``broken``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from git_executor.lazy import lazy
from git_executor.policy.shell import Command, Word, _Parser, names

_MAX_NESTING = 40
_RESERVED = lazy(
    r"(?:if|then|elif|else|fi|while|until|do|done|for|select|case|esac|function|time|coproc|!|\{|\})(?=[\s;&|()<>]|$)"
)
_CLOSERS = names("then elif else fi do done esac }")
_HEADER = lazy(
    r"(?:function[ \t]+([^\s(){};&|<>]{1,80})[ \t]*(?:\([ \t]*\))?|([^\s(){};&|<>$`'\"=]{1,80})[ \t]*\([ \t]*\))\s*(?=[{(]|\[\[|if\b|for\b|while\b|case\b)"
)
_REDIRECT = lazy(r"\d{0,4}(?:<(?!\()|>(?!\())|&>")
_ARITHMETIC = lazy(r"\(\((?P<text>(?:[^()]|\((?:[^()]|\([^()]{0,200}\)){0,200}\)){0,500})\)\)")


@dataclass(slots=True)
class Node:
    """``kind`` is ``simple``, ``pipe``, ``chain``, or a compound command: ``group``, ``subshell``, ``if``, ``while``,
    ``until``, ``for``, ``case``, ``function``, ``coproc``.

    A ``pipe`` and a ``chain`` have ``items``; a chain has the operators between them. Compound commands have
    ``lists``: for ``if`` the conditions and branches in turn, for loops the condition (not for ``for``) and the body.
    """

    kind: str
    line: int
    command: Command = field(default_factory=Command)
    items: list[Node] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    lists: list[list[Node]] = field(default_factory=list)
    name: str = ""
    negated: bool = False
    background: bool = False


@dataclass(slots=True)
class Inner(Command):
    """What a substitution runs, where a flat reader has a command."""

    tree: list[Node] = field(default_factory=list)


def read_tree(text: str, first_line: int = 1) -> tuple[list[Node], bool]:
    """The statements of ``text``, and whether its nesting is broken."""
    reader = _Reader(text, first_line, 0)
    tree = reader.statements(frozenset())
    return tree, reader.broken or reader.open


def every(nodes: list[Node]) -> Iterator[Node]:
    """All nodes below, substitutions left out."""
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        yield node
        for inner in reversed([node.items, *node.lists]):
            stack.extend(reversed(inner))


class _Reader(_Parser):
    def __init__(self, text: str, line: int, depth: int) -> None:
        super().__init__(text, line, depth)
        self.broken = False
        self.nesting = 0
        self.ended_arm = False

    # --- lists --------------------------------------------------------------------------------------

    def statements(self, stops: frozenset[str], closing: bool = False, arm: bool = False) -> list[Node]:
        """Statements up to a word of ``stops`` (left standing), to ``)`` or to the end of a ``case`` arm (both taken)."""
        found: list[Node] = []
        self.ended_arm = False
        while True:
            self._gap()
            if self.at >= len(self.text):
                self.broken |= bool(stops) or closing
                return found
            if self.text.startswith(";;", self.at):
                self._operator()
                if arm:
                    self.ended_arm = True
                    return found
                continue
            if self.text[self.at] == ")":
                self.at += 1
                if closing:
                    return found
                self.broken = True
                continue
            word = self._reserved()
            if word in stops:
                return found
            if word in _CLOSERS:
                self.broken = True
                self.at += len(word)
                continue
            before = self.at
            node = self._chain()
            if node is not None:
                found.append(node)
            self._skip_blanks()
            if self.text.startswith("&", self.at) and not self.text.startswith(("&&", "&>"), self.at):
                self.at += 1
                if node is not None:
                    node.background = True
            if self.at == before:
                self.at += 1  # never stand still

    def _gap(self) -> None:
        """Past blanks, remarks, line ends and single semicolons."""
        while True:
            self._skip_blanks()
            if self.text.startswith("\n", self.at):
                self._operator()
                self._bodies()
            elif self.text.startswith(";", self.at) and not self.text.startswith((";;", ";&"), self.at):
                self.at += 1
            else:
                return

    def _newlines(self) -> None:
        self._skip_blanks()
        while self.text.startswith("\n", self.at):
            self._operator()
            self._bodies()
            self._skip_blanks()

    def _reserved(self) -> str:
        found = _RESERVED.match(self.text, self.at)
        return found[0] if found else ""

    def _chain(self) -> Node | None:
        items, operators = [self._pipe()], []
        while self.text.startswith(("&&", "||"), self.at):
            operators.append(self.text[self.at : self.at + 2])
            self.at += 2
            self._newlines()
            items.append(self._pipe())
        kept = [item for item in items if item is not None]
        if len(kept) < 2:
            return kept[0] if kept else None
        return Node("chain", kept[0].line, items=kept, operators=operators[: len(kept) - 1])

    def _pipe(self) -> Node | None:
        negated = False
        while (word := self._reserved()) in ("!", "time"):
            negated ^= word == "!"
            self.at += len(word)
            self._skip_blanks()
        items = [self._command()]
        while self.text.startswith("|", self.at) and not self.text.startswith("||", self.at):
            self.at += 2 if self.text.startswith("|&", self.at) else 1
            self._newlines()
            items.append(self._command())
        kept = [item for item in items if item is not None]
        if len(kept) == 1 and not negated:
            return kept[0]
        return Node("pipe", kept[0].line, items=kept, negated=negated) if kept else None

    # --- commands -----------------------------------------------------------------------------------

    def _command(self) -> Node | None:
        self._skip_blanks()
        if self.nesting >= _MAX_NESTING:
            self.broken = True
            self.at = len(self.text)
            return None
        self.nesting += 1
        node = self._compound() or self._simple()
        self.nesting -= 1
        self._skip_blanks()
        return node

    def _compound(self) -> Node | None:
        line, word = self.line, self._reserved()
        header = _HEADER.match(self.text, self.at) if word in ("", "function") else None
        if header:
            self.line += header[0].count("\n")
            self.at = header.end()
            body = self._command()
            return Node("function", line, name=header[1] or header[2], lists=[[body] if body else []])
        node = Node(word, line)
        if word in ("if", "while", "until"):
            self._branches(node, word)
        elif word in ("for", "select"):
            self._for(node)
        elif word == "case":
            self._case(node)
        elif word == "{":
            self.at += 1
            node.kind = "group"
            node.lists = [self.statements(frozenset("}"))]
            self._close("}")
        elif word == "coproc":
            self.at += len(word)
            body = self._command()
            node.lists = [[body] if body else []]
        elif self.text.startswith("((", self.at) and (sums := _ARITHMETIC.match(self.text, self.at)):
            self.at = sums.end()
            self.line += sums[0].count("\n")
            return Node("simple", line, Command([Word("((", line), Word(sums["text"], line, plain=False)]))
        elif self.text.startswith("(", self.at):
            self.at += 1
            node.kind = "subshell"
            node.lists = [self.statements(frozenset(), closing=True)]
        else:
            return None
        self._skip_blanks()
        while _REDIRECT.match(self.text, self.at):
            self._word_or_redirect(node.command)
            self._skip_blanks()
        return node

    def _branches(self, node: Node, word: str) -> None:
        if word == "if":
            while (now := self._reserved()) in ("if", "elif"):
                self.at += len(now)
                node.lists.append(self.statements(names("then fi")))
                self._close("then")
                node.lists.append(self.statements(names("elif else fi")))
            if self._reserved() == "else":
                self.at += 4
                node.lists.append(self.statements(names("fi")))
            self._close("fi")
            return
        self.at += len(word)
        node.lists.append(self.statements(names("do")))
        self._close("do")
        node.lists.append(self.statements(names("done")))
        self._close("done")

    def _for(self, node: Node) -> None:
        self.at += len(node.kind)
        node.kind = "for"
        self._skip_blanks()
        sums = _ARITHMETIC.match(self.text, self.at)
        if sums:
            self.at = sums.end()
            node.command.words.append(Word(sums["text"], self.line, plain=False))
        else:
            self._words(node.command)
        self._gap()
        if self._reserved() == "{":
            node.lists = [[inner] if (inner := self._compound()) else []]
            return
        self._close("do")
        node.lists = [self.statements(names("done"))]
        self._close("done")

    def _case(self, node: Node) -> None:
        self.at += 4
        while self._blank_or_line() and self.at < len(self.text) and not _IN.match(self.text, self.at):
            before = self.at
            node.command.words.append(self._word(node.command))
            if self.at == before:
                break
        if not _IN.match(self.text, self.at):
            self.broken = True
            return
        self.at += 2
        while True:
            self._gap()
            if self.at >= len(self.text):
                self.broken = True
                return
            if self._reserved() == "esac":
                self._close("esac")
                return
            self._pattern()
            node.lists.append(self.statements(names("esac"), arm=True))

    def _blank_or_line(self) -> bool:
        self._newlines()
        return True

    def _pattern(self) -> None:
        """Past the ``)`` of an arm."""
        holder = Command()
        if self.text.startswith("(", self.at):
            self.at += 1
        while self.at < len(self.text) and self.text[self.at] != ")":
            if self.text[self.at] in " \t\r|\n&;<>(":
                self.line += self.text[self.at] == "\n"
                self.at += 1
            else:
                self._word(holder)
        self.at += 1

    def _close(self, word: str) -> None:
        if self._reserved() == word:
            self.at += len(word)
        else:
            self.broken = True

    def _simple(self) -> Node | None:
        line, command = self.line, Command()
        self._words(command)
        return Node("simple", line, command) if command.words or command.redirects else None

    def _words(self, command: Command) -> None:
        """Words and redirects up to an operator."""
        while True:
            self._skip_blanks()
            if self.at >= len(self.text):
                return
            c = self.text[self.at]
            testing = command.words and command.words[0].text == "[[" and command.words[-1].text != "]]"
            if testing and c in "()|&<>":
                self.at += 1
                continue
            if c in "|;\n()" or (c == "&" and not self.text.startswith("&>", self.at)):
                return
            before = self.at
            self._word_or_redirect(command)
            if self.at == before:
                self.at += 1

    # --- what the words hold ------------------------------------------------------------------------

    def _nested(self) -> list[Command]:
        if self.nesting >= _MAX_NESTING:
            return super()._nested()
        self.nesting += 1
        held, self.pending = self.pending, []
        tree = self.statements(frozenset(), closing=True)
        self.pending = held
        self.nesting -= 1
        return [Inner(tree=tree)]

    def _array(self, command: Command, out: list[str]) -> None:
        self.at += 1
        words: list[str] = []
        if self.nesting >= _MAX_NESTING:
            self.broken, self.at = True, len(self.text)
            return
        self.nesting += 1
        while self.at < len(self.text) and self.text[self.at] != ")":
            if self.text[self.at] in " \t\r\n|&;<>(":
                self.line += self.text[self.at] == "\n"
                self.at += 1
            elif self.text[self.at] == "#" and words and self.text[self.at - 1] in " \t\n":
                self._skip_blanks()
            else:
                words.append(self._word(command).text)
        self.at += 1
        self.nesting -= 1
        out.append("(" + " ".join(words) + ")")

    def _expansion(self, command: Command) -> str:
        if self.text[self.at] != "`" or self.nesting >= _MAX_NESTING:
            return super()._expansion(command)
        found = re.compile(r"`((?:[^`\\]|\\.)*)`?", re.S).match(self.text, self.at)
        inner = found[1] if found else ""
        reader = _Reader(inner.replace("\\`", "`"), self.line, self.depth)
        reader.nesting = self.nesting + 1
        command.nested.append(Inner(tree=reader.statements(frozenset())))
        self.line += inner.count("\n")
        self.at = found.end() if found else self.at + 1
        return f"$({' '.join(inner.split())})"


_IN = lazy(r"in(?=[\s;])")
