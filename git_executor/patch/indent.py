"""Indentation that a model got wrong for a whole hunk, learnt from its old lines and put right in its new
ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .text import indent_of

# Where indentation is structure a shift could change the meaning of a file.
STRUCTURAL = (".yaml", ".yml", ".py", ".pyi", ".mk", "makefile", "gnumakefile")


def structural(path: str) -> bool:
    return path.lower().rsplit("/", 1)[-1].endswith(STRUCTURAL)


def remap(path: str, old: Sequence[bytes], real: Sequence[bytes], added: Sequence[bytes]) -> list[bytes] | None:
    """``added`` indented as the file is, given that ``old`` stands in the file as ``real``; ``None`` when the
    pairs follow no rule, or the rules that they follow disagree about the added lines."""
    if structural(path):
        return None
    pairs = dict.fromkeys(
        (indent_of(here), indent_of(there)) for here, there in zip(old, real, strict=True) if here.strip()
    )
    wanted = {indent_of(text) for text in added if text.strip()}
    outcomes: list[dict[bytes, bytes]] = []
    for rule in _rules(list(pairs)):
        if all(rule(here) == there for here, there in pairs):
            mapped = {indent: rule(indent) for indent in wanted}
            if None not in mapped.values():
                outcomes.append({key: value for key, value in mapped.items() if value is not None})
    if not outcomes or any(outcome != outcomes[0] for outcome in outcomes):
        return None
    return [outcomes[0][indent_of(text)] + text[len(indent_of(text)) :] if text.strip() else text for text in added]


class _Rule:
    """Called with an indentation of the hunk, gives that of the file, or ``None`` where it has nothing to
    say."""

    def __call__(self, indent: bytes) -> bytes | None:
        raise NotImplementedError


class _Known(_Rule):
    """Only what was seen."""

    def __init__(self, pairs: Sequence[tuple[bytes, bytes]]) -> None:
        self.seen = dict(pairs)

    def __call__(self, indent: bytes) -> bytes | None:
        return self.seen.get(indent)


class _Deeper(_Rule):
    """The file has so much more in front."""

    def __init__(self, more: bytes) -> None:
        self.more = more

    def __call__(self, indent: bytes) -> bytes | None:
        return self.more + indent


class _Shallower(_Rule):
    """The hunk has so much more in front."""

    def __init__(self, less: bytes) -> None:
        self.less = less

    def __call__(self, indent: bytes) -> bytes | None:
        return indent[len(self.less) :] if indent.startswith(self.less) else None


class _Scaled(_Rule):
    """One unit of the hunk is one unit of the file: eight blanks a tab, two blanks four."""

    def __init__(self, unit: bytes, real: bytes) -> None:
        self.unit, self.real = unit, real

    def __call__(self, indent: bytes) -> bytes | None:
        times, rest = divmod(len(indent), len(self.unit))
        return self.real * times if not rest and self.unit * times == indent else None


def _rules(pairs: Sequence[tuple[bytes, bytes]]) -> Iterator[_Rule]:
    if not pairs:
        return
    here, there = pairs[0]
    if there.endswith(here) and there != here:
        yield _Deeper(there[: len(there) - len(here)])
    if here.startswith(there) and here != there:
        yield _Shallower(here[len(there) :])
    indented = [pair for pair in pairs if pair[0] and pair[1]]
    if indented:
        here, there = min(indented, key=lambda pair: len(pair[0]))
        for depth in (1, 2, 3, 4):
            if len(here) % depth == 0 and len(there) % depth == 0:
                yield _Scaled(here[: len(here) // depth], there[: len(there) // depth])
    if len({here for here, _ in pairs}) == len(pairs):
        yield _Known(pairs)
