"""Which parts of which files a reader must see to repair a failure, under a budget of tokens."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from git_executor.context import blocks, hidden, terms
from git_executor.context.redact import Redactor
from git_executor.context.tokens import estimate
from git_executor.domain import Failure, FileExcerpt, Stage, Tree, Window

_BLOCK = 40  # the longest function or mapping that is shown whole around one line
_WHOLE = 100  # files up to this many lines are shown whole when there is room
_COMPANY = 0.3  # how much of what the rest of its document says a line is given: the same words stand in many
_HEADING = 18  # tokens of a file's heading and fences
_MAX_BYTES = 1_000_000


@dataclass
class File:
    """A candidate as it may be shown, and what is chosen of it."""

    path: str
    lines: list[str]  # redacted
    score: float = 0.0
    scores: list[float] = field(default_factory=list)
    terms: list[dict[str, float]] = field(default_factory=list)  # what each line shares with the failure, and its worth
    costs: list[int] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Piece:
    file: File
    anchor: int
    first: int
    last: int  # one past
    value: float


def excerpt_files(
    failure: Failure, stage: Stage, tree: Tree, candidates: Sequence[str], *, tokens: int, redactor: Redactor, whole: int = 0
) -> tuple[FileExcerpt, ...]:
    """The windows of the candidates that bear on the failure, the most telling file first, within ``tokens``.

    Files of at most ``whole`` lines are shown whole while there is room, however little they seem to matter.
    """
    return choose(rated(failure, stage, tree, candidates, redactor), failure, tokens=tokens, whole=whole)


def rated(failure: Failure, stage: Stage, tree: Tree, candidates: Sequence[str], redactor: Redactor) -> list[File]:
    """The candidates that may be shown, redacted, with how much each line has to do with the failure."""
    files = list(_read(tree, candidates, redactor))
    _score(files, failure, stage)
    return files


def choose(files: Sequence[File], failure: Failure, *, tokens: int, whole: int = 0) -> tuple[FileExcerpt, ...]:
    """As ``excerpt_files``, of files that are read already. Where all of them fit, all are shown: the cause of a failure
    need not share a word with what it leads to.
    """
    everything = sum(sum(file.costs) + _HEADING for file in files) <= tokens
    for file in files:
        file.shown = set(range(len(file.lines))) if everything else set()
    if not everything:
        budget = tokens
        for piece in _pieces(files, failure):
            budget -= _take(piece, budget)
        _fill(files, budget, whole)
    ranked = sorted((file for file in files if file.shown), key=lambda f: -f.score)
    return tuple(FileExcerpt(f.path, tuple(_windows(f)), len(f.lines)) for f in ranked)


def learn(tree: Tree, candidates: Iterable[str], redactor: Redactor) -> None:
    """Teach the redactor every secret that stands in the candidates, shown or not."""
    for path in candidates:
        blob = tree.read(path)
        if blob is None or len(blob.data) > _MAX_BYTES:
            continue
        if hidden.is_hidden(path, blob.data):
            for value in hidden.key_values(blob.data):
                redactor.learn(value)
        if b"\0" not in blob.data:
            redactor.learn_from(blob.data.decode("utf-8", "replace"))


def hidden_keys(tree: Tree, candidates: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Path -> names of its keys, for the candidates that are never shown."""
    found = {}
    for path in candidates:
        blob = tree.read(path)
        if blob is not None and hidden.is_hidden(path, blob.data):
            found[path] = hidden.key_names(blob.data)
    return found


def _read(tree: Tree, candidates: Sequence[str], redactor: Redactor) -> Iterable[File]:
    for path in candidates:
        blob = tree.read(path)
        if blob is None or len(blob.data) > _MAX_BYTES or b"\0" in blob.data or hidden.is_hidden(path, blob.data):
            continue
        text = redactor.redact(blob.data.decode("utf-8", "replace"))
        lines = text.split("\n")
        if lines and not lines[-1]:
            lines.pop()
        if lines:
            yield File(path, lines, costs=[estimate(line) - 3 for line in lines])


