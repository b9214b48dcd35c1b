"""Failure + stage + tree -> Briefing: everything a fixer is told, rendered under a hard budget of tokens.

The order of the prompt is fixed, the stable parts first, so that a server can reuse its prompt cache between attempts:
contract, stage, memo, files, failure, accepted fix, earlier attempts, contract again. Each part has a share of the
budget of its own, so that a longer history does not move the files. When the sum is still too large, parts shrink
in this order: memo, accepted fix, older attempts' diffs, log, files; the contract never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from git_executor.context import prompt
from git_executor.context.excerpts import choose, hidden_keys, learn, rated
from git_executor.context.logs import log_excerpt
from git_executor.context.memo import memo_sections
from git_executor.context.redact import Redactor
from git_executor.context.tokens import cut, estimate
from git_executor.domain import BURNING, Attempt, Briefing, Failure, Limits, Outcome, Stage, Tree, Window

# Shares of the budget after contract and stage, in percent.
_MEMO, _LOG, _ACCEPTED, _HISTORY = 12, 22, 8, 16
_QUOTED = 160  # characters from which on a quoted line may be cut
_ASIDE = 20  # one part in so many of the budget is kept for what a repair round says
_SHRINK = (
    (1.0, 1.0, 1.0),
    (0.0, 1.0, 1.0),
    (0.0, 0.5, 1.0),
    (0.0, 0.5, 0.6),
    (0.0, 0.0, 0.5),
    (0.0, 0.0, 0.3),
    (0.0, 0.0, 0.15),
)


def brief(
    failure: Failure,
    stage: Stage,
    tree: Tree,
    *,
    candidates: Sequence[str],
    off_limits: Sequence[str] = (),
    missing: Sequence[str] = (),
    memo: str = "",
    section_keywords: Mapping[str, tuple[str, ...]] = {},
    history: Sequence[Attempt] = (),
    accepted: Sequence[Attempt] = (),
    limits: Limits,
    attempt: int,
    redactor: Redactor,
    answer_form: str = "diff",
) -> Briefing:
    """Everything that a fixer is told about ``failure``; ``prompt`` has at most ``limits.context_tokens`` by estimate.

    Reads ``tree`` only, never a worktree. The redactor learns the secrets of all candidates first. Whole files are only
    asked for where the file in question is shown whole; else blocks are.
    """
    learn(tree, [*candidates, *off_limits], redactor)
    concealed = hidden_keys(tree, candidates)
    open_ = [path for path in candidates if path not in concealed]
    fixed = [
        prompt.contract(answer_form),
        redactor.redact(prompt.stage_part(stage, open_, off_limits, missing, limits.context_tokens // 3)),
    ]
    named = (failure.message.subject.file or "").removeprefix("./")
    limit = limits.context_tokens - limits.context_tokens // _ASIDE
    room = max(200, limit - sum(map(estimate, [*fixed, prompt.ending(answer_form, max(open_, key=len, default=""))])) - 24)
    files_read = rated(failure, stage, tree, candidates, redactor)
    sections = [
        redactor.redact(s)
        for s in memo_sections(memo, stage.architecture_sections, section_keywords, failure.message.text)
    ]
    for memo_share, past_share, rest_share in _SHRINK:
        memo_text = cut("\n\n".join(sections), int(room * _MEMO / 100 * memo_share)) if memo_share else ""
        past = [prompt.accepted_part(_accepted(accepted, room * _ACCEPTED // 100, redactor)) if past_share == 1 else ""]
        past.append(prompt.history_part(_history(history, int(room * _HISTORY / 100 * past_share), redactor)))
        log = log_excerpt(failure, int(room * _LOG / 100 * rest_share), redactor)
        share = 100 - _LOG - _HISTORY - (_MEMO if sections else 0) - (_ACCEPTED if accepted else 0)
        files = choose(files_read, failure, tokens=int(room * share / 100 * rest_share))
        likely = named if any(file.path == named for file in files) else files[0].path if files else ""
        ending = prompt.ending(answer_form, likely)
        parts = [*fixed, prompt.memo_part([memo_text] if memo_text else []), prompt.files_part(files, concealed)]
        parts += [prompt.failure_part(failure, log, files, candidates), *past]
        text = redactor.redact("\n\n".join(part for part in parts if part)) + "\n\n" + ending
        tokens = estimate(text)
        if tokens <= limit:
            break
    if answer_form == "file" and not any(f.path == likely and f.whole for f in files):
        return brief(
            failure, stage, tree, candidates=candidates, off_limits=off_limits, missing=missing, memo=memo,
            section_keywords=section_keywords, history=history, accepted=accepted, limits=limits, attempt=attempt,
            redactor=redactor, answer_form="blocks",
        )  # fmt: skip
    return Briefing(
        stage=stage,
        failure=failure,
        candidates=tuple(candidates),
        off_limits=tuple(off_limits),
        missing=tuple(missing),
        files=files,
        history=tuple(history),
        accepted=tuple(accepted),
        prompt=text,
        tokens=tokens,
        budget=limits.context_tokens,
        attempt=attempt,
        placeholders={key: value for key, value in redactor.placeholders.items() if key in text},
    )


def with_feedback(briefing: Briefing, reason: str, nearest: str, path: str = "") -> Briefing:
    """The briefing for a repair round: why the last answer was turned down, and the real lines of ``path`` nearest to it.

    Both must be redacted already; the lines, each behind its number, are shown from now on. At most about 400 tokens of them are shown, and no more than the budget leaves.
    """
    at = briefing.prompt.rfind(prompt.END)
    start = briefing.prompt.rfind(prompt.FEEDBACK, 0, at) if briefing.feedback else -1
    head, end = briefing.prompt[: start if start >= 0 else at], briefing.prompt[at:]
    left = min(400, briefing.budget - estimate(head + prompt.feedback_part([]) + end) - 30)
    said = cut(reason.strip(), max(10, min(150, left)))
    left -= estimate(said) + 20
    files = briefing.files
    if nearest.strip() and left > 30:
        quoted = cut(nearest.rstrip("\n"), left)
        said += "\n\nThe file really has:\n\n" + prompt.fenced(quoted)
        files = tuple(f._replace(windows=(*f.windows, *_quoted(quoted))) if f.path == path else f for f in files)
    text = head + prompt.feedback_part([said]) + end
    return briefing._replace(feedback=(*briefing.feedback, said), prompt=text, tokens=estimate(text), files=files)


def _quoted(text: str) -> Iterator[Window]:
    """The whole lines of a quotation, ``12: text`` each."""
    for line in text.split("\n"):
        number = re.match(r"([0-9]{1,9}): ", line)
        if number and len(line) < _QUOTED:
            yield Window(int(number[1]), (line[number.end() :],))


def shown(briefing: Briefing, path: str, line: int) -> bool:
    """Whether line ``line`` (from 1) of ``path`` was shown."""
    return any(
        window.first <= line < window.first + len(window.lines)
        for file in briefing.files
        if file.path == path
        for window in file.windows
    )


def touches_secret(old: bytes, new: bytes, placeholders: Mapping[str, str]) -> bool:
    """Whether a change removes, adds or moves a line that holds one of the hidden secrets."""
    patterns = [_holder(value.encode("utf-8", "surrogateescape")) for value in placeholders.values()]

    def holding(data: bytes) -> list[bytes]:
        return [line for line in data.split(b"\n") if any(pattern.search(line) for pattern in patterns)]

    return bool(patterns) and holding(old) != holding(new)


def _holder(secret: bytes) -> re.Pattern[bytes]:
    """Finds a secret in a line; one that is a plain word or short counts only as the value that ends the line."""
    if len(secret) >= 6 and not secret.isalpha():
        return re.compile(re.escape(secret))
    return re.compile(rb"[=:\s\"']" + re.escape(secret) + rb"[\"']?[,;]?\s*(?:#.*)?$")


def _accepted(accepted: Sequence[Attempt], tokens: int, redactor: Redactor) -> list[tuple[Attempt, str]]:
    return [(a, cut(redactor.redact(a.diff.rstrip("\n")), tokens)) for a in accepted[:1] if a.diff]


def _history(history: Sequence[Attempt], tokens: int, redactor: Redactor) -> list[tuple[Attempt, str, str]]:
    """The latest attempts with the most room; what all of them say of themselves stays."""
    undone = {record.patch_id for record in history if record.outcome is Outcome.REVERTED}
    tried = [
        a._replace(outcome=Outcome.REVERTED) if a.outcome is Outcome.FIXED and a.patch_id in undone else a
        for a in history
        if a.outcome in BURNING
    ]
    each = tokens // max(1, min(3, len(tried)))
    return [
        (
            a,
            cut(redactor.redact(_said(a)), 60),
            cut(redactor.redact(a.diff.rstrip("\n")), each - 60) if a.diff and each > 100 else "",
        )
        for a in tried[-6:]
    ]


def _said(attempt: Attempt) -> str:
    """Of a fix what it did and why; of another attempt why it failed."""
    if attempt.outcome in (Outcome.FIXED, Outcome.REVERTED):
        return "; ".join(part.strip() for part in (attempt.fix, attempt.reason) if part.strip())
    return (attempt.reason or attempt.fix).strip()
