"""The review as one self-contained page: no script, no request to anywhere, nothing that a diff says can act."""

from __future__ import annotations

import time
from collections.abc import Sequence
from html import escape

from git_executor.domain import Attempt
from git_executor.review.states import standing

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --add: #2a7d3c; --del: #b3362b; --dim: #777; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .3rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .6rem .2rem 0; }
tr { border-bottom: 1px solid var(--line); } code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { border: 1px solid var(--line); padding: .6rem; overflow-x: auto; } dt { color: var(--dim); float: left; width: 7rem; }
dd { margin: 0 0 .1rem 7rem; } .add { color: var(--add); } .del { color: var(--del); } .at { color: var(--dim); }
"""
_HEAD = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
)


def render(branch: str, base: str, records: Sequence[Attempt]) -> str:
    """The page for ``records`` (newest first, fixes with their diffs)."""
    fixes = standing(records)
    title = f"{branch} over {base}"
    parts = [
        f"{_HEAD}<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f"<p>{len(fixes)} fixes wait for review, out of {len(records)} records.</p>",
        *map(_fix, fixes),
        "<h2>All records</h2><table><tr><th>commit<th>stage<th>error<th>attempt<th>outcome<th>what</tr>",
        *map(_row, records),
        "</table></body></html>\n",
    ]
    return "\n".join(parts)


def _fix(record: Attempt) -> str:
    facts = [
        ("commit", record.commit[:12]),
        ("when", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(record.when))),
        ("reason", record.reason),
        ("failure", record.classification),
        ("fixer", record.fixer),
        ("verified", record.verified),
        ("error", f"{record.error_hash}, attempt {record.number}"),
    ]
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return f"<h2>{escape(record.stage)}: {escape(record.fix)}</h2><dl>{rows}</dl><pre>{_diff(record.diff)}</pre>"


def _diff(diff: str) -> str:
    shown = []
    for line in visible(diff).split("\n"):
        kind = {"+": "add", "-": "del", "@": "at"}.get(line[:1])
        text = escape(line)
        shown.append(f'<span class="{kind}">{text}</span>' if kind else text)
    return "\n".join(shown)


def visible(text: str) -> str:
    """Nothing hides from a reviewer: what does not print, or turns the text around, is shown as an escape."""
    return "".join(
        c if c in "\t\n" or c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text
    )


def _row(record: Attempt) -> str:
    cells = (record.commit[:12], record.stage, record.error_hash, str(record.number), str(record.outcome))
    what = record.fix or record.reason
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in (*cells, what)) + "</tr>"
