"""The commands in a file of any kind: scripts, and what YAML, Dockerfiles, Makefiles and others hand to a shell."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from git_executor.lazy import lazy
from git_executor.nesting import too_deep
from git_executor.policy.calls import Script, read_script
from git_executor.policy.literals import literals, quoted
from git_executor.policy.modules import commands, inline
from git_executor.policy.shell import is_open, names

_SHELL_NAME = lazy(r"\.(?:sh|bash|zsh|ksh|bats|envrc|profile|bashrc)$|(?:^|/)(?:\.?bashrc|\.?profile|\.envrc)$")
_PROSE_NAME = lazy(
    r"\.(?:md|markdown|rst|txt|adoc|org|html?|csv|svg|pem|crt|pub)$|(?:^|/)(?:LICENSE|NOTICE|CHANGELOG)", re.I
)
_YAML_NAME = lazy(r"\.(?:ya?ml|json|jsonc|json5|ya?ml\.(?:j2|tpl|tmpl|example))$")
_TEMPLATE = lazy(r"\{\{.{0,400}?\}\}|\{%.{0,400}?%\}|\{#.{0,400}?#\}")
_PROSE_KEYS = lazy(
    r"(?:name|description|desc|title|summary|msg|message|comment|notes?|help|text|label|labels|annotations|"
    r"image|url|repo\w*|homepage|"
    r"fail_msg|success_msg|display\w*|when|assert|that|prompt|reason|topic|version)$"
)
_SHEBANG = lazy(r"#!\s*\S*?([a-z]+)[0-9.]*(?:\s+(?:-S\s+)?([a-z]+)[0-9.]*)?")

Reader = Callable[[str], Iterator[tuple[str, int]]]
"""Text of a file -> (shell text, line where it begins)."""


def kind_of(path: str, text: str) -> str:
    """``shell``, ``yaml``, ``docker``, ``make``, ``unit``, ``python``, ``hcl``, ``prose`` or ``other``."""
    name = path.rpartition("/")[2]
    head = _SHEBANG.match(text)
    program = (head[2] if head and head[1] == "env" else head[1] if head else "") or ""
    if program in ("bash", "sh", "dash", "zsh", "ksh", "ash", "bats") or _SHELL_NAME.search(path):
        return "shell"
    if program == "python" or name.endswith((".py", ".pyw")):
        return "python"
    if _YAML_NAME.search(name):
        return "yaml"
    if re.search(r"(?:Dockerfile|Containerfile)", name):
        return "docker"
    if re.fullmatch(r"(?:GNU)?[Mm]akefile.*|.*\.mk", name) or name in ("justfile", "Justfile"):
        return "make"
    if re.search(r"\.(?:service|timer|socket|path|mount|conf\.d)$", name):
        return "unit"
    if re.search(r"\.(?:tf|hcl|tfvars|nomad)$", name):
        return "hcl"
    return "prose" if _PROSE_NAME.search(path) else "other"


def scripts(path: str, text: str) -> list[Script]:
    """Everything in the file that some shell runs; lines count in the file."""
    found = [read_script(part, line) for part, line in sources(path, text)]
    if kind_of(path, text) != "shell":
        for script in found:
            script.notes["file"] = text
    return found


def sources(path: str, text: str) -> list[tuple[str, int]]:
    """The texts that some shell runs, with the line where each begins."""
    kind = kind_of(path, text)
    if kind == "prose":
        return []
    if kind == "shell":
        return [(_TEMPLATE.sub(_blank, text) if "{{" in text else text, 1)]
    return list(_READERS.get(kind, _other)(text))


def is_broken(path: str, text: str) -> bool:
    """Whether a file cannot be read as what it is, so that nothing sure can be told about what it did."""
    kind = kind_of(path, text)
    if kind == "shell":
        return is_open(text)
    if kind == "docker":
        return any(_NO_INSTRUCTION.match(part) for part in _docker_rows(text))
    return kind == "yaml" and bool(text.strip()) and compose(text) is None


_NO_INSTRUCTION = lazy(r"\s*(?:&&|\|\||[;|)]|--\w|-\w\b)")


def _docker_rows(text: str) -> Iterator[str]:
    """The lines at which an instruction begins; one that carries on the line before is none."""
    carries = heredoc = ""
    for row in text.split("\n"):
        bare = row.strip()
        if heredoc:
            heredoc = "" if bare == heredoc else heredoc
        elif not carries and bare and not bare.startswith("#"):
            opened = re.search(r"<<-?\s*[\"']?(\w+)", bare)
            heredoc = opened[1] if opened else ""
            yield row
        if bare and not bare.startswith("#"):
            carries = "\\" if bare.endswith("\\") else ""


def _blank(found: re.Match[str]) -> str:
    return "_" * len(found[0]) if found[0].startswith("{{") else " " * len(found[0])


_STEP_KEYS = lazy(
    r"(?:.*\.)?(?:run|script|shell|command|cmd|raw|args|runcmd|bootcmd|exec|before_script|after_script|"
    r"entrypoint|argv|inline)$",
    re.I,
)
_IDLE = names("true : echo printf exit return sleep /bin/true set cd")


_LOOPS = names("for select case")  # words of the shell: what they run is counted by itself


def steps(path: str, text: str) -> Counter[str] | None:
    """Programs that the steps of a configuration file run, with how often; ``None`` where that cannot be told."""
    kind = kind_of(path, text)
    found: list[str] = []
    if kind == "yaml":
        documents = compose(text)
        if documents is None:
            return None
        for keys, node in walk(documents):
            if keys and _STEP_KEYS.fullmatch(keys[-1]) and isinstance(node.value, str):
                found.append(node.value)
    elif kind == "hcl":
        found = re.findall(r"^\s*command\s*=\s*\"((?:[^\"\\]|\\.)*)\"", text, re.M)
    elif kind in ("docker", "make", "unit"):
        found = [part for part, _ in _READERS[kind](text)]
    else:
        return None
    programs = (call.command.words for part in found for call in read_script(part).calls)
    firsts = (words[0].text for words in programs if words)
    return Counter(
        first for first in firsts if first not in _IDLE and first not in _LOOPS and re.match(r"[\w./$]", first)
    )


# --- YAML and JSON ----------------------------------------------------------------------------------


@lru_cache(maxsize=4)  # both versions of a file, which several rules read
def compose(text: str) -> list[Any] | None:
    """The documents as YAML nodes, templates blanked out; ``None`` when it is no YAML. Nobody may change them."""
    import yaml

    if too_deep(text):
        return None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = re.sub(r"\$?\{\{\s*(true|false)\s*\}\}", r"\1", text, flags=re.I)
    text = _TEMPLATE.sub(_blank, text)
    try:
        return [node for node in yaml.compose_all(text.replace("\t", " "), Loader=loader) if node is not None]
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def walk(documents: list[Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """(keys above, node) for every node, aliases once."""
    import yaml

    seen: set[int] = set()
    stack: list[tuple[tuple[str, ...], Any]] = [((), node) for node in reversed(documents)]
    while stack:
        keys, node = stack.pop()
        if id(node) in seen and not isinstance(node, yaml.ScalarNode):
            continue
        seen.add(id(node))
        yield keys, node
        if isinstance(node, yaml.MappingNode):
            for key, value in reversed(node.value):
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                stack.append(((*keys[-6:], name), value))
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((keys, value) for value in reversed(node.value))


def _yaml(text: str) -> Iterator[tuple[str, int]]:
    found = list(_yaml_texts(text))
    yield from found
    if "{{" in text or "lookup(" in text or "query(" in text:
        from git_executor.policy.jinja import commands as run_by_templates, folded

        yield from run_by_templates(text)
        filled = folded(text)
        if filled != text:  # only what the constants in templates add
            known = {told for told, _ in found}
            yield from ((told, line) for told, line in _yaml_texts(filled) if told not in known)


def _yaml_texts(text: str) -> Iterator[tuple[str, int]]:
    import yaml

    documents = compose(text)
    if documents is None:
        yield from _yaml_lines(text)
        return
    for keys, node in walk(documents):
        if isinstance(node, yaml.SequenceNode):
            entries = [str(entry.value) for entry in node.value if isinstance(entry, yaml.ScalarNode)]
            if len(entries) > 1 and len(entries) == len(node.value) and not _is_prose(keys):
                yield " ".join(quoted(_DOUBLED.sub("$", entry)) for entry in entries), node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            by_key = {str(k.value): v for k, v in node.value if isinstance(k, yaml.ScalarNode)}
            options = {
                k: str(v.value) if isinstance(v, yaml.ScalarNode) else ",".join(_entries(v)) for k, v in by_key.items()
            }
            for command in commands(keys[-1] if keys else "", options):
                yield command, node.start_mark.line + 1
            for module, value in by_key.items():
                if isinstance(value, yaml.ScalarNode) and not value.value and module.endswith(".shutdown"):
                    yield "poweroff now", value.start_mark.line + 1
                if isinstance(value, yaml.ScalarNode) and "=" in value.value:
                    for command in commands(module, inline(value.value)):
                        yield command, value.start_mark.line + 1
            if isinstance(by_key.get("command"), yaml.SequenceNode) and isinstance(
                by_key.get("args"), yaml.SequenceNode
            ):
                both = [*by_key["command"].value, *by_key["args"].value]
                words = [str(entry.value) for entry in both if isinstance(entry, yaml.ScalarNode)]
                yield " ".join(quoted(word) for word in words), by_key["args"].start_mark.line + 1
        elif isinstance(node, yaml.ScalarNode) and not _is_prose(keys) and len(node.value) > 3:
            block = node.style in ("|", ">")
            yield _DOUBLED.sub("$", str(node.value)), node.start_mark.line + (2 if block else 1)


_DOUBLED = lazy(r"\$\$(?=[({A-Za-z_])")  # how compose files, units and Flux write a dollar


def _entries(node: Any) -> list[str]:
    return [str(entry.value) for entry in node.value if isinstance(entry.value, str)] if node.id == "sequence" else []


def _is_prose(keys: tuple[str, ...]) -> bool:
    return bool(keys) and bool(_PROSE_KEYS.match(keys[-1].lower()))


_KEY = lazy(r"^(?:\s|-\s)*\{?\s*(?:[\w.\-/\"']+\s*:(?=\s|$)\s*)?(?:[|>][-+0-9]*\s*$)?")


def _yaml_lines(text: str) -> Iterator[tuple[str, int]]:
    """For what is no valid YAML: the values of the lines, as one script."""
    lines = []
    for line in _TEMPLATE.sub(_blank, text).split("\n"):
        prefix = _KEY.match(line)
        value = line[prefix.end() :] if prefix else line
        key = line[: prefix.end()].strip(" -:\"'") if prefix else ""
        if _PROSE_KEYS.fullmatch(key.lower()):
            value = ""
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        lines.append(value)
    for i, value in enumerate(lines, 1):
        if len(value) > 3:
            yield value, i


# --- others -----------------------------------------------------------------------------------------


def _docker(text: str) -> Iterator[tuple[str, int]]:
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        found = re.match(
            r"\s*(?:ONBUILD\s+)?(RUN|CMD|ENTRYPOINT|HEALTHCHECK|SHELL)\s+(?:--\S+\s+)*(?:CMD\s+)?(.*)", lines[i], re.I
        )
        start = i
        i += 1
        if not found:
            continue
        body = [found[2]]
        while i < len(lines) and (body[-1].rstrip().endswith("\\") or lines[i].lstrip().startswith("#")):
            body.append("\\" if lines[i].lstrip().startswith("#") else lines[i])
            i += 1
        heredoc = re.search(r"<<-?\s*[\"']?(\w+)", body[-1])
        if heredoc:
            ends = next((j for j in range(i, len(lines)) if lines[j].strip() == heredoc[1]), len(lines))
            if re.fullmatch(r"\s*<<-?\s*[\"']?\w+[\"']?\s*", found[2]):
                body[0] = ""
            body += lines[i : min(ends, len(lines))] if not body[0] else lines[i : ends + 1]
            i = ends + 1
        script = "\n".join(body)
        if script.startswith("["):
            words = re.findall(r"\"((?:[^\"\\]|\\.)*)\"", script)
            script = " ".join(quoted(word.replace('\\"', '"')) for word in words)
        yield script, start + 1


def _make(text: str) -> Iterator[tuple[str, int]]:
    def shell_of(line: str) -> str:
        line = line.replace("$$", "\0")
        line = re.sub(r"\$[({](\w+)[)}]", r"${\1}", line)
        return line.replace("\0", "$")

    recipe: list[str] = []
    start = 0
    for i, line in enumerate([*text.split("\n"), ""], 1):
        if (
            line.startswith("\t")
            or (recipe and recipe[-1].endswith("\\"))
            or (line.startswith("    ") and line.strip())
        ):
            start = start or i
            bare = line.lstrip()
            recipe.append(shell_of(bare.lstrip("@-+") if not recipe or not recipe[-1].endswith("\\") else bare))
            continue
        if recipe:
            yield "\n".join(recipe), start
        recipe, start = [], 0
        for inner in re.findall(r"\$\(shell ([^)]{1,2000})\)", line):
            yield shell_of(inner), i


def _unit(text: str) -> Iterator[tuple[str, int]]:
    for i, line in enumerate(text.replace("\\\n", "  ").split("\n"), 1):
        found = re.match(r"\s*Exec\w*\s*=\s*[-@:+!|]*(.*)", line)
        if found:
            yield _DOUBLED.sub("$", found[1]), i


def _python(text: str) -> Iterator[tuple[str, int]]:
    from git_executor.policy.python_code import parsed, spelled

    tree = parsed(text)
    try:
        found = None if tree is None else list(_python_calls(tree))
    except RecursionError:
        found = None
    if tree is None or found is None:
        yield from _other(text)
        return
    yield from found
    known = {told for told, _ in found}
    yield from ((told, line) for told, line in spelled(tree) if told not in known)


def _python_calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
            words = [_literal(element) for element in node.elts]
            if words[0] and all(word is not None for word in words):
                yield (
                    " ".join(quoted(word or "") if "$" not in (word or "") else f'"{word}"' for word in words),
                    node.lineno,
                )
        elif isinstance(node, ast.For) and _LISTS.search(ast.unparse(node.iter)):
            removed = [n for n in ast.walk(node) if isinstance(n, ast.Call) and _REMOVES.search(ast.unparse(n.func))]
            if removed and not re.search(r"te?mp|cache", ast.unparse(node.iter), re.I):
                yield f"rm -r {quoted(ast.unparse(node.iter))}", removed[0].lineno
        elif isinstance(node, ast.Call) and _is_runner(node):
            for argument in node.args[:1]:
                command = _literal(argument)
                if command and id(argument) not in docs:
                    yield command, argument.lineno
            name = ast.unparse(node.func)
            if name.endswith(("rmtree", "removedirs")):
                where = node.args[0] if node.args else None
                safe = where is not None and re.search(r"te?mp", ast.unparse(where), re.I)
                if not safe:
                    yield f"rm -r {quoted(ast.unparse(where)) if where is not None else ''}", node.lineno
            elif name in ("eval", "exec", "compile") and node.args and not isinstance(node.args[0], ast.Constant):
                yield 'eval "$(base64 -d)"', node.lineno


_LISTS = lazy(r"\b(?:listdir|glob|iglob|rglob|walk|iterdir|scandir)\(")
_REMOVES = lazy(r"(?:^|\.)(?:remove|unlink|rmtree|rmdir|truncate)$")


def _is_runner(node: ast.Call) -> bool:
    name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
    return bool(
        re.search(
            r"(?:^|\.)(?:system|popen|run|call|check_call|check_output|Popen|getoutput|getstatusoutput|"
            r"create_subprocess_shell|"
            r"exec_command|execute|sh|shell|rmtree|removedirs|eval|exec|compile|cmd|run_command|spawn\w*|execv\w*)$",
            name,
        )
    )


def _literal(node: ast.expr) -> str | None:
    """The text of a string expression, expressions in it as ``$name``."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            v.value if isinstance(v, ast.Constant) and isinstance(v.value, str) else "$_expr" for v in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _literal(node.left), _literal(node.right)
        return None if left is None or right is None else left + right
    if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Starred):
        return "$_expr"
    return None


