"""git: history, differences, what is where.

Git reads options from its configuration that start programs, so these are switched off on every call. Left out on
purpose: ``-c``, ``--git-dir``, ``--output``, ``-O``, ``--ext-diff``, ``--textconv``, ``--no-index``, ``--contents``,
``--upload-pack``, ``grep -O|-f``, ``config`` but of harmless keys, and every verb that writes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from git_executor.escalation.diagnostics.grammar import Check, Form, Reading, Tool, flags, form
from git_executor.escalation.diagnostics.kinds import KINDS
from git_executor.escalation.diagnostics.paths import Place, secret_globs
from git_executor.escalation.diagnostics.words import Refused, Word

_DIFF = """
    --stat=[COLUMNS] --shortstat --numstat --name-only --name-status --summary --raw -p|-u|--patch -s|--no-patch
    -U|--unified=INT -w|--ignore-all-space -b|--ignore-space-change --ignore-blank-lines -M|--find-renames=[WORD]
    --no-renames --color=[{never,auto,always}] --no-color --word-diff=[NAME] --diff-filter=WORD -z --check
    --compact-summary
    --no-ext-diff --no-textconv -S=TEXT -G=TEXT --pickaxe-regex --minimal --patience --histogram --abbrev=[INT]
    --full-index --relative --dirstat --exit-code --quiet -R
"""
_LOG = """
    -n|--max-count=INT --oneline --graph --decorate=[NAME] --no-decorate --all --branches=[TEXT] --tags=[TEXT]
    --remotes=[TEXT] --since|--after=TEXT --until|--before=TEXT --author=TEXT --committer=TEXT --grep=TEXT
    -i|--regexp-ignore-case -E|--extended-regexp -F|--fixed-strings --invert-grep --all-match --format=TEXT --not
    --pretty=[TEXT] --abbrev-commit --no-abbrev-commit --date=TEXT --merges --no-merges --first-parent --reverse
    --follow --skip=INT --topo-order --date-order -L=TEXT --cherry-pick --left-right --no-notes --full-history
    --simplify-by-decoration --ancestry-path -m -c --cc --boundary --reflog -g|--walk-reflogs --source --parents
