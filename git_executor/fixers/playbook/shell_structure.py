
"""Shell: something opened and not closed. One small edit after which the shell's own parser is content."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import distance
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.script import code, heredoc_lines, lines_of
from git_executor.fixers.playbook.shell_files import with_line_feeds
from git_executor.fixers.playbook.tools import TOOLS

_CLOSER = {"if": "fi", "case": "esac", "for": "done", "while": "done", "until": "done", "select": "done", "{": "}"}
_OTHER_ENDS = frozenset(("end", "endif", "end if", "endfi", "endcase", "endwhile", "endfor", "enddo", "od", "next", "fi", "done", "esac", "}"))
"""What people write for the end of a block, in this language or another."""
_INNER = r"\s*(?:then|else|elif|do|\{)\b|\s*\{\s*$"

_SAYS = r"(?i)(?:\b(?:echo|printf|die|warn|fail|say|notify)\b|\w*(?:log|info|msg|error|debug|print)\w*) +(?:-\w+ +|[A-Z]+ +)*$|=$"
"""What stands before a text that goes on to the end of the line: a command that says it, or an assignment."""

Edited = tuple[list[str], str]


def unparsable(case: Case, said: Said) -> Iterator[Fix]:
    """Every edit that makes the script parse; a script that the log names, or the one of the stage that does not."""
    path = _broken_script(case, said)
    if path is None:
        return
    text = case.text(path)
    if "\r\n" in text and not case.faults(path, text.replace("\r\n", "\n")):
        yield with_line_feeds(case, path)
        return
    lines = lines_of(text)
    for number, (new, what) in enumerate(_edits(lines)):
        if number > 60:
            return
        if not case.faults(path, "\n".join(new)):
            yield Fix(
                path,
                "\n".join(new),
                f"{what} in {path}",
                f"The shell could not parse {path}: {_complaint(case, path)}.",
            )


def open_expansion(case: Case, said: Said) -> Iterator[Fix]:
    """``${NAME`` in a here-document, which the shell parses only when it comes to it."""
    path = case.locate(said["script"])
    lines = lines_of(case.text(path)) if path else []
    found = [(number, match) for number, line in enumerate(lines) for match in re.finditer(r"\$\{#?\w+(?:\[[^\]\s]*\])?(?=[\s\"'/.,;)]|$)", code(line))]
    if path and len(found) == 1:
        number, match = found[0]
        lines[number] = lines[number][: match.end()] + "}" + lines[number][match.end() :]
        yield Fix(path, "\n".join(lines), f"Closed the open ${{ on line {number + 1} of {path}", "The shell found no end of the expansion.")


def _broken_script(case: Case, said: Said) -> str | None:
    named = said.get("script")
    path = case.locate(named) if named and named not in ("bash", "sh") else None
    if path is not None:
        return path if path in case.scripts() and case.faults(path) else None
    if case.out_of_reach:
        return None
    broken = [path for path in case.scripts() if case.faults(path)]
    return broken[0] if len(broken) == 1 else None


def _complaint(case: Case, path: str) -> str:
    fault = case.faults(path)[0]
    return fault.message + (f" (line {fault.line})" if fault.line else "")


def _edits(lines: list[str]) -> Iterator[Edited]:
    for edit in (_keyword_blanks, _else_if, _then_and_do, _quotes, _braces, _parentheses, _here_documents, _case_ends, _blocks):
        found = list(edit(lines))
        yield from found


def _keyword_blanks(lines: list[str]) -> Iterator[Edited]:
    """``if[ … ]``."""
    for number, line in enumerate(lines):
        if re.match(r"\s*(?:if|elif|while|until)\[", line):
            yield (
                with_line(lines, number, re.sub(r"(if|while|until)\[", r"\1 [", line, count=1)),
                "Added the blank before [",
            )
        bare = code(line)
        glued = re.search(r"\[\[ [^\]]*[^\s\]](?=\]\])", bare)
        if glued:
            yield with_line(lines, number, line[: glued.end()] + " " + line[glued.end() :]), "Added the blank before ]]"
        single = re.search(r"\[\[ [^\]]* \](?!\])", bare)
        if single:
            yield with_line(lines, number, line[: single.end()] + "]" + line[single.end() :]), "Closed [[ with ]]"


def _else_if(lines: list[str]) -> Iterator[Edited]:
    """``elseif``, ``elsif`` and ``else if`` for ``elif``."""
    skip = heredoc_lines("\n".join(lines))
    for number, line in enumerate(lines):
        match = re.match(r"(\s*)(?:else ?if|elsif|elseif|elif)(?=\s.*;\s*then\b)", line)
        if match and number not in skip and not line.lstrip().startswith("elif"):
            yield with_line(lines, number, f"{match[1]}elif{line[match.end() :]}"), "Wrote elif"


def _then_and_do(lines: list[str]) -> Iterator[Edited]:
    """``if …`` without ``then``, a loop without ``do``."""
    skip = heredoc_lines("\n".join(lines))
    for number, line in enumerate(lines):
        match = re.match(r"\s*(?P<word>if|elif|for|while|until)\s", line)
        if not match or number in skip:
            continue
        wanted = "then" if match["word"] in ("if", "elif") else "do"
        following = next((other.strip() for other in lines[number + 1 :] if other.strip()), "")
        bare = code(line).rstrip()
        if (
            re.search(rf"\b{wanted}\b", bare)
            or re.match(rf"{wanted}\b", following)
            or bare.endswith(("\\", "&&", "||", "|"))
        ):
            continue
        last = re.search(r";\s*(\w{2,6})$", bare)
        if last and distance(last[1], wanted, 2) <= 2 and sorted(last[1])[:2] == sorted(wanted)[:2]:
            yield with_line(lines, number, f"{bare[: last.start(1)]}{wanted}{line[len(bare) :]}"), f"Corrected {last[1]} to '{wanted}'"
        elif not last:
            yield with_line(lines, number, f"{bare.rstrip(';')}; {wanted}{line[len(bare) :]}"), f"Added the missing '{wanted}'"


def _quotes(lines: list[str]) -> Iterator[Edited]:
    """A quote that is opened on its line and not closed there, where the place of the other one is plain."""
    skip = heredoc_lines("\n".join(lines))
    odd = [
        (number, at)
        for number, line in enumerate(lines)
        if number not in skip and (at := _open_quote(line)) is not None
    ]
    if len(odd) > 6:
        return
    for number, at in odd:
        line = lines[number].rstrip()
        quote, inside = line[at], line[at + 1 :]
        if at and line[at - 1] == quote and not inside:
            yield with_line(lines, number, line[:at]), "Removed the doubled quote"
            continue
        if at and line[at - 1] not in " \t=([{|&;<>$":
            # That one closes. Where the opening one belongs is plain only for a word that is a variable.
            word = re.search(r"(?<=[\s=(])\$(?:\w+|\{[^{}\s]*\})[^\s\"'$]*$", line[:at])
            if word and re.match(r"\s|$|;|\)", inside):
                yield with_line(lines, number, line[: word.start()] + quote + line[word.start() :]), "Opened the quote"
            continue
        other = "'" if quote == '"' else '"'
        if inside.endswith(other) and inside.count(other) == 1:
            yield with_line(lines, number, line[:-1] + quote), "Closed the quote with the same kind"
            continue
        tail = re.search(
            r"\s+\]\]?(?:\s*(?:;\s*then|&&.*|\|\|.*|;\s*do))?$|\)+$|;\s*(?:then|do)$|\s+\\$|\s*(?:>>?|2>|\|)\s*\S.*$",
            inside,
        )
        text = inside[: tail.start()] if tail else inside
        if re.search(r"[;|&<>()`]", re.sub(r"\$\([^()]*\)|\$\{[^{}]*\}", "", text)):
            continue
        if re.search(r"\s", text.strip()) and not _runs_on(line[:at], text):
            continue  # after the first word, or at the end: both may be meant
        end = at + 1 + (tail.start() if tail else len(inside))
        yield with_line(lines, number, line[:end] + quote + line[end:]), "Closed the open quote"


def _runs_on(before: str, text: str) -> bool:
    """Whether a text of several words can only end with its line: something says it, sets it, or takes it as an option's
    value or a message. Behind a tool's name, the later words may as well be arguments of their own."""
    words = text.split()
    if re.search(r"\bprintf +(?:-v +\w+ +)?$", before):
        return "%" not in text
    if re.search(r"(?:^|[\s;])\w+=$", before):
        return not any(word in TOOLS for word in words[1:])
    if re.search(_SAYS, before):
        return True
    if any(re.match(r"--?\w|[./~]|\S*/", word) for word in words[1:]):
        return False
    if re.search(r"\s--?[\w-]+[ =]$", before):
        return True
    command = re.search(r"(?:^|[;&|(]|\b(?:then|do|else)\b)\s*([\w.-]+)[^;&|]*$", before)
    return command is not None and command[1] not in TOOLS and all(re.fullmatch(r"[A-Za-z][\w'-]*[.,:!?]*|\$\{?\w+\}?[.,:!?]*|\d+", word) for word in words)


def _open_quote(line: str) -> int | None:
    """Where the quote stands that is still open at the end of the line."""
    quote, at = "", -1
    skip = False
    for index, char in enumerate(line):
        if skip:
            skip = False
        elif char == "\\" and quote != "'":
            skip = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote, at = char, index
        elif char == "#" and (index == 0 or line[index - 1] in " \t"):
            break
    return at if quote else None


def _braces(lines: list[str]) -> Iterator[Edited]:
    """``${NAME`` without its brace, at the end of a word."""
    for number, line in enumerate(lines):
        for match in re.finditer(r"\$\{\w+(?:\[[^\]\s]*\])?(?=[\"'/\s.@,)]|$)", line):
            yield with_line(lines, number, line[: match.end()] + "}" + line[match.end() :]), "Closed the open ${"


def _parentheses(lines: list[str]) -> Iterator[Edited]:
    skip = heredoc_lines("\n".join(lines))
    for number, line in enumerate(lines):
        bare = code(line).rstrip()
        if (
            number in skip
            or "$(" not in bare
            or bare.count("(") != bare.count(")") + 1
            or bare.endswith(("\\", "|", "$("))
        ):
            continue
        ends = [len(bare)] + ([len(bare) - 1] if bare.endswith('"') else [])
        for end in ends:
            yield with_line(lines, number, bare[:end] + ")" + bare[end:] + line[len(bare) :]), "Closed the open $("


def _here_documents(lines: list[str]) -> Iterator[Edited]:
    """The end word of a here-document with blanks around it, or a slip of it."""
    for number, line in enumerate(lines):
        match = re.search(r"(?<![<\d(])<<(-?)\s*\\?(['\"]?)([A-Za-z_]\w*)\2", code(line))
        if not match:
            continue
        word = match[3]
        found = [other for other in range(number + 1, len(lines)) if lines[other].strip() == word]
        exact = [other for other in found if (lines[other].lstrip("\t") if match[1] else lines[other]) == word]
        if not found:
            slips = [other for other in range(number + 1, len(lines)) if re.fullmatch(r"\s*[A-Za-z_]\w*\s*", lines[other])
                     and (distance(lines[other].strip(), word, 1) == 1 or lines[other].strip().lower() == word.lower()) and len(word) >= 3]  # fmt: skip
            if len(slips) == 1:
                yield with_line(lines, slips[0], word), f"Corrected the here-document's end word {lines[slips[0]].strip()} to {word}"
        if found and not exact:
            yield (
                with_line(lines, found[0], word),
                f"Moved the here-document's end word {word} to where the shell looks for it",
            )


def _case_ends(lines: list[str]) -> Iterator[Edited]:
    """``;;`` before the next pattern of a ``case``."""
    for number, line in enumerate(lines):
        if not re.match(r"\s*\(?[\w*\"'|.\- ]+\)(?:\s|$)", line):
            continue
        before = number - 1
        while before >= 0 and not lines[before].strip():
            before -= 1
        if before < 0 or re.search(r"(?:;;&?|;&|\bin)\s*$", code(lines[before])):
            continue
        blank = lines[before][: len(lines[before]) - len(lines[before].lstrip())]
        yield [*lines[: before + 1], f"{blank};;", *lines[before + 1 :]], "Added the missing ';;'"


def _blocks(lines: list[str]) -> Iterator[Edited]:
    """The end of an ``if``, loop, ``case`` or function that its indentation shows and no word closes."""
    skip = heredoc_lines("\n".join(lines))
    for number, line in enumerate(lines):
        opener = _opener(code(line))
        if number in skip or opener is None or re.match(r"\s*while\s.*\bread\b", line):
            continue  # of "done < file" nobody knows the file
        depth, end = _depth(line), number + 1
        while end < len(lines) and (
            end in skip or not lines[end].strip() or _depth(lines[end]) > depth or _goes_on(lines[end], opener)
        ):
            end += 1
        closed = end < len(lines) and re.match(rf"\s*{re.escape(_CLOSER[opener])}(?![\w-])", lines[end])
        last = end - 1
        while last > number and not lines[last].strip():
            last -= 1
        if (not closed and end < len(lines) and _depth(lines[end]) == depth and lines[end].strip().rstrip(";") in _OTHER_ENDS - {_CLOSER[opener]}) or (not closed and end < len(lines) and distance(lines[end].strip(), _CLOSER[opener], 1) == 1 and len(lines[end].strip()) > 1):
            closing = lines[end].replace(lines[end].strip(), _CLOSER[opener])
            yield with_line(lines, end, closing), f"Corrected {lines[end].strip()} to '{_CLOSER[opener]}'"
        elif not closed and last > number:
            closing = lines[number][: len(line) - len(line.lstrip())] + _CLOSER[opener]
            yield [*lines[: last + 1], closing, *lines[last + 1 :]], f"Added the missing '{_CLOSER[opener]}'"


def _opener(line: str) -> str | None:
    match = re.match(r"\s*(if|case|for|while|until|select)\s", line)
    if match:
        return None if re.search(rf"(?:;|\s){_CLOSER[match[1]]}\b", line) else match[1]
    return "{" if re.match(r"\s*(?:function\s+)?[\w:.-]+\s*(?:\(\s*\))?\s*\{\s*$", line) else None


def _goes_on(line: str, opener: str) -> bool:
    """A line at the opener's own depth that belongs to it all the same."""
    if opener == "case":
        return re.match(r"\s*\(?[\w*\"'|.\- ]+\)", line) is not None
    return re.match(_INNER, line) is not None


def _depth(line: str) -> int:
    return len(line.expandtabs(8)) - len(line.expandtabs(8).lstrip())


RULES: tuple[Rule, ...] = (
    Rule("shell-expansion", ("bad substitution",), (r"(?P<script>[^\s:]+): (?:line )?\d+: .*bad substitution", r"(?P<script>[^\s:]+): (?:line )?\d+: \$\{"), open_expansion),
    Rule(
        "shell-syntax",
        ("syntax error", "unexpected eof", "here-document", "unterminated", "unexpected end of file", "syntaxfehler"),
        (
            r"(?P<script>[^\s:]+): (?:line |Zeile )?(?P<line>\d+): (?i:syntax error|syntaxfehler|unexpected EOF|unterminated)",
            r"(?P<script>[^\s:]+): (?:line )?(?P<line>\d+): warning: here-document",
            r"(?i)syntax error: unexpected end of file|unexpected EOF while looking for matching|here-document at line \d+ delimited",
        ),
        unparsable,
    ),
)
