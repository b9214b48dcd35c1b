"""Of a rewrite only what bears on the failure survives, and nothing outside of what was shown is touched."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from git_executor.context.drift import hunks, keep_near, unseen
from git_executor.domain import Classification, Excerpt, Failure, FileExcerpt, Message, Subject, Window

SCRIPT = """\
#!/usr/bin/env bash
# Check the nodes.
set -euo pipefail

NODE="${NODE:-pve1}"
RETRIES=3

check() {
  pign -c 1 "$NODE"
}

report() {
  echo "node $NODE is up"
}

check
report
"""
COMMAND = ("x.sh: line 9: pign: command not found", Subject(file="x.sh", line=9, command="pign"))
UNSET = ("x.sh: line 9: NODES: unbound variable", Subject(file="x.sh", line=9, variable="NODES"))
QUOTE = ("x.sh: line 17: unexpected EOF while looking for matching `\"'", Subject(file="x.sh", line=17))
ELSEWHERE = ("connect: no route to host", Subject())

# failure, (old, new) pairs that a rewrite makes, which of them survive
CASES: list[tuple[tuple[str, Subject], list[tuple[str, str]], list[int]]] = [
    (COMMAND, [("pign -c", "ping -c")], [0]),
    (COMMAND, [("pign -c", "ping -c"), ("RETRIES=3", "RETRIES=5")], [0]),
    (COMMAND, [("pign -c", "ping -c"), ("# Check the nodes.\n", "")], [0]),
    (COMMAND, [("pign -c", "ping -c"), ("is up", "is alive"), ("set -euo pipefail", "set -eu")], [0]),
    (COMMAND, [("pign -c", "ping -c"), ("check\nreport", "check || true\nreport")], [0]),
    # a name that the repair brings in is defined elsewhere
    (COMMAND, [('pign -c 1 "$NODE"', 'probe "$NODE"'), ("check() {", 'probe() {\n  ping -c 1 "$1"\n}\n\ncheck() {')], [0, 1]),
    (COMMAND, [('pign -c 1 "$NODE"', '"$PING" -c 1 "$NODE"'), ("RETRIES=3", "RETRIES=3\nPING=ping"), ("is up", "is on")], [0, 1]),
    # the name that the log complains of, wherever it stands
    (UNSET, [("RETRIES=3", "RETRIES=3\nNODES=pve1"), ("is up", "is on")], [0]),
    # a parser complains late: everything before may be the cause
    (QUOTE, [("is up", 'is" up'), ("RETRIES=3", "RETRIES=4"), ("# Check the nodes.", "# Checks the nodes.")], [0, 1]),
    # nothing tells them apart
    (ELSEWHERE, [("is up", "is on"), ("RETRIES=3", "RETRIES=4")], [0, 1]),
]


def failure(said: str, subject: Subject) -> Failure:
    return Failure("s", Excerpt((said,)), Message(said, 0, subject), Classification.UNKNOWN, (), None, "v1:0", "abcd")


def shown(*parts: tuple[int, int]) -> tuple[FileExcerpt, ...]:
    lines = SCRIPT.split("\n")
    return (FileExcerpt("x.sh", tuple(Window(a, tuple(lines[a - 1 : b])) for a, b in parts), SCRIPT.count("\n")),)


def rewritten(pairs: list[tuple[str, str]], text: str = SCRIPT) -> bytes:
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


@pytest.mark.parametrize(("log", "pairs", "survive"), CASES)
def test_what_bears_on_the_failure_survives(log: tuple[str, Subject], pairs: list[tuple[str, str]], survive: list[int]) -> None:
    new, dropped = keep_near("x.sh", SCRIPT.encode(), rewritten(pairs), failure(*log), shown((1, 17)))
    assert new.decode() == rewritten([pairs[i] for i in survive]).decode()
    assert bool(dropped) == (len(survive) < len(pairs))


def test_what_was_not_shown_does_not_survive() -> None:
    both = rewritten([("pign -c", "ping -c"), ("RETRIES=3", "RETRIES=3\nPIGN=ping  # pign")])
    new, dropped = keep_near("x.sh", SCRIPT.encode(), both, failure(*COMMAND), shown((8, 10)))
    assert (new, dropped) == (rewritten([("pign -c", "ping -c")]), 1)


def test_nothing_is_left_of_a_rewrite_of_what_was_not_shown() -> None:
    new, dropped = keep_near("x.sh", SCRIPT.encode(), rewritten([("is up", "is on")]), failure(*COMMAND), shown((8, 10)))
    assert (new, dropped) == (SCRIPT.encode(), 1)


UNSEEN = [
    ([("pign", "ping")], None),
    ([("is up", "is on")], 13),
    ([("check() {", "# now\ncheck() {")], None),  # in front of the first shown line
    ([("}\n\nreport() {", "}\n# now\n\nreport() {")], None),  # behind the last shown one
    ([("}\n\nreport() {", "}\n\n# now\nreport() {")], 12),  # one further
    ([("}\n\nreport() {", "}\nreport() {")], 11),  # the line behind the last shown one is taken away
    ([("pign", "ping"), ("is up", "is on"), ("RETRIES=3", "")], 6),
]


@pytest.mark.parametrize(("pairs", "line"), UNSEEN)
def test_every_touched_line_must_have_been_shown(pairs: list[tuple[str, str]], line: int | None) -> None:
    assert unseen("x.sh", SCRIPT.encode(), rewritten(pairs), shown((8, 10))) == line


def test_a_line_between_two_shown_ones_is_not_shown() -> None:
    both = rewritten([("pign", "ping"), ("is up", "is on"), ("report() {", "report(){")])
    assert unseen("x.sh", SCRIPT.encode(), both, shown((8, 10), (13, 14))) == 12
    assert unseen("y.sh", SCRIPT.encode(), both, shown((1, 17))) == 9


@pytest.mark.parametrize("end", ["report", "report\n\n", "report\nmore\n"])
def test_the_end_of_a_file_that_was_shown_may_change(end: str) -> None:
    new = SCRIPT.removesuffix("report\n") + end
    assert unseen("x.sh", SCRIPT.encode(), new.encode(), shown((1, 17))) is None
    assert unseen("x.sh", SCRIPT.encode(), new.encode(), shown((1, 12))) is not None


lines = st.lists(st.sampled_from(["a", "b", "pign", "", "# x", "NODE=1"]), max_size=12).map("\n".join)


@given(lines, lines)
@settings(max_examples=200, deadline=None)
def test_hunks_make_one_text_of_the_other_and_what_is_kept_is_a_part_of_it(old: str, new: str) -> None:
    every = hunks(old.encode(), new.encode())
    have = old.encode().split(b"\n")
    for hunk in reversed(every):
        have[hunk.first : hunk.last] = hunk.new
    assert b"\n".join(have) == new.encode()
    whole = (FileExcerpt("x.sh", (Window(1, tuple(old.split("\n"))),), old.count("\n") + 1),)
    kept, dropped = keep_near("x.sh", old.encode(), new.encode(), failure(*COMMAND), whole)
    assert len(hunks(old.encode(), kept)) <= len(every) and dropped <= len(every)
    assert kept == new.encode() or dropped