def _score(files: Sequence[File], failure: Failure, stage: Stage) -> None:
    weights = terms.terms(failure)
    words = [[{w.lower() for w in terms.WORD.findall(line[:2000])} for line in file.lines] for file in files]
    frequency = Counter(word for of_file in words for of_line in of_file for word in of_line & weights.keys())
    total = sum(len(of_file) for of_file in words) or 1
    compounds = [c for c in terms.compounds(failure.message.text) if len(c) > 4]
    for file, of_file in zip(files, words, strict=True):
        file.terms = [
            {w: weights[w] * _rarity(frequency[w], total) for w in of_line & weights.keys()}
            for of_line in of_file
        ]
        file.scores = [sum(terms.values()) for terms in file.terms]
        for first, last in blocks.sections(file.lines):
            together: dict[str, float] = {}
            for terms_of_line in file.terms[first:last]:
                together.update(terms_of_line)
            company = sum(together.values())
            for i in range(first, last):
                if file.scores[i] > 0:
                    file.scores[i] += _COMPANY * (company - file.scores[i])
        for i, line in enumerate(file.lines):
            file.scores[i] += sum(8.0 for compound in compounds if compound in line)
        for number, weight in terms.named_lines(failure, file.path):
            if 1 <= number <= len(file.lines):
                file.scores[number - 1] += weight
        best = sorted(file.scores, reverse=True)[:3]
        file.score = sum(best) / 2 + 2 * terms.mentions(failure, file.path) + (4 if file.path in stage.command else 0)


def _rarity(count: int, total: int) -> float:
    """How much it means that a line holds a word that ``count`` of ``total`` lines hold: few rare words beat many common."""
    return math.log(1 + total / (3 * count)) ** 2 / 6


def _pieces(files: Sequence[File], failure: Failure) -> list[_Piece]:
    pieces: list[_Piece] = []
    for file in files:
        anchors = sorted(range(len(file.lines)), key=lambda i: -file.scores[i])[:8]
        for anchor in anchors:
            if file.scores[anchor] <= 0:
                break
            first, last = blocks.enclosing(file.lines, anchor, most=_BLOCK)
            first, last = max(0, first - 1), min(len(file.lines), last + 1)
            pieces.append(_Piece(file, anchor, first, last, file.scores[anchor] + file.score / 4))
            for header in blocks.headers(file.lines, anchor):
                pieces.append(_Piece(file, header, header, header + 1, file.scores[anchor] + file.score / 4 - 0.1))
    pieces.sort(key=lambda p: -p.value)
    for piece in pieces[:4]:
        names = [n for n in blocks.used_names(piece.file.lines[piece.anchor]) if len(n) > 2]
        for file in files:
            for index, _name in blocks.definitions(file.lines, names)[:6]:
                pieces.append(
                    _Piece(file, index, max(0, index - 1), min(len(file.lines), index + 2), piece.value * 0.7)
                )
    top = pieces[0].value if pieces else 8.0
    said = [word for word in terms.WORD.findall(failure.message.text[:2000]) if len(word) > 2]
    for file in files:
        for index, near in blocks.near_definitions(file.lines, said)[:6]:
            worth = 0.6 if near else 0.4
            pieces.append(_Piece(file, index, max(0, index - 1), min(len(file.lines), index + 3), top * worth))
    return [p for p in sorted(pieces, key=lambda p: -p.value) if p.value >= top * 0.15]


def _take(piece: _Piece, budget: int) -> int:
    """Show the piece, or the nearest lines of it that fit; the tokens that it cost."""
    file = piece.file
    first, last = piece.first, piece.last
    while last > first:
        fresh = [i for i in range(first, last) if i not in file.shown]
        cost = sum(file.costs[i] for i in fresh) + (0 if file.shown else _HEADING)
        if cost <= budget:
            file.shown.update(fresh)
            return cost if fresh else 0
        if piece.anchor - first >= last - 1 - piece.anchor:
            first += 1
        else:
            last -= 1
    return 0


def _fill(files: Sequence[File], budget: int, whole: int) -> None:
    """Use what is left: short files as a whole, the most telling first, then the neighbourhood of what is shown."""
    ranked = sorted(files, key=lambda f: -f.score)
    top = ranked[0].score if ranked else 0
    for file in ranked:
        rest = [i for i in range(len(file.lines)) if i not in file.shown]
        cost = sum(file.costs[i] for i in rest) + (0 if file.shown else _HEADING)
        if rest and len(file.lines) <= max(_WHOLE, whole) and cost <= budget:
            file.shown.update(rest)
            budget -= cost
    for file in ranked[:3]:
        for i in range(min(8, len(file.lines))):
            if i not in file.shown and file.costs[i] <= budget and (file.shown or file.score >= top * 0.5):
                file.shown.add(i)
                budget -= file.costs[i]
        for index in sorted(file.shown):
            for near in range(max(0, index - 6), min(len(file.lines), index + 7)):
                if near not in file.shown and file.costs[near] <= budget:
                    file.shown.add(near)
                    budget -= file.costs[near]


def _windows(file: File) -> Iterable[Window]:
    run: list[int] = []
    for index in [*sorted(file.shown), None]:
        if run and (index is None or index > run[-1] + 2):
            yield Window(run[0] + 1, tuple(file.lines[run[0] : run[-1] + 1]))
            run = []
        if index is not None:
            run.append(index)