_HEREDOC = lazy(r"<<[-~]?\s*[\"']?([A-Za-z_]\w*)[\"']?")


def _hcl(text: str) -> Iterator[tuple[str, int]]:
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        heredoc = _HEREDOC.search(lines[i])
        if heredoc:
            end = next((j for j in range(i + 1, len(lines)) if lines[j].strip() == heredoc[1]), len(lines))
            yield "\n".join(lines[i + 1 : end]), i + 2
            i = end + 1
            continue
        yield from _strings(lines[i], i + 1)
        i += 1


def _strings(line: str, number: int) -> Iterator[tuple[str, int]]:
    if line.lstrip().startswith(("#", "//")):
        return
    found = re.match(r"\s*\"?([\w.-]+)\"?\s*[:=]", line)
    if not (found and _PROSE_KEYS.fullmatch(found[1].lower())):
        yield from ((text, number) for text in literals(line))


def _other(text: str) -> Iterator[tuple[str, int]]:
    """Some language or configuration: each line, and each string in it."""
    for i, line in enumerate(text.split("\n"), 1):
        if 3 < len(line) < 4000 and not line.lstrip().startswith(("#", "//", ";", "*", "<!--")):
            bare = (
                re.sub(r"^(?:(?:\S+\s+){5}(?=\S*/|[a-z]))?\s*(?:[\w.-]+\s*[=:]\s*)?", "", line)
                if "=" in line or "*" in line
                else line
            )
            yield bare, i
            yield from _strings(line, i)


_READERS: dict[str, Reader] = {
    "yaml": _yaml,
    "docker": _docker,
    "make": _make,
    "unit": _unit,
    "python": _python,
    "hcl": _hcl,
}
