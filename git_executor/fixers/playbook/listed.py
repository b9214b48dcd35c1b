"""A value that a tool refuses and whose alternatives it lists: the one that it is a slip of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_of_list
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

_FILES = 120


def listed_value(case: Case, said: Said) -> Iterator[Fix]:
    """The value is corrected where it stands beside the field's name; a plain word also where it stands but once."""
    wrong = said["wrong"]
    known = [word for word in re.findall(r"[\w./:+-]*\w", said["listed"]) if word not in ("or", "and")]
    near = one_of_list(wrong, known)
    if near is None:
        return
    field = re.split(r"[./]", re.sub(r"\[\d+\]", "", said.get("field").strip("-'\" ")))[-1].lower().lstrip("-")
    found = list(places(case, case.candidates[:_FILES], wrong))
    direct = rf"(?i:{re.escape(field)})[\"']?[ \t]*[\s=:][ \t]*[\"']?" if field else ""
    beside = list(places(case, case.candidates[:_FILES], wrong, direct)) if field else []
    beside = beside or [place for place in found if field and field in place.line.lower()]
    if len(beside) == 1 or (not beside and len(found) == 1 and re.fullmatch(r"[A-Za-z][A-Za-z_-]{3,}", wrong)):
        yield from replaced(case, beside or found, near, f"Corrected the value {wrong} to {near}",
                            f"{wrong} is none of the values that the tool lists{f' for {field}' if field else ''}; {near} is the one nearly the same.")  # fmt: skip


_WORD = r"\\?[\"'`](?P<wrong>[\w./:+-]+)\\?[\"'`]"
_FIELD = r"(?P<field>[\w.\[\]/-]+)"

RULES: tuple[Rule, ...] = (
    Rule("listed-value", ("supported values", "in the enumeration", "choose from", "is not one of", "must be one of", "expected one of", "possible values",
                          "valid values", "valid options", "allowed values", "one of:"),
         (_FIELD + r": Unsupported value: " + _WORD + r": supported values: (?P<listed>.+)",
          _FIELD + r": value " + _WORD + r" does not have a value in the enumeration '(?P<listed>[^']+)'",
          r"argument (?P<field>[^:]+): invalid choice: " + _WORD + r" \(choose from (?P<listed>[^)]+)\)",
          r"(?:(?P<field>[\w.\[\]/-]+): )?" + _WORD + r" (?:is not|must be) one of:? [\[(]?(?P<listed>[^\])]+)",
          r"(?i)(?:invalid|unknown|unsupported|illegal|bad) (?:value |option )?(?:for )?(?P<field>[\w.-]+)?:? ?(?:value )?" + _WORD
          + r".*?(?:must be one of|expected one of|possible values(?: are)?|valid (?:values|options)(?: are)?|allowed values(?: are)?|one of):? [\[(]?(?P<listed>[^\])]+)"),
         listed_value),
)  # fmt: skip
