"""The Case File: everything about one stubborn failure that the API tier, or a tired person, needs to decide.

``build`` chooses, redacts and trims; ``CaseFile`` only holds the result, and both of its forms (``to_markdown``,
``to_json``) show the same content. The same input gives the same bytes. A later version (``round`` 2, 3) is the
first one plus what the diagnostics said, because diagnostics have a budget of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from git_executor.domain import Attempt, Failure, FileExcerpt, Limits, Outcome, Stage
from git_executor.errors import ExecutorError
from git_executor.escalation import casefile_page, sections
from git_executor.escalation.plaintext import one_line, tokens, visible
from git_executor.escalation.results import CommandResult
from git_executor.escalation.sections import Diagnosed, FilePart, Omission, Past, Purse, Segment

SCHEMA_VERSION = 1

# The API tier reads more than a small local model does, yet a focused page is read better than a long one:
# budgets are multiples of what the context map grants the local model.
_EVIDENCE_SHARE = 3
_DIAGNOSTICS_SHARE = 2


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One failure, ready to be handed on. All text is redacted and free of invisible characters.

    ``version`` is the round (v1, v2, ...); ``listed`` are the files that an answering patch may change;
    ``tokens`` estimates the size of the Markdown form's evidence.
    """

    version: int
    max_rounds: int
    created: str
    stage: Stage
    error_hash: str
    fingerprint: str
    attempts: int
    max_attempts: int
    classification: str
    runner_up: str
    evidence: tuple[str, ...]
    message: str
    message_line: int | None
    subject: tuple[tuple[str, str], ...]
    log_source: str
    log_truncated: bool
    log: tuple[Segment, ...]
    history: tuple[Past, ...]
    notes: tuple[str, ...]
    look_at: tuple[str, ...]
    diagnostics: tuple[Diagnosed, ...]
    files: tuple[FilePart, ...]
    memo: tuple[str, ...]
    listed: tuple[str, ...]
    limits: Limits
    omitted: tuple[Omission, ...]
    tokens: int

    def to_markdown(self) -> str:
        return casefile_page.render(self)

    def to_json(self) -> str:
        """The same content as one JSON object, valid against ``ai/state/case_file.schema.json``."""
        return json.dumps(self._to_dict(), indent=2, ensure_ascii=True) + "\n"

    def _to_dict(self) -> dict[str, Any]:
        stage = self.stage._asdict()
        wanted = ("name", "description", "command", "files", "success_criteria", "diagnostics", "verify")
        return {
            "schema": SCHEMA_VERSION,
            "version": self.version,
            "max_rounds": self.max_rounds,
            "created": self.created,
            "stage": {key: stage[key] for key in wanted},
            "error_hash": self.error_hash,
            "fingerprint": self.fingerprint,
            "attempts": self.attempts,
            "max_attempts": self.max_attempts,
            "classification": self.classification,
            "runner_up": self.runner_up or None,
            "evidence": list(self.evidence),
            "message": {"text": self.message, "line": self.message_line, "subject": dict(self.subject)},
            "log": {
                "source": self.log_source,
                "truncated": self.log_truncated,
                "segments": [asdict(segment) for segment in self.log],
            },
            "previous_attempts": [asdict(past) for past in self.history],
            "notes": list(self.notes),
            "look_at": list(self.look_at),
            "diagnostics": [asdict(result) for result in self.diagnostics],
            "files": [asdict(part) for part in self.files],
            "architecture": list(self.memo),
            "omitted": [asdict(omission) for omission in self.omitted],
            "constraints": {
                "files_allowed": list(self.listed),
                "preferred_changed_lines": self.limits.preferred_changed_lines,
                "max_changed_lines": self.limits.max_changed_lines,
                "rules": list(casefile_page.RULES),
            },
            "answer_formats": casefile_page.ANSWER_FORMATS,
            "tokens": self.tokens,
        }


