"""Which commands of a script count: whether their failure ends it, or reaches something that does.

The answer is read from the position of each command in the script's tree: behind ``||``, in the background, in a
condition, in a loop that is left, in a pipeline, in a substitution, in a function that nobody calls. Every script is
judged as under ``errexit``, because what is asked is what a change does to a command, and options are compared apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from git_executor.lazy import lazy
from git_executor.policy.calls import WRAPPERS, skip_options
from git_executor.policy.shell import Command, names
from git_executor.policy.shelltree import Inner, Node, every

NOTHING = names("true : /bin/true /usr/bin/true")
SAYING = names(
    "echo printf log warn warning info logger sleep date say notice note debug step success print msg cat ls pwd sync wait id "
    "hostname uname touch cd unset local export declare readonly shift df free ps dmesg journalctl set read tput clear"
)
TESTS = names("[ [[ test ((")
FILTERS = names("tee cat head tail ts logger sed awk grep egrep sort uniq tr cut column less more nl pr jq yq xargs wc")
_SAYS = lazy(
    r"_{0,2}(?:log|info|warn|warning|say|msg|note|notice|print|echo|debug|success|ok|log_\w+|print_\w+|echo_\w+|\w+_(?:log|warn|warning|info))"
)
_DIES = lazy(r"_{0,2}(?:die\w*|fail\w*|fatal\w*|abort\w*|bail\w*|panic|croak|throw|error_exit|exit_\w+|err_exit|raise)")
_ASSIGNED = lazy(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=", re.S)
_FLAG = lazy(r"(?i)err|fail|bad|rc|ret|status|ok|miss|problem|healthy|result|exit|code|done|found|success")
_DECLARES = names("local export declare readonly typeset")
# Programs of which the verb says more than the name.
_VALUED = names(
    "-n --namespace -f --filename -o --output --context --kubeconfig -c -C --chart --repo -i --inventory -u --timeout"
)

FAILS, WORKS, IDLE = 2, 1, 0
"""What a branch does: it may end the script as failed, it does something else, or nothing that matters."""


@dataclass(frozen=True, slots=True)
class Use:
    """One command where it stands. ``why`` says what hides its failure, empty when it counts."""

    program: str
    key: str
    words: tuple[str, ...]
    line: int
    function: str
    why: str


@dataclass(frozen=True, slots=True)
class _Place:
    """What surrounds a list: ``why`` hides what fails in it; ``tested``: only its last status is looked at."""

    why: str = ""
    tested: bool = False
    function: str = ""
    later: bool = False  # something after it may still end the script as failed
    inner: bool = False  # in a substitution


@dataclass(slots=True)
class Effects:
    """What a script's commands amount to."""

    uses: list[Use] = field(default_factory=list)
    functions: dict[str, list[Node]] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    idle: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()
    pipefail: bool = False
    errexit: bool = False
    waits: bool = False
    inert: list[tuple[str, ...]] = field(default_factory=list)  # words that are only said or kept
    resets: list[tuple[str, int]] = field(default_factory=list)  # traps that end as a success
    levels: dict[int, int] = field(default_factory=dict)  # what ``does`` said of a node


def effects(tree: list[Node]) -> Effects:
    """Every use of a command in ``tree``."""
    found = Effects()
    _survey(tree, found)
    _list(tree, _Place(), found)
    found.uses = list(_called(found))
    return found


# --- what the script defines ------------------------------------------------------------------------


def texts(command: Command) -> list[str]:
    return [word.text for word in command.words]


def program_of(command: Command) -> list[str]:
    """A command's words from its program on: assignments and wrappers such as ``sudo`` and ``timeout`` left out."""
    words = texts(command)
    at = next((i for i, text in enumerate(words) if not _ASSIGNED.match(text)), len(words))
    words = words[at:]
    while len(words) > 1 and words[0] in WRAPPERS and words[0] not in ("watch", "parallel", "if", "then", "else"):
        if words[0] == "command" and words[1] in ("-v", "-V"):
            break
        valued, skip = WRAPPERS[words[0]]
        rest = words[1:]
        left = rest[skip_options(rest, valued.split(), skip) :]
        if not left:
            break
        words = left
    return words


