"""Which files a diagnostics command may read, and which it may only look at from outside.

A path is judged twice, as it is written and as it resolves, so that no symlink leads out of the repository and none
gives a secret an innocent name.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import yaml

from git_executor.escalation.diagnostics.words import Refused, Word

# Outside the repository, content may be read of logs and of plain facts about the system. Patterns are whole paths;
# ``*`` does not cross a ``/``, a trailing ``/**`` does.
READABLE = (
    "/var/log/**",
    "/etc/os-release", "/etc/lsb-release", "/etc/debian_version", "/etc/issue", "/etc/hostname", "/etc/hosts",
    "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/fstab", "/etc/timezone", "/etc/network/interfaces",
    "/etc/network/interfaces.d/*", "/etc/modules", "/etc/modules-load.d/*", "/etc/sysctl.conf", "/etc/sysctl.d/*",
    "/etc/pve/storage.cfg", "/etc/pve/corosync.conf", "/etc/pve/datacenter.cfg", "/etc/apt/sources.list",
    "/etc/apt/sources.list.d/*", "/etc/systemd/resolved.conf", "/etc/chrony/chrony.conf",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/loadavg", "/proc/uptime", "/proc/version", "/proc/mounts", "/proc/mdstat",
    "/proc/swaps", "/proc/filesystems", "/proc/modules", "/proc/partitions", "/proc/diskstats", "/proc/stat",
    "/proc/vmstat", "/proc/interrupts", "/proc/net/dev", "/proc/net/route", "/proc/net/arp", "/proc/net/bonding/*",
    "/proc/sys/net/ipv4/*", "/proc/sys/net/ipv6/*", "/proc/sys/vm/*", "/proc/sys/fs/*", "/proc/pressure/*",
    "/proc/net/*", "/proc/sys/net/**", "/etc/kubernetes/manifests/*", "/etc/cni/net.d/*", "/etc/crictl.yaml",
    "/sys/block/*/size", "/sys/block/*/queue/*", "/sys/class/net/*/operstate", "/sys/class/net/*/mtu",
    "/sys/class/net/*/speed", "/sys/class/net/*/carrier", "/sys/class/net/*/statistics/*", "/sys/class/net/*/address",
    "/sys/class/thermal/*/temp", "/sys/class/hwmon/*/*_input", "/sys/class/dmi/id/product_name",
)  # fmt: skip
# Logs of who logged in where; people type passwords into the wrong field.
_PRIVATE_LOGS = re.compile(
    r"/var/log/(?:audit(?:/|\Z)|journal(?:/|\Z)|private|(?:auth|secure|[bw]tmp|faillog|tallylog))"
)

# Outside the repository, names, sizes and dates may be looked at in these folders.
VISIBLE = (
    "/", "/var", "/var/log/**", "/var/lib", "/var/lib/*", "/var/lib/vz/**", "/var/lib/kubelet/**", "/var/lib/etcd/**",
    "/var/lib/containerd/**", "/var/lib/docker/**", "/var/lib/rancher/**", "/dev", "/dev/**", "/mnt", "/mnt/**",
    "/boot", "/boot/**", "/opt", "/opt/*", "/srv", "/tmp", "/usr", "/usr/bin", "/usr/bin/*", "/usr/local/bin",
    "/usr/local/bin/*", "/usr/sbin/*", "/etc", "/etc/*", "/etc/pve/nodes/**", "/etc/pve", "/etc/pve/qemu-server/**",
    "/etc/pve/lxc/**", "/etc/kubernetes/**", "/etc/cni/**", "/opt/cni/**", "/etc/systemd/**", "/etc/network/**",
    "/etc/rancher/**", "/etc/containerd/**", "/run", "/run/containerd/*", "/run/k3s/**", "/run/flannel/*",
    "/sys/**", "/run/*", "/var/run/*", "/lib/modules", "/lib/modules/*",
)  # fmt: skip

# Names that say "secret" by themselves, and folders that keep nothing else.
_SECRET_FOLDERS = frozenset(
    (".git", ".ssh", ".gnupg", ".kube", ".talos", ".aws", ".docker", ".azure", ".password-store", "secrets", "private")
)
_SECRET_NAMES = (
    ".env", ".env.*", "*.env", ".envrc", "*.key", "*.pem", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx", "*.gpg",
    "*.asc", "*.age", "*.agekey", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", "*_rsa", "*_ed25519",
    "*kubeconfig*", "*talosconfig*", "admin.conf", "k3s.yaml", "*.tfstate", "*.tfstate.*", "*.tfvars", "*.tfvars.json",
    ".netrc", "_netrc", ".pgpass", ".my.cnf", ".npmrc", ".pypirc", ".git-credentials", ".htpasswd", "htpasswd",
    "shadow",
    "*.token", "token", "token.txt", "keys.txt", "age.txt", "*.vault", "*vault*pass*", "*.ovpn", "wg*.conf",
    ".dockerconfigjson", ".terraformrc", "terraform.rc", "*_history",
    "credentials.tfrc.json", "*curlrc", ".wgetrc", ".s3cfg", ".boto", "rclone.conf",
)  # fmt: skip
_EXAMPLES = re.compile(r"(?:\A|[._-])(?:example|sample|template|dist|tmpl|schema)(?:\Z|[._-])")
_SECRET_TOKENS = frozenset(
    ("secret", "secrets", "credential", "credentials", "password", "passwords", "passwd", "apikey", "apikeys", "creds")
)
# A reference to a secret is none: external-secrets.yaml, sealed-secret.yaml, secret-store.yaml.
_REFERENCE_TOKENS = frozenset(("external", "sealed", "store", "stores", "operator", "csi", "externalsecrets", "sops"))
# What tools pile up; a search through the repository does not mean these.
_HEAPS = frozenset((".venv", "venv", "node_modules", ".terraform", "__pycache__", ".mypy_cache", ".cache", ".tox"))
_PUBLIC_KEYS = ("*.pub", "*.crt", "*.csr")


def secret_globs() -> tuple[str, ...]:
    """The same names as globs of whole paths, for programs that choose files themselves. A little too wide."""
    tokens = (f"{before}{token}{after}" for token in sorted(_SECRET_TOKENS) for before in ("", "*[-_.]")
              for after in ("", "[-_.]*"))  # fmt: skip
    folders = (f"{folder}/**" for folder in sorted(_SECRET_FOLDERS))
    return tuple(f"**/{name}" for name in (*_SECRET_NAMES, *tokens, *folders))


@dataclass(frozen=True, slots=True)
class Place:
    """Where commands run. ``hidden`` tells of a repository path (relative, ``/`` between its parts) that its content
    is not to be shown, for instance because git ignores it."""

    repo: str
    hidden: Callable[[str], bool] = lambda path: False

    @property
    def root(self) -> str:
        return os.path.realpath(self.repo)


def secret_shaped(path: str) -> bool:
    """Whether the name of a file, or a folder that it is in, says that its content is secret."""
    parts = [part.lower() for part in PurePosixPath(path).parts]
    if any(part in _SECRET_FOLDERS for part in parts[:-1]) or parts[-1:] == [".git"]:
        return True
    name = parts[-1] if parts else ""
    if _EXAMPLES.search(name) or any(fnmatch.fnmatchcase(name, public) for public in _PUBLIC_KEYS):
        return False
    if any(fnmatch.fnmatchcase(name, secret) for secret in _SECRET_NAMES):
        return True
    tokens = set(re.split(r"[-_. ]+", name))
    return bool(tokens & _SECRET_TOKENS) and not tokens & _REFERENCE_TOKENS


def readable(word: Word, place: Place) -> list[str]:
    """The files that ``word`` names and whose content may be read; more than one where it is a glob."""
    return _each(word, place, _check_readable)


def mounted(word: Word, place: Place) -> list[str]:
    """A path whose file system may be asked for: any but private ones, since nothing of the path itself is told."""
    path = word.text
    if os.path.isabs(path) and os.path.normpath(path) == path and not path.startswith(("/root", "/home", "//")):
        return [path]
    return visible(word, place)


def visible(word: Word, place: Place) -> list[str]:
    """The paths that ``word`` names and that may be looked at from outside."""
    return _each(word, place, _check_visible)


# Outside the repository, whole trees may be walked only here.
_WALKABLE = ("/var/", "/mnt", "/boot", "/opt", "/dev/", "/srv", "/tmp", "/sys/class/", "/etc/kubernetes", "/etc/cni")


def walkable(path: str, place: Place) -> None:
    """Raises ``Refused`` for a folder whose tree is too private or too large to be walked, such as ``/``."""
    if _relative(path, place) is None and not path.startswith(_WALKABLE):
        raise Refused(f"{path}: may not be walked through")


def inside(word: Word, place: Place) -> str:
    """A path in the repository that a tool may open but does not print. It need not exist."""
    _no_tilde(word.text)
    if _relative(word.text, place) is None:
        raise Refused(f"{word.text}: outside the repository")
    _ordinary(word.text, place)
    return word.text


def kubeconfig(word: Word, place: Place) -> str:
    """One kubeconfig in the repository that starts no program and reads no other file."""
    if ":" in word.text or ";" in word.text:
        raise Refused(f"{word.text}: one kubeconfig only")
    path = inside(word, place)
    full = os.path.join(place.root, path)
    if os.path.isdir(full):
        raise Refused(f"{path}: a folder is no kubeconfig")
    if os.path.exists(full):
        _harmless_kubeconfig(path, full)
    return path


def tree(path: str, place: Place, most: int = 5000) -> list[str]:
    """The files below ``path`` in the repository that may be read, in a steady order, symlinks left out; ``path``
    itself when it is a file. Raises ``Refused`` where there are more than ``most``."""
    if not os.path.isdir(os.path.join(place.root, path)):
        return [path]
    if _relative(path, place) is None:
        raise Refused(f"{path}: only folders of the repository are searched")
    found: list[str] = []
    for name in _walk(path, place):
        found.append(f"./{name}" if name.startswith("-") else name)  # no file name becomes an option
        if len(found) > most:
            raise Refused(f"{path}: more than {most} files; name a smaller folder")
    return found


def _walk(path: str, place: Place) -> Iterator[str]:
    for folder, folders, names in os.walk(os.path.join(place.root, path)):
        folders[:] = sorted(name for name in folders if name not in _SECRET_FOLDERS | _HEAPS)
        for name in sorted(names):
            full = os.path.join(folder, name)
            relative = os.path.relpath(full, place.root)
            if _is_regular(full) and not secret_shaped(relative) and not place.hidden(relative):
                yield relative


def _is_regular(full: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(full).st_mode)
    except OSError:  # gone since it was listed
        return False


# --- one path ---------------------------------------------------------------------------------------


def _each(word: Word, place: Place, check: Callable[[str, Place], None]) -> list[str]:
    _no_tilde(word.text)
    if not word.text:
        raise Refused("an empty path")
    matches = _matches(word, place)
    if not matches:
        check(word.text, place)
        return [word.text]
    allowed: list[str] = []
    problem: Refused | None = None
    for match in matches:
        try:
            check(match, place)
        except Refused as e:
            problem = e
        else:
            allowed.append(match)
    if not allowed and problem is not None:
        raise problem
    return allowed


def _matches(word: Word, place: Place, most: int = 1000) -> list[str]:
    """What an unquoted glob stands for, as a shell would have it."""
    if not word.glob or "**" in word.text or ".." in PurePosixPath(word.text).parts:
        return []
    found: list[str] = []
    for match in glob.iglob(word.text, root_dir=place.root):
        found.append(f"./{match}" if match.startswith("-") else match)  # no file name becomes an option
        if len(found) > most:
            raise Refused(f"{word.text}: more than {most} files")
    return sorted(found)


def _check_readable(path: str, place: Place) -> None:
    if os.path.isabs(path) and _listed(path, READABLE):
        real = os.path.realpath(path)
        # /proc and /etc belong to the system and may point where they like; below /var/log services write.
        if _PRIVATE_LOGS.match(path) or _PRIVATE_LOGS.match(real):
            raise Refused(f"{path}: a private log")
        if path.startswith("/var/log/") and not real.startswith(("/var/log/", "/var/lib/docker/containers/")):
            raise Refused(f"{path}: leads out of /var/log")
        if secret_shaped(path):
            raise Refused(f"{path}: looks like a secret")
        _ordinary(path, place)
        return
    relative = _relative(path, place)
    if relative is None:
        raise Refused(f"{path}: outside the repository, and no log or plain fact of the system")
    written = os.path.normpath(os.path.relpath(os.path.join(place.root, path), place.root))
    if secret_shaped(relative) or secret_shaped(written):
        raise Refused(f"{path}: its name says that it holds secrets")
    if relative != "." and place.hidden(relative):
        raise Refused(f"{path}: git ignores it, so it may hold what is private")
    _ordinary(path, place)


def _check_visible(path: str, place: Place) -> None:
    if _relative(path, place) is not None:
        return
    clean = path.rstrip("/") or "/"
    if os.path.isabs(path) and _listed(clean, VISIBLE) and not _PRIVATE_LOGS.match(clean):
        real = os.path.realpath(clean)
        if not real.startswith(("/root/", "/home/")):
            return
    raise Refused(f"{path}: outside the repository and the folders of the system that may be looked at")


def _relative(path: str, place: Place) -> str | None:
    """The resolved path relative to the repository; ``None`` when it lies outside."""
    root = place.root
    real = os.path.realpath(os.path.join(root, path))
    if real == root:
        return "."
    return real[len(root) + 1 :] if real.startswith(root.rstrip("/") + "/") else None


def _listed(path: str, patterns: tuple[str, ...]) -> bool:
    if os.path.normpath(path) != path or path.startswith("//"):
        return False
    parts = path.split("/")
    for pattern in patterns:
        wanted = pattern.split("/")
        if wanted[-1] == "**":
            wanted = wanted[:-1]
            given = parts[: len(wanted)]
        elif len(parts) != len(wanted):
            continue
        else:
            given = parts
        if len(given) == len(wanted) and all(map(fnmatch.fnmatchcase, given, wanted)):
            return True
    return False


def _ordinary(path: str, place: Place) -> None:
    """Refuse what would block or never end: pipes, sockets, devices."""
    try:
        mode = os.stat(os.path.join(place.root, path)).st_mode
    except (OSError, ValueError):
        return  # not there or not ours to see: the tool will say so
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise Refused(f"{path}: no ordinary file")


def _no_tilde(path: str) -> None:
    if path.startswith("~"):
        raise Refused(f"{path}: home folders are private")


# --- kubeconfigs ------------------------------------------------------------------------------------

# A kubeconfig can name a program to run for a token, or a file to send as one.
_ACTIVE_KEYS = frozenset(("exec", "auth-provider", "tokenfile", "proxy-url"))
_KUBECONFIG_BYTES = 1_000_000
_SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _harmless_kubeconfig(path: str, full: str) -> None:
    try:
        with open(full, "rb") as stream:
            data = stream.read(_KUBECONFIG_BYTES + 1)
    except OSError:
        return
    if len(data) > _KUBECONFIG_BYTES:
        raise Refused(f"{path}: too large for a kubeconfig")
    try:
        for event in yaml.parse(data, Loader=_SAFE_LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise Refused(f"{path}: a kubeconfig with YAML aliases")
            if isinstance(event, yaml.ScalarEvent) and str(event.value).lower() in _ACTIVE_KEYS:
                raise Refused(f"{path}: a kubeconfig with {event.value!r} starts programs or reads other files")
    except (yaml.YAMLError, RecursionError, ValueError):
        raise Refused(f"{path}: not valid YAML") from None
