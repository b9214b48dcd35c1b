"""Work that a file listed and lists no longer: prerequisites of a Makefile, scripts of a package, jobs of a crontab,
resources of a kustomization, mounts of a container."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.lazy import lazy
from git_executor.policy.embedded import kind_of
from git_executor.policy.entries import Entry, entries

_RULE = lazy(r"^([\w./%-]+(?:[ \t]+[\w./%-]+)*)[ \t]*::?(?![=:])[ \t]*([^#=\n]*)")
_JOB = lazy(r"^\s*(?:@\w+|(?:[\d*/,\-]+\s+){5})\s*(\S.*)$")
_IDLE = lazy(r"\s*(?:echo\b[^&|;]*|exit 0|true|:|sleep \S+|)\s*")
_PAM = lazy(
    r"^\s*(?:auth|account|password|session)\s.*\b(pam_(?:deny|faillock|tally2|unix|u2f|google_authenticator|access)\.so)"
)


def lost_work(path: str, old: str, new: str, told: str = "") -> Iterator[str]:
    """What is no longer done, in a text for people. ``told`` is the failure's message."""
    name = path.rpartition("/")[2]
    if kind_of(path, old) == "make":
        yield from _prerequisites(old, new)
    if "cron" in path:
        yield from _jobs(old, new)
    yield from (f"{module} no longer is asked" for module in sorted(_modules(old) - _modules(new)))
    before, after = entries(path, old), entries(path, new)
    if before is None or after is None:
        return
    if name == "package.json":
        yield from _scripts(before, after)
    if name.startswith(("kustomization.y", "Kustomization")):
        yield from _resources(before, after, told)
    yield from _mounts(before, after)


def _prerequisites(old: str, new: str) -> Iterator[str]:
    before, after = _rules(old), _rules(new)
    for target, needs in before.items():
        if target.startswith(".") and target != ".PHONY":
            continue
        lost = needs - after.get(target, needs) if target != ".PHONY" else set()
        if lost and not after[target] - needs:
            yield f"{target} no longer needs {', '.join(sorted(lost))}"


def _rules(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in text.replace("\\\n", " ").split("\n")[:5000]:
        rule = _RULE.match(line[:500]) if line[:1] not in ("\t", " ", "#") else None
        for target in rule[1].split() if rule else ():
            found.setdefault(target, set()).update(rule[2].replace("|", " ").split() if rule else ())
    return found


def _jobs(old: str, new: str) -> Iterator[str]:
    before, after = (
        [found[1] for line in text.split("\n") if (found := _JOB.match(line[:500]))] for text in (old, new)
    )
    if len(after) < len(before):
        gone = next((job for job in before if job not in after), before[0])
        yield f"{gone[:60]!r} no longer runs"
    was, now = (sum(bool(re.search(r">\s*/dev/null", job)) for job in jobs) for jobs in (before, after))
    if now > was and len(after) == len(before):
        yield "what a job says goes to /dev/null"


def _modules(text: str) -> set[str]:
    return (
        {found[1] for line in text.split("\n")[:500] if (found := _PAM.match(line[:300]))} if "pam_" in text else set()
    )


def _scripts(before: list[Entry], after: list[Entry]) -> Iterator[str]:
    now = {entry.keys: entry.value for entry in after}
    for entry in before:
        a_script = entry.keys[:1] == ("scripts",) and len(entry.keys) == 2
        if a_script and not _IDLE.fullmatch(entry.value) and _IDLE.fullmatch(now.get(entry.keys, "-")):
            yield f"the script {entry.keys[1]} does nothing any more"


def _resources(before: list[Entry], after: list[Entry], told: str) -> Iterator[str]:
    """Entries of the lists that name what is deployed: with Flux, what is not listed is deleted."""
    was, now = (
        [e.value for e in found if e.keys[-1:] in (("resources",), ("components",), ("bases",))]
        for found in (before, after)
    )
    gone = [value for value in was if value not in now and (_GUARDS.search(value) or _blamed(value, told))]
    if gone and len(now) < len(was):
        yield f"{gone[0]} is no longer deployed"


_GUARDS = lazy(r"(?i)polic|netpol|quota|limit-?range|backup|pdb|disruption|auth|rbac|security|replicationsource")


def _blamed(value: str, told: str) -> bool:
    """Whether the failure is about what that entry deploys, rather than about its not being there."""
    stem = value.rstrip("/").rpartition("/")[2].partition(".")[0]
    missing = re.search(
        r"(?i)no such file|not found|does ?n[o']t exist|unable to find|cannot find|must resolve|conflict|already", told
    )
    return len(stem) > 3 and stem in told and not missing


def _mounts(before: list[Entry], after: list[Entry]) -> Iterator[str]:
    """Named volumes of a compose file: neither the volume nor its place is mounted any more."""
    was, now = (
        [e.value.split(":") for e in found if e.keys[-1:] == ("volumes",) and ":" in e.value]
        for found in (before, after)
    )
    for source, target, *_ in was:
        if not any(source == other[0] or target == other[1] for other in now) and re.fullmatch(r"[\w.-]+", source):
            yield f"the data in {target} no longer is kept"
