"""Declared checks that ask for less than before: of pipelines, releases, containers, units, Makefiles, linters.

Settings are compared as ``weakening`` does, by (keys, value) of both versions. Ansible's tasks and Terraform's
conditions, which need more than a key and a value, are in ``tasks_checks``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.embedded import kind_of
from git_executor.policy.entries import Entry, entries

Finding = tuple[str, int]
"""(message, line; 0 where it is gone)"""

_TRIVIAL = lazy(
    r"(?:(?:CMD(?:-SHELL)?|/bin/(?:ba)?sh|(?:ba)?sh|-e?c)[\s,]+)*[\"']?(?:/(?:usr/)?bin/)?(?:true|:|exit 0|echo\b[^|&;]*|printf\b[^|&;]*|sleep \S+|ls|pwd|date|test 1(?: -eq 1| = 1)?|\[ 1 -eq 1 \])[\"']?"
)
_YES = lazy(r"(?i)true|yes|on|1|\$\{\{\s*true\s*\}\}")
_NO = lazy(r"(?i)false|no|off|0|null|~|")
_LINTERS = lazy(
    r"(?:^|/)(?:\.?yamllint\S*|\.?ansible-lint\S*|\.shellcheckrc|\.?tflint\S*|\.?ruff\.toml|\.flake8|setup\.cfg|tox\.ini|mypy\.ini|\.mypy\.ini|"
    r"\.pylintrc|pyproject\.toml|pytest\.ini|\.coveragerc|\.markdownlint\S*|\.eslintrc\S*|eslint\.config\S*|\.?hadolint\.ya?ml|\.?checkov\.ya?ml|"
    r"\.?kube-linter\S*|\.golangci\.ya?ml|\.?trivy\.ya?ml|\.?conftest\S*|\.?kubeconform\S*|\.?gitleaks\.toml|\.?polaris\.ya?ml|\.?kics\S*|\.?tfsec\S*)$"
)
_IGNORE_FILES = lazy(
    r"(?:^|/)\.?[\w-]*(?:trivy|gitleaks|ansible-lint|shellcheck|tfsec|checkov|eslint|yamllint|lint|test|kics)[-_]?ignore$"
)
_LISTS_OF_EXCEPTIONS = lazy(
    r"(?i)(?:extend[-_])?(?:ignores?|disabled?|skips?|excludes?|skip[-_]?(?:list|checks?|rules?|path)|warn[-_]list|ignored?(?:[-_]\w+)?|exclude[-_]\w+|"
    r"disabled[-_]\w+|per-file-ignores|omit|norecursedirs|collect_ignore\w*|mock_modules|allowlist|unfixable|extend-exclude|extend-ignore)"
)


def weaker_settings(path: str, old: str, new: str) -> Iterator[Finding]:
    """What a change of a declaration no longer asks for."""
    kind = kind_of(path, new)
    if _IGNORE_FILES.search(path):
        come = set(_rows(new)) - set(_rows(old))
        if come:
            yield f"{min(come)[:60]} is no longer looked at", 0
        return
    if kind == "yaml":
        from git_executor.policy.tasks_checks import weaker_tasks

        yield from weaker_tasks(old, new)
    elif kind == "hcl":
        from git_executor.policy.tasks_checks import weaker_conditions

        yield from weaker_conditions(old, new)
    elif kind == "make":
        yield from _make(old, new)
    elif kind == "unit":
        yield from _unit(old, new)
    elif kind == "docker":
        yield from _docker(old, new)
    if kind in ("yaml", "other", "unit", "hcl"):
        if re.search(r"/?\.(?:yamllint|ansible-lint|eslintrc)$", path):
            path += ".yaml"
        before, after = entries(path, old), entries(path, new)
        if before is not None and after is not None:
            yield from _entries(path, before, after)


def _rows(text: str) -> list[str]:
    return [row.strip() for row in text.split("\n") if row.strip() and not row.lstrip().startswith(("#", ";", "//"))]


# --- by key and value -------------------------------------------------------------------------------

_Values = dict[tuple[str, ...], list[Entry]]


def _grouped(found: list[Entry]) -> _Values:
    out: _Values = {}
    for entry in found:
        out.setdefault(entry.keys, []).append(entry)
    return out


def _entries(path: str, before: list[Entry], after: list[Entry]) -> Iterator[Finding]:
    was, now = _grouped(before), _grouped(after)
    linter = bool(_LINTERS.search(path))
    # What only stands elsewhere now is not gone.
    lost = Counter((e.keys[-1:], e.value) for e in before) - Counter((e.keys[-1:], e.value) for e in after)
    left = {key for e in after for key in e.keys}
    for keys in dict.fromkeys([*was, *now]):
        if not keys:
            continue
        olds, news = [e.value for e in was.get(keys, [])], [e.value for e in now.get(keys, [])]
        if olds == news:
            continue
        line = next((e.line for e in now.get(keys, []) if e.value not in olds), 0)
        come = list((Counter(news) - Counter(olds)).elements())
        gone = list((Counter(olds) - Counter(news)).elements())
        if gone and not come and not any(lost[keys[-1:], value] for value in gone):
            continue
        if not news and not gone[0] and keys[-1] in left:
            continue  # it has got parts
        for message in _key(keys, gone, come, news):
            yield f"{'.'.join(keys[-2:])}: {message}", line
        if linter:
            for message in _lint(keys, gone, come, len(news) - len(olds)):
                yield f"{'.'.join(keys[-2:])}: {message}", line


def _key(keys: tuple[str, ...], gone: list[str], come: list[str], news: list[str]) -> Iterator[str]:
    """``gone`` and ``come`` are the values that one key lost and got, ``news`` all that it has now."""
    more = len(come) - len(gone)
    key = re.sub(r"[-_]", "", keys[-1]).lower()
    above = [re.sub(r"[-_]", "", k).lower() for k in keys[:-1]]
    first, last = (gone[0] if gone else ""), (come[0] if come else "")
    probe = any(k.endswith("probe") or k == "healthcheck" for k in above)
    if probe and key in ("command", "test", "args") and come and _TRIVIAL.fullmatch(" ".join(news)):
        yield "a check that always succeeds"
    if (  # noqa: SIM102 one question a line
        probe
        and key in ("periodseconds", "initialdelayseconds", "interval", "startperiod", "retries", "failurethreshold")
        and gone
    ):
        if _seconds(last) >= 10 * max(_seconds(first), 1) and _seconds(last) >= (
            100 if key in ("retries", "failurethreshold") else 3600
        ):
            yield "hardly ever looks"
    if probe and key in ("retries", "failurethreshold") and not gone and _seconds(last) >= 1000:
        yield "hardly ever fails"
    if (  # noqa: SIM102 one question a line
        key in ("continueonerror", "allowfailure", "ignoreerrors", "ignorefailure", "ignoretestfailures", "softfail")
        and come
    ):
        if any(not _NO.fullmatch(c) and "check_mode" not in c for c in come):
            yield "the failure is ignored"
    if "allowfailure" in above and come:
        yield "the failure is ignored"
    if (  # noqa: SIM102 one question a line
        re.search(r"^(?:fail|break|exit|error)\w*(?:on|if|error|code|build|ci|threshold)\w*", key)
        and first
        and (_YES.fullmatch(first) or key == "exitcode")
    ):
        if not last or _NO.fullmatch(last):
            yield "no longer fails"
    if (
        key == "condition"
        and "dependson" in above
        and first in ("service_healthy", "service_completed_successfully")
        and last != first
    ):
        yield "no longer waits until it is well"
    if key == "required" and "dependson" in above and last == "false":
        yield "no longer needs what it depends on"
    if key in ("needs", "dependson", "dependencies") and more < 0 and gone:
        yield f"no longer needs {gone[0][:40]}"
    if above[-1:] == ["dependson"] and key == "name" and more < 0:
        yield f"no longer needs {first[:40]}"
    if (
        key in ("wait", "waitforjobs", "atomic")
        and first
        and _YES.fullmatch(first)
        and not (last and _YES.fullmatch(last))
    ):
        yield "no longer waits until it is well"
    if (
        key in ("enable", "enabled")
        and above[-1:] in (["test"], ["tests"], ["healthcheck"], ["verify"])
        and first == "true"
        and last != "true"
    ):
        yield "is no longer tested"
    if (
        key in ("disablehooks", "disablewait", "skiptests", "disablewaitforjobs", "skipcrds")
        and key != "skipcrds"
        and last
        and _YES.fullmatch(last)
    ):
        yield "checks are left out"
    if key == "retries" and "remediation" in above and last == "-1":
        yield "a failed release is tried for ever"
    if key == "remediatelastfailure" and last == "false":
        yield "a failed release stays"
    if key.endswith("/hook") and any("test" in g for g in gone) and not any("test" in c for c in come):
        yield "is no longer a test"
    if key in ("when", "if") and come and last in ("manual", "never", "delayed") and first != last:
        yield "does not run by itself any more"
    come_code = [
        c
        for c in come
        if not re.search(
            r"(?i)\.(?:md|txt|rst|adoc)$|docs?/|license|\.git\w+$|funding|readme|changelog|\.editorconfig", c
        )
    ]
    if key in ("pathsignore", "branchesignore", "tagsignore") and come_code and more > 0:
        yield f"does not run for {last[:40]}"
    if above[-1:] in (["on"], ["true"]) and key in ("pullrequest", "push") and gone and not come:
        yield "does not run any more"
    if key == "shell" and come and re.search(r"\{0\}|\+e", last) and not re.search(r"\s-\w*e", last):
        yield "runs its steps without stopping at a failure"
    if key == "alert" and more < 0 and gone:
        yield f"{first[:40]} is no longer raised"
    if (  # noqa: SIM102 one question a line
        key in ("expr", "query")
        and come
        and re.search(
            r"\*\s*0\b|and\s+vector\(0\)|unless\s+vector\(1\)|^\s*vector\(0\)|[<>]=?\s*1e\d|==\s*-1\s*$", last
        )
    ):
        if not any(re.search(r"\*\s*0\b|vector\([01]\)|1e\d", g) for g in gone):
            yield "is never true"
    if (
        key in ("validate", "verify", "check")
        and above
        and gone
        and not come
        and more < 0
        and len(first) > 3
        and not _NO.fullmatch(first)
    ):
        yield "is taken away"
    if key in ("validate",) and last and (_TRIVIAL.match(last) or last.split()[0].endswith(("/true", "/echo"))):
        yield "a check that always succeeds"
    if key == "maxfailpercentage" and last and _seconds(last) > max(_seconds(first), 0):
        yield "more may fail"
    if (
        key in ("xfailstrict", "strict", "disallowuntypeddefs", "warnunusedignores", "strictmarkers", "failunder")
        and first
        and (_YES.fullmatch(first) or key == "failunder")
        and (not last or _NO.fullmatch(last))
    ):
        yield "asks for less"
    if key in ("exitcode", "exitonerror") and first not in ("", "0") and last == "0":
        yield "no longer fails"


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h|d)?", text.strip())
    return (
        float(found[1]) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}.get(found[2] or "s", 1) if found else -1
    )


def _lint(keys: tuple[str, ...], gone: list[str], come: list[str], more: int) -> Iterator[str]:
    first, last = (gone[0] if gone else ""), (come[0] if come else "")
    key = keys[-1]
    if come and any(_LISTS_OF_EXCEPTIONS.fullmatch(k) for k in keys[-2:]) and not _NO.fullmatch(last):
        parts = [set(re.findall(r"[\w./*-]+", " ".join(values))) for values in (gone, come)]
        if parts[1] - parts[0]:
            yield f"{min(parts[1] - parts[0])[:40]} is no longer looked at"
    elif (
        "rules" in keys[:-1]
        and last in ("disable", "off", "0", "warn", "warning", "false")
        and first not in ("disable", "off", "0", "false")
    ):
        yield "is no longer asked"
    elif (
        key in ("level", "severity", "failure-threshold", "fail-on")
        and last.lower() in ("warning", "ignore", "none", "critical", "info", "style")
        and (first or "rules" in keys)
    ):
        yield "fails less often"
    elif (
        key in ("select", "enable", "extend-select", "enable_list", "checks")
        and gone
        and more <= 0
        and len(" ".join(come)) < len(" ".join(gone))
    ):
        yield f"{first[:40]} is no longer asked"
    elif (
        re.fullmatch(
            r"ignore_(?:errors|missing_imports)|follow_imports|exit_zero|exit-zero|soft-fail|no-fail|quiet", key
        )
        and last
        and (_YES.fullmatch(last) or last in ("skip", "silent"))
    ):
        yield "fails less often"
    elif (
        key == "addopts"
        and re.search(r"--ignore|--deselect|-k\s|-m\s+.?not|--collect-only|-p no:", last)
        and not re.search(r"--ignore|--deselect|-k\s|-m\s+.?not|--collect-only|-p no:", first)
    ):
        yield "tests are left out"
    elif key == "filterwarnings" and "error" in gone and "error" not in come:
        yield "warnings are no errors any more"


# --- Makefiles --------------------------------------------------------------------------------------

_TARGET = lazy(r"^([\w./%-]+(?:[ \t]+[\w./%-]+)*)[ \t]*::?(?![=:])(.*)$")


def _make(old: str, new: str) -> Iterator[Finding]:
    before, after = _recipes(old), _recipes(new)
    known = Counter(row.lstrip("\t @-+") for row in old.split("\n") if row.startswith("\t") and "-" in _prefix(row))
    for number, row in enumerate(new.split("\n"), 1):
        if row.startswith("\t") and "-" in _prefix(row):
            bare = row.lstrip("\t @-+")
            if known[bare] > 0:
                known[bare] -= 1
            else:
                yield f"- in front of {bare[:40]} hides its failure", number
        elif re.match(  # noqa: SIM102 one question a line
            r"\.IGNORE\s*:|\.ONESHELL\s*:|(?:export\s+)?(?:BASH_ENV|ENV)\s*[:?+]?=|\.POSIX\s*:", row
        ) and row not in old.split("\n"):
            if not (row.startswith(".ONESHELL") and re.search(r"^\.SHELLFLAGS.*-\w*e", new, re.M)):
                yield f"{row.split('=')[0].strip()[:40]} decides how all recipes fail", number
    flags = [re.findall(r"^\.SHELLFLAGS\s*[:+?]?=\s*(.*)$", text, re.M) for text in (old, new)]
    if flags[0] and (not flags[1] or any(w in flags[0][-1] and w not in flags[1][-1] for w in ("e", "pipefail", "u"))):
        yield ".SHELLFLAGS no longer stops at a failure", 0
    shells = [re.findall(r"^SHELL\s*[:+?]?=\s*(\S+)", text, re.M) for text in (old, new)]
    if shells[1] and shells[0] != shells[1] and not re.search(r"/?(?:ba|z|da|k)?sh$", shells[1][-1]):
        yield f"SHELL is {shells[1][-1][:40]}", 0
    phony = [_phony(text) for text in (old, new)]
    for target in sorted(phony[0] - phony[1]):
        if target in after:
            yield f"{target} is no longer phony, so that a file of its name switches it off", after[target][0][1]
    for target, recipes in before.items():
        now = after.get(target)
        if now is None:
            continue
        work, left = _work(recipes), _work(now[-1:])
        if work and not left:
            yield f"{target} does nothing any more", now[-1][1]
        elif len([r for r in now if r[0]]) > max(len([r for r in recipes if r[0]]), 1):
            yield f"{target} has a second recipe, which takes the place of the first", now[-1][1]


def _prefix(row: str) -> str:
    found = re.match(r"\t[ \t]*([@+-]+)", row)
    return found[1] if found else ""


def _phony(text: str) -> set[str]:
    joined = text.replace("\\\n", " ")
    return {name for found in re.findall(r"^\.PHONY\s*:(.*)$", joined, re.M) for name in found.split()}


def _recipes(text: str) -> dict[str, list[tuple[list[str], int]]]:
    """Target -> its rules as (lines of the recipe, line of the rule)."""
    found: dict[str, list[tuple[list[str], int]]] = {}
    current: list[str] = []
    for number, row in enumerate(text.split("\n")[:5000], 1):
        if row.startswith("\t"):
            current.append(row.strip())
            continue
        rule = _TARGET.match(row[:500]) if row[:1] not in (" ", "#", "") else None
        if rule:
            inline = rule[2].partition(";")[2].strip()
            current = [inline] if inline else []
            for target in rule[1].split():
                if not target.startswith("."):
                    found.setdefault(target, []).append((current, number))
    return found


def _work(recipes: list[tuple[list[str], int]]) -> list[str]:
    rows = [row.lstrip("@-+ ") for lines, _ in recipes for row in lines]
    return [row for row in rows if row and not row.startswith("#") and not _TRIVIAL.fullmatch(row)]


# --- units and images -------------------------------------------------------------------------------

_UNIT = lazy(r"^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$")


def _unit(old: str, new: str) -> Iterator[Finding]:
    was, now = _directives(old), _directives(new)
    for name in dict.fromkeys([*was, *now]):
        olds, news = [v for v, _ in was.get(name, [])], [v for v, _ in now.get(name, [])]
        if olds == news:
            continue
        come = [(v, n) for v, n in now.get(name, []) if v not in olds]
        gone = [v for v in olds if v not in news]
        line = come[0][1] if come else 0
        if name.startswith("Exec"):
            for value, at in come:
                if "-" in value[: len(value) - len(value.lstrip("-@:+!|"))] and not any(
                    v.lstrip("@:+!|").startswith("-") for v in gone
                ):
                    yield f"- in front of {value.lstrip('-@:+!|')[:40]} hides its failure", at
                elif _TRIVIAL.fullmatch(value.lstrip("-@:+!|")) and gone:
                    yield f"{name} does nothing any more", at
            if name == "ExecCondition" and come and len(news) > len(olds):
                yield "ExecCondition skips the unit without an error", line
            if name in ("ExecStartPre", "ExecStartPost") and len(news) < len(olds):
                yield f"{name}={gone[0][:40] if gone else ''} is taken away", 0
        elif name in ("SuccessExitStatus", "RestartPreventExitStatus") and come and name == "SuccessExitStatus":
            yield "more exit codes count as a success", line
        elif name.startswith("Condition") and come and len(news) > len(olds):
            yield f"{name} skips the unit without an error", line
        elif name.startswith("Assert") and gone and len(news) < len(olds):
            yield f"{name} is taken away", 0
        elif name in ("Requires", "BindsTo", "Requisite", "WatchdogSec", "OnFailure") and gone:
            lost = set(" ".join(olds).split()) - set(" ".join(news).split())
            if name == "WatchdogSec" and news and _seconds(news[-1]) > 0:
                continue
            if lost and (
                len(news) < len(olds)
                or len(" ".join(news).split()) < len(" ".join(olds).split())
                or name == "WatchdogSec"
            ):
                yield f"{name}={min(lost)[:40]} is taken away", line
        elif (
            name == "Type"
            and come
            and gone
            and gone[0] in ("notify", "oneshot", "notify-reload", "dbus")
            and come[0][0] in ("simple", "idle", "exec")
        ):
            yield f"Type={come[0][0]} no longer waits until the program is up", line
        elif name == "Restart" and come and come[0][0] == "no" and gone:
            yield "Restart=no leaves it down", line


def _directives(text: str) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for number, row in enumerate(text.split("\n")[:5000], 1):
        directive = _UNIT.match(row[:1000])
        if directive:
            found.setdefault(directive[1], []).append((directive[2], number))
    return found


def _docker(old: str, new: str) -> Iterator[Finding]:
    checks = [
        re.findall(r"(?im)^\s*HEALTHCHECK\s+((?:--\S+\s+)*(?:\\\n\s*)?)(?:CMD\s+)?(.*)$", text) for text in (old, new)
    ]
    if len(checks[1]) < len(checks[0]):
        yield "HEALTHCHECK is taken away", 0
    for (_, was), (_, now) in zip(*checks, strict=False):
        command = re.sub(r"[\[\]\",]+", " ", now).strip()
        if was != now and _TRIVIAL.fullmatch(command):
            yield "HEALTHCHECK always succeeds", 0
    shells = [re.findall(r"(?im)^\s*SHELL\s+\[(.*)\]", text) for text in (old, new)]
    for word in ("pipefail", "-e"):
        if any(word in s for s in shells[0]) and not any(word in s for s in shells[1]):
            yield f"SHELL runs without {word}", 0
