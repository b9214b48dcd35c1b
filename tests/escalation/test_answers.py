"""The API tier's answers: understood in whatever wrapping they come, refused clearly otherwise."""

from __future__ import annotations

import json
import random

import pytest

from git_executor.errors import ExecutorError
from git_executor.escalation.answers import AnswerError, DiagnosticsRequest, PatchAnswer, parse

DIFF = """--- a/talos/up.sh
+++ b/talos/up.sh
@@ -1,3 +1,3 @@
 set -e
-a
+b {"type": "patch"}
 c
"""
OTHER = DIFF.replace("talos/up.sh", "flux/apps.yaml")
HEAD = '{"type": "patch", "description": "use b", "files_modified": ["talos/up.sh"]}'
ASK = '{"type": "diagnostics", "reason": "is it up?", "commands": ["kubectl get nodes", "df -h"]}'


def fenced(text: str, language: str = "") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


PATCHES = {
    "object and fence": f"{HEAD}\n\n{fenced(DIFF, 'diff')}",
    "prose around": f"Here is my answer.\n\n{HEAD}\n\nThe diff:\n{fenced(DIFF, 'diff')}\nGood luck!",
    "object in a fence": fenced(HEAD, "json") + fenced(DIFF, "diff"),
    "diff first": fenced(DIFF, "diff") + fenced(HEAD, "json"),
    "diff without a fence": f"{HEAD}\n{DIFF}",
    "diff key": json.dumps({**json.loads(HEAD), "diff": DIFF}),
    "diff key with raw newlines": HEAD[:-1] + ', "diff": "' + DIFF.replace('"', '\\"') + '"}',
    "patch key": json.dumps({**json.loads(HEAD), "patch": DIFF}),
    "diff key, fenced inside": json.dumps({**json.loads(HEAD), "diff": fenced(DIFF, "diff")}),
    "diff key as lines": json.dumps({**json.loads(HEAD), "diff": DIFF.split("\n")}),
    "diff key, escaped twice": json.dumps({**json.loads(HEAD), "diff": DIFF.replace("\n", "\\n")}),
    "diff key that points below": json.dumps({**json.loads(HEAD), "diff": "see below"}) + "\n" + fenced(DIFF, "diff"),
    "pretty printed": json.dumps(json.loads(HEAD), indent=4) + "\n" + fenced(DIFF, "diff"),
    "comma too many": HEAD[:-1] + ",}\n" + fenced(DIFF, "diff"),
    "comments": HEAD[:-1] + ", // done\n}\n" + fenced(DIFF, "diff"),
    "single quotes": HEAD.replace('"', "'") + "\n" + fenced(DIFF, "diff"),
    "capital type": HEAD.replace('"patch"', '"Patch"') + "\n" + fenced(DIFF, "diff"),
    "in a list": f"[{HEAD}]\n{fenced(DIFF, 'diff')}",
    "in an envelope": json.dumps({"answer": {**json.loads(HEAD), "diff": DIFF}}),
    "messages API": json.dumps({"content": [{"type": "text", "text": f"{HEAD}\n{fenced(DIFF, 'diff')}"}], "role": "x"}),
    "chat API": json.dumps({"choices": [{"message": {"role": "assistant", "content": f"{HEAD}\n{DIFF}"}}]}),
    "said twice": f"{HEAD}\n{fenced(DIFF, 'diff')}\nAgain:\n{HEAD}\n{fenced(DIFF, 'diff')}",
    "format repeated before": '{"type": "diagnostics", "reason": "...", "commands": ["..."]}\n'
    + f"{HEAD}\n{fenced(DIFF, 'diff')}",
    "windows line ends": f"{HEAD}\n{fenced(DIFF, 'diff')}".replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + f"{HEAD}\n{fenced(DIFF, 'diff')}",
    "braces in prose": "In {the} stage {x: 1} is wrong.\n" + f"{HEAD}\n{fenced(DIFF, 'diff')}",
}


@pytest.mark.parametrize("text", PATCHES.values(), ids=PATCHES)
@pytest.mark.parametrize("encode", [str, str.encode], ids=["text", "bytes"])
def test_a_patch_is_understood(text: str, encode: object) -> None:
    answer = parse(text if encode is str else text.encode())
    assert isinstance(answer, PatchAnswer)
    assert answer.description == "use b"
    assert answer.files_modified == ("talos/up.sh",)
    assert "--- a/talos/up.sh" in answer.text and "+b " in answer.text
    assert "files_modified" not in answer.text