def build(
    *,
    failure: Failure,
    stage: Stage,
    files: Sequence[FileExcerpt],
    memo: Sequence[str],
    history: Sequence[Attempt],
    notes: Sequence[str] = (),
    diagnostics: Sequence[CommandResult] = (),
    round: int = 1,
    limits: Limits,
    redact: Callable[[str], str],
    listed: Sequence[str],
    created: str,
) -> CaseFile:
    """Choose, redact and trim. ``files``, ``memo`` and ``history`` come in order of importance, oldest attempt first.

    ``redact`` is asked about whole blocks, not about lines, since a key spans lines; it is expected to keep what
    is harmless. What the budget leaves out is named in ``omitted``, so that a reader can ask for it.
    """

    def clean(text: str) -> str:
        return visible(redact(text))

    def short(text: str, limit: int = 400) -> str:
        return one_line(redact(text), limit)

    evidence = tuple(
        f"{item.signature} ({item.classification}): {short(item.line)}" for item in failure.evidence[:_EVIDENCE_ITEMS]
    )
    purse = Purse(limits.context_tokens * _EVIDENCE_SHARE)
    purse.pay(tokens("\n".join((*evidence, failure.message.text[:2000]))))
    log = sections.log(failure, clean, purse)
    remarks = sections.notes(notes, clean, purse.share(0.2))
    past = sections.history(history, clean, purse.share(0.35))
    parts = sections.files(files, clean, purse.share(0.85))
    excerpts = sections.memo(memo, clean, purse.share(1.0))
    extra = Purse(limits.context_tokens * _DIAGNOSTICS_SHARE)
    diagnosed = sections.diagnostics(diagnostics, clean, extra.share(1.0))
    subject = failure.message.subject
    return CaseFile(
        version=round,
        max_rounds=limits.max_api_rounds,
        created=created,
        stage=sections.stage(stage, short),
        error_hash=failure.error_hash,
        fingerprint=failure.fingerprint,
        attempts=sum(1 for attempt in history if attempt.outcome in _ATTEMPTED),
        max_attempts=limits.max_attempts,
        classification=str(failure.classification),
        runner_up=str(failure.runner_up or ""),
        evidence=evidence,
        message=short(failure.message.text, 2000),
        message_line=failure.excerpt.number(failure.message.index),
        subject=tuple((name, short(str(value))) for name, value in subject._asdict().items() if value is not None),
        log_source=short(failure.excerpt.source),
        log_truncated=failure.excerpt.truncated,
        log=log,
        history=past.shown,
        notes=remarks.shown,
        look_at=sections.look_at(failure, short),
        diagnostics=diagnosed.shown,
        files=parts.shown,
        memo=excerpts.shown,
        listed=tuple(dict.fromkeys(visible(path) for path in listed)),
        limits=limits,
        omitted=remarks.omitted + past.omitted + parts.omitted + excerpts.omitted + diagnosed.omitted,
        tokens=purse.paid + extra.paid,
    )


# Records of other kinds (handed on, reset, reverted) stand in the same history.
_ATTEMPTED = (Outcome.FIXED, Outcome.DECLINED, Outcome.REJECTED, Outcome.REPEATED)
_EVIDENCE_ITEMS = 8


def file_stem(stage: str, error_hash: str, version: int) -> str:
    """``stage@hash-v1``. ``@`` stands in no stage name and no hash, so two keys never share a file; ``:``, which a
    hash may hold and some file systems may not, is written ``+``."""
    return f"{stage}@{error_hash.replace(':', '+')}-v{version}"


def write(case: CaseFile, directory: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write both forms into ``directory`` (made when missing) and return their paths, Markdown first.

    Each file appears whole or not at all, the JSON one first: whoever sees the page finds its twin.
    Raises ``ExecutorError`` when the file system says no.
    """
    folder = Path(directory)
    stem = file_stem(case.stage.name, case.error_hash, case.version)
    page, twin = folder / f"{stem}.md", folder / f"{stem}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(twin, case.to_json().encode("ascii"))
        replace_file(page, case.to_markdown().encode("utf-8"))
    except OSError as e:
        raise ExecutorError(
            f"{e.filename or folder}: cannot write the Case File: {e.strerror}", hint="check the folder and its owner"
        ) from None
    return page, twin


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` in one step: readers see the old file or the new one. Raises ``OSError``."""
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
