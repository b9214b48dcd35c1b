"""Template blocks: an ``if``, ``range``, ``define`` or ``for`` without its end, in Helm's and Jinja's templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from git_executor.fixers.playbook.near import one_of_list
from git_executor.fixers.playbook.places import places, replaced, with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_GO = r"\{\{-?\s*(?P<word>if|range|with|define|block|end)\b[^}]*\}\}"
_JINJA = r"\{%[-+]?\s*(?P<word>if|for|macro|block|filter|call|raw|end(?:if|for|macro|block|filter|call|raw))\b[^%]*%\}"
_COMMENTS = r"\{\{-?\s*/\*.*?\*/\s*-?\}\}|\{#.*?#\}"


@dataclass(frozen=True, slots=True)
class _Tag:
    """One opening or closing action. ``alone``: nothing else stands on its line."""

    word: str
    line: int
    column: int
    alone: bool


def _tags(text: str, pattern: str) -> list[_Tag]:
    text = re.sub(_COMMENTS, lambda match: re.sub(r"[^\n]", " ", match[0]), text, flags=re.DOTALL)
    found = []
    for number, line in enumerate(text.split("\n")):
        for match in re.finditer(pattern, line):
            alone = not line[: match.start()].strip() and not line[match.end() :].strip()
            found.append(_Tag(match["word"], number, match.start(), alone))
    return found


def _unclosed(tags: list[_Tag]) -> tuple[_Tag, int | None] | None:
    """The one opening tag without its end, and the line before which that end must stand (``None``: the file's).

    An end that stands alone closes the opening tag of its own column: whatever is still open between is what lacks one.
    """
    open_ones: list[_Tag] = []
    lost: list[tuple[_Tag, int | None]] = []
    for tag in tags:
        if tag.word == "define" and open_ones:
            lost += [(one, tag.line) for one in open_ones]
            open_ones = [tag]
        elif not tag.word.startswith("end"):
            open_ones.append(tag)
        else:
            while tag.alone and len(open_ones) > 1 and open_ones[-1].alone and open_ones[-1].column > tag.column \
                    and any(one.alone and one.column == tag.column for one in open_ones):  # fmt: skip
                lost.append((open_ones.pop(), tag.line))
            if not open_ones:
                return None
            open_ones.pop()
    lost += [(one, None) for one in open_ones]
    return lost[0] if len(lost) == 1 else None


def missing_end(case: Case, said: Said) -> Iterator[Fix]:
    for path, pattern in _templates(case, said):
        text = case.text(path)
        found = _unclosed(_tags(text, pattern))
        new = _closed(text, pattern, *found) if found else None
        if found and new and _balanced(new, pattern):
            yield Fix(path, new, f"Closed the {found[0].word} of line {found[0].line + 1} in {path}",
                      f"{path} opens {found[0].word} on line {found[0].line + 1} and never ends it.")  # fmt: skip


def _templates(case: Case, said: Said) -> list[tuple[str, str]]:
    """The template that the log names on the line or near it; else the only one of the stage that lacks an end."""
    named = [said.get("file")] if said.get("file") else []
    for _, line in case.near(said.index, 10, 10):
        named += re.findall(r"[\w@%+.~/-]+\.(?:j2|jinja2?|tpl|yaml|yml|txt|conf)\b", line[:2000])
    located = list(dict.fromkeys(path for name in named if (path := case.locate(name))))
    helm = said.get("file") != "" or "jinja" not in said.match.string.lower()
    if not located and not case.out_of_reach:
        located = [path for path in case.candidates[:200] if path.endswith((".j2", ".jinja", ".jinja2", ".tpl"))]
    pattern = _GO if helm else _JINJA
    broken = [path for path in located if not _balanced(case.text(path), pattern)]
    return [(path, pattern) for path in broken] if len(broken) == 1 else []


def _balanced(text: str, pattern: str) -> bool:
    depth = 0
    for tag in _tags(text, pattern):
        depth += -1 if tag.word.startswith("end") else 1
        if depth < 0 or (tag.word == "define" and depth != 1):
            return False
    return depth == 0


def _closed(text: str, pattern: str, tag: _Tag, before: int | None) -> str | None:
    """The text with the end added, where its place is plain: ``None`` where the body may end on more than one line."""
    lines = text.split("\n")
    opening = lines[tag.line]
    end = _end_like(lines, pattern, tag)
    if not tag.alone:
        return "\n".join(with_line(lines, tag.line, opening.rstrip() + end)) if before is None and re.search(r"[%}]\}\s*[^\s{]", opening[tag.column :]) else None
    last = len(lines) if before is None else before
    body = range(tag.line + 1, last)
    stop = last
    if tag.word == "define":
        while stop > tag.line + 1 and (not lines[stop - 1].strip() or _is_comment(lines, stop - 1)):
            stop -= 1
    else:
        stop = next((number for number in body if lines[number].strip() and _indent(lines[number]) < tag.column), last)
        while stop > tag.line + 1 and not lines[stop - 1].strip():
            stop -= 1
        if not _is_one_block(lines[tag.line + 1 : stop]) and not (tag.line == 0 and before is None and stop >= len(lines) - 1):
            return None
    if stop == tag.line + 1:
        return None
    return "\n".join([*lines[:stop], " " * tag.column + end, *lines[stop:]])


def _is_comment(lines: list[str], number: int) -> bool:
    """Whether a line belongs to a comment that introduces the next definition."""
    line = lines[number].strip()
    if line.endswith(("*/}}", "*/ -}}", "*/ }}", "*/-}}")):
        return True
    return not line.startswith("{{") and any(re.match(r"\{\{-?\s*/\*", other.strip()) and "*/" not in other for other in lines[max(number - 8, 0) : number])


def _is_one_block(body: list[str]) -> bool:
    """Whether a body is one thing: its first line, and only what is deeper or a list's next entry."""
    held = [line for line in body if line.strip() and not re.match(r"\s*\{\{-?\s*(?:if|else|range|with|end)\b", line)]
    if not held:
        return False
    depth = min(_indent(line) for line in held)
    heads = [line for line in held if _indent(line) == depth]
    return len(heads) == 1 or all(line.lstrip().startswith("- ") for line in heads)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end_like(lines: list[str], pattern: str, tag: _Tag) -> str:
    """The end as the file's other ends are written."""
    if pattern is _GO:
        trims = re.search(r"\{\{-?\s*end\s*-?\}\}", "\n".join(lines))
        if tag.word == "define":
            trims = re.search(r"(?m)^\{\{-?\s*end\s*-?\}\}", "\n".join(lines)) or trims
        return trims[0] if trims else "{{- end }}" if lines[tag.line].lstrip().startswith("{{-") else "{{ end }}"
    dash = "-" if lines[tag.line][tag.column :].startswith("{%-") else ""
    return f"{{%{dash} end{tag.word} %}}"


def wrong_end(case: Case, said: Said) -> Iterator[Fix]:
    """``{{ endif }}`` in a Go template, and ``{% endfi %}`` where Jinja says which end it looked for."""
    wrong = said["word"]
    if not said.get("listed"):
        path = case.locate(said["file"])
        found = list(places(case, [path], wrong, r"\{\{-?\s*", r"\s*-?\}\}")) if path else []
        yield from replaced(case, found, "end", f"Ended the block with end instead of {wrong}", f"Templates of Go know no {wrong}; every block ends with end.")
        return
    near = one_of_list(wrong, re.findall(r"'(\w+)'", said["listed"]))
    if near:
        templates = [path for path in case.candidates[:200] if wrong in case.text(path)]
        yield from replaced(case, list(places(case, templates, wrong, r"\{%[-+]?\s*", r"\s*[-+]?%\}")), near, f"Corrected the tag {wrong} to {near}",
                            f"Jinja knows no tag {wrong} and looked for {near}.")  # fmt: skip


def single_brace(case: Case, said: Said) -> Iterator[Fix]:
    """``{{ name }`` in the one template that has it."""
    templates = case.with_suffix(".j2", ".jinja", ".jinja2")[:200]
    found = [(path, match) for path in templates for match in re.finditer(r"\{\{[^{}%\n]*[^{}%\s]\s*\}(?!\})", case.text(path))]
    if len(found) == 1:
        path, match = found[0]
        text = case.text(path)
        yield Fix(path, f"{text[: match.end()]}}}{text[match.end() :]}", f"Closed the expression {match[0][:40]} with both braces",
                  f"{path} closes an expression with one brace.")  # fmt: skip


_AT = r"(?:template: |parse error at \(|\()(?P<file>[\w./-]+):(?P<line>\d+)(?::\d+)?\)?:.*"
_ENDS = r"endif|endfor|endrange|endwith|enddefine|endblock|fi|done"

RULES: tuple[Rule, ...] = (
    Rule("template-end", ("unexpected eof", "unexpected {{define}}", "unexpected <define>", "unexpected {{end}}", "unexpected end of template"),
         (_AT + r"unexpected (?:EOF|\{\{define\}\}|<define> in command)", r"(?i)unexpected end of template(?P<file>)(?=.*jinja|.*template)"), missing_end),
    Rule("template-end-word", ("not defined", "unknown tag"),
         (_AT + rf"function \"(?P<word>{_ENDS})\" not defined", r"[Uu]nknown tag '(?P<word>\w+)'\. (?:Jinja|You probably) .*?following tags: (?P<listed>('\w+'(?: or )?)+)"), wrong_end),
    Rule("template-brace", ("unexpected '}'", "expected token 'end of print statement'"), (r"unexpected '\}'", r"expected token 'end of print statement', got '\}'"), single_brace),
)  # fmt: skip
