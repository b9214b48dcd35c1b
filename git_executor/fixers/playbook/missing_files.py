# ruff: noqa: RUF001 - tools quote with typographic marks
"""A reference to a file that is not there, but stands under one near name: a typo, its case, its extension, its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, normpath, relpath, splitext

from git_executor.domain import DIRECTORY
from git_executor.fixers.playbook.near import distance, is_slip, one_defined
from git_executor.fixers.playbook.places import places, replaced
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said

# Starts only where a word starts, so that a long word is walked once.
_TOKEN = (
    r"\$\w+(?P<below>(?:/[\w.@+~%-]+)+/?)?|\$\{[^}\n]*\}|(?<![\w.@+~%-])(?P<token>[\w.@+~%-]*(?:/[\w.@+~%-]+)+/?"
    r"|[\w@+~%-][\w.@+~%-]*\.[A-Za-z][\w-]*|(?<=[\s\"'])[A-Z]\w+file\b)"
)
_FILES = 120
_EXTENSIONS = (
    {".yaml", ".yml"},
    {".sh", ".bash"},
    {".json", ".json5"},
    {".j2", ".jinja2"},
    {".env", ""},
    {".conf", ".cfg"},
    {".tpl", ".tmpl"},
)


def missing_path(case: Case, said: Said) -> Iterator[Fix]:
    """Correct the reference, where exactly one file of the tree can be meant."""
    missing = re.sub(r"^file://|^\./", "", said["path"].strip("'\"`‘’“”:,;"))
    if len(missing) < 3 or "://" in missing or missing.startswith(("/dev/", "/proc/", "/etc/", "/usr/")):
        return
    if _is_ignored(case, missing):
        case.advise(f"{missing} is git-ignored, so it must be made on the machine that runs the stage")
        return
    listed = list(_listed_word(case, missing))
    if listed:
        yield from listed
        return
    for path in _asked_files(case, said):
        text = case.text(path)
        tokens = ((match["token"] or match["below"] or "").lstrip("@") for match in re.finditer(_TOKEN, text))
        for token in dict.fromkeys(token for token in tokens if token):
            if not _means(token, missing):
                continue
            for other in _corrected(case, path, token, missing):
                yield _replaced(case, path, token, other)


def _listed_word(case: Case, missing: str) -> Iterator[Fix]:
    """A part of the path that a script puts together: the word in a loop's list or an array, where it stands once."""
    for wrong, near in _missing_parts(case, missing):
        files = [path for path in case.candidates[:_FILES] if path in case.scripts() or path.endswith((".env", ".conf", ".mk")) or "makefile" in path.lower()]
        found = [place for place in places(case, files, wrong, r"(?<![\w/.$%{-])", r"(?![\w/.-])") if re.search(r"\bfor\b.*\bin\b|=\(|^\s*[\w\"' -]+$", place.line)]
        literal = any(re.search(rf"/{re.escape(wrong)}(?![\w-])", case.text(path)) for path in files)
        if len(found) == 1 and not literal:
            yield from replaced(case, found, near, f"Corrected {wrong} to {near} in the list", f"There is no {missing}; with {near} there is.")


def _missing_parts(case: Case, missing: str) -> Iterator[tuple[str, str]]:
    """(what the first missing part of the path is, what it should be), both without an extension that they share."""
    parts = _parts(missing)
    bases = dict.fromkeys([*(path.rpartition("/")[0] for path in case.candidates[:_FILES]), ""])
    seen = set()
    for start in range(len(parts) if missing.startswith("/") else 1):
        for base in [""] if missing.startswith("/") else list(bases)[:40]:
            rest = parts[start:]
            known = next((depth for depth in range(len(rest)) if rest[depth] not in case.tree.names("/".join([*([base] if base else []), *rest[:depth]]))), None)
            if known is None or (known == 0 and (missing.startswith("/") or not base)):
                continue
            parent = "/".join([*([base] if base else []), *rest[:known]])
            stem, extension = splitext(rest[known])
            near = one_defined(stem, {splitext(name)[0] for name in case.tree.names(parent) if splitext(name)[1] == extension})
            if near and case.exists("/".join(part for part in (parent, near + extension, *rest[known + 1 :]) if part)) and (stem, near) not in seen:
                seen.add((stem, near))
                yield stem, near


def _asked_files(case: Case, said: Said) -> list[str]:
    """The file that the log blames, if it does; else all that the stage has."""
    blamed = said.get("script")
    if blamed and "/" + blamed != "/bash":
        path = case.locate(blamed)
        if path:
            return [path]
    return [path for path in case.candidates[:_FILES] if case.text(path)]


def _means(token: str, missing: str) -> bool:
    """Whether a token of a file is what the log calls the missing path: one ends with the other."""
    ours, theirs = _parts(token), _parts(missing)
    length = min(len(ours), len(theirs))
    return (
        bool(ours) and ours[-length:] == theirs[-length:] and (len(ours) <= len(theirs) or not missing.startswith("/"))
    )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".", "..")]


