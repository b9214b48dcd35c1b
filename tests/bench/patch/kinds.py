
"""Ways in which answers are malformed. Each takes a correct change and gives an answer as models write them.

A kind returns the answer and what must come of it: ``None`` stands for a refusal. ``lands`` are answers with
one obvious meaning, ``refuses`` those without.
"""

from __future__ import annotations

import difflib
import html
import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from git_executor.domain import REGULAR, Blob


@dataclass
class Case:
    kind: str
    path: str
    files: dict[str, bytes]
    answer: bytes
    expected: dict[str, bytes] | None
    preferred: tuple[str, ...] = ()
    modes: dict[str, int] = field(default_factory=dict)
    after: dict[str, Blob] | None = None
    """The whole tree after, for a case that does more than to write regular files."""

    @property
    def before(self) -> dict[str, Blob]:
        return {path: Blob(self.modes.get(path, REGULAR), data) for path, data in self.files.items()}

    @property
    def wanted(self) -> dict[str, Blob] | None:
        """The tree after, or ``None`` for a case that is to be refused."""
        if self.after is not None or self.expected is None:
            return self.after
        return self.before | {
            path: Blob(self.modes.get(path, REGULAR), data) for path, data in self.expected.items()
        }


@dataclass
class Given:
    """A file, a change to it, and all files around; a kind may alter ``files`` and ``new``."""

    rng: random.Random
    path: str
    old: str
    new: str
    files: dict[str, str]
    others: list[tuple[str, str, str]] = field(default_factory=list)
    raw: dict[str, bytes] = field(default_factory=dict)
    preferred: tuple[str, ...] = ()
    want: dict[str, bytes] = field(default_factory=dict)

    @property
    def hunks(self) -> list[str]:
        return body(self.old, self.new)

    @property
    def diff(self) -> str:
        return header(self.path) + "".join(self.hunks)


Kind = Callable[[Given], str | None]
LANDS: dict[str, Kind] = {}
REFUSES: dict[str, Kind] = {}


def lands(kind: Kind) -> Kind:
    LANDS[kind.__name__] = kind
    return kind


def refuses(kind: Kind) -> Kind:
    REFUSES[kind.__name__] = kind
    return kind


def header(path: str) -> str:
    return f"--- a/{path}\n+++ b/{path}\n"


def body(old: str, new: str, context: int = 3) -> list[str]:
    lines = list(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "a", "b", n=context))[2:]
    return [line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines]


def fence(text: str, info: str = "diff") -> str:
    return f"```{info}\n{text}```\n"


PROSE = (
    "The log shows that the stage stops here. This small change fixes it.\n\n",
    "Looking at the error, the setting is wrong:\n\n",
    "I'd suggest the following change - it is minimal.\n\n",
    "Here is the fix.\n\n",
)
NOTES = (
    "\nFix: Adjusted the setting.\nReason: The old value made the stage fail.\n",
    "\n**Fix:** Adjusted the setting.\n**Reason:** The old value made the stage fail.\n",
    "\n**Note:** Adjusted the setting that made the stage fail.\n",
    "",
)


def dress(given: Given, diff: str) -> str:
    return given.rng.choice(PROSE) + fence(diff) + given.rng.choice(NOTES)


