"""Checks that a script made and makes no longer: calls that look after something, and the options that make a call fail.

Compared between both versions: a check may move, be written otherwise, or be made twice; it may not be fewer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.shell import names

_CHECKERS = names(
    "yamllint shellcheck kubeconform kubeval ansible-lint pytest ruff mypy flake8 hadolint tflint checkov trivy conftest promtool "
    "amtool cosign minisign gpgv kube-linter pluto polaris actionlint markdownlint eslint"
)
# Program and verb: what asks whether something is well.
_ASKS = lazy(
    r"(?:kubectl (?:wait|rollout status)|flux (?:check|reconcile)|talosctl (?:health|validate)|helm (?:test|lint)|terraform validate|tofu validate|"
    r"cosign verify|systemctl is-active|nginx -t|visudo -c|sha(?:256|512|1)sum (?:-c|--check|--status)|shasum .*-c|b2sum -c|gpg .*--verify|sshd -t|"
    r"named-checkconf|haproxy -c|docker (?:compose|-compose) config|mountpoint|zpool status|pvecm status|restic check|borg check|age --verify)\b"
)
# Options without which a failure or a danger goes unseen.
_FLAGS = lazy(
    r"-strict$|--(?:wait|atomic|fail|fail-with-body|fail-early|strict|exit-code|locked|frozen-lockfile|require-hashes|verify|check|wait-for-jobs|"
    r"ignore-not-found=false|tlsverify|checksum|cacert|ca-certificate|exit-zero=false|error-on-\S+|abort-on-\S+|set-e)$"
)


def lost_checks(old: Sequence[Script], new: Sequence[Script]) -> Iterator[str]:
    """What no longer is checked."""
    before, after = _checks(old), _checks(new)
    for check in sorted(before - after):
        yield f"{check} is no longer asked"
    calls_before, calls_after = _names(old), _names(new)
    flags_before, flags_after = _flags(old), _flags(new)
    for program, flag in sorted(flags_before - flags_after):
        if calls_after[program] >= calls_before[program]:
            yield f"{program} runs without {flag}"


def _checks(scripts: Sequence[Script]) -> Counter[str]:
    found: Counter[str] = Counter()
    for call in _calls(scripts):
        texts = call.texts()
        name = texts[1] if texts[:1] == ["-m"] and len(texts) > 1 else call.name
        if name in _CHECKERS:
            found[name] += 1
        asks = _ASKS.match(" ".join([call.name, *call.texts()[:8]])) if call.args else None
        if asks:
            found[re.sub(r"\s+-.*", "", asks[0]) or call.name] += 1
    return found


def _flags(scripts: Sequence[Script]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for call in _calls(scripts):
        for text in call.texts():
            if _FLAGS.match(text):
                found[call.name, text] += 1
        if call.name == "curl" and any(re.fullmatch(r"-[a-zA-Z]*f[a-zA-Z]*", text) for text in call.texts()):
            found[call.name, "--fail"] += 1
    return found


def _names(scripts: Sequence[Script]) -> Counter[str]:
    return Counter(call.name for call in _calls(scripts))


def _calls(scripts: Sequence[Script]) -> Iterator[Call]:
    for script in scripts:
        yield from script.calls