def _corrected(case: Case, path: str, token: str, missing: str) -> Iterator[str]:
    """What the token should be, for every folder that it may be relative to."""
    directory = path.rpartition("/")[0]
    relative = token.lstrip("/") if token.startswith("/") else token
    bases = [directory]
    while bases[-1]:
        bases.append(bases[-1].rpartition("/")[0])
    named = [base for base in bases if missing.startswith("/") and _ends_in(missing, base, relative)]
    if missing.startswith("/"):
        named = named or [""]  # an absolute path that no folder between explains was looked for from the root
    role = re.match(r"(.*/)?roles/[^/]+/(?=(?:tasks|handlers)/)", path)
    if role and "/" not in token and not named and not token.endswith((".yml", ".yaml")):
        named = [role[0] + ("templates" if token.endswith(".j2") else "files")]  # where Ansible looks for a role's own
    asked = named[:1] or ([directory] if _is_manifest(path) else _likeliest(case, bases, relative, case.text(path)))
    for base in asked:
        target = normpath(f"{base}/{relative}" if base else relative)
        if target.startswith("..") or case.exists(target):
            continue
        for other in _near_paths(case, target) or _other_depth(case, base, relative):
            corrected = relpath(other, base or ".")
            if relative.startswith("./"):
                corrected = "./" + corrected
            yield ("/" if token.startswith("/") else "") + corrected + ("/" if token.endswith("/") else "")


def _other_depth(case: Case, base: str, relative: str) -> list[str]:
    """``../base`` for ``../../base``: the same path with another number of steps up."""
    rest = re.sub(r"^(?:\.\.?/)+", "", relative)
    if rest == relative or not rest:
        return []
    folders = [base]
    while folders[-1]:
        folders.append(folders[-1].rpartition("/")[0])
    found = [normpath(f"{folder}/{rest}" if folder else rest) for folder in folders]
    found = [path for path in dict.fromkeys(found) if case.exists(path)]
    return found if len(found) == 1 else []


def _likeliest(case: Case, bases: list[str], relative: str, text: str) -> list[str]:
    """The folders from which most of the path exists, and then most of the file's other paths: which one the script runs
    in, it does not say."""
    depths = {base: _existing_depth(case, base, _parts(relative)) for base in bases}
    deepest = [base for base in bases if depths[base] == max(depths.values())]
    if len(deepest) < 2:
        return deepest
    others = {match["token"].rstrip("/") for match in re.finditer(_TOKEN, text) if match["token"] and "/" in match["token"]} - {relative}
    counts = {base: sum(case.exists(normpath(f"{base}/{other}" if base else other)) for other in list(others)[:60]) for base in deepest}
    return [base for base in deepest if counts[base] == max(counts.values())]


def _existing_depth(case: Case, base: str, parts: list[str]) -> int:
    for depth in range(len(parts), 0, -1):
        if case.exists("/".join([*([base] if base else []), *parts[:depth]])):
            return depth
    return 0


def _ends_in(missing: str, base: str, relative: str) -> bool:
    target = normpath(f"{base}/{relative}" if base else relative)
    return bool(base) and missing.rstrip("/").endswith("/" + target)


def _is_manifest(path: str) -> bool:
    """Files whose references are relative to themselves by their format."""
    return basename(path).lower().startswith(("kustomization", "docker-compose", "compose"))


def _near_paths(case: Case, target: str) -> list[str]:
    """The existing paths that differ from the target in one component; else the one that only moved."""
    parts = target.split("/")
    for index in range(len(parts)):
        parent = "/".join(parts[:index])
        names = case.tree.names(parent)
        if not names:
            return []
        if parts[index] in names:
            continue
        rest = parts[index + 1 :]
        near = [name for name in names if _near_name(parts[index], name)]
        found = ["/".join([*parts[:index], name, *rest]) for name in near]
        found = [path for path in found if case.exists(path)]
        if not found and rest:  # a folder by a longer or shorter form of its name, with the very file in it
            forms = [name for name in names if min(len(name), len(parts[index])) >= 4 and (name.startswith(parts[index]) or parts[index].startswith(name))]
            found = [path for name in forms if case.exists(path := "/".join([*parts[:index], name, *rest]))]
        return found or _one_folder_off(case, parent, parts[index:]) or _moved(case, target, parent)
    return []


def _near_name(missing: str, name: str) -> bool:
    if missing == name:
        return False
    (stem, extension), (other_stem, other_extension) = splitext(missing), splitext(name)
    if stem == other_stem:
        return {extension, other_extension} in [set(pair) for pair in _EXTENSIONS] or is_slip(
            extension, other_extension
        )
    if extension == other_extension and _renumbered(stem, other_stem):
        return True
    if extension != other_extension and {extension, other_extension} not in _EXTENSIONS:
        return False
    return is_slip(stem, other_stem) or (min(len(stem), len(other_stem)) >= 2 and _one_letter_more(stem, other_stem))


