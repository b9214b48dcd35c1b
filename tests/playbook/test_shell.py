"""Shell rules, on what bash and dash really say: each script is run, and its own words are the log."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.playbook.world import Answer, ask

SCRIPT = """#!/usr/bin/env bash
set -euo pipefail
# The lab's nodes; it's a short list.
NODES=(a b)
COUNT=2
REGION_NAME="home"
log_info() {
  echo "[INFO] $*"
}

install_all() {
  local node
  for node in "${NODES[@]}"; do
    if [ "$node" = "a" ]; then
      log_info "first $node in $REGION_NAME"
    else
      log_info "other $node"
    fi
  done
}

case "${1:-up}" in
  up)
    install_all
    ;;
  down)
    echo "down"
    ;;
esac
NOW=$(date +%s)
cat <<EOF
hello $NOW
EOF
for word in one two; do
  echo "got $word"
done
if [ "$COUNT" -gt 1 ]; then
  printf '%s\\n' "many"
fi
log_info "done"
"""


def run(tmp_path: Path, script: str, shell: str = "bash", extra: dict[str, str] | None = None) -> Answer:
    """Run a script for real, and ask the playbook about what it said."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s/run.sh").write_text(script)
    done = subprocess.run([shell, "s/run.sh"], cwd=tmp_path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode != 0 or done.stderr, done.stdout
    return ask(done.stdout + done.stderr or "nothing", {"s/run.sh*": script, **(extra or {})})


FIXES = [
    # rule, good, broken
    ("shell-syntax", "    fi\n", ""),
    ("shell-syntax", '  printf \'%s\\n\' "many"\nfi\n', '  printf \'%s\\n\' "many"\n'),
    ("shell-syntax", "  done\n", ""),
    ("shell-syntax", "esac\n", ""),
    ("shell-syntax", "}\n\ninstall", "\ninstall"),
    ("shell-syntax", "-gt 1 ]; then", "-gt 1 ]"),
    ("shell-syntax", "one two; do", "one two"),
    ("shell-syntax", "    install_all\n    ;;\n", "    install_all\n"),
    ("shell-syntax", 'echo "down"', 'echo "down'),
    ("shell-syntax", '"other $node"', '"other $node'),
    ("shell-syntax", '[ "$node" = "a" ]', '[ "$node" = "a ]'),
    ("shell-syntax", "$(date +%s)", "$(date +%s"),
    ("shell-syntax", '"${NODES[@]}"', '"${NODES[@]"'),
    ("shell-syntax", 'if [ "$COUNT"', 'if[ "$COUNT"'),
    ("shell-syntax", "$NOW\nEOF", "$NOW\n  EOF"),
    ("shell-syntax", "$NOW\nEOF", "$NOW\nEOF "),
    ("test-spacing", "-gt 1 ]", "-gt 1]"),
    ("test-spacing", 'if [ "$COUNT"', 'if ["$COUNT"'),
    ("assignment-spacing", "COUNT=2", "COUNT = 2"),
    ("unset-variable", "COUNT=2", "$COUNT=2"),
    ("unset-variable", "in $REGION_NAME", "in $REGION_NMAE"),
    ("unset-variable", "in $REGION_NAME", "in $REGIONNAME"),
    ("misspelt-command", "    install_all", "    instal_all"),
    ("misspelt-command", "log_info() {", "log_inf() {"),
    ("misspelt-command", "printf '%s", "pritnf '%s"),
    ("misspelt-command", "$(date +%s)", "$(daet +%s)"),
    ("local-outside-function", "COUNT=2", "local COUNT=2"),
]


@pytest.mark.parametrize(("rule", "good", "broken"), FIXES)
def test_fixes(tmp_path: Path, rule: str, good: str, broken: str) -> None:
    assert good in SCRIPT
    answer = run(tmp_path, SCRIPT.replace(good, broken, 1))
    assert (answer.rule, answer.new) == (rule, SCRIPT)


EDITED = [
    # rule, shell, script, before, after
    ("bash-in-sh", "dash", "#!/bin/sh\nset -euo pipefail\nexit 3\n", "#!/bin/sh", "#!/usr/bin/env bash"),
    ("bash-in-sh", "dash", "#!/bin/sh\nif [[ -z x ]]; then :; fi\nexit 3\n", "#!/bin/sh", "#!/usr/bin/env bash"),
    ("empty-number", "bash", '#!/bin/bash\nX=\nif [ "$X" -gt 3 ]; then :; fi\nexit 1\n', '"$X" -gt', '"${X:-0}" -gt'),
    ("unquoted-test", "bash", "#!/bin/bash\nX=\nif [ $X = a ]; then :; fi\nexit 1\n", "[ $X =", '[ "$X" ='),
    ("unquoted-test", "bash", "#!/bin/bash\nX=\nif [ $X -eq 1 ]; then :; fi\nexit 1\n", "[ $X -eq", '[ "${X:-0}" -eq'),
    ("misspelt-subcommand", "bash", "#!/bin/bash\ngit staus\n", "staus", "status"),
]


@pytest.mark.parametrize(("rule", "shell", "script", "before", "after"), EDITED)
def test_edits(tmp_path: Path, rule: str, shell: str, script: str, before: str, after: str) -> None:
    answer = run(tmp_path, script, shell)
    assert (answer.rule, answer.new) == (rule, script.replace(before, after, 1))


SILENT = [
    # why, good, broken
    ("two near variables", "COUNT=2", "REGION_NAMEX=1\nREGION_NAMEY=1\necho $REGION_NAMEW"),
    ("a plural is another variable", 'in $REGION_NAME"', 'in $REGION_NAMES"'),
    ("a lower-case name is nobody's environment", '"got $word"', '"got $thing"'),
    ("a position", '"got $word"', '"got $7"'),
    ("a digit makes another name", "COUNT=2", "node_1=a\necho $node_2"),
    ("read from what file", "for word in one two; do", "while read -r word; do if"),
    ("a tool that is not installed", "NOW=$(date +%s)", "NOW=$(talosctl version)"),
    ("nothing is near", "NOW=$(date +%s)", "NOW=$(labtool now)"),
    ("a removal is never meant", "NOW=$(date +%s)", "rmdri /x"),
    ("two functions are near", 'log_info "done"', "log_infa() { :; }\nlog_infb() { :; }\nlog_infc x"),
    ("an exit status alone", 'log_info "done"', "exit 3"),
]


@pytest.mark.parametrize(("why", "good", "broken"), SILENT)
def test_stays_silent(tmp_path: Path, why: str, good: str, broken: str) -> None:
    assert good in SCRIPT
    answer = run(tmp_path, SCRIPT.replace(good, broken, 1))
    assert answer.proposal is None, answer.new


# --- an unset variable: where the check goes ------------------------------------------------------------

HEADER = """#!/usr/bin/env bash
# Boot the cluster.
set -euo pipefail

SCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
SSH_HOST="${SSH_HOST:-10.0.0.2}"
SSH_PASS="${SSH_PASS:-}"
"""
CHECK = '\n# Variables that the caller must provide\n: "${SSH_USER:?SSH_USER environment variable must be set}"\n'
REST = """
SSH_OPTS=(-T -o StrictHostKeyChecking=no)

run() {
  ssh "${SSH_OPTS[@]}" "$SSH_USER@$SSH_HOST" "$@"
}
run qm list
"""
WORDINGS = [
    "boot.sh: line 12: SSH_USER: unbound variable",
    "/srv/lab/boot.sh: line 12: SSH_USER: unbound variable",
    "bash: SSH_USER: unbound variable",
    "boot.sh: 12: SSH_USER: parameter not set",
    "boot.sh: Zeile 12: SSH_USER: Nicht gesetzte Variable",
    "boot.sh: ligne 12: SSH_USER : variable sans liaison",
    "[ERROR] SSH_USER not set",
    "[ERROR] SSH_USER is not set",
    "2026-01-02T03:04:05Z ERROR: environment variable SSH_USER is required",
    "ERROR: Missing required environment variable: SSH_USER",
    "error: SSH_USER must be set",
    "fatal: $SSH_USER is empty",
    "Please set SSH_USER",
    "required variable 'SSH_USER' is undefined",
    "SSH_USER environment variable is not defined",
]


@pytest.mark.parametrize("log", WORDINGS)
def test_fails_fast_behind_the_defaults(log: str) -> None:
    answer = ask(log, {"boot.sh*": HEADER + REST})
    assert (answer.rule, answer.new) == ("unset-variable", HEADER + CHECK + REST)


PLACES = [
    # head, rest
    ("#!/bin/sh\nset -eu\n", '\nssh "$SSH_USER@host"\n'),
    ("#!/bin/bash\n# what it does\n# and how\n", '\nssh "$SSH_USER@host"\n'),
    ("#!/bin/bash\nset -e\nHOST=a\n", '\nssh "$SSH_USER@$HOST"\n'),
    ('#!/bin/bash\nset -u\nPORT="${PORT:-22}"\nsource ./lib.sh\n', '\nssh "$SSH_USER@host"\n'),
    ('#!/bin/bash\nset -u\n: "${PORT:=22}"\n', '\nTARGET="$SSH_USER@host"\nssh "$TARGET"\n'),
]


@pytest.mark.parametrize(("head", "rest"), PLACES)
def test_place_of_the_check(head: str, rest: str) -> None:
    answer = ask("[ERROR] SSH_USER not set", {"boot.sh*": head + rest, "lib.sh": "A=1\n"})
    assert answer.new == head + CHECK + rest


NO_CHECK = [
    ("it is checked already", HEADER + ': "${SSH_USER:?}"\n' + REST, "[ERROR] SSH_USER not set"),
    ("it is tested at once", HEADER + '[ -n "${SSH_USER:-}" ] || { echo "SSH_USER not set"; exit 1; }\n' + REST, "SSH_USER not set"),
    ("it has a value later", HEADER + REST + "SSH_USER=root\n", "boot.sh: line 12: SSH_USER: unbound variable"),
    ("the script does not use it", HEADER + "echo hi\n", "[ERROR] SSH_USER not set"),
    ("only under a condition", HEADER + 'if [ -t 0 ]; then\n  ssh "$SSH_USER@x"\nfi\n', "[ERROR] SSH_USER not set"),
    ("the line does not use it", HEADER + REST + "\n" * 80, "boot.sh: line 70: SSH_USER: unbound variable"),
    ("the log names another script", HEADER + REST, "other.sh: line 12: SSH_USER: unbound variable"),
    ("two names with numbers", HEADER.replace("set -", "SSH_USER1=a\nSSH_USER2=b\nset -", 1) + REST, "boot.sh: line 9: SSH_USER: unbound variable"),
    ("a warning only", HEADER + REST, "[WARN] SSH_USER not set, using default\nterraform exited with status 1"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "script", "log"), NO_CHECK)
def test_no_check_where(why: str, script: str, log: str) -> None:
    answer = ask(log, {"boot.sh*": script})
    assert answer.proposal is None, answer.new


SOURCES = ['source "$(dirname "${BASH_SOURCE[0]}")/lib/names.sh"', '. "$(cd "$(dirname "$0")" && pwd)/lib/names.sh"', '. $HERE/lib/names.sh',
           '[ -f lib/names.sh ] && . lib/names.sh', 'if true; then source ./lib/names.sh; fi', 'LIB="$HERE/lib"; . "$LIB/names.sh"',
           "source ../boot/lib/names.sh", "source lib/all.sh"]  # fmt: skip


@pytest.mark.parametrize("line", SOURCES)
def test_a_sourced_file_knows_the_right_name(line: str) -> None:
    files = {"boot/up.sh*": f'#!/bin/bash\nset -u\n{line}\nssh "$SSH_USR@x"\n', "boot/lib/names.sh": "SSH_USER=root\n",
             "boot/lib/all.sh": '. "$(dirname "${BASH_SOURCE[0]}")/names.sh"\n'}  # fmt: skip
    assert '"$SSH_USER@x"' in ask("boot/up.sh: line 4: SSH_USR: unbound variable", files).new


@pytest.mark.parametrize(("why", "files"), [
    ("the script that sources it knows a near name", {"up.sh*": "#!/bin/bash\nSSH_USERR=root\n. ./lib.sh\n", "lib.sh": "# lib\nA=1\nSSH_USE=1\nssh $SSH_USER\n"}),
    ("a file of settings knows a near name", {"lib.sh*": "#!/bin/bash\nset -u\nA=1\nssh $SSH_USER\n", "lab.env": "SSH_USR=root\n"}),
])  # fmt: skip
def test_no_check_where_a_near_name_is_known_elsewhere(why: str, files: dict[str, str | bytes]) -> None:
    assert "may be meant" in ask("lib.sh: line 4: SSH_USER: unbound variable", files).declined


def test_two_scripts_use_the_variable() -> None:
    answer = ask("[ERROR] SSH_USER not set", {"a.sh": HEADER + REST, "b.sh": HEADER + REST})
    assert "person must choose" in answer.declined
    started = ask("[ERROR] SSH_USER not set", {"a.sh": HEADER + REST, "b.sh": HEADER + REST}, command="bash b.sh")
    assert started.path == "b.sh"


# --- modes, line ends, shebangs ---------------------------------------------------------------------------

BIN = "#!/bin/sh\necho hi\n"
DENIALS = [
    "bash: line 1: ./bin/up: Permission denied",
    "bash: ./bin/up: Permission denied",
    "/bin/sh: 1: ./bin/up: Permission denied",
    "make: ./bin/up: Permission denied",
    "make[1]: execvp: ./bin/up: Permission denied",
    "env: ‘./bin/up’: Permission denied",
    'exec: "./bin/up": permission denied',
    "fork/exec ./bin/up: permission denied",
    "zsh: permission denied: ./bin/up",
    "sudo: ./bin/up: command not found",
    "bash: ./bin/up: Keine Berechtigung",
    "nohup: failed to run command './bin/up': Permission denied",
]


@pytest.mark.parametrize("log", DENIALS)
def test_executable_bit(log: str) -> None:
    answer = ask(log, {"bin/up": BIN})
    assert answer.rule == "executable-bit" and answer.new == BIN
    assert answer.proposal and answer.proposal.changes[0].new_mode == 0o100755


NOT_A_MODE = [
    ("cat: ./bin/up: Permission denied", {"bin/up": BIN}),
    ("bash: ./bin/up: Permission denied", {"bin/up*": BIN}),
    ("bash: ./bin/up: Permission denied", {"bin/up": "no shebang\n"}),
    ("bash: /usr/local/bin/up: Permission denied", {"bin/up": BIN}),
    ("root@pve: Permission denied (publickey,password).", {"bin/up": BIN}),
    ("tee: bin/up: Permission denied", {"bin/up": BIN}),
]


@pytest.mark.parametrize(("log", "files"), NOT_A_MODE)
def test_no_executable_bit(log: str, files: dict[str, str]) -> None:
    assert ask(log, files).proposal is None


STUMBLES = [
    "bin/up: line 2: $'\\r': command not found",
    "bin/up: line 3: syntax error near unexpected token `$'do\\r''",
    "-bash: ./bin/up: /bin/sh^M: bad interpreter: No such file or directory",
    "/usr/bin/env: ‘bash\\r’: No such file or directory",
    "bin/up: line 2: set: pipefail: invalid option name",
    "bin/up: line 2: set: -: invalid option",
]


@pytest.mark.parametrize("log", STUMBLES)
def test_line_ends(log: str) -> None:
    text = "#!/usr/bin/env bash\nset -e\necho hi\n"
    answer = ask(log, {"bin/up*": text.replace("\n", "\r\n")})
    assert (answer.rule, answer.new) == ("line-ends", text)
    assert ask(log, {"bin/up*": text}).proposal is None


SHEBANGS = [
    ("/usr/bin/evn bash", "bash: line 1: bin/up: cannot execute: required file not found", "/usr/bin/env bash"),
    ("/usr/local/bin/bash", "bash: bin/up: cannot execute: required file not found", "/usr/bin/env bash"),
    ("/usr/bin/env bahs", "/usr/bin/env: ‘bahs’: No such file or directory", "/usr/bin/env bash"),
    ("/bin/bahs", "bash: ./bin/up: /bin/bahs: bad interpreter: No such file or directory", "/usr/bin/env bash"),
    ("/usr/bin/env python", "/usr/bin/env: ‘python’: No such file or directory", "/usr/bin/env python3"),
    ("/usr/local/bin/bash", "./bin/up: /usr/local/bin/bash: bad interpreter: No such file or directory", "/usr/bin/env bash"),
]


@pytest.mark.parametrize(("shebang", "log", "wanted"), SHEBANGS)
def test_shebang(shebang: str, log: str, wanted: str) -> None:
    answer = ask(log, {"bin/up*": f"#!{shebang}\nexit\n"})
    assert answer.new == f"#!{wanted}\nexit\n"


def test_line_ends_that_hide_a_closing_word() -> None:
    text = "#!/bin/bash\nsay() {\n  echo hi\n}\n"
    answer = ask("s/lib.sh: line 5: syntax error: unexpected end of file", {"s/lib.sh": text.replace("\n", "\r\n")})
    assert answer.new == text


def test_unknown_interpreter() -> None:
    log = "./bin/up: /opt/nushell: bad interpreter: No such file or directory"
    assert ask(log, {"bin/up*": "#!/opt/nushell\n"}).proposal is None
    assert ask("bin/up: cannot execute: required file not found", {"bin/up*": "#!/opt/nushell\n"}).proposal is None
