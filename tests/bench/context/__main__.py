"""Does a briefing hold the lines that the right fix needs, and at what price? ``python -m tests.bench.context``.

Beside it stands the way of the predecessor: the whole memo and all files of the stage. The needed lines are those that
the breakage changed (or, where it only added or took lines away, their neighbours); tokens are by the same estimate.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterator

from git_executor.context.briefing import brief, shown
from git_executor.context.redact import Redactor
from git_executor.context.tokens import estimate
from git_executor.domain import Classification, Excerpt, Failure, Limits, Message, Stage, Subject
from tests.bench.context.homelab import BREAKS, FILES, MEMO, STAGES, Break
from tests.fixers.trees import Files

_NOISE = [f"[09:{i // 60:02}:{i % 60:02}] step {i} of 60 is done" for i in range(60)]
_PLACE = re.compile(r"(?P<file>[\w./-]+\.(?:sh|ya?ml|tf))['\"]?(?::| line |: line )\s?(?:line )?(?P<line>[0-9]+)")


def failure(case: Break, line: int) -> Failure:
    """The failure as the log shows it, with no more of a subject than a file and line in the decisive line."""
    said = case.log.replace("{L}", str(line)).split("\n")
    at = max(case.at, -len(said))
    lines = (*_NOISE, *said)
    text = said[at]
    place = _PLACE.search(text)
    subject = Subject(file=place["file"], line=int(place["line"])) if place else Subject()
    message = Message(text, len(lines) + at, subject)
    return Failure(case.stage, Excerpt(lines), message, Classification.UNKNOWN, (), None, "v1:0", "abcd")


def needed(old: str, new: str) -> Iterator[int]:
    """Numbers of the lines of ``new`` that a fix back to ``old`` must see."""
    matcher = difflib.SequenceMatcher(a=old.split("\n"), b=new.split("\n"), autojunk=False)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield from range(first + 1, max(last, first + 1) + 1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--tokens", type=int, default=4000)
    options = parser.parse_args()
    held, ours, theirs, worst = 0, 0, 0, 0
    for case in BREAKS:
        broken = {**FILES, case.path: FILES[case.path].replace(case.old, case.new, 1)}
        if broken == FILES:
            raise SystemExit(f"a case that breaks nothing: {case.old!r}")
        command, patterns = STAGES[case.stage]
        candidates = [path for path in broken if path.startswith(patterns)]
        stage = Stage(case.stage, command=command, files=patterns, architecture_sections=(case.stage,))
        lines = list(needed(FILES[case.path], broken[case.path]))
        briefing = brief(
            failure(case, lines[0]),
            stage,
            Files(broken),
            candidates=candidates,
            memo=MEMO,
            limits=Limits(context_tokens=options.tokens),
            attempt=1,
            redactor=Redactor(),
        )
        if all(shown(briefing, case.path, line) for line in lines):
            held += 1
        elif options.misses:
            parts = [(f.path, [(w.first, len(w.lines)) for w in f.windows]) for f in briefing.files]
            print(f"--- {case.path} {lines}: {failure(case, lines[0]).message.text[:150]}\n    shown {parts}")
        ours += briefing.tokens
        worst = max(worst, briefing.tokens)
        theirs += estimate(MEMO + "".join(broken[path] for path in candidates) + case.log)
    count = len(BREAKS)
    print(f"{'':26}{'cases':>6}{'lines held':>12}{'tokens':>9}{'most':>7}")
    print(f"{'git-executor':26}{count:6}{held / count:12.1%}{ours // count:9}{worst:7}")
    print(f"{'whole memo, whole files':26}{count:6}{1:12.1%}{theirs // count:9}{'':>7}")


if __name__ == "__main__":
    main()