def _key(words: Sequence[str]) -> str:
    name = words[0].rpartition("/")[2]
    if name in TESTS:
        variables = sorted(set(re.findall(r"\$\{?#?([A-Za-z_]\w*)", " ".join(words)))) or sorted(words[1:4])
        return "test " + " ".join(variables[:3])
    verbs: list[str] = []
    skip = False
    for text in words[1:12]:
        if skip:
            skip = False
        elif text.startswith("-"):
            skip = text in _VALUED
        elif re.fullmatch(r"[a-z][a-z-]{1,30}", text):
            verbs.append(text)
            if len(verbs) == 2:
                break
        else:
            break
    return " ".join([name, *verbs])


def _survey(tree: list[Node], found: Effects) -> None:
    """First reading: functions, options, and the variables that decide something."""
    read: set[str] = set()
    for node in every(tree):
        if node.kind == "function":
            found.functions[node.name] = node.lists[0]
        if node.kind == "case":
            read.update(_named(texts(node.command)))
        if node.kind != "simple":
            continue
        words = texts(node.command)
        head = words[0] if words else ""
        if head == "set":
            given = " ".join(words)
            found.errexit |= bool(re.search(r"(?<!\S)-[a-zA-Z]*e|errexit", given))
            found.pipefail |= "pipefail" in words and "+o" not in words
        elif head == "wait":
            found.waits |= any("$" in text or text == "-n" for text in words[1:])
        elif head in TESTS:
            read.update(_named(words), *(re.findall(r"[A-Za-z_]\w*", text) for text in words[1:] if head == "(("))
        elif head in ("exit", "return", "let"):
            read.update(_named(words))
    found.read = frozenset(read)
    _judge_functions(found)


def _named(words: Sequence[str]) -> list[str]:
    return re.findall(r"\$\{?#?([A-Za-z_]\w*)", " ".join(words))


def _judge_functions(found: Effects) -> None:
    """Which functions end as failed for sure or perhaps, and which do nothing but talk."""
    for _ in range(3):  # what they call may stand below them
        found.levels.clear()
        levels = {
            name: max((does(node, found) for node in body), default=IDLE) for name, body in found.functions.items()
        }
        failing = frozenset(name for name, level in levels.items() if level == FAILS)
        idle = frozenset(name for name, level in levels.items() if level == IDLE)
        if (failing, idle) == (found.failing, found.idle):
            return
        found.failing, found.idle = failing, idle
    found.levels.clear()


def does(node: Node, found: Effects) -> int:
    """``FAILS``, ``WORKS`` or ``IDLE``: the most that a branch does."""
    known = found.levels.get(id(node))
    if known is None:
        known = found.levels[id(node)] = _does(node, found)
    return known


def _does(node: Node, found: Effects) -> int:
    if node.kind == "function":
        return IDLE
    if node.kind != "simple":
        inside = [*node.items, *(inner for part in node.lists for inner in part)]
        return max((does(inner, found) for inner in inside), default=IDLE)
    words = program_of(node.command)
    if not words:
        return max((_assigns(text, found) for text in texts(node.command)), default=IDLE)
    name = words[0].rpartition("/")[2]
    if name in ("exit", "return"):
        return IDLE if words[1:2] in ([], ["0"]) or words[1].strip("\"'") == "" else FAILS
    if name in ("false", "kill") or name in found.failing:
        return FAILS
    if name == "((" or name == "let":
        return FAILS if re.search(r"\+\+|\+=|=", words[1] if len(words) > 1 else "") else WORKS
    if name in found.functions:
        return IDLE if name in found.idle or _SAYS.fullmatch(name) else WORKS
    if name in ("break", "continue") or name in NOTHING or name in SAYING or _SAYS.fullmatch(name):
        return IDLE
    if name in _DECLARES:
        return max((_assigns(text, found) for text in words[1:]), default=IDLE)
    if name in TESTS:
        return WORKS if "$" in " ".join(words) or re.search(r" -\w ", " ".join(words)) else IDLE
    return FAILS if _DIES.fullmatch(name) else WORKS


