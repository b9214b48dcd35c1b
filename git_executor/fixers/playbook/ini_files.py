"""INI files, as Python's configparser reads them: headers and pairs that are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.broken import located_line
from git_executor.fixers.playbook.places import with_line
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_ANSIBLE_DEFAULTS = frozenset({"inventory", "remote_user", "roles_path", "host_key_checking", "forks", "timeout", "retry_files_enabled", "stdout_callback", "interpreter_python",
                               "private_key_file", "log_path", "gathering", "vault_password_file", "callbacks_enabled", "nocows", "collections_path", "library", "become"})  # fmt: skip


def _place(case: Case, said: Said) -> tuple[str, int] | None:
    mention = said.get("file")
    for _, line in () if mention else case.near(said.index, 3, 0):
        found = re.search(r"parsing errors: '([^']+)'", line)
        mention = mention or (found[1] if found else "")
    path = case.locate(mention)
    number = located_line(case, said, case.text(path)) if path else None
    return None if path is None or number is None else (path, number)


def ini_line(case: Case, said: Said) -> Iterator[Fix]:
    """The line that the reader names: a section's header with other brackets, a comment of another language, or a pair without its ``=``."""
    place = _place(case, said)
    if place is None:
        return
    path, number = place
    lines = case.text(path).split("\n")
    if "already exists" in said.match.string:
        if _is_repeated(lines, number):
            yield Fix(path, "\n".join(with_line(lines, number)), "Removed the second of two identical lines",
                      f"{path} gives {lines[number].strip()!r} twice.")  # fmt: skip
        return
    for line, what in _repaired(lines, number):
        new = "\n".join(with_line(lines, number, line))
        if _is_ini(new):
            yield Fix(path, new, f"{what} in {path}", f"Line {number + 1} is neither a section's header nor a pair of key and value.")
            return


def _is_repeated(lines: list[str], number: int) -> bool:
    """Whether the very same pair stands above in the same section; a header that comes twice has a section of its own below."""
    for above in range(number - 1, -1, -1):
        if lines[above].startswith("["):
            return False
        if lines[above].strip() == lines[number].strip():
            return True
    return False


def _repaired(lines: list[str], number: int) -> Iterator[tuple[str, str]]:
    line = lines[number]
    foreign = re.match(r"\s*(?://+|--+)\s*(.*)$", line)
    header = re.match(r"[\[({<]?([A-Za-z][\w .:-]*?)[\])}>]?:?\s*$", line)
    pair = re.match(r"([A-Za-z][\w.-]*)(?:[ \t]+|[ \t]*=>[ \t]*)([^\s=:;#\[].*)$", line)
    others = [other for other in lines if re.match(r"[A-Za-z][\w. -]*=", other)]
    if foreign:
        yield f"; {foreign[1]}", "Began the comment with ;"
    elif header and re.search(r"[\[\](){}<>]|:\s*$", line) and any(re.match(r"[\w. -]+[=:]", below) for below in lines[number + 1 : number + 4]):
        yield f"[{header[1]}]", "Corrected the brackets of the section's header"
    elif pair and others and ("_" in pair[1] or not re.search(r"\s", pair[2].strip())):
        equals = " = " if " = " in others[0] else "="
        yield f"{pair[1]}{equals}{pair[2].rstrip()}", "Wrote = between key and value"


def missing_header(case: Case, said: Said) -> Iterator[Fix]:
    """Pairs before the first header: the section that the stage's programs read those very keys from, or Ansible's own."""
    place = _place(case, said)
    if place is None:
        return
    path, number = place
    lines = case.text(path).split("\n")
    first = next((at for at, line in enumerate(lines) if line.startswith("[")), len(lines))
    keys = {match[1] for line in lines[number:first] if (match := re.match(r"([A-Za-z][\w.-]*)\s*[=:]", line))}
    present = {match[1] for line in lines if (match := re.match(r"\[([^\]]+)\]", line))}
    asked = {section for section, key in _asked(case) if key in keys and section not in present}
    if path.rpartition("/")[2] == "ansible.cfg" and keys and keys <= _ANSIBLE_DEFAULTS and "defaults" not in present:
        asked = {"defaults"}
    if len(asked) == 1 and keys and not re.match(r"\[", lines[number]):
        section = asked.pop()
        yield Fix(path, "\n".join([*lines[:number], f"[{section}]", *lines[number:]]), f"Added the header of the section {section} to {path}",
                  f"{path} begins without a section, and {section} is the one that its keys are read from.")  # fmt: skip


def _asked(case: Case) -> Iterator[tuple[str, str]]:
    """(section, key) that the stage's programs read."""
    texts = [case.briefing.stage.command, *(case.text(path) for path in case.candidates[:100] if path.endswith((".py", ".sh")))]
    for text in texts:
        yield from re.findall(r"\[[\"']([\w.:-]+)[\"']\]\s*(?:\[|\.get\w*\()\s*[\"']([\w.-]+)[\"']", text)
        yield from re.findall(r"\.(?:get|getint|getboolean|getfloat)\(\s*[\"']([\w.:-]+)[\"'],\s*[\"']([\w.-]+)[\"']", text)
        yield from re.findall(r"\bcrudini --get \S+ ([\w.:-]+) ([\w.-]+)", text)


def _is_ini(text: str) -> bool:
    import configparser  # needed by few attempts, and slow to load

    try:
        configparser.RawConfigParser(allow_no_value=False).read_string(text)
    except configparser.Error:
        return False
    return True


_PLACES = (r"file: '(?P<file>[^']+)', line: (?P<line>\d+)", r"^\s*\[line +(?P<line>\d+)\]: ", r"reading from '(?P<file>[^']+)' \[line +(?P<line>\d+)\]: .*already exists")

RULES: tuple[Rule, ...] = (
    Rule("ini-line", ("file:", "[line"), _PLACES, ini_line),
    Rule("ini-header", ("file:",), (r"file: '(?P<file>[^']+)', line: (?P<line>\d+)",), missing_header),
)  # fmt: skip
