# ruff: noqa: SIM905 - tables of words read best as text
"""YAML that parses and that a schema refuses: Compose and Ansible keys and values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_executor.fixers.playbook.near import one_near
from git_executor.fixers.playbook.rule import Case, Fix, Rule, Said
from git_executor.fixers.playbook.yaml_lines import entries, with_key, with_value

# fmt: off
_COMPOSE_KEYS = frozenset("""services networks volumes configs secrets version name image build command entrypoint environment env_file
    ports expose depends_on restart hostname container_name labels logging deploy healthcheck user working_dir privileged cap_add
    cap_drop devices dns extra_hosts network_mode pid security_opt stop_grace_period sysctls tmpfs ulimits volumes_from profiles
    context dockerfile args target test interval timeout retries start_period driver external ipam condition init read_only tty
    stdin_open shm_size platform pull_policy mem_limit cpus""".split())
_ANSIBLE_KEYS = frozenset("""hosts tasks name become become_user become_method vars vars_files roles handlers pre_tasks post_tasks
    gather_facts when with_items loop loop_control register notify tags ignore_errors changed_when failed_when delegate_to
    run_once environment block rescue always until retries delay include_tasks import_tasks import_playbook serial strategy
    any_errors_fatal max_fail_percentage no_log check_mode args listen
    copy file template command shell service systemd apt package yum dnf user group lineinfile blockinfile debug set_fact stat
    uri get_url unarchive git fetch synchronize cron mount sysctl hostname reboot wait_for assert fail pause""".split())
# fmt: on


def compose_key(case: Case, said: Said) -> Iterator[Fix]:
    yield from _renamed(case, said["key"], _COMPOSE_KEYS, r"compose", "Compose")


def ansible_key(case: Case, said: Said) -> Iterator[Fix]:
    """``'hsots' is not a valid attribute for a Play`` and modules that cannot be resolved."""
    word = said["key"]
    yield from _renamed(case, word, _ANSIBLE_KEYS, r"", "Ansible")
    plain = word.removeprefix("ansible.builtin.")
    if plain != word:
        near = one_near(plain, _ANSIBLE_KEYS)
        yield from _renamed(case, word, {f"ansible.builtin.{near}"} if near else set(), r"", "Ansible")


def _renamed(case: Case, word: str, known: frozenset[str] | set[str], name: str, tool: str) -> Iterator[Fix]:
    near = one_near(word, known)
    if near is None or word in known:
        return
    for path in case.candidates[:200]:
        if not path.endswith((".yaml", ".yml")) or not re.search(name, path):
            continue
        text = case.text(path)
        found = [entry for entry in entries(text) if entry.key == word]
        if len(found) == 1 and near not in {
            entry.key
            for entry in entries(text)
            if entry.path == found[0].path and abs(entry.number - found[0].number) < 8
        }:
            yield Fix(path, with_key(text, found[0], near), f"Corrected the key {word} to {near}",
                      f"{tool} knows no key {word}; {near} is the one with nearly that name.")  # fmt: skip


def octal_mode(case: Case, said: Said) -> Iterator[Fix]:
    """Ansible's ``mode: 0644`` without quotes becomes another number."""
    for path in case.candidates[:100]:
        if path.endswith((".yaml", ".yml")):
            text = case.text(path)
            found = [
                entry for entry in entries(text) if entry.key == "mode" and re.fullmatch(r"0?[0-7]{3}", entry.value)
            ]
            if len(found) == 1:
                yield Fix(path, with_value(text, found[0], f'"{found[0].value.zfill(4)}"'), f"Put the file mode {found[0].value} in quotes",
                          "YAML reads a mode without quotes as another number.")  # fmt: skip


def open_interpolation(case: Case, said: Said) -> Iterator[Fix]:
    """``${PUID`` without its brace, in the one Compose file that has it."""
    found = [(path, match) for path in case.candidates[:200] if path.endswith((".yaml", ".yml"))
             for match in re.finditer(r"\$\{[A-Za-z_]\w*(?=[\s\"'/:,]|$)(?!:[-?+])", case.text(path), re.MULTILINE)]  # fmt: skip
    if len(found) == 1:
        path, match = found[0]
        text = case.text(path)
        yield Fix(path, f"{text[: match.end()]}}}{text[match.end() :]}", f"Closed {match[0]} with its brace", f"{path} refers to a variable and does not close the reference.")


RULES: tuple[Rule, ...] = (
    Rule("compose-key", ("additional propert", "unsupported config option"),
         (r"[Aa]dditional propert(?:y|ies) '?(?P<key>[\w-]+)'? (?:(?:is|are|was|were) )?not allowed",
          r"Unsupported config option for .*: '(?P<key>[\w-]+)'"), compose_key),
    Rule("compose-interpolation", ("interpolation",), (r"(?i)invalid interpolation format|invalid template:",), open_interpolation),
    Rule("ansible-key", ("is not a valid attribute", "couldn't resolve module"),
         (r"'(?P<key>[\w.]+)' is not a valid attribute for a \w+", r"couldn't resolve module/action '(?P<key>[\w.]+)'"), ansible_key),
    Rule("ansible-mode", ("mode", ), (r"(?i)mode must be in octal|bad symbolic permission|risky octal",), octal_mode),
)  # fmt: skip
