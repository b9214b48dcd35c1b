"""The corpus: every kind of malformed answer over the files, the same one for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from .files import FILES
from .kinds import LANDS, REFUSES, Case, Given


def cases(seed: int = 1, each: int = 10) -> Iterator[Case]:
    """``each`` cases of every kind, over files chosen at random."""
    pairs = [(path, edit) for path, (_, edits) in FILES.items() for edit in edits]
    for lands, table in ((True, LANDS), (False, REFUSES)):
        for name, kind in table.items():
            rng = random.Random(f"{seed} {name}")
            made = 0
            for path, (find, replace) in rng.sample(pairs, len(pairs)) * 2:
                if made == each:
                    break
                old = FILES[path][0]
                new = old.replace(find, replace)
                if name in ("swapped_hunks",) or rng.random() < 0.25:
                    for find, replace in FILES[path][1]:
                        new = new.replace(find, replace) if find in new else new
                other = rng.choice([name for name in FILES if name != path])
                edit = rng.choice(FILES[other][1])
                given = Given(
                    rng,
                    path,
                    old,
                    new,
                    {name: text for name, (text, _) in FILES.items()},
                    [(other, FILES[other][0], FILES[other][0].replace(*edit))],
                )
                given.want[path] = new.encode()
                answer = kind(given)
                if not answer:
                    continue
                made += 1
                files = {name: text.encode() for name, text in given.files.items()} | given.raw
                yield Case(name, path, files, answer.encode(), given.want if lands else None, given.preferred)