def renumber(diff: str, change: Callable[[int, int, int, int], tuple[int, int, int, int]]) -> str:
    def replace(match: re.Match[str]) -> str:
        numbers = [int(group) if group else 1 for group in match.groups()]
        a, b, c, d = change(*numbers)
        return f"@@ -{a},{b} +{c},{d} @@"

    return re.sub(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", replace, diff, flags=re.M)


# --- answers that must land ---------------------------------------------------------------------------


@lands
def clean(given: Given) -> str:
    return dress(given, given.diff)


@lands
def wrong_counts(given: Given) -> str:
    rng = given.rng
    return dress(
        given, renumber(given.diff, lambda a, b, c, d: (a, b + rng.randint(-2, 3), c, d + rng.randint(-2, 3)))
    )


@lands
def wrong_numbers(given: Given) -> str:
    shift = given.rng.choice((-7, -3, 2, 5, 11, 90))
    return dress(given, renumber(given.diff, lambda a, b, c, d: (max(1, a + shift), b, max(1, c + shift), d)))


@lands
def all_numbers_one(given: Given) -> str:
    return dress(given, renumber(given.diff, lambda a, b, c, d: (1, 1, 1, 1)))


@lands
def bare_at(given: Given) -> str:
    return dress(given, re.sub(r"^@@.*$", "@@", given.diff, flags=re.M))


@lands
def at_dots(given: Given) -> str:
    return dress(given, re.sub(r"^@@.*$", "@@ ... @@", given.diff, flags=re.M))


@lands
def no_hunk_header(given: Given) -> str | None:
    if given.diff.count("\n@@") > 1:
        return None
    return dress(given, re.sub(r"^@@.*\n", "", given.diff, flags=re.M))


@lands
def bare_blank_context(given: Given) -> str | None:
    if not re.search(r"^ $", given.diff, flags=re.M):
        return None
    return dress(given, re.sub(r"^ $", "", given.diff, flags=re.M))


@lands
def no_prefix(given: Given) -> str:
    return dress(given, given.diff.replace("--- a/", "--- ").replace("+++ b/", "+++ "))


@lands
def timestamps(given: Given) -> str:
    stamp = given.rng.choice(
        ("\t2024-05-01 10:00:00.000000000 +0200", "  2024-05-01 10:00:00", "\tWed May  1 10:00:00 2024")
    )
    return dress(given, re.sub(r"^((?:---|\+\+\+) \S+)$", rf"\1{stamp}", given.diff, flags=re.M))


@lands
def git_header(given: Given) -> str:
    return dress(
        given, f"diff --git a/{given.path} b/{given.path}\nindex 83db48f..bf269f4 100644\n" + given.diff
    )


@lands
def section_text(given: Given) -> str:
    return dress(
        given,
        re.sub(
            r"^(@@ .*@@)$",
            r"\1 " + given.rng.choice(("main()", "spec:", "def main():")),
            given.diff,
            flags=re.M,
        ),
    )


@lands
def no_fence(given: Given) -> str:
    return given.rng.choice(PROSE) + given.diff + given.rng.choice(NOTES)


@lands
def no_fence_bullets(given: Given) -> str:
    return given.rng.choice(PROSE) + given.diff + "\nWhat changed:\n- Adjusted the setting\n- Nothing else\n"


@lands
def plain_fence(given: Given) -> str:
    return (
        given.rng.choice(PROSE)
        + fence(given.diff, given.rng.choice(("", "patch", "text", "udiff", "yaml")))
        + given.rng.choice(NOTES)
    )


@lands
def tilde_fence(given: Given) -> str:
    return f"~~~~diff\n{given.diff}~~~~\n" + given.rng.choice(NOTES)


@lands
def nested_fence(given: Given) -> str:
    return f"````markdown\nHere is the fix:\n\n{fence(given.diff)}\nFix: done\n````\n"


@lands
def same_length_nested_fence(given: Given) -> str:
    return f"```markdown\n{fence(given.diff)}\nFix: done\n```\n"


@lands
def list_item_fence(given: Given) -> str:
    inner = "".join("   " + line for line in fence(given.diff).splitlines(True))
    return "1. Apply this:\n\n" + inner + "\n2. Run the stage again.\n"


@lands
def indented_diff(given: Given) -> str:
    return (
        given.rng.choice(PROSE)
        + "".join("    " + line for line in given.diff.splitlines(True))
        + "\nThat is all.\n"
    )


@lands
def indented_in_fence(given: Given) -> str:
    return fence("".join("  " + line for line in given.diff.splitlines(True)))


@lands
def quoted(given: Given) -> str:
    return (
        "As I said:\n\n" + "".join("> " + line for line in fence(given.diff).splitlines(True)) + "\nRegards\n"
    )


@lands
def think(given: Given) -> str:
    wrong = given.diff.replace("\n+", "\n+not this ", 1)
    return f"<think>\nMaybe\n{fence(wrong)}no, rather the other way.\n</think>\n\n" + dress(given, given.diff)


@lands
def lone_think_end(given: Given) -> str:
    wrong = given.diff.replace("\n+", "\n+not this ", 1)
    return f"Okay, maybe\n{fence(wrong)}hmm.\n</think>\n" + dress(given, given.diff)


@lands
def json_string(given: Given) -> str:
    return json.dumps(
        {"fix": "Adjusted", "reason": "It failed", "diff": given.diff}, indent=given.rng.choice((None, 2))
    )


@lands
def json_fence(given: Given) -> str:
    return "Sure:\n\n" + fence(json.dumps({"diff": given.diff, "note": "Adjusted"}) + "\n", "json")


@lands
def json_raw_newlines(given: Given) -> str:
    return (
        '{"fix": "Adjusted", "diff": '
        + json.dumps(given.diff).replace("\\n", "\n").replace("\\\n", "\\n")
        + "}"
        if "\\n" not in given.diff
        else ""
    )


@lands
def json_double_escaped(given: Given) -> str:
    return json.dumps({"patch": json.dumps(given.diff)[1:-1]})


@lands
def one_line_escaped(given: Given) -> str:
    return json.dumps(given.diff)


@lands
def html_escaped(given: Given) -> str | None:
    if not any(mark in line for line in given.diff.splitlines() if line[:1] in " -" for mark in "<>&\"'"):
        return None
    return given.rng.choice(PROSE).replace("'", "") + fence(
        html.escape(given.diff, quote=given.rng.random() < 0.5)
    )


@lands
def crlf_answer(given: Given) -> str:
    return dress(given, given.diff).replace("\n", "\r\n")


@lands
def crlf_diff_only(given: Given) -> str:
    return given.rng.choice(PROSE) + "```diff\n" + given.diff.replace("\n", "\r\n") + "```\n"


@lands
def crlf_file(given: Given) -> str:
    given.raw[given.path] = given.old.replace("\n", "\r\n").encode()
    given.want[given.path] = given.new.replace("\n", "\r\n").encode()
    return dress(given, given.diff)


@lands
def bom_file(given: Given) -> str:
    given.raw[given.path] = b"\xef\xbb\xbf" + given.old.encode()
    given.want[given.path] = b"\xef\xbb\xbf" + given.new.encode()
    return dress(given, given.diff)


@lands
def no_final_newline(given: Given) -> str:
    given.raw[given.path] = given.old.encode()[:-1]
    given.want[given.path] = given.new.encode()[:-1]
    return dress(given, given.diff)


@lands
def latin1_file(given: Given) -> str:
    line = "# Büro, Gebäude Süd\n"
    given.raw[given.path] = (line + given.old).encode("latin-1")
    given.want[given.path] = (line + given.new).encode("latin-1")
    return dress(given, header(given.path) + "".join(body(line + given.old, line + given.new)))


@lands
def trailing_blanks_in_file(given: Given) -> str:
    lines = given.old.splitlines(True)
    kept = [line for line in lines if line in given.new.splitlines(True) and line.strip()]
    for chosen in given.rng.sample(kept, min(4, len(kept))):
        for text in (given.old, given.new):
            if text.count(chosen) != 1:
                break
        else:
            spaced = chosen[:-1] + "  \n"
            given.raw[given.path] = given.raw.get(given.path, given.old.encode()).replace(
                chosen.encode(), spaced.encode()
            )
            given.want[given.path] = given.want.get(given.path, given.new.encode()).replace(
                chosen.encode(), spaced.encode()
            )
    return dress(given, given.diff)


@lands
def trailing_blanks_in_diff(given: Given) -> str:
    return dress(given, re.sub(r"^( .*\S)$", r"\1  ", given.diff, flags=re.M))


@lands
def lost_context_blank(given: Given) -> str | None:
    if any(line[:2] in (" +", " -", " @", "  ", " \\", " `", " #") for line in given.hunks):
        return None
    return dress(given, re.sub(r"^ (\S.*)$", r"\1", given.diff, flags=re.M))


@lands
def stale_outer_context(given: Given) -> str | None:
    lines = given.hunks
    if (
        len(lines) < 6
        or lines[1][:1] != " "
        or lines[2][:1] != " "
        or any(line.startswith("@@") for line in lines[1:])
    ):
        return None
    lines[1] = " # something that is not there\n"
    return dress(given, header(given.path) + "".join(lines))


@lands
def small_context(given: Given) -> str | None:
    """One line of context, no numbers; it must tell the place all the same."""
    lines = body(given.old, given.new, 1)
    old = "".join(line[1:] for line in lines[1:] if line[:1] in " -")
    if (
        given.old.count(old) != 1
        or sum(c.isalnum() for c in old) < 12
        or sum(line.startswith("@@") for line in lines) > 1
    ):
        return None
    return dress(given, header(given.path) + re.sub(r"^@@.*$", "@@", "".join(lines), flags=re.M))


@lands
def shifted_file(given: Given) -> str:
    extra = "# one\n# two\n# three\n# four\n"
    given.raw[given.path] = (extra + given.old).encode()
    given.want[given.path] = (extra + given.new).encode()
    return dress(given, given.diff)


@lands
def search_replace(given: Given) -> str | None:
    lines = [line for line in given.hunks if line[:1] in " +-"]
    if sum(line.startswith("@@") for line in given.hunks) > 1:
        return None
    old = "".join(line[1:] for line in lines if line[0] in " -")
    new = "".join(line[1:] for line in lines if line[0] in " +")
    pair = f"<<<<<<< SEARCH\n{old}=======\n{new}>>>>>>> REPLACE\n"
    return given.rng.choice(
        (f"{given.path}\n```\n{pair}```\n", f"```\n{given.path}\n{pair}```\n", f"{given.path}\n{pair}")
    )


@lands
def begin_patch(given: Given) -> str:
    inner = re.sub(r"^@@.*$", "@@", "".join(given.hunks), flags=re.M)
    text = f"*** Begin Patch\n*** Update File: {given.path}\n{inner}*** End Patch\n"
    return given.rng.choice((text, fence(text, ""), fence(text, "patch")))


@lands
def begin_patch_around_unified(given: Given) -> str:
    return f"*** Begin Patch\n{given.diff}*** End Patch\n"


@lands
def whole_file(given: Given) -> str:
    return f"Here is the corrected file:\n\n```text {given.path}\n{given.new}```\n"


@lands
def whole_file_named_before(given: Given) -> str:
    return f"The new content of `{given.path}`:\n\n```\n{given.new}```\n" if "```" not in given.new else ""


@lands
def path_in_prose(given: Given) -> str:
    return f"In `{given.path}` change this:\n\n" + fence("".join(given.hunks))


@lands
def path_in_info(given: Given) -> str:
    return fence("".join(given.hunks), f"diff {given.path}")


@lands
def path_is_basename(given: Given) -> str:
    given.preferred = (given.path, "scripts/other.sh")
    return dress(given, given.diff.replace(given.path, given.path.rsplit("/", 1)[-1]))


@lands
def path_has_repo_prefix(given: Given) -> str | None:
    if "/" not in given.path:
        return None
    given.preferred = (given.path,)
    return dress(given, given.diff.replace(given.path, "homelab/" + given.path))


@lands
def example_first(given: Given) -> str:
    example = "--- a/path/to/file.sh\n+++ b/path/to/file.sh\n@@ -1,2 +1,3 @@\n line\n+new line\n line\n"
    return "I answer in this format:\n\n" + fence(example) + "\nThe fix itself:\n\n" + fence(given.diff)


@lands
def correction(given: Given) -> str:
    wrong = (
        given.diff.replace("\n+", "\n+wrong ", 1)
        if "\n+" in given.diff[len(header(given.path)) :]
        else given.diff.replace("\n-", "\n ", 1)
    )
    return dress(given, wrong) + "\nWait, that is not right. Corrected version:\n\n" + fence(given.diff)


@lands
def same_diff_twice(given: Given) -> str:
    return fence(given.diff) + "\nAgain, the complete diff:\n\n" + fence(given.diff)


@lands
def commands_around(given: Given) -> str:
    return (
        "First look:\n\n```bash\ngit status\ngrep -n x file\n```\n\n"
        + fence(given.diff)
        + "\nThen run:\n\n```bash\nmake lint\n```\n"
    )


@lands
def two_files(given: Given) -> str | None:
    path, old, new = given.others[0]
    given.want[path] = new.encode()
    second = header(path) + "".join(body(old, new))
    return (
        fence(given.diff + second)
        if given.rng.random() < 0.5
        else fence(given.diff) + "\nand\n\n" + fence(second)
    )


@lands
def note_in_fence(given: Given) -> str:
    return fence(given.diff + "\nFix: Adjusted the setting.\nReason: It failed.\n")


@lands
def mail_signature(given: Given) -> str:
    return f"From 0123 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] fix\n\n---\n file | 2 +-\n\ndiff --git a/{given.path} b/{given.path}\n{given.diff}-- \n2.39.5\n\n"


@lands
def unclosed_fence_right_counts(given: Given) -> str | None:
    if given.hunks[-1][:1] != " ":
        return None
    return given.rng.choice(PROSE) + "```diff\n" + given.diff


@lands
def spaces_in_path(given: Given) -> str:
    path = "my files/" + given.path
    given.raw[path] = given.old.encode()
    given.want.clear()
    given.want[path] = given.new.encode()
    diff = header(path) + "".join(given.hunks)
    return dress(given, f"diff --git a/{path} b/{path}\n{diff}" if given.rng.random() < 0.5 else diff)


@lands
def swapped_hunks(given: Given) -> str | None:
    """Two hunks, the later one first."""
    text = "".join(given.hunks)
    parts = re.split(r"(?m)^(?=@@)", text)[1:]
    return dress(given, header(given.path) + "".join(parts[::-1])) if len(parts) > 1 else None


# --- answers that must be refused ---------------------------------------------------------------------


@refuses
def cut_in_fence(given: Given) -> str | None:
    lines = given.hunks
    last = max(at for at, line in enumerate(lines) if line[:1] in "+-")
    return (
        given.rng.choice(PROSE) + "```diff\n" + header(given.path) + "".join(lines[:last])
        if last > 1
        else None
    )


@refuses
def cut_mid_line(given: Given) -> str | None:
    changed = [at for at, line in enumerate(given.hunks) if line[:1] in "+-" and len(line) > 8]
    if not changed:
        return None
    lines = given.hunks
    return (
        "```diff\n"
        + header(given.path)
        + "".join(lines[: changed[-1]])
        + lines[changed[-1]][: len(lines[changed[-1]]) // 2]
    )


@refuses
def cut_json(given: Given) -> str:
    text = json.dumps({"fix": "Adjusted", "diff": given.diff})
    return text[: int(len(text) * 0.8)]


@refuses
def unfinished_thought(given: Given) -> str:
    return f"<think>\nThe fix may be\n{fence(given.diff)}or something else"


@refuses
def two_alternatives(given: Given) -> str | None:
    other = given.old.replace("\n", "\n# other\n", 1)
    second = header(given.path) + "".join(body(given.old, other))
    return "Option 1:\n\n" + fence(given.diff) + "\nOption 2:\n\n" + fence(second)


@refuses
def two_without_a_word(given: Given) -> str | None:
    changed = re.sub(r"(?m)^\+(.*\w)$", r"+\1_b", given.diff[len(header(given.path)) :], count=1)
    if changed == "".join(given.hunks):
        return None
    return fence(given.diff) + "\n" + fence(header(given.path) + changed)


@refuses
def already_applied(given: Given) -> str:
    given.raw[given.path] = given.new.encode()
    return dress(given, given.diff)


@refuses
def wrong_removed_line(given: Given) -> str | None:
    changed = re.sub(r"(?m)^-(?!--)(.*\w.*)$", r"-\1 and more", given.diff)
    return dress(given, changed) if changed != given.diff else None


@refuses
def invented_context(given: Given) -> str:
    lines = [
        f" something else {at}\n" if line[:1] == " " else "-not there\n" if line[:1] == "-" else line
        for at, line in enumerate(given.hunks)
    ]
    return dress(given, header(given.path) + "".join(lines))


@refuses
def ambiguous_place(given: Given) -> str:
    given.raw[given.path] = (given.old + "# again\n" + given.old).encode()
    return dress(given, re.sub(r"^@@.*$", "@@", given.diff, flags=re.M))


@refuses
def no_such_file(given: Given) -> str:
    return dress(given, given.diff.replace(given.path, "infrastructure/missing/other.sh"))


@refuses
def elided_added(given: Given) -> str | None:
    if given.path.endswith((".yaml", ".yml")):
        return None
    mark = given.rng.choice(
        ("# ... rest of the file unchanged", "...", "# rest unchanged", "// ... existing code ...")
    )
    lines = given.hunks
    at = max(number for number, line in enumerate(lines) if line[:1] in "+-")
    lines.insert(at + 1, f"+{mark}\n")
    return dress(given, header(given.path) + "".join(lines))


@refuses
def elided_whole_file(given: Given) -> str:
    lines = given.new.splitlines(True)
    half = [*lines[: len(lines) // 2], "# ... rest of the file unchanged\n"]
    return f"```text {given.path}\n{''.join(half)}```\n"


@refuses
def part_of_file(given: Given) -> str | None:
    lines = given.new.splitlines(True)
    return f"`{given.path}`:\n\n```\n{''.join(lines[: len(lines) * 2 // 3])}```\n" if len(lines) > 8 else None


@refuses
def no_op(given: Given) -> str:
    return dress(
        given,
        header(given.path)
        + "@@ -1,2 +1,2 @@\n"
        + "".join(" " + line for line in given.old.splitlines(True)[:3]),
    )


@refuses
def prose_only(given: Given) -> str:
    return f"You should change {given.path} so that the setting is right.\n\nFix: change it\n"


@refuses
def overlapping(given: Given) -> str | None:
    text = "".join(given.hunks)
    other = re.sub(r"(?m)^\+(.*\w)$", r"+\1x", text)
    return dress(given, header(given.path) + text + other) if other != text else None


@refuses
def only_added(given: Given) -> str | None:
    added = [line for line in given.hunks if line[:1] == "+"]
    return dress(given, header(given.path) + "@@ -5,0 +6 @@\n" + "".join(added)) if added else None


@refuses
def half_search_replace(given: Given) -> str:
    return f"{given.path}\n<<<<<<< SEARCH\n{given.old.splitlines(True)[0]}=======\nnew\n"


@refuses
def half_begin_patch(given: Given) -> str:
    return f"*** Begin Patch\n*** Update File: {given.path}\n" + re.sub(
        r"^@@.*$", "@@", "".join(given.hunks), flags=re.M
    )


@refuses
def path_escapes(given: Given) -> str:
    return dress(given, given.diff.replace(given.path, "../" + given.path))


@refuses
def unnamed_among_many(given: Given) -> str:
    given.preferred = tuple(given.files)
    return "Apply this:\n\n" + fence("".join(given.hunks))


@refuses
def context_diff(given: Given) -> str:
    return fence(
        "".join(
            difflib.context_diff(
                given.old.splitlines(True), given.new.splitlines(True), given.path, given.path
            )
        )
    )


@refuses
def indentation_lost_in_yaml(given: Given) -> str | None:
    if not given.path.endswith((".yaml", ".yml")) or not any(line.startswith("-  ") for line in given.hunks):
        return None
    return dress(given, re.sub(r"(?m)^([+-])  +", r"\1", "".join([header(given.path), *given.hunks])))