"""
# git chooses the files itself here: secrets that were committed stay out of sight.
_NO_SECRETS = tuple(f":(exclude,glob,icase){pattern}" for pattern in secret_globs())
_DRY = "--no-ext-diff --no-textconv"


def _listing(*needed: str) -> Check:
    """branch and tag create what a bare argument names, unless an option makes them list."""

    def check(reading: Reading, place: Place) -> None:
        if reading.args and not any(name in reading.flags for name in needed):
            raise Refused(f"a bare name would be created; after {needed[0]} it is only looked for")

    return check


def _line_ranges(reading: Reading, place: Place) -> None:
    """``-L start,end:path`` names a file behind a colon."""
    for value in reading.flags.get("-L", ()):
        _, colon, path = value.rpartition(":")
        if colon:
            KINDS["TRACKED"](Word(path), place)


def _stays_inside(reading: Reading, place: Place) -> None:
    """``git diff`` of two paths outside the repository compares them as plain files."""
    for arg in reading.args:
        KINDS["REVISION"](Word(arg), place)


def _grep_paths(reading: Reading, place: Place) -> None:
    """The pattern comes first unless ``-e`` gave it; what follows are revisions and paths."""
    for arg in reading.args[0 if "-e" in reading.flags else 1 :]:
        KINDS["REVISION"](Word(arg), place)


def _hidden(reading: Reading, place: Place) -> Sequence[str]:
    return _NO_SECRETS


def _hidden_in_commits(reading: Reading, place: Place) -> Sequence[str]:
    """For commits that are shown with their changes. ``--sparse`` keeps those that change nothing else (or nothing at
    all, as many records of this program do), which a pathspec alone would drop."""
    if any(":" in arg for arg in reading.args) or reading.flags.keys() & {"-L", "--follow"}:
        return ()  # one file, whose name was judged already; git takes no second pathspec there
    named = any(os.path.lexists(os.path.join(place.root, arg)) for arg in reading.args)
    return _NO_SECRETS if named else ("--sparse", *_NO_SECRETS)


def _hidden_in_patches(reading: Reading, place: Place) -> Sequence[str]:
    patch = reading.flags.keys() & {"-p", "-U", "--cc", "-c", "-m", "--word-diff", "--check"}
    return _hidden_in_commits(reading, place) if patch else ()


_REVS = "[REVISION...]"

_FORMS: dict[str, Form] = {
    "status": form(
        """-s|--short -b|--branch --porcelain=[{v1,v2,1,2}] --long -v|--verbose -u|--untracked-files=[{no,normal,all}]
        --ignored=[NAME] --show-stash --ahead-behind --no-ahead-behind -z""",
        "[TRACKED...]",
    ),
    "log": form(_LOG + _DIFF, _REVS, inject=_DRY, check=_line_ranges, append=_hidden_in_patches),
    "show": form(_LOG + _DIFF, _REVS, inject=_DRY, check=_line_ranges, append=_hidden_in_commits),
    "diff": form(
        _DIFF + " --cached|--staged --merge-base", _REVS, inject=_DRY, append=_hidden, check=_stays_inside
    ),
    "diff-tree": form(_DIFF + " -r -t -m -c --cc --root --no-commit-id --format=TEXT", _REVS, inject=_DRY,
                      append=_hidden),
    "shortlog": form("-s|--summary -n|--numbered -e|--email --since=TEXT --until=TEXT --all", "REVISION [REVISION...]"),
    "blame": form("-L=TEXT -w -M -C --date=NAME -s -e -l -t --porcelain --line-porcelain", "REVISION [REVISION]",
                  inject="--no-textconv"),
    "branch": form(
        """-a|--all -r|--remotes -v|--verbose -l|--list --show-current --contains=REVISION --no-contains=REVISION
        --merged=[REVISION] --no-merged=[REVISION] --sort=WORD --points-at=REVISION --format=TEXT --no-color
        --color=[{never,auto,always}] --abbrev=[INT]""",
        "[TRACKED...]",
        check=_listing("-l"),
    ),
    "tag": form(
        """-l|--list --contains=REVISION --no-contains=REVISION --merged=[REVISION] --sort=WORD --points-at=REVISION
        --format=TEXT -n""",
        "[TRACKED...]",
        check=_listing("-l"),
    ),
    "remote": form("-v|--verbose"),
    "remote get-url": form("--all --push", "REMOTE"),
    "remote show": form("-n", "[REMOTE]"),
    "rev-parse": form(
        """--short=[INT] --verify -q|--quiet --abbrev-ref=[NAME] --symbolic-full-name --show-toplevel
        --is-bare-repository --is-inside-work-tree --is-shallow-repository --git-dir --git-common-dir --show-prefix
        --show-cdup --all""",
        _REVS,
    ),
    "rev-list": form("--count --left-right --oneline --objects --disk-usage " + _LOG, _REVS),
    "ls-files": form(
        """-c|--cached -d|--deleted -m|--modified -o|--others -i|--ignored -s|--stage -u|--unmerged -t -v -z
        --exclude-standard --error-unmatch --full-name --eol --deduplicate""",
        "[TRACKED...]",
    ),
    "ls-tree": form("-r -d -t -l|--long --name-only --name-status --full-name --full-tree -z --abbrev=[INT]",
                    "REVISION [TRACKED...]"),
    "ls-remote": form("-h|--heads --branches -t|--tags --refs -q|--quiet --symref --exit-code --sort=WORD",
                      "[REMOTE] [TRACKED...]"),
    "cat-file": form("-t -s -e -p", "REVISION"),
    "describe": form("--tags --always --all --long --dirty=[WORD] --abbrev=[INT] --match=TEXT --exact-match", _REVS),
    "merge-base": form("-a|--all --is-ancestor --octopus --fork-point", "REVISION [REVISION...]"),
    "name-rev": form("--name-only --tags --always", "REVISION"),
    "show-ref": form("--heads --tags -s|--hash=[INT] --verify -d|--dereference -q|--quiet --head", "[TRACKED...]"),
    "for-each-ref": form("--count=INT --sort=WORD --format=TEXT --contains=REVISION --merged=[REVISION]"
                         " --points-at=REVISION", "[TRACKED...]"),
    "reflog": form("-n=INT --date=TEXT --oneline --all"),
    "reflog show": form("-n=INT --date=TEXT --oneline --all", "[REVISION]"),
    "stash list": form("-n=INT --oneline --date=TEXT"),
    "worktree list": form("--porcelain -v|--verbose"),
    "check-ignore": form("-v|--verbose -n|--non-matching --no-index", "TRACKED..."),
    "check-attr": form("-a|--all", "TRACKED..."),
    "count-objects": form("-v|--verbose -H|--human-readable"),
    "grep": form(
        """-n|--line-number -i|--ignore-case -l|--files-with-matches|--name-only -L|--files-without-match -c|--count
        -E|--extended-regexp -F|--fixed-strings -P|--perl-regexp -G|--basic-regexp -w|--word-regexp -v|--invert-match
        -h -H -o|--only-matching -q|--quiet -A|--after-context=INT -B|--before-context=INT -C|--context=INT -W
        -p|--show-function --heading --break --column --cached --no-color --color=[{never,auto,always}] -e=TEXT --and
        --or --not --all-match --max-depth=INT -I -a|--text -m|--max-count=INT""",
        "[TEXT...]",
        inject="--no-textconv",
        append=_hidden,
        check=_grep_paths,
    ),
    "config": form("--get --local", "GITKEY", needs="--get"),
    "submodule status": form("--cached --recursive"),
    "fsck": form("--full --no-full --connectivity-only --no-dangling --no-progress --strict --no-reflogs"),
    "version": form("--build-options"),
}  # fmt: skip


TOOLS = (
    Tool(
        "git",
        _FORMS,
        flags("-C=INSIDE --no-pager --no-optional-locks -P"),
        prepend=(
            "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.pager=cat",
            "-c", "diff.external=", "-c", "core.sshCommand=ssh -oBatchMode=yes", "-c", "core.askPass=true",
            "-c", "credential.helper=", "-c", "safe.bareRepository=explicit", "-c", "log.showSignature=false",
            "-c", "protocol.ext.allow=never",
        ),
        number="-n",
    ),
)  # fmt: skip