def _assigns(text: str, found: Effects) -> int:
    name = _ASSIGNED.match(text)
    if name is None:
        return IDLE
    value = text[name.end() :]
    if name[1] not in found.read or value in ("", "0"):
        return WORKS if "$(" in value and name[1] not in found.read else IDLE
    if not _FLAG.search(name[1]) and value not in ("1", "true", "yes", "no", "false", "$?"):
        return WORKS if "$(" in value else IDLE
    return FAILS


# --- the walk ---------------------------------------------------------------------------------------


def _list(nodes: list[Node], place: _Place, found: Effects) -> None:
    dead = ""
    ends_idle = len(nodes) > 1 and _is_idle_end(nodes[-1], found)
    for at, node in enumerate(nodes):
        later = any(_looks_back(after, node, found) for after in nodes[at + 1 : at + 4]) if node.lists else False
        here = replace(place, later=later or place.later)
        if dead:
            here = replace(here, why=f"stands behind {dead}, so that it is never reached")
        elif place.tested and at < len(nodes) - 1 and ends_idle:
            here = replace(here, why="is not the last of what is looked at")
        _node(node, here, found)
        dead = dead or (_ends(node) if does(node, found) != FAILS else "")


def _looks_back(after: Node, node: Node, found: Effects) -> bool:
    """Whether a statement fails for sure, or by what the one before it found out."""
    if does(after, found) != FAILS:
        return False
    if after.kind == "simple":
        return True
    commands = [other.command for other in every([node])]
    told = {name[1] for command in commands for text in texts(command) if (name := _ASSIGNED.match(text))}
    loops = [texts(other.command)[0] for other in every([node]) if other.kind == "for" and other.command.words]
    told |= {name for text in loops for name in re.findall(r"[A-Za-z_]\w*", text)[:1]}
    told |= {
        name
        for command in commands
        if texts(command)[:1] == ["(("]
        for name in re.findall(r"[A-Za-z_]\w*", texts(command)[1])
    }
    asked = " ".join(text for other in every([after]) for text in texts(other.command))
    ran = {_key(words) for command in commands if (words := program_of(command)) and words[0] not in TESTS}
    again = any(
        _key(words) in ran
        for other in every([after])
        if (words := program_of(other.command)) and other.kind == "simple"
    )
    return again or any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", asked) for name in told)


def _is_idle_end(node: Node, found: Effects) -> bool:
    return node.kind == "simple" and not node.command.redirects and does(node, found) == IDLE


def _ends(node: Node) -> str:
    """The word that leaves the list for good."""
    words = texts(node.command) if node.kind == "simple" else []
    if words[:1] in (["exit"], ["return"], ["break"], ["continue"]):
        return " ".join(words)
    if words[:1] == ["exec"] and len(words) > 1 and not words[1].startswith("-"):
        return " ".join(words[:3])
    return ""


def _node(node: Node, place: _Place, found: Effects) -> None:
    if node.background and not found.waits:
        place = replace(place, why=place.why or "runs in the background, where its failure goes unseen")
    match node.kind:
        case "simple":
            _simple(node, place, found)
        case "pipe":
            _pipe(node, place, found)
        case "chain":
            _chain(node, place, found)
        case "if":
            _if(node, place, found)
        case "while" | "until":
            _loop(node, place, found)
        case "for":
            _words(node.command, place, found)
            body = node.lists[0] if node.lists else []
            gives_up = any(_looks_back(inner, node, found) for inner in body if inner.kind != "simple")
            _list(body, replace(place, later=place.later or gives_up), found)
        case "case":
            _words(node.command, place, found)
            for arm in node.lists:
                _list(arm, place, found)
        case "function":
            _list(node.lists[0], _Place(function=node.name), found)
        case "coproc":
            _list(
                node.lists[0],
                replace(place, why=place.why or "runs as a coprocess, where its failure goes unseen"),
                found,
            )
        case _:
            _group(node, place, found)


