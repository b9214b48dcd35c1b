"""What fails less than before: commands, programs and settings whose failure counted, told by comparing both versions.

``silenced`` looks at what a shell runs, ``python_checks`` at Python, ``settings_checks`` at declarations.
"""

from __future__ import annotations

from collections.abc import Iterator

from git_executor.policy.embedded import kind_of, sources
from git_executor.policy.silenced import silenced

Finding = tuple[str, str, int]
"""(rule, message, line)"""

_MAX_TEXT = 200_000


def weaker(path: str, old: str, new: str, added: frozenset[int]) -> Iterator[Finding]:
    """What the edit makes fail less; ``added`` are the numbers of the lines that came."""
    kind = kind_of(path, new)
    if kind == "prose" or max(len(old), len(new)) > _MAX_TEXT:
        return
    if kind == "python":
        from git_executor.policy.python_checks import weaker_checks

        yield from (("failure-silenced", message, line) for message, line in weaker_checks(path, old, new))
    elif kind != "other":
        for message, line in silenced(sources(path, old), sources(path, new), added):
            yield "failure-silenced", message, line
    if kind not in ("shell", "python"):
        from git_executor.policy.settings_checks import weaker_settings

        yield from (("failure-silenced", message, line) for message, line in weaker_settings(path, old, new))
