"""The grammar of a tool's read-only commands, written like a usage line, and the reader that holds words against it.

A table lists what is allowed, everything else is refused: an unknown flag, an abbreviated one, one flag hidden in a
cluster of others, a verb that is not there. A flag with a value says so, which is how a verb behind a value is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from git_executor.escalation.diagnostics.kinds import kind
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused, Word


class Style(Enum):
    """How a program reads its options."""

    GNU = "gnu"  # getopt_long: -abc, -n5, --long=value, --long value, -- ends them
    GO = "go"  # pflag: the same, and -n=5; nothing may follow --
    SINGLE = "single"  # whole words with one dash or two: -json, -chdir=DIR; never clusters


@dataclass(frozen=True, slots=True)
class Flag:
    """One option. ``kinds`` are the kinds of its values; ``optional`` says that the value may be missing."""

    name: str
    kinds: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one command, understood: flag -> its values, the option words alone, and the arguments, as they
    were checked and as they were written."""

    flags: Mapping[str, tuple[str, ...]]
    options: tuple[str, ...]
    args: tuple[str, ...]
    written: tuple[Word, ...]


Check = Callable[[Reading, Place], None]
Append = Callable[[Reading, Place], Sequence[str]]
Rewrite = Callable[[Reading, Place], list[str]]


@dataclass(frozen=True)
class Form:
    """One verb (or the tool itself): its options, its arguments, what must be there.

    ``args`` is a usage line of kinds: ``NAME`` must stand there, ``[NAME]`` may, ``NAME...`` any number of times.
    ``needs`` lists flags of which each must be given; ``inject`` are words that are put behind the verb,
    ``append`` makes those that are put at the very end.
    ``rewrite`` makes the words behind the verb itself, where the allowed meaning needs other ones.
    """

    flags: Mapping[str, Flag] = field(default_factory=dict)
    args: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    inject: tuple[str, ...] = ()
    append: Append | None = None
    check: Check | None = None
    rewrite: Rewrite | None = None
    delegate: str = ""


@dataclass(frozen=True)
class Tool:
    """A program: its options before the verb, and its verbs. ``""`` is the tool without one.

    ``environ`` names variables of the operator's own environment that it needs to find its configuration; ``home``
    says that it needs the real home folder for that.
    ``number`` is the flag that ``-5`` stands for, where the tool has one.
    """

    name: str
    forms: Mapping[str, Form]
    flags: Mapping[str, Flag] = field(default_factory=dict)
    style: Style = Style.GNU
    home: bool = False
    environ: tuple[str, ...] = ()
    prepend: tuple[str, ...] = ()
    number: str = ""

    @cached_property
    def groups(self) -> frozenset[str]:
        """Beginnings of verbs: ``config`` for ``config view``."""
        return frozenset(
            " ".join(form.split()[:count]) for form in self.forms for count in range(len(form.split()) + 1)
        )


def flags(*usage: str) -> dict[str, Flag]:
    """Options from usage lines: ``-n|--lines=INT -q|--quiet --color=[{never}] --arg=NAME,TEXT``."""
    table: dict[str, Flag] = {}
    for token in " ".join(usage).split():
        names, _, value = token.partition("=")
        optional = value.startswith("[")
        value = value.strip("[]") if optional else value
        kinds = (value,) if value.startswith("{") else tuple(part for part in value.split(",") if part)
        for name in kinds:
            kind(name)
        first = names.split("|")[0]
        for name in names.split("|"):
            table[name] = Flag(first, kinds, optional)
    return table


def form(
    usage: str = "",
    args: str = "",
    *,
    needs: str = "",
    inject: str = "",
    append: Append | None = None,
    check: Check | None = None,
    rewrite: Rewrite | None = None,
    delegate: str = "",
) -> Form:
    """A form from usage lines; see ``Form`` and ``flags``."""
    for name in args.split():
        kind(name.replace("...", "").strip("[]"))
    return Form(
        flags(usage), tuple(args.split()), tuple(needs.split()), tuple(inject.split()), append, check, rewrite, delegate
    )


def verbs(names: str, shape: Form) -> dict[str, Form]:
    """The same form under several names, separated by ``|``."""
    return {name.strip(): shape for name in names.split("|")}


# --- reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Match:
    """A command that the grammar allows. ``argv`` is what runs; ``delegated`` what another tool's table must judge,
    and then stands behind ``argv``."""

    argv: tuple[str, ...]
    delegate: str = ""
    delegated: tuple[Word, ...] = ()


def match(tool: Tool, words: Sequence[Word], place: Place) -> Match:
    """Hold the words after the tool's name against its table. Raises ``Refused``."""
    if [word.text for word in words] == ["--version"]:
        return Match((tool.name, "--version"))
    return _Matcher(tool, words, place).match()