def _group(node: Node, place: _Place, found: Effects) -> None:
    inner = node.lists[0] if node.lists else []
    last = texts(inner[-1].command) if inner and inner[-1].kind == "simple" else []
    hides = len(inner) > 1 and (
        (last[:1] and last[0] in NOTHING) or (node.kind == "subshell" and last == ["exit", "0"])
    )
    if hides:
        place = replace(place, why=place.why or f"is followed by {' '.join(last)} in its group")
    _words(node.command, place, found)
    _list(inner, place, found)


def _simple(node: Node, place: _Place, found: Effects) -> None:
    command = node.command
    words = program_of(command)
    _words(command, place, found)
    if not words:
        found.inert += [
            tuple(text.partition("=")[2].strip("()").split()) for text in texts(command) if "=" in text and " " in text
        ]
        return
    name = words[0].rpartition("/")[2]
    if name == "trap" and len(words) > 2:
        _trap(words, node.line, found)
    if name in NOTHING or name in SAYING or _SAYS.fullmatch(name) or name in _DECLARES:
        found.inert.append(tuple(words[1:]))
        found.inert += [tuple(r.target.text.split()) for r in command.redirects if r.op in ("<<", "<<<")]
        return
    if name in ("exit", "return", "break", "continue", "shift", "set"):
        return
    found.uses.append(Use(name, _key(words), tuple(words), node.line, place.function, place.why))


_RECKONED = lazy(r"\bexit\s+[\"']?\$\(\([^)]*[?<>*/%&|!-]")  # a status made out of another: some failures become 0


def _trap(words: Sequence[str], line: int, found: Effects) -> None:
    from git_executor.policy.shelltree import read_tree

    if not {"EXIT", "ERR", "0"} & set(words[2:]):
        return
    if _RECKONED.search(words[1][:2000]):
        found.resets.append((f"trap {' '.join(words[2:])}", line))
    body = read_tree(words[1])[0]
    named = [
        found.functions.get(texts(node.command)[0], []) for node in body if node.kind == "simple" and node.command.words
    ]
    for node in [*body, *(inner for part in named for inner in part[-1:])]:
        if node.kind == "simple" and texts(node.command) in (["exit", "0"], ["_exit", "0"]):
            found.resets.append((f"trap {' '.join(words[2:])}", line))


def _words(command: Command, place: _Place, found: Effects) -> None:
    """The commands in the words' substitutions: only a bare assignment hands their status on."""
    words = texts(command)
    head = next((text for text in words if not _ASSIGNED.match(text)), "")
    name = head.rpartition("/")[2]
    why = place.why
    if name in _DECLARES or name in NOTHING or name in SAYING or _SAYS.fullmatch(name):
        why = why or f"stands in the words of {name}, which succeeds anyway"
    for inner in command.nested:
        if isinstance(inner, Inner):
            _list(inner.tree, replace(place, why=why, inner=True, tested=place.tested), found)
        elif inner.words:
            _simple(Node("simple", inner.line, inner), replace(place, why=why, inner=True), found)


def _pipe(node: Node, place: _Place, found: Effects) -> None:
    if node.negated and not place.tested:
        place = replace(place, why=place.why or "stands behind !, which hides its failure")
    last = node.items[-1]
    name = (program_of(last.command) or [""])[0].rpartition("/")[2] if last.kind == "simple" else ""
    hides = name in NOTHING or name == "echo"
    if not found.pipefail and not place.inner and not place.tested:
        hides = hides or name in FILTERS
    for item in node.items[:-1]:
        why = place.why or (f"is piped into {name}, whose status counts in its place" if hides else "")
        _node(item, replace(place, why=why), found)
    _node(last, place, found)