def _renumbered(one: str, other: str) -> bool:
    """``40-users`` and ``30-users``: steps are renumbered, and what follows the number names them."""
    ours, theirs = (re.fullmatch(r"\d+[-_](\w{3,}.*)", stem) for stem in (one, other))
    return bool(ours and theirs and ours[1] == theirs[1])


def _one_letter_more(one: str, other: str) -> bool:
    """``app`` and ``apps``: too short for a slip elsewhere, but here only one of them exists."""
    return abs(len(one) - len(other)) == 1 and distance(one, other, 1) == 1 and not re.search(r"\d", one + other)


def _one_folder_off(case: Case, parent: str, rest: list[str]) -> list[str]:
    """The same path with one folder more or one less, where a folder stands that is not there."""
    if len(rest) < 2:
        return []
    start = f"{parent}/" if parent else ""
    shorter = start + "/".join(rest[1:])
    found = [shorter] if case.exists(shorter) else []
    for entry, mode in list(case.tree.names(parent).items())[:200]:
        longer = f"{start}{entry}/" + "/".join(rest)
        if mode == DIRECTORY and case.exists(longer):
            found.append(longer)
    return found


def _moved(case: Case, target: str, parent: str) -> list[str]:
    """The same name elsewhere: among the stage's files, or one folder around the place where it was looked for."""
    name = basename(target)
    if len(splitext(name)[0]) < 4 or name.lower().startswith(
        ("kustomization", "values", "main.", "index.", "readme", "default")
    ):
        return []
    found = {path for path in case.candidates if basename(path) == name}
    for entry, mode in list(case.tree.names(parent).items())[:200]:
        path = f"{parent}/{entry}" if parent else entry
        if mode == DIRECTORY and name in case.tree.names(path):
            found.add(f"{path}/{name}")
    if name in case.tree.names(parent):
        found.add(f"{parent}/{name}" if parent else name)
    return sorted(found)


def _is_ignored(case: Case, missing: str) -> bool:
    ignored = case.text(".gitignore").split("\n") if case.exists(".gitignore") else []
    name = basename(missing)
    return any(line.strip().strip("/").rpartition("/")[2] == name for line in ignored)


def _replaced(case: Case, path: str, token: str, other: str) -> Fix:
    whole = re.compile(rf"(?<![\w.+~%/-]){re.escape(token)}(?![\w.@+~%/-])")
    if token.startswith("/"):
        whole = re.compile(rf"{re.escape(token)}(?![\w.@+~%/-])")
    return Fix(
        path, whole.sub(lambda _: other, case.text(path)), f"Corrected the path {token} to {other}",
        f"{path} refers to {token}, which does not exist; {other} does, and nothing else there has nearly that name.",
    )  # fmt: skip


_PATH = r"[\"'`‘“]?(?P<path>[^\s\"'`‘’“”:]+)[\"'`’”]?"
_NONE = r"(?i:no such file or directory|datei oder verzeichnis nicht gefunden|aucun fichier ou dossier de ce (?:type|nom)|no existe el (?:archivo|fichero) o el directorio)"

RULES: tuple[Rule, ...] = (
    Rule(
        "missing-path",
        (
            "no such file",
            "not found",
            "does not exist",
            "cannot find",
            "can't open",
            "could not find",
            "nicht gefunden",
            "aucun fichier",
            "no existe",
            "doesn't exist",
            "could not be found",
            "unable to read",
            "not a valid",
            "can't find",
            "unable to find",
        ),
        (
            r"unable to find one of 'kustomization\.yaml'.* in directory '(?P<path>[^']+)'",
            rf"(?P<script>[^\s:]+): (?:line )?\d+: (?:(?:source|\.): )?{_PATH}: (?:{_NONE}|(?:file )?not found)",
            rf"(?i:errno 2\] )?{_NONE}(?: \(os error 2\))?: [\"'`](?P<path>[^\"'`]+)",
            r"(?i:evalsymlink failure on|accumulat\w+ \w+ from) '(?P<path>[^']+)'",
            rf"(?i:open|stat|lstat|read|chdir|access|fork/exec|scandir|unlink|copyfile) {_PATH}: {_NONE}",
            r"(?i:the path|path|file|playbook|directory|template|script)s?:? [\"'`]?(?P<path>[^\s\"'`:]+)[\"'`]? (?:does not exist|doesn't exist|not found|could not be found|cannot be found|was not found)",
            r"(?i:could not find or access|unable to (?:find|read|open)|cannot (?:find|open|access|read|stat)|can't (?:open|find)(?: file)?|could not (?:find|open)(?: file)?) [\"'`‘]?(?P<path>[^\s\"'`’:]+)",
            r"(?P<script>[^\s:]+): (?:line )?\d+: (?:\.|source): (?i:can't open|cannot open) (?P<path>\S+)",
            rf"{_PATH}: {_NONE}",
            r"[\"'`](?P<path>[\w./-]+)[\"'`] (?:does not exist|not found|doesn't exist)",
        ),
        missing_path,
    ),
)
