"""The schemas under ai/state: sound, and no stricter than the programs that read these files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from git_executor.domain import Limits, Stage, Violation
from git_executor.errors import ConfigError, ExitCode
from git_executor.escalation import answers
from git_executor.escalation.casefile_page import ANSWER_FORMATS
from git_executor.settings import parse_context_map

STATE = Path(__file__).parents[2] / "ai" / "state"


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((STATE / f"{name}.schema.json").read_text()))


@pytest.mark.parametrize("path", sorted(STATE.glob("*.schema.json")), ids=lambda path: path.name)
def test_every_schema_is_a_schema(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text()))


ACCEPTED = [
    "stages: {}",
    "stages:",
    "stages: {talos: {}}",
    "stages: {talos: {description: null, command: null, files: null, diagnostics: null}}",
    "stages:\n  talos:\n    description: Bring up\n    command: bash up.sh\n    files: [talos/, 'a/**/*.yaml', /x.sh]\n"
    "    architecture_sections: [network]\n    success_criteria: API answers\n    diagnostics: ['df -h']\n"
    "    verify: [make lint]\n",
    "stages: {a: {files: one.sh}}\nprotected_files: [ai/, x]\n",
    "stages: {a: {files: ' x.sh '}}\nprotected_files: x\n",
    "stages: {a: {}}\nlimits: {max_attempts: 5, context_tokens: 999999, log_lines: 1}\n",
    "stages: {a: {}}\nlimits:\n",
    "stages: {a: {}}\narchitecture_section_keywords: {network: [cni, vip], talos: talosctl, x: []}\n",
    "stages: {a: {}}\nsignatures: [{name: x, match: 'a+', classification: unknown}]\n",
    "stages: {a: {}}\nsignatures: {x: {match: 'a+', classification: talos_error, why: because}}\n",
    "stages: {a: {}}\nplaybook: {x: {match: a, file: b, find: c, replace: '', verify: null}}\n",
    "stages: {a: {}}\nplaybook: [{match: a, file: b, find: ' c ', replace: d, name: e}]\nsignatures: []\n",
    "stages: {a: {owner: me}}\nversion: 2\nnotes: [1, 2]\n",
    "base: &b {files: [x]}\nstages: {a: {<<: *b, command: y}}\n",
]
REFUSED = [
    "a: b",
    "[]",
    "stages: []",
    "stages: {a: x}",
    "stages: {'a b': {}}",
    "stages: {a: {files: {x: y}}}",
    "stages: {a: {files: [1]}}",
    "stages: {a: {files: ['!x']}}",
    "stages: {a: {files: ['~/x']}}",
    "stages: {a: {files: ['']}}",
    "stages: {a: {description: 3}}",
    "stages: {a: {}}\nlimits: {max_attempts: 0}",
    "stages: {a: {}}\nlimits: {max_attempts: many}",
    "stages: {a: {}}\nlimits: 3",
    "stages: {a: {}}\nsignatures: [{match: a, classification: sad}]",
    "stages: {a: {}}\nplaybook: [{match: a}]",
]


@pytest.mark.parametrize("text", ACCEPTED)
def test_the_context_map_schema_accepts_what_the_program_accepts(text: str) -> None:
    parse_context_map(text.encode())
    validator("context_map").validate(yaml.safe_load(text))


@pytest.mark.parametrize("text", REFUSED)
def test_the_context_map_schema_refuses_what_the_program_refuses(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_context_map(text.encode())
    assert not validator("context_map").is_valid(yaml.safe_load(text))


def test_the_context_map_schema_knows_every_key() -> None:
    schema = validator("context_map").schema
    assert set(schema["$defs"]["stage"]["properties"]) == set(Stage._fields) - {"name"}
    assert set(schema["properties"]["limits"]["properties"]) == set(Limits._fields)


@pytest.mark.parametrize("answer", ANSWER_FORMATS.values(), ids=list(ANSWER_FORMATS))
def test_the_formats_that_a_case_file_shows_are_valid_answers(answer: dict[str, Any]) -> None:
    validator("api_response").validate(answer)


@pytest.mark.parametrize("answer", [{}, {"type": "patch"}, {"type": "x"}, {"type": "diagnostics", "commands": []}])
def test_what_is_no_answer_is_not_valid(answer: dict[str, Any]) -> None:
    assert not validator("api_response").is_valid(answer)
    with pytest.raises(answers.AnswerError):
        answers.parse(json.dumps(answer))


def test_an_attempt_is_described() -> None:
    record = {
        "outcome": "rejected",
        "exit_code": int(ExitCode.REFUSED),
        "stage": "talos",
        "error_hash": "9f2c4be01d33",
        "fingerprint": "v1:0123456789abcdef",
        "classification": "unknown",
        "attempt": 2,
        "max_attempts": 3,
        "branch": "ai/orchestrator-stage1",
        "commit": "a" * 40,
        "path": None,
        "changed_lines": None,
        "fixer": "ollama",
        "fix": "",
        "reason": "",
        "violations": [Violation("scope", "x", "not a file of the stage", 3, "choose another")._asdict()],
        "case_file": None,
        "log": "ai/logs/executor/x.jsonl",
        "warnings": [],
    }
    validator("attempt").validate(record)
    assert not validator("attempt").is_valid({**record, "outcome": "happy"})
