"""Helm charts: what is mended and what is left alone."""

from __future__ import annotations

import pytest

from tests.playbook.world import ask

TEMPLATE = """metadata:
  labels: {{- include "web.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
  level: {{ .Values.level | default "info" | quote }}
"""
VALUES = 'replicas: 1\nimage:\n  repository: web\n  tag: "1.9"\nlevel: info\n'
HELPERS = '{{- define "web.labels" -}}\napp: web\n{{- end }}\n'
SCHEMA = '{"properties": {"replicas": {"type": "integer"}, "image": {"properties": {"tag": {"type": "string"}, "repository": {}}}}}'
T, V = "charts/web/templates/d.yaml", "charts/web/values.yaml"
CHART = {T: TEMPLATE, V: VALUES, "charts/web/templates/_helpers.tpl": HELPERS, "charts/web/values.schema.json": SCHEMA}
NIL = 'template: web/templates/d.yaml:5:13: executing "web/templates/d.yaml" at <.Values.{}>: nil pointer evaluating interface {{}}.repository'

FIXES = [
    # rule, log, path, good part, broken part
    ("helm-function", 'Error: parse error at (web/templates/d.yaml:6): function "qoute" not defined', T, "| quote", "| qoute"),
    ("helm-template", 'template: web/templates/d.yaml:2:13: executing "x" at <include "web.lables" .>: error calling include: template: no template "web.lables" associated with template "gotpl"',
     T, "web.labels", "web.lables"),
    ("helm-value", NIL.format("imgae.repository"), T, ".Values.image.repository", ".Values.imgae.repository"),
    ("helm-value", NIL.format("image.repository"), V, "image:", "imgae:"),
    ("helm-action", "Error: parse error at (web/templates/d.yaml:4): unclosed action", T, "replicas }}", "replicas }"),
    ("helm-action", "Error: parse error at (web/templates/d.yaml:5): unclosed action", T, "replicas }}", "replicas"),
    ("helm-schema-key", "web:\n- (root): Additional property replica is not allowed", V, "replicas:", "replica:"),
    ("helm-schema-key", "- at '/image': additional properties 'tagg' not allowed", V, "tag:", "tagg:"),
    ("helm-schema-type", "web:\n- replicas: Invalid type. Expected: integer, given: string", V, "replicas: 1", 'replicas: "1"'),
    ("helm-schema-type", "- at '/image/tag': got number, want string", V, '"1.9"', "1.9"),
]


@pytest.mark.parametrize(("rule", "log", "path", "good", "broken"), FIXES)
def test_fixes(rule: str, log: str, path: str, good: str, broken: str) -> None:
    assert good in CHART[path]
    answer = ask(log, CHART | {path: CHART[path].replace(good, broken, 1)})
    assert (answer.rule, answer.path, answer.new if answer.proposal else answer.declined) == (rule, path, CHART[path])


SILENT = [
    ("no near function", 'parse error at (web/templates/d.yaml:6): function "shout" not defined', T, "| quote", "| shout"),
    ("a template of a library chart", 'template: web/templates/d.yaml:2:13: no template "common.names" associated with template "gotpl"', T, "web.labels", "common.names"),
    ("no near value", NIL.format("ingress.repository"), T, ".Values.image.repository", ".Values.ingress.repository"),
    ("two open actions", "parse error at (web/templates/d.yaml:4): unclosed action", T, "replicas }}\n  image: \"{{ .Values.image.repository }}", "replicas }\n  image: \"{{ .Values.image.repository }"),
    ("no near key", "- (root): Additional property color is not allowed", V, "replicas:", "color:"),
    ("text that is no number", "- replicas: Invalid type. Expected: integer, given: string", V, "replicas: 1", 'replicas: "many"'),
]  # fmt: skip


@pytest.mark.parametrize(("why", "log", "path", "good", "broken"), SILENT)
def test_stays_silent(why: str, log: str, path: str, good: str, broken: str) -> None:
    assert good in CHART[path]
    answer = ask(log, CHART | {path: CHART[path].replace(good, broken, 1)})
    assert answer.proposal is None, answer.new
