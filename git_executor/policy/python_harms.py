"""What a Python program does that no shell command says: hidden calls, foreign objects made to code, SDKs told to
delete, the environment sent away."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from git_executor.lazy import lazy
from git_executor.policy.api import harmful_request
from git_executor.policy.leaks import SENSITIVE
from git_executor.policy.python_code import constants, dotted, fold, other_names, parsed
from git_executor.policy.registry import KEYS
from git_executor.policy.secrets import names_secret
from git_executor.policy.unseen import SHARED

Finding = tuple[str, str, str, int]
"""(rule, key, message, line)"""

_HIDES = lazy(
    r"^(?:globals|locals|vars|__builtins__|builtins)(?:\(\))?\[\]|\.__dict__\[\]|__(?:builtins|subclasses|globals|getattribute)__|"
    r"^(?:ctypes\.(?:CDLL|cdll|PyDLL|windll)|cffi\.FFI)\b|^(?:sys\.modules)\[\]"
)
_UNPACKS = lazy(r"^(?:c?[pP]ickle|marshal|dill|shelve|jsonpickle|joblib|cloudpickle)\.(?:loads?|open|decode)$")
_MANAGES = lazy(
    r"(?i)(?:^|[._])(?:clients?|api|apis|session|requests|httpx|aiohttp|http|proxmox|px|prox|pve|k8s|kube\w*|v1|core\w*|apps|batch|conn\w*|"
    r"cluster|nodes?|vms?|qemu|lxc|servers?|volumes?|compute|ec2|s3|hcloud|docker|container\w*|bucket|resource|custom\w*|talos\w*|etcd|vault|redis|db)(?:$|[.\[(])"
)
_LOSES = lazy(
    r"(?:destroy|terminate|purge|wipe|obliterate|factory_reset|undefine|delete_(?!old|temp|tmp|cache)\w+|terminate_\w+|destroy_\w+|"
    r"drop_\w+|flush(?:all|db)|remove_(?:node|member|volume|container|image)\w*|prune\w*|force_delete|empty_bucket|detach_volume|evict\w*)$"
)
_STOPS = lazy(r"\.(?:stop|shutdown|reset|reboot|suspend|rollback|stopall|wipedisk)(?:\(\))?\.(?:post|create|put)$")
_SENDS = lazy(
    r"(?:^|\.)(?:post|put|patch|urlopen|Request|send|sendall|sendto|sendmail|publish|upload_file\w*|put_object|write_message|getaddrinfo|gethostbyname)$"
)


# Variables that name a file with keys in it.
_HOLDS = lazy(r"KUBECONFIG|TALOSCONFIG|\w*(?:KEY|TOKEN|SECRETS?|PASSWORD|CREDENTIALS?)_?(?:FILE|PATH)|\w+_CREDENTIALS")
_SWEEPS = lazy(r"(?:unlink|remove|rmdir|rmtree)\(.*\b(?:glob|rglob|iglob|iterdir|listdir|walk|scandir)\(", re.S)


def python_harms(text: str) -> Iterator[Finding]:
    """Every such call in the program, whether it is new or not."""
    tree = parsed(text)
    if tree is None or len(text) > 400_000:
        return
    names, known = other_names(tree), constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            told = ast.unparse(node)
            if _SWEEPS.search(told) and not re.search(r"(?i)te?mp|cache", told):
                yield "destructive-command", told[:300], "deletes every file that it finds", node.lineno
        elif isinstance(node, ast.Call):
            rule, message = _judge(node, names, known)
            if message:
                yield rule, ast.unparse(node)[:300], message, node.lineno


def _judge(node: ast.Call, names: Mapping[str, str], known: Mapping[str, str | list[str] | None]) -> tuple[str, str]:
    name = dotted(node.func, names)
    last = name.rpartition(".")[2]
    texts = [value for argument in node.args if isinstance(value := fold(argument, known), str)]
    given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    if _HIDES.search(name) or (last == "getattr" and len(node.args) > 1 and not _plain_name(node, names)):
        return "destructive-command", "hides what it calls"
    if (
        name in ("importlib.import_module", "import_module")
        and node.args
        and not isinstance(node.args[0], ast.Constant | ast.Name | ast.Attribute | ast.JoinedStr)
    ):
        return "destructive-command", "hides what it imports"
    if _UNPACKS.search(name) or name in ("yaml.unsafe_load", "yaml.full_load_all", "yaml.unsafe_load_all"):
        return "remote-code", f"{name} runs what its input says"
    if name in ("yaml.load", "yaml.load_all"):
        loader = ast.unparse(given.get("Loader") or (node.args[1] if len(node.args) > 1 else node.func))
        return ("", "") if "Safe" in loader or "Base" in loader else ("remote-code", f"{name} runs what its input says")
    if name in ("sys.path.insert", "sys.path.append", "site.addsitedir") and any(
        SHARED.match(text + "/") for text in texts
    ):
        return "remote-code", "imports from where anybody may write"
    if last == "open" and texts and KEYS.match(texts[0]) and re.search(r"[wa+]", "".join(texts[1:2])):
        return "opened-access", f"writes {texts[0]}, which decides who gets in"
    return _of_request(node, name, last, texts, given, known)


def _plain_name(node: ast.Call, names: Mapping[str, str]) -> bool:
    """Whether ``getattr`` reads what it names: an attribute of no module that runs or deletes."""
    target = dotted(node.args[0], names)
    dangerous = re.match(r"(?:os|subprocess|shutil|builtins|__builtins__|sys|requests|httpx|importlib)\b", target)
    return not dangerous


def _of_request(
    node: ast.Call,
    name: str,
    last: str,
    texts: list[str],
    given: Mapping[str, ast.expr],
    known: Mapping[str, str | list[str] | None],
) -> tuple[str, str]:
    method = fold(given["method"], known) if "method" in given else texts[0] if last == "request" and texts else last
    method = method.upper() if isinstance(method, str) else ""
    holder = name.rpartition(".")[0]
    if method == "DELETE" and (
        _MANAGES.search(holder) or last != "delete" or "()" in holder or any("://" in t for t in texts)
    ):
        return "destructive-command", "tells an API to delete"
    if _STOPS.search(name) or (_LOSES.match(last) and (_MANAGES.search(holder) or "()" in holder)):
        return "destructive-command", f"{last} takes away what it manages"
    if method in ("POST", "PUT", "PATCH") or last in ("urlopen", "Request"):
        method = method if method in ("POST", "PUT", "PATCH") else "GET"
        message = next((m for text in texts if (m := harmful_request(method, text.replace("$_expr", "x")))), "")
        if message:
            return "destructive-command", message
    if _SENDS.search(name) and (what := _secret(node)):
        return "destructive-command", f"sends {what} away"
    return "", ""


def _secret(node: ast.Call) -> str:
    """What is secret in the arguments of a call that sends: files, the environment; not what stands in headers."""
    parts = [*node.args, *(k.value for k in node.keywords if k.arg not in ("headers", "auth", "cert", "verify"))]
    for part in parts:
        for inner in ast.walk(part):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and SENSITIVE.match(inner.value):
                return inner.value[:60]
            if isinstance(inner, ast.Subscript | ast.Call) and re.match(
                r"os\.(?:environ|getenv)\b", ast.unparse(inner)
            ):
                told = re.search(r"[\"'](\w+)[\"']", ast.unparse(inner))
                if (
                    told
                    and _HOLDS.fullmatch(told[1])
                    and re.search(r"\bopen\(|\.read_(?:text|bytes)\(", ast.unparse(part))
                ):
                    return f"the file of {told[1]}"
                in_address = part in node.args[:1] and isinstance(part, ast.BinOp | ast.JoinedStr)
                if in_address and told and names_secret(told[1]):
                    return told[1]
    return ""