def _chain(node: Node, place: _Place, found: Effects) -> None:
    items, operators = node.items, node.operators
    for at, item in enumerate(items):
        handler = next((j for j in range(at + 1, len(items)) if operators[j - 1] == "||"), 0)
        if not handler:
            rest = items[at + 1 :]
            why = place.why
            is_test = item.kind == "simple" and bool(texts(item.command)) and texts(item.command)[0] in TESTS
            if rest and is_test and not place.tested and max(does(r, found) for r in rest) != FAILS:
                why = why or "is only asked, and neither answer ends the script"
            elif (
                rest
                and not is_test
                and found.errexit
                and not place.tested
                and all(does(r, found) == IDLE for r in rest)
            ):
                leaves = any(_leaves(r) for r in rest)
                if not (leaves and place.later):
                    why = why or "stands in front of &&, where errexit does not see it"
            _node(item, replace(place, why=why, tested=place.tested or bool(rest)), found)
            continue
        end = next((j for j in range(handler, len(operators)) if operators[j] == "||"), len(items) - 1)
        level = max(does(other, found) for other in items[handler : end + 1])
        leaves = any(_leaves(other) for other in items[handler : end + 1])
        why = place.why
        if level == WORKS and item.kind == "simple" and texts(item.command)[:1] and texts(item.command)[0] in TESTS:
            why = why or "is only asked, and neither answer ends the script"
        made = [other for part in items[handler : end + 1] for other in every([part]) if other.kind == "simple"]
        if (
            item.kind == "simple"
            and program_of(item.command)[:1] in (["mountpoint"], ["findmnt"])
            and all(
                program_of(other.command)[:1] in (["mkdir"], ["install"], ["touch"], ["chown"], ["chmod"])
                for other in made
            )
        ):
            why = why or "is only asked, and an empty directory takes the place of what should be mounted"
        if level == IDLE and not (leaves and place.later):
            shown = " ".join(texts(items[handler].command)[:3]) or items[handler].kind
            why = why or f"|| {shown} goes on as if nothing had failed"
        _node(item, replace(place, why=why, tested=True), found)


def _leaves(node: Node) -> bool:
    """Whether a branch jumps out of where it stands."""
    return any(
        other.kind == "simple" and texts(other.command)[:1] in (["break"], ["return"], ["exit"], ["continue"])
        for other in every([node])
    )


def _if(node: Node, place: _Place, found: Effects) -> None:
    branches = node.lists
    conditions = [branches[i] for i in range(0, len(branches) - 1, 2)]
    bodies = [*(branches[i] for i in range(1, len(branches), 2)), *([branches[-1]] if len(branches) % 2 else [])]
    level = max((does(inner, found) for body in bodies for inner in body), default=IDLE)
    leaves = place.later and any(_leaves(inner) for body in bodies for inner in body)
    why = place.why or ("" if level == FAILS or leaves else "is only asked, and neither answer ends the script")
    for condition in conditions:
        _list(condition, replace(place, why=why, tested=True), found)
    for body in bodies:
        _list(body, place, found)


def _loop(node: Node, place: _Place, found: Effects) -> None:
    if len(node.lists) < 2:
        return
    condition, body = node.lists
    negated = bool(condition) and condition[-1].kind == "pipe" and condition[-1].negated
    waits = (node.kind == "until") != negated
    out = [n for n in body if _leaves(n)] if body else []
    fails = place.later or max((does(n, found) for n in body), default=IDLE) == FAILS
    why = place.why
    if not waits and not fails:
        why = why or "only says how long a loop goes on"
    elif out and not fails and any(_breaks(n) for n in body):
        why = why or "is given up by a loop that goes on as if nothing had failed"
    _list(condition, replace(place, why=why, tested=True), found)
    _list(body, replace(place, later=place.later or fails), found)


def _breaks(node: Node) -> bool:
    return any(
        other.kind == "simple" and texts(other.command)[:1] in (["break"], ["return"], ["exit"])
        for other in every([node])
    )


# --- functions --------------------------------------------------------------------------------------


def _called(found: Effects) -> Iterator[Use]:
    """The uses, those in functions hidden where no call of the function counts."""
    hidden = {}
    for name in found.functions:
        calls = [use for use in found.uses if use.program == name and use.function != name]
        if calls and all(use.why for use in calls):
            hidden[name] = calls[0].why
    for use in found.uses:
        yield replace(use, why=use.why or hidden.get(use.function, ""))


def uncalled(found: Effects, text: str) -> frozenset[str]:
    """Functions whose name stands nowhere but at their definition."""
    return frozenset(
        name for name in found.functions if len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)) < 2
    )
