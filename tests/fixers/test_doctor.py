"""``doctor`` asks the fixers whether they could be asked: one line each, honest, within seconds."""

from __future__ import annotations

import socket

import pytest

from git_executor.errors import FixerUnavailable
from git_executor.fixers import check
from git_executor.settings import Machine
from tests.conftest import Repo
from tests.fixers.ollama_server import OllamaServer


def line(repo: Repo, fixer: str, **settings: str) -> str:
    environ = {f"GIT_EXECUTOR_{name.upper()}": value for name, value in settings.items()}
    done = repo.run("doctor", environ={"GIT_EXECUTOR_FIXERS": fixer, **environ})
    (found,) = [row for row in done.stdout.split("\n") if f"fixer {fixer}" in row]
    assert found.startswith("ok") or done.returncode == 1
    return found


def test_a_model_that_is_there(homelab: Repo) -> None:
    with OllamaServer(models=("coder:7b",)) as server:
        found = line(homelab, "ollama", host=server.url, model="coder:7b")
    assert found.startswith("ok") and f"coder:7b, at {server.url}, answers as blocks" in found
    assert [path for path, _ in server.requests] == ["/api/tags"]


def test_a_name_without_its_tag(homelab: Repo) -> None:
    with OllamaServer(models=("coder:latest",)) as server:
        assert line(homelab, "ollama", host=server.url, model="coder").startswith("ok")


def test_a_model_that_is_missing_has_near_names_and_the_command(homelab: Repo) -> None:
    with OllamaServer(models=("qwen2.5-coder:7b",)) as server:
        found = line(homelab, "ollama", host=server.url, model="qwen-2.5:7b-coder")
    assert found.startswith("look") and "no model 'qwen-2.5:7b-coder'" in found
    assert "qwen2.5-coder:7b" in found and "ollama pull" in found


def test_a_server_that_is_down(homelab: Repo) -> None:
    found = line(homelab, "ollama", host="http://127.0.0.1:9")
    assert found.startswith("look") and "no Ollama server at http://127.0.0.1:9" in found


def test_a_proxy_is_not_asked_for_this_machine(homelab: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with OllamaServer(models=("coder:7b",)) as server:
        assert line(homelab, "ollama", host=server.url, model="coder:7b").startswith("ok")


def test_a_server_that_accepts_and_says_nothing_costs_seconds() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(FixerUnavailable, match="does not answer within 3 s"):
            check("ollama", Machine(host=host))


@pytest.mark.parametrize("settings", [{"think": "hard"}, {"answer_format": "xml"}, {"answer_form": "poem"}])
def test_a_setting_that_is_wrong_is_said(homelab: Repo, settings: dict[str, str]) -> None:
    with OllamaServer(models=("coder:7b",)) as server:
        found = line(homelab, "ollama", host=server.url, model="coder:7b", **settings)
    assert found.startswith("look") and next(iter(settings.values())) in found


def test_programs(homelab: Repo) -> None:
    assert line(homelab, "command", command="cat -").startswith("ok    fixer command: cat")
    assert "not on PATH" in line(homelab, "command", command="/no/such/program")
    assert "needs a command" in line(homelab, "command")
    assert "not on PATH" in line(homelab, "codex", codex="/no/such/codex")
