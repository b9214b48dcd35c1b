"""A name that is used and that nothing defines, but for one of nearly that name: one mechanism, a table of kinds.

A ``Kind`` says how tools complain about it, in which files it lives, where such names are defined and how they are used.
Which of the two is misspelt is settled in one place: the use, unless nothing else uses the definition and its name is
the one that is spelt worse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from git_executor.fixers.playbook.near import is_clear, one_defined, slips, spelt_better
from git_executor.fixers.playbook.places import Place, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_lines import entries

_FILES = 150
_N = r"(?P<name>[\w.-]+)"


@dataclass(frozen=True, slots=True)
class Kind:
    """``files`` is a pattern of paths. ``defined`` are patterns with a group ``name``; the keys of the top-level mapping
    ``under`` of a YAML file are defined names too. ``used`` are patterns in which ``NAME`` stands for the name.
    ``host``: the names are defined outside of the repository, so that other uses are the only evidence there is: ``defined``
    holds the ways to use them then. ``either``: nothing says which of the two is misspelt, so that the spelling must."""

    rule: str
    what: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]
    files: str
    defined: tuple[str, ...]
    used: tuple[str, ...]
    under: str = ""
    host: bool = False
    either: bool = False


def _repair(kind: Kind, case: Case, said: Said) -> Iterator[Fix]:
    wrong = said["name"]
    paths = [path for path in case.candidates[:_FILES] if re.search(kind.files, path) and case.text(path)]
    definitions = list(_definitions(kind, case, paths))
    known = {name for name, _ in definitions} - ({wrong} if kind.host else set())
    near = said.get("suggested") or one_defined(wrong, known)
    if wrong in known:
        return
    if near is None or (kind.host and not is_clear(wrong, near, known)):
        _say_what_is_known(kind, case, wrong, known)
        return
    uses = list(_uses(kind, case, paths, wrong))
    others = list(_uses(kind, case, paths, near))
    ours = [place for name, place in definitions if name == near]
    text = "\n".join(case.text(path) for path in paths[:20])
    other_letters = re.sub(r"\W|_", "", wrong).lower() != re.sub(r"\W|_", "", near).lower()
    if not kind.host and len(ours) == 1 and uses and not others and other_letters and spelt_better(wrong, near, text) > 0:
        yield from replaced(case, ours, wrong, f"Corrected the name of the {kind.what} {near} to {wrong}, as it is used",
                            f"Nothing uses the {kind.what} {near}, and {wrong} is used and never defined.")  # fmt: skip
    elif not kind.either or spelt_better(near, wrong, text) > 0:
        reason = f"Nothing defines the {kind.what} {wrong}; {near} is the one with nearly that name."
        yield from replaced(case, uses, near, f"Corrected the {kind.what} {wrong} to {near}", reason)


def _say_what_is_known(kind: Kind, case: Case, wrong: str, known: set[str]) -> None:
    near = slips(wrong, known)
    if len(near) > 1:
        case.advise(f"nothing defines the {kind.what} {wrong}; {' or '.join(near[:3])} may be meant, a person must tell")


def _definitions(kind: Kind, case: Case, paths: list[str]) -> Iterator[tuple[str, Place]]:
    for path in paths:
        text = case.text(path)
        for pattern in kind.defined:
            yield from ((place.word(case), place) for place in _found(case, path, pattern, "name"))
        starts = _line_starts(text) if kind.under and f"{kind.under}:" in text else []
        for entry in entries(text) if starts else ():
            if entry.path == (kind.under,):
                at = starts[entry.number] + entry.column
                yield entry.key, Place(path, at, at + len(entry.key), text[at : at + len(entry.key)])


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _uses(kind: Kind, case: Case, paths: list[str], name: str) -> Iterator[Place]:
    word = rf"(?P<word>(?<![\w-]){re.escape(name)}(?![\w-]))"
    for path in paths:
        for pattern in kind.used if name in case.text(path) else ():
            yield from _found(case, path, pattern.replace("NAME", word), "word")


def _found(case: Case, path: str, pattern: str, group: str) -> Iterator[Place]:
    text = case.text(path)
    for match in re.finditer(pattern, text, re.MULTILINE):
        start = text.rfind("\n", 0, match.start(group)) + 1
        end = text.find("\n", match.end(group))
        line = text[start : end if end >= 0 else len(text)]
        if not line.lstrip().startswith(("#", "//", ";")):
            yield Place(path, match.start(group), match.end(group), line)


# fmt: off
_TF = r"\.(?:tf|tofu|tfvars)$"
_SH = r"\.(?:sh|bash|mk|ya?ml|tf|tfvars|env|j2)$|(?i:makefile|justfile)$|(?:^|/)[^./]+$"
_YAML = r"\.ya?ml$"

KINDS: tuple[Kind, ...] = (
    # --- Terraform
    Kind("terraform-variable", "variable", ("undeclared input variable", "input variable with the name"),
         (rf"input variable with the name \"{_N}\" has not been declared(?:\.? Did you mean \"(?P<suggested>[\w-]+)\")?",),
         _TF, (r"^[ \t]*variable\s+\"(?P<name>[\w-]+)\"",), (r"\bvar\.NAME",)),
    Kind("terraform-local", "local value", ("local value with the name",),
         (rf"local value with the name \"{_N}\" has not been declared(?:\. Did you mean \"(?P<suggested>[\w-]+)\")?",),
         _TF, (r"^[ \t]+(?P<name>[\w-]+)[ \t]*=(?!=)",), (r"\blocal\.NAME",)),
    Kind("terraform-resource", "resource", ("managed resource", "data resource"),
         (rf"(?:managed|data) resource \"[\w-]+\" \"{_N}\" has not been declared",),
         _TF, (r"^[ \t]*(?:resource|data)\s+\"[\w-]+\"\s+\"(?P<name>[\w-]+)\"",), (r"\b[a-z]+_\w+\.NAME",)),
    Kind("terraform-module", "module", ("no module call named",), (rf"no module call named \"{_N}\"",),
         _TF, (r"^[ \t]*module\s+\"(?P<name>[\w-]+)\"",), (r"\bmodule\.NAME",)),
    # --- Compose
    Kind("compose-service", "service", ("depends on", "cannot extend service", "no such service"),
         (rf"(?i)depends on (?:undefined )?service:? [\"']?{_N}[\"']?(?: which is undefined)?\s*", rf"[Nn]o such service: {_N}",
          rf"cannot extend service \"[^\"]+\" in [^:]+: service \"{_N}\" not found"),
         _YAML, (), (r"^ {3,}- +[\"']?NAME[\"']?[ \t]*(?:#.*)?$", r"^ {6,}NAME:[ \t]*\n[ \t]+(?:condition|restart|required):", r"^[ \t]+service: +[\"']?NAME"),
         under="services"),
    Kind("compose-volume", "volume", ("named volume",), (rf"Named volume \"{_N}[:\"]",),
         _YAML, (), (r"^[ \t]+- +[\"']?NAME:", r"^[ \t]+source: +[\"']?NAME"), under="volumes"),
    # --- Ansible
    Kind("ansible-handler", "handler", ("requested handler",), (r"requested handler '(?P<name>[^']+)' was not found",),
         _YAML, (r"^ *(?:- )?listen: +[\"']?(?P<name>[^\"'\n#]+?)[\"']? *$", r"^ *- name: +[\"']?(?P<name>[^\"'\n#]+?)[\"']? *$"),
         (r"^ *(?:- )?(?:notify: +[\"']?|- +[\"']?)NAME[\"']? *$",)),
    Kind("ansible-group", "group", ("host pattern", "undefined group", "no hosts matched"),
         (rf"Could not match supplied host pattern, ignoring: {_N}", rf"includes undefined group '?{_N}'?"),
         r"\.(?:ya?ml|ini|cfg)$|(?:^|/)(?:hosts|inventory)[^/]*$", (r"^\[(?P<name>[\w-]+)(?::\w+)?\]", r"^ *(?P<name>[\w-]+): *\n +(?:hosts|children|vars):"),
         (r"^ *-? *hosts: +[\"']?NAME[\"']? *$", r"^NAME *$")),
    # --- INI
    Kind("ini-section", "section", ("no section",), (rf"No section: '{_N}'",), r"\.(?:ini|cfg|conf|py)$", (r"^\[(?P<name>[^\]\n]+)\]",), (r"[\"']NAME[\"']",), either=True),
    Kind("ini-option", "option", ("no option",), (rf"No option '{_N}' in section",), r"\.(?:ini|cfg|conf|py)$", (r"^(?P<name>[A-Za-z][\w.-]*)[ \t]*[=:]",), (r"[\"']NAME[\"']",), either=True),
    # --- what hosts and clusters define
    Kind("proxmox-pool", "pool", ("pool",), (rf"(?i)no such pool '?{_N}'?", rf"pool '{_N}' does not exist"),
         _SH, (rf"\bpveum pool add[ \t]+[\"']?{_N}", rf"poolid[ =]+[\"']?{_N}", rf"--?pool[ =]+[\"']?{_N}"), (r"--?pool(?:id)?[ =]+[\"']?NAME",), host=True),
    Kind("proxmox-node", "node", ("node", "hostname lookup"),
         (rf"no such cluster node '?{_N}'?", rf"hostname lookup '{_N}' failed", rf"node '{_N}' does not exist"),
         _SH, (rf"/nodes/{_N}", rf"--?(?:node|target)[ =]+[\"']?{_N}", rf"\b(?:NODE|PVE_NODE|node|target_node|node_name)[ ]*[=:][ ]*[\"']?{_N}"),
         (r"(?:/nodes/|--?(?:node|target)[ =]+[\"']?|\b(?:NODE|PVE_NODE|node|target_node|node_name)[ ]*[=:][ ]*[\"']?)NAME",), host=True),
    Kind("proxmox-volume", "volume", ("volume",), (r"volume '[\w.-]+:(?:vztmpl|iso|import|snippets)/(?P<name>[\w.+-]+)' does not exist",),
         _SH, (r"\b(?:vztmpl|iso|snippets|import)/(?P<name>[\w.+-]+)", r"pveam download \S+ (?P<name>[\w.+-]+)"), (r"(?:vztmpl|iso|import|snippets)/NAME",), host=True),
    Kind("proxmox-boot", "boot device", ("boot device",), (rf"invalid boot device '{_N}'",),
         _SH, (r"--?(?P<name>(?:scsi|virtio|sata|ide|net)\d+)[ =]",), (r"\border=(?:[\w;]*;)?NAME",), host=True),
    Kind("helm-repository", "chart repository", ("repo",), (rf"repo {_N} not found", rf"no repo named \"{_N}\" found"),
         _SH, (r"\bhelm repo add (?:--?\S+ )*(?P<name>[a-z][\w-]*)",), (r"(?<=[ \"'])NAME(?=/[a-z])",)),
    Kind("tool-context", "context", ("context",), (rf"context \"{_N}\" (?:is not defined|does not exist|not found)", rf"(?:no context exists with the name|context was not found for specified context): ?\"?{_N}"),
         r"config$|\.(?:ya?ml|sh|bash|env)$|(?i:makefile)$", (r"^- context:\n(?:  [^\n]*\n)*?  name: (?P<name>[\w.-]+)", r"^- name: (?P<name>[\w.-]+)\n  context:"),
         (r"^context: +[\"']?NAME", r"^current-context: +[\"']?NAME", r"\bconfig (?:use-)?context +[\"']?NAME", r"--(?:kube-)?context[ =]+[\"']?NAME"), under="contexts"),
)
# fmt: on


def _rule(kind: Kind) -> Rule:
    return Rule(kind.rule, kind.words, kind.patterns, lambda case, said: _repair(kind, case, said))


RULES: tuple[Rule, ...] = tuple(_rule(kind) for kind in KINDS)
