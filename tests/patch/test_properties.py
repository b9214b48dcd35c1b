
"""Properties over random files and edits."""

from __future__ import annotations

import random

from hypothesis import given, settings, strategies as st

from git_executor.domain import Change
from git_executor.errors import PatchError
from git_executor.patch import count_changed_lines, read_answer, render, second_reader

from .trees import MemoryTree

PATH = "dir/file.txt"

line = st.one_of(
    st.sampled_from(
        [b"", b"}", b"  fi", b"-- x", b"++ y", b"@@ z", b"\\ No newline", b"\x0c", b"\xef\xbb\xbf", b"\t"]
    ),
    st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"").replace(b"\0", b"")),
    st.sampled_from([b"key: value", b"  - item", b"echo done", b"return 0"]),
)
ending = st.sampled_from([b"\n", b"\n", b"\n", b"\r\n"])
content = st.lists(st.tuples(line, ending), max_size=30).flatmap(
    lambda pairs: st.sampled_from(
        [b"".join(a + b for a, b in pairs), b"".join(a + b for a, b in pairs).removesuffix(b"\n")]
    )
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, bytes]:
    old = draw(content)
    lines = old.split(b"\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines)))
        match draw(st.sampled_from(["insert", "delete", "replace"])):
            case "insert":
                lines.insert(at, draw(line))
            case "delete":
                del lines[at : at + 1]
            case "replace":
                lines[at : at + 1] = [draw(line)]
    return old, b"\n".join(lines)


@settings(max_examples=300, deadline=None)
@given(edited(), st.booleans())
def test_diff_then_read_is_identity(pair: tuple[bytes, bytes], fenced: bool) -> None:
    old, new = pair
    if old == new or old.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    change = Change(PATH, old, new)
    diff = render([change])
    assert second_reader(diff) == count_changed_lines([change])
    answer = b"Here it is:\n\n```diff\n" + diff + b"```\n" if fenced else diff
    try:
        reading = read_answer(answer, MemoryTree({PATH: old}))
    except PatchError as error:
        # Where an added line is one that stands for others, or the answer is no text, a refusal is right.
        assert error.kind in ("elided", "malformed")
        return
    assert [(one.path, one.old, one.new) for one in reading.changes] == [(PATH, old, new)]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading_or_a_refusal(data: bytes) -> None:
    _reads_or_refuses(data)


TOKENS = [
    b"```", b"```diff\n", b"\n", b"@@", b"@@ -1,2 +1,3 @@\n", b"--- a/dir/file.txt\n", b"+++ b/dir/file.txt\n", b"<think>",
    b"</think>\n", b"<<<<<<< SEARCH\n", b"=======\n", b">>>>>>> REPLACE\n", b"*** Begin Patch\n",
    b"*** Update File: dir/file.txt\n", b"*** End Patch\n", b'{"diff": "', b"\\n", b"\\ud800", b"&lt;", b"\xff", b"    ",
    b"> ", b"+key: other\n", b"-key: value\n", b" key: value\n", b"\r", b"rename from a\n", b"new mode 100755\n",
    b"--- /dev/null\n", b"+++ /dev/null\n", b"../", b"/", b"\\ No newline at end of file\n", b"[" * 50, b'"',
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map(b"".join))
def test_any_heap_of_marks_gives_a_reading_or_a_refusal(data: bytes) -> None:
    _reads_or_refuses(data)


def _reads_or_refuses(data: bytes) -> None:
    old = b"key: value\n  - item\necho done\n"
    try:
        reading = read_answer(data, MemoryTree({PATH: old}), preferred=(PATH,))
    except PatchError as error:
        assert error.kind and error.message and "\n" not in error.message
        return
    assert reading.changes
    second_reader(render(reading.changes))


WORDS = ["image", "replicas", "ports", "command", "volume", "network", "secret", "token", "hosts", "probe"]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str, str]:
    """A file of distinct lines, an edit of it, and a diff of the edit with faults in all but its changed lines."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    lines = [
        f"{'  ' * rng.randrange(3)}{rng.choice(WORDS)}_{number}: {rng.randrange(100)}" for number in range(30)
    ]
    at = rng.randrange(4, 26)
    old = "\n".join(lines) + "\n"
    match rng.randrange(3):
        case 0:
            lines[at] += "0"
        case 1:
            lines.insert(at, "  added_here: 1")
        case 2:
            del lines[at]
    new = "\n".join(lines) + "\n"
    names, body = render([Change("a/f.conf", old.encode(), new.encode())]).decode().split("\n@@", 1)
    hunk = ("@@" + body).splitlines()
    for _ in range(rng.randrange(1, 4)):
        context = [place for place, text in enumerate(hunk) if text.startswith(" ")]
        if not context:
            break
        place = rng.choice(context)
        match rng.randrange(8):
            case 0:
                hunk[0] = (
                    f"@@ -{rng.randrange(60)},{rng.randrange(9)} +{rng.randrange(60)},{rng.randrange(9)} @@"
                )
            case 1:
                hunk[0] = "@@"
            case 2:
                del hunk[place]
            case 3:
                hunk[place] += "  "
            case 4:
                hunk[place] += " # no"
            case 5:
                hunk.insert(place, hunk[place])
            case 6:
                hunk[place] = hunk[place][1:]
            case 7:
                hunk.insert(place, " ")
    return old, new, f"```diff\n{names}\n" + "\n".join(hunk) + "\n```\n"


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_a_faulty_diff_gives_what_was_meant_or_a_refusal(case: tuple[str, str, str]) -> None:
    old, new, answer = case
    try:
        reading = read_answer(answer, MemoryTree({"a/f.conf": old.encode()}))
    except PatchError:
        return
    assert [change.new for change in reading.changes] == [new.encode()]


@st.composite
def repetitive(draw: st.DrawFn) -> tuple[str, str, str]:
    """Blocks that differ in their first line alone, an edit inside one, and its diff with one context line less or
    more; counts and numbers of the header stay those of the true diff."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    lines = [
        text
        for number in range(rng.randrange(3, 8))
        for text in (f"host_{number}:", "  image: nginx", "  replicas: 1", "  port: 8080", "  port: 8080", "  restart: yes")
    ]
    at = rng.randrange(1, len(lines))
    old = "\n".join(lines) + "\n"
    if rng.random() < 0.5:
        lines.insert(at, "  added: here")
    else:
        lines[at] += "0"
    new = "\n".join(lines) + "\n"
    names, body = render([Change("f.conf", old.encode(), new.encode())]).decode().split("\n@@", 1)
    hunk = ("@@" + body).splitlines()
    context = [place for place, text in enumerate(hunk) if text.startswith(" ")]
    place = rng.choice(context)
    hunk[place : place + 1] = [] if rng.random() < 0.5 else [hunk[place]] * 2
    return old, new, f"```diff\n{names}\n" + "\n".join(hunk) + "\n```\n"


@settings(max_examples=300, deadline=None)
@given(repetitive())
def test_a_line_too_few_in_a_file_that_repeats_itself_lands_nowhere_else(case: tuple[str, str, str]) -> None:
    old, new, answer = case
    try:
        reading = read_answer(answer, MemoryTree({"f.conf": old.encode()}))
    except PatchError:
        return
    assert [change.new for change in reading.changes] == [new.encode()]