class _Matcher:
    def __init__(self, tool: Tool, words: Sequence[Word], place: Place) -> None:
        self.tool, self.words, self.place = tool, words, place
        self.at = 0
        self.verb: str = ""
        self.found: dict[str, list[str]] = {}
        self.args: list[Word] = []
        self.before: list[str] = []  # the words up to the verb
        self.after: list[str | int] = []  # what stands behind it, in order; a number is the place of an argument
        self.started = "" in tool.forms and len(tool.groups) == 1

    def match(self) -> Match:
        while self.at < len(self.words):
            word = self.words[self.at]
            self.at += 1
            form = self.tool.forms.get(self.verb)
            if form is not None and form.delegate and self.verb:
                return Match((self.tool.name, *self.before), form.delegate, tuple(self.words[self.at - 1 :]))
            if word.text == "--":
                self._rest()
            elif word.text.startswith("-") and len(word.text) > 1:
                self._option(word)
            else:
                self._argument(word)
        return self._finish()

    # options

    def _known(self) -> Mapping[str, Flag]:
        form = self.tool.forms.get(self.verb)
        return {**self.tool.flags, **(form.flags if form else {})}

    def _option(self, word: Word) -> None:
        text, known = word.text, self._known()
        name, equals, value = text.partition("=")
        if self.tool.number and text[1:].isdecimal() and len(text) < 8:
            self._take(Flag(self.tool.number), [text], [text[1:]])
        elif name in known and (len(name) > 2 or self.tool.style is Style.SINGLE):
            self._long(known[name], name, Word(value, word.glob) if equals else None)
        elif text.startswith("--") or self.tool.style is Style.SINGLE:
            self._unknown(name)
        else:
            self._cluster(word, known)

    def _long(self, flag: Flag, name: str, value: Word | None) -> None:
        if not flag.kinds:
            if value is not None and not (self.tool.style is not Style.GNU and value.text == "true"):
                raise Refused(f"{name} takes no value")
            self._take(flag, [name])
        elif value is not None:
            if len(flag.kinds) > 1:
                raise Refused(f"{name} takes its values as separate words")
            checked = self._value(flag, 0, name, value)
            self._take(flag, [f"{name}={text}" for text in checked], checked)
        elif flag.optional:
            self._take(flag, [name])
        else:
            values = self._values(flag, name)
            self._take(flag, [name, *values], values)

    def _cluster(self, word: Word, known: Mapping[str, Flag]) -> None:
        """``-abc``, ``-n5``, ``-abn 5``: each letter is looked up, the first with a value takes the rest."""
        letters = word.text[1:]
        for index, letter in enumerate(letters):
            name, rest = f"-{letter}", letters[index + 1 :]
            flag = known.get(name)
            if flag is None:
                self._unknown(name if len(letters) == 1 else f"{name} (in {word.text})")
            elif not flag.kinds:
                self._take(flag, [name])
            elif rest:
                if self.tool.style is Style.GO:
                    rest = rest.removeprefix("=")
                checked = self._value(flag, 0, name, Word(rest, word.glob))
                self._take(flag, [name + text for text in checked], checked)
                return
            elif flag.optional:
                self._take(flag, [name])
                return
            else:
                values = self._values(flag, name)
                self._take(flag, [name, *values], values)
                return

    def _values(self, flag: Flag, name: str) -> list[str]:
        taken: list[str] = []
        for index in range(len(flag.kinds)):
            if self.at >= len(self.words):
                raise Refused(f"{name} needs a value")
            taken += self._value(flag, index, name, self.words[self.at])
            self.at += 1
        return taken

    def _value(self, flag: Flag, index: int, name: str, word: Word) -> list[str]:
        try:
            return kind(flag.kinds[index])(word, self.place)
        except Refused as e:
            raise Refused(f"{name}: {e}") from None

    def _take(self, flag: Flag, words: Iterable[str], values: Sequence[str] = ()) -> None:
        self.found.setdefault(flag.name, []).extend(values)
        (self.after if self.verb or self.started else self.before).extend(words)

    def _unknown(self, name: str) -> None:
        what = f"{self.tool.name} {self.verb}".strip()
        raise Refused(f"{name} is not among the read-only options of {what}")

    # arguments

    def _argument(self, word: Word) -> None:
        longer = f"{self.verb} {word.text}".strip()
        if not self.args and longer in self.tool.groups and longer:
            self.verb = longer
            self.before.extend(item for item in self.after if isinstance(item, str))
            self.after.clear()
            self.before.append(word.text)
        else:
            self._positional(word)

    def _positional(self, word: Word) -> None:
        self.after.append(len(self.args))
        self.args.append(word)

    def _rest(self) -> None:
        form = self.tool.forms.get(self.verb)
        if self.tool.style is not Style.GNU or form is None or not form.args:
            raise Refused("nothing may follow '--' here")
        self.after.append("--")
        for word in self.words[self.at :]:
            self._positional(word)
        self.at = len(self.words)

    # the end

    def _finish(self) -> Match:
        form = self.tool.forms.get(self.verb)
        if form is None or (not self.verb and self.args and not form.args and len(self.tool.groups) > 1):
            asked = " ".join([self.verb, *(word.text for word in self.args[:1])]).strip()
            raise Refused(f"{self.tool.name} {asked} is not among the read-only commands".replace("  ", " "))
        for name in form.needs:
            if name not in self.found:
                raise Refused(f"{self.tool.name} {self.verb} is allowed only with {name}".replace("  ", " "))
        args = _arguments(form.args, self.args, self.place)
        reading = Reading(
            flags={name: tuple(values) for name, values in self.found.items()},
            options=tuple(item for item in self.after if isinstance(item, str) and item != "--"),
            args=tuple(text for arg in args for text in arg),
            written=tuple(self.args),
        )
        if form.check is not None:
            form.check(reading, self.place)
        tail = [text for item in self.after for text in ([item] if isinstance(item, str) else args[item])]
        if form.rewrite is not None:
            tail = form.rewrite(reading, self.place)
        last = form.append(reading, self.place) if form.append is not None else ()
        return Match((self.tool.name, *self.tool.prepend, *self.before, *form.inject, *tail, *last))


def _arguments(usage: Sequence[str], words: Sequence[Word], place: Place) -> list[list[str]]:
    """Check each argument against its place in the usage line; for each, the words that it stands for."""
    taken: list[list[str]] = []
    left = list(words)
    for item in usage:
        many, optional = "..." in item, item.startswith("[")
        check = kind(item.replace("...", "").strip("[]"))
        if not left and not (many or optional):
            raise Refused("an argument is missing")
        while left:
            taken.append(check(left.pop(0), place))
            if not many:
                break
    if left:
        raise Refused(f"{left[0].text!r} is one argument too many")
    return taken