REQUESTS = {
    "plain": ASK,
    "prose around": f"I need to know more.\n{ASK}\nThank you.",
    "fence": fenced(ASK, "json"),
    "no type": ASK.replace('"type": "diagnostics", ', ""),
    "singular": ASK.replace('"diagnostics"', '"diagnostic"'),
    "objects": json.dumps({"type": "diagnostics", "reason": "is it up?",
                           "commands": [{"command": "kubectl get nodes"}, {"cmd": "df -h"}]}),
    "one text": json.dumps({"type": "diagnostics", "reason": "is it up?",
                            "commands": "kubectl get nodes\n# free?\n$ df -h"}),
    "two blocks": '{"type": "diagnostics", "reason": "is it up?", "commands": ["kubectl get nodes"]}\nand\n'
    '{"type": "diagnostics", "reason": "is it up?", "commands": ["df -h"]}',
    "list": "[" + ASK + "]",
    "chat API": json.dumps({"choices": [{"message": {"content": fenced(ASK, "json")}}]}),
    "a patch without a diff as well": f"{HEAD}\nnot yet\n{ASK}",
    "said twice": ASK + ASK,
}  # fmt: skip


@pytest.mark.parametrize("text", REQUESTS.values(), ids=REQUESTS)
def test_a_request_is_understood(text: str) -> None:
    answer = parse(text)
    assert isinstance(answer, DiagnosticsRequest)
    assert answer.commands == ("kubectl get nodes", "df -h")
    assert answer.reason == "is it up?"


NONSENSE = {
    "": "empty",
    " \n\t": "empty",
    "I am sorry, I cannot help with that.": "neither",
    '{"type": "patch", "description": "x", "files_modified": ["a"]}': "holds no diff",
    '{"type": "diagnostics", "reason": "x", "commands": []}': "no commands",
    '{"type": "diagnostics", "reason": "x", "comm': "cut off",
    '{"type": "poem", "text": "x"}': "unknown type 'poem'",
    '{"a": 1}': "no 'type'",
    "[1, 2, 3]": "neither",
    "{" * 50_000: "neither",
    '{"a":' * 5_000: "neither",
    "[" * 100_000: "neither",
    "```json\n" * 20_000: "neither",
    "x" * 1_000_001: "more than",
    "\x00\x01\x02": "neither",
}


@pytest.mark.parametrize("text", NONSENSE, ids=[key[:20] for key in NONSENSE])
def test_nonsense_is_refused_in_one_clear_line(text: str) -> None:
    with pytest.raises(AnswerError) as error:
        parse(text)
    assert NONSENSE[text] in error.value.message
    assert "\n" not in str(error.value)
    assert error.value.hint


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(AnswerError):
        parse(bytes(range(256)) * 10)


def test_patches_of_different_files_belong_together() -> None:
    second = HEAD.replace("talos/up.sh", "flux/apps.yaml")
    answer = parse(f"{HEAD}\n{fenced(DIFF, 'diff')}\n{second}\n{fenced(OTHER, 'diff')}")
    assert isinstance(answer, PatchAnswer)
    assert answer.files_modified == ("talos/up.sh", "flux/apps.yaml")
    assert "+++ b/talos/up.sh" in answer.text and "+++ b/flux/apps.yaml" in answer.text


def test_of_two_patches_of_one_file_the_last_one_counts() -> None:
    answer = parse(f"{HEAD}\n{fenced(DIFF)}\nNo, rather:\n{HEAD}\n{fenced(DIFF.replace('+b', '+better'))}")
    assert isinstance(answer, PatchAnswer)
    assert "+better" in answer.text and "+b {" not in answer.text
    assert "the last one is taken" in answer.warnings[0]


def test_a_patch_goes_before_a_question() -> None:
    answer = parse(f"{HEAD}\n{fenced(DIFF, 'diff')}\n{ASK}")
    assert isinstance(answer, PatchAnswer)
    assert "also asks for diagnostics" in answer.warnings[0]
    assert "kubectl" not in answer.text


def test_a_lone_diff_is_a_patch() -> None:
    answer = parse("This should do:\n" + fenced(DIFF, "diff"))
    assert isinstance(answer, PatchAnswer)
    assert answer.files_modified == ("talos/up.sh",)
    assert answer.warnings


def test_without_files_modified_the_headers_count() -> None:
    answer = parse('{"type": "patch", "description": "x"}\n' + fenced(DIFF + OTHER, "diff"))
    assert isinstance(answer, PatchAnswer)
    assert answer.files_modified == ("talos/up.sh", "flux/apps.yaml")


def test_json_inside_a_diff_is_content() -> None:
    evil = DIFF.replace('{"type": "patch"}', ASK)
    answer = parse(f"{HEAD}\n{fenced(evil, 'diff')}")
    assert isinstance(answer, PatchAnswer)
    assert ASK in answer.text


def test_damaged_answers_never_raise_anything_else() -> None:
    rng = random.Random(8)
    seeds = [*PATCHES.values(), *REQUESTS.values()]
    for _ in range(3000):
        text = rng.choice(seeds)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(text) + 1)
            kind = rng.randrange(4)
            if kind == 0:
                text = text[:at]
            elif kind == 1:
                text = text[:at] + rng.choice("{}[]\"'\\`\n,:\x00\u2028") * rng.randint(1, 5) + text[at:]
            elif kind == 2:
                text = text[:at] + text[at + rng.randint(1, 30) :]
            else:
                text += rng.choice(seeds)
        try:
            answer = parse(text)
        except ExecutorError:
            continue
        assert isinstance(answer, (PatchAnswer, DiagnosticsRequest))
