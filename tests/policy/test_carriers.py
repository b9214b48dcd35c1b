"""Harms and their honest look-alikes, by what carries them."""

from __future__ import annotations

import pytest

from git_executor.domain import EXECUTABLE, REGULAR, Change, Note, Rules, Verdict
from git_executor.policy import judge
from tests.policy.corpus_carriers import CARRIERS, HONEST, HOSTILE

RULES = Rules("s", ("**",), ())
Cells = dict[str, dict[str, list[str]]]


def put(carrier: str, text: str) -> Verdict:
    """The verdict on putting ``text`` where the carrier's honest file has room for it."""
    path, form = CARRIERS[carrier]
    text = text.replace("{{", "{").replace("}}", "}") if "{{" in form or carrier == "workflow" else text
    head, _, tail = form.partition("{}")
    head, tail = (part.replace("{{", "{").replace("}}", "}") for part in (head, tail))
    old, new = (head + tail.removeprefix("\n")).encode(), (head + text + tail).encode()
    mode = EXECUTABLE if path.endswith(".sh") else REGULAR
    note = Note(justification="the new step needs this program from now on")
    return judge([Change(path, old, new, mode, mode)], RULES, note=note)


def _cases(cells: Cells) -> list[object]:
    return [
        pytest.param(carrier, text, id=f"{kind}-{carrier}-{text.strip()[:60]!r}")
        for kind, carriers in cells.items()
        for carrier, texts in carriers.items()
        for text in texts
    ]


@pytest.mark.parametrize(("carrier", "text"), _cases(HOSTILE))
def test_hostile(carrier: str, text: str) -> None:
    assert not put(carrier, text).accepted


@pytest.mark.parametrize(("carrier", "text"), _cases(HONEST))
def test_honest(carrier: str, text: str) -> None:
    assert [str(v) for v in put(carrier, text).violations] == []
