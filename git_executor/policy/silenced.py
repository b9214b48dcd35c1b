"""Commands of a script whose failure counted before a change and does not after it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from git_executor.policy.effects import FAILS, IDLE, TESTS, Effects, Use, does, effects, texts, uncalled
from git_executor.policy.shell_guards import weaker_guards
from git_executor.policy.shelltree import Node, every, read_tree

Finding = tuple[str, int]
"""(message, line in the new text)"""

_MAX_TEXT = 80_000


def silenced(
    olds: Sequence[tuple[str, int]], news: Sequence[tuple[str, int]], added: frozenset[int]
) -> Iterator[Finding]:
    """``olds`` and ``news`` are (text, first line) of all that a shell runs in both versions of a file; ``added`` are
    the lines of the new one that came."""
    same = Counter(text for text, _ in olds) & Counter(text for text, _ in news)
    before, after = [_read(part) for part in _without(olds, same)], [_read(part) for part in _without(news, same)]
    if not after or not before or any(broken for _, broken, _, _ in before):
        return
    found = [*_compare(before, after, added)]
    yield from found
    olds_, news_ = [part[0] for part in before], [part[0] for part in after]
    for part in after:
        yield from _stand_ins(part[0], part[2][0], olds_)
    yield from _dead_functions(olds_, news_)
    yield from _resets(before, after)
    if len(before) == len(after):
        for one, two in zip(before, after, strict=True):
            offset = two[2][1] - 1
            told = weaker_guards(one[3], two[3], one[0], two[0], (one[2][0], two[2][0]))
            yield from ((message, line if line > offset else line + offset) for message, line in told)


_Part = tuple[Effects, bool, tuple[str, int], list[Node]]


def _read(part: tuple[str, int]) -> _Part:
    tree, broken = read_tree(part[0][:_MAX_TEXT], part[1])
    return effects(tree), broken, part, tree


def _without(parts: Sequence[tuple[str, int]], same: Counter[str]) -> list[tuple[str, int]]:
    left = Counter(same)
    out = []
    for text, line in parts:
        if left[text] > 0:
            left[text] -= 1
        else:
            out.append((text, line))
    return out


def _compare(before: Sequence[_Part], after: Sequence[_Part], added: frozenset[int]) -> Iterator[Finding]:
    old = [_seen(use, part, True, before) for part in before for use in part[0].uses]
    new = [_seen(use, part, False, before) for part in after for use in part[0].uses]
    was, now = _by_key(old), _by_key(new)
    told: set[int] = set()
    for key, uses in now.items():
        hidden = [use for use in uses if use.why]
        had = was.get(key, [])
        lost = sum(not use.why for use in had) - sum(not use.why for use in uses)
        more = len(hidden) - sum(bool(use.why) for use in had)
        if lost > 0 and more > 0:
            worst = next((use for use in hidden if use.line in added), hidden[0])
            told.add(worst.line)
            yield f"{worst.key} {worst.why}", worst.line
    yield from _respelt(was, now, new, added, told)
    yield from _only_said(was, now, after, before)


def _seen(use: Use, part: _Part, is_old: bool, before: Sequence[_Part]) -> Use:
    """A use with what only the whole file shows: a new function that nobody calls runs nothing."""
    if not is_old and use.function and not use.why:
        defined = any(use.function in other[0].functions for other in before)
        if not defined and use.function in uncalled(part[0], part[2][0]):
            return Use(
                use.program, use.key, use.words, use.line, use.function, "stands in a function that nobody calls"
            )
    return use


def _by_key(uses: Sequence[Use]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        found[use.key].append(use)
    return found


def _respelt(
    was: dict[str, list[Use]], now: dict[str, list[Use]], new: Sequence[Use], added: frozenset[int], told: set[int]
) -> Iterator[Finding]:
    """A command that counted is gone, and one much like it came that does not count."""
    gone = [use for key, uses in was.items() for use in uses[len(now.get(key, [])) :] if not use.why][:40]
    come = [
        use
        for use in new
        if use.why and use.line in added and use.line not in told and len(now[use.key]) > len(was.get(use.key, []))
    ]
    for use in come[:40]:
        for other in gone:
            if use.program in TESTS or other.program in TESTS:
                continue
            if _alike(use.words, other.words):
                yield f"{use.key} {use.why}", use.line
                break


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if one[0] == other[0] and len(one) == 1 and len(other) == 1:
        return True
    return SequenceMatcher(None, " ".join(one)[:200], " ".join(other)[:200]).ratio() >= 0.72


def _only_said(
    was: dict[str, list[Use]], now: dict[str, list[Use]], after: Sequence[_Part], before: Sequence[_Part]
) -> Iterator[Finding]:
    """A command that counted is gone, and its words are only printed or kept."""
    said = Counter(words for part in after for words in part[0].inert) - Counter(
        words for part in before for words in part[0].inert
    )
    rows = [" ".join(words) for words in said][:200]
    for key, uses in was.items():
        lost = [use for use in uses if not use.why]
        if len(now.get(key, [])) >= len(uses) or not lost or lost[0].program in TESTS:
            continue
        for use in lost:
            start = " ".join(use.words[:3])
            text = next((row for row in rows if len(use.words) > 1 and start in row), "")
            if text and not _runs_later(text, after):
                yield f"{use.key} is only printed or kept, and no longer run", after[0][2][1]
                break


def _runs_later(text: str, after: Sequence[_Part]) -> bool:
    """Whether a variable that holds the words is run."""
    name = re.escape(text.split()[0])
    for part in after:
        found = re.search(rf"([A-Za-z_]\w*)\+?=\(?[\"']?\(?\s*{name}", part[2][0])
        if found and re.search(rf"\$\{{?{found[1]}\b", part[2][0]):
            return True
    return False


def _stand_ins(new: Effects, text: str, olds: Sequence[Effects]) -> Iterator[Finding]:
    """New functions with the name of a program that the script runs, which they do not hand their words on to."""
    run = {use.program for old in olds for use in old.uses if use.program not in old.functions}
    known = {name for old in olds for name in old.functions}
    for name, body in new.functions.items():
        if name in known or (name not in run and name not in _BUILTIN):
            continue
        counts = any(use.program == name and use.function == name and not use.why for use in new.uses)
        hands_on = any(
            node.kind == "simple" and re.search(r"\$[@*]", " ".join(texts(node.command))) for node in every(body)
        )
        if not (counts and hands_on):
            yield (
                f"{name}() stands in for the program of that name",
                1 + text.count("\n", 0, max(text.find(f"{name}"), 0)),
            )


_BUILTIN = frozenset(("exit", "set", "trap", "test", "[", "command", "source", "return", "wait", "kill", "false"))


def _dead_functions(olds: Sequence[Effects], news: Sequence[Effects]) -> Iterator[Finding]:
    """Functions that ended the script as failed and no longer do."""
    for old in olds:
        for name in sorted(old.failing):
            now = next((new.functions[name] for new in news if name in new.functions), None)
            new = next((new for new in news if name in new.functions), None)
            if now is None or new is None or name in new.failing:
                continue
            always = any(_certain(node, old) for node in old.functions[name])
            if always or max((does(node, new) for node in now), default=IDLE) == IDLE:
                yield f"{name}() no longer ends as failed", now[0].line if now else 1


def _certain(node: Node, found: Effects) -> bool:
    if node.kind == "group":
        return any(_certain(inner, found) for inner in node.lists[0])
    return node.kind == "simple" and does(node, found) == FAILS


def _resets(before: Sequence[_Part], after: Sequence[_Part]) -> Iterator[Finding]:
    had = Counter(key for part in before for key, _ in part[0].resets)
    for part in after:
        for key, line in part[0].resets:
            if had[key] > 0:
                had[key] -= 1
            else:
                yield f"{key} ends as a success, whatever happened", line
