"""Reading files, and the filters that may stand behind a pipe.

Left out on purpose: ``tail -f`` and friends (never end), ``sort -o``, a second argument of ``uniq`` (write),
``sort --compress-program`` (executes), ``sort -T`` (writes elsewhere), ``grep -f``, ``jq -f|-L|--rawfile``,
``wc --files0-from`` (read other files).
"""

from __future__ import annotations

from git_executor.escalation.diagnostics import paths
from git_executor.escalation.diagnostics.grammar import Reading, Tool, form
from git_executor.escalation.diagnostics.kinds import KINDS
from git_executor.escalation.diagnostics.paths import Place
from git_executor.escalation.diagnostics.words import Refused

_GREP_FLAGS = """
    -E|--extended-regexp -F|--fixed-strings -G|--basic-regexp -P|--perl-regexp -i|-y|--ignore-case --no-ignore-case
    -v|--invert-match -w|--word-regexp -x|--line-regexp -c|--count -l|--files-with-matches -L|--files-without-match
    -o|--only-matching -q|--quiet|--silent -s|--no-messages -n|--line-number -H|--with-filename -h|--no-filename
    -b|--byte-offset -a|--text -I -Z|--null -z|--null-data -T|--initial-tab -U|--binary --line-buffered
    -A|--after-context=INT -B|--before-context=INT -C|--context=INT -m|--max-count=INT -e|--regexp=TEXT
    --color|--colour=[{never,auto,always}] --include=TEXT --exclude=TEXT --exclude-dir=TEXT -r|-R|--recursive
"""


def _grep(reading: Reading, place: Place) -> list[str]:
    """The pattern comes first, unless ``-e`` gave it; what follows are files. A search through folders is spelled
    out as the files that may be read, since grep itself would open every secret on its way."""
    words = list(reading.written)
    pattern = [] if "-e" in reading.flags else [word.text for word in words[:1]]
    if not pattern and "-e" not in reading.flags:
        raise Refused("grep needs a pattern")
    named = words[len(pattern) :]
    options = [word for word in reading.options if word not in ("-r", "-R", "--recursive")]
    files = [file for word in named for file in KINDS["READ"](word, place)]
    if "-r" in reading.flags:
        files = [file for path in (files or ["."]) for file in paths.tree(path, place)] or ["/dev/null"]
        options.insert(0, "-H")
    if sum(len(file) + 1 for file in files) > _ARGUMENT_BYTES:
        raise Refused("too many files to search; name a smaller folder")
    return [*options, "--", *pattern, *files]


_ARGUMENT_BYTES = 500_000


def _jq(reading: Reading, place: Place) -> list[str]:
    """The program comes first, then files."""
    if not reading.written:
        raise Refused("jq needs a program")
    program, *named = reading.written
    files = [file for word in named for file in KINDS["READ"](word, place)]
    return [*reading.options, *KINDS["JQ"](program, place), *files]


def _uniq(reading: Reading, place: Place) -> None:
    if len(reading.args) > 1:
        raise Refused("uniq writes to its second argument")


def _walks(reading: Reading, place: Place) -> None:
    for path in reading.args:
        paths.walkable(path, place)


def _ls(reading: Reading, place: Place) -> None:
    if "-R" in reading.flags:
        _walks(reading, place)


def _tool(name: str, usage: str, args: str = "[READ...]", number: str = "") -> Tool:
    return Tool(name, {"": form(usage, args)}, number=number)


_LS = """
    -l -a|--all -A|--almost-all -h|--human-readable -t -r|--reverse -S -1 -R|--recursive -d|--directory
    -i|--inode -n|--numeric-uid-gid -F|--classify -p -s|--size -g -o -G|--no-group -k -m -x -C -c -u -U -v -X -Z -b -q
    --full-time --time-style=WORD --color=[{never,auto,always}] --group-directories-first --sort=WORD --time=WORD
    --block-size=WORD --si
"""

TOOLS = (
    _tool("cat", "-n|--number -b -A|--show-all -E -T -s|--squeeze-blank -v -e -t -u", "READ..."),
    _tool("head", "-n|--lines=COUNT -c|--bytes=COUNT -q|--quiet|--silent -v|--verbose", number="-n"),
    _tool("tail", "-n|--lines=COUNT -c|--bytes=COUNT -q|--quiet|--silent -v|--verbose", number="-n"),
    Tool("grep", {"": form(_GREP_FLAGS, "TEXT...", rewrite=_grep)}, number="-C"),
    _tool("wc", "-l|--lines -w|--words -c|--bytes -m|--chars -L|--max-line-length"),
    _tool(
        "sort",
        """-n|--numeric-sort -r|--reverse -u|--unique -h|--human-numeric-sort -V|--version-sort -f|--ignore-case
        -b|--ignore-leading-blanks -M|--month-sort -s|--stable -g|--general-numeric-sort -d|--dictionary-order
        -i|--ignore-nonprinting -c|--check -z|--zero-terminated -k|--key=WORD -t|--field-separator=TEXT""",
    ),
    Tool(
        "uniq",
        {
            "": form(
                """-c|--count -d|--repeated -D -u|--unique -i|--ignore-case -f|--skip-fields=INT -s|--skip-chars=INT
                -w|--check-chars=INT -z|--zero-terminated""",
                "[READ...]",
                check=_uniq,
            )
        },
    ),
    _tool(
        "cut",
        """-d|--delimiter=TEXT -f|--fields=COLUMNS -c|--characters=COLUMNS -b|--bytes=COLUMNS -s|--only-delimited
        --complement --output-delimiter=TEXT -z|--zero-terminated""",
    ),
    Tool(
        "jq",
        {
            "": form(
                """-r|--raw-output -c|--compact-output -s|--slurp -e|--exit-status -M|--monochrome-output
                -C|--color-output -S|--sort-keys -j|--join-output -a|--ascii-output -n|--null-input -R|--raw-input
                --tab --indent=SMALL --arg=NAME,TEXT --argjson=NAME,TEXT --stream --seq""",
                "TEXT...",
                rewrite=_jq,
            )
        },
    ),
    Tool("ls", {"": form(_LS, "[LOOK...]", check=_ls)}),
    _tool("stat", "-c|--format=TEXT --printf=TEXT -f|--file-system -L|--dereference -t|--terse", "LOOK..."),
    Tool(
        "du",
        {
            "": form(
                """-s|--summarize -h|--human-readable -a|--all -c|--total -d|--max-depth=SMALL -k -m
                -x|--one-file-system -b|--bytes --apparent-size --si -t|--threshold=WORD --exclude=TEXT --inodes --time
                -S|--separate-dirs""",
                "[LOOK...]",
                check=_walks,
            )
        },
    ),
)

FILTERS = ("grep", "head", "tail", "wc", "sort", "uniq", "cut", "jq")
