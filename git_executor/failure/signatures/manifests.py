# ruff: noqa: RUF001 - tools print typographic quotes
"""YAML that does not parse, and manifests whose structure is wrong: unknown fields, duplicate keys, patch
targets."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_YAML = Classification.YAML_PARSE_ERROR

TABLE = (
    Known(
        "yaml-parser",
        _YAML,
        9,
        ("yaml",),
        r"\byaml: (?:line \d+|unmarshal errors|unknown|invalid|control|did not|mapping|found|could not"
        r"|while|input)|\byaml\.(?:\w+\.)?(?:\w*Error|MarkedYAML)\b|YAMLException|YAML(?:Parse|Syntax"
        r"|Semantic)?Error\b"
        r"|error converting YAML|YAML (?:parsing failed|parse error|syntax error|parser error)|(?:invalid"
        r"|malformed|bad|broken) YAML\b|not valid YAML"
        r"|Failed loading yaml|syntax error while loading YAML|JSON nor YAML",
        (
            "error: error parsing bad.yaml: error converting YAML to JSON: yaml: line 4: did not find expected key",
            "yaml.scanner.ScannerError: mapping values are not allowed here",
            "[ERROR]: YAML parsing failed: Colons in unquoted values",
            "YAMLException: bad indentation of a mapping entry",
            "ERROR! We were unable to read either as JSON nor YAML",
        ),
        (
            "cluster.yaml: no such file or directory",
            "applying yaml manifests",
            "error: open bad.yaml: permission denied",
        ),
    ),
    Known(
        "yaml-not-loaded",
        _YAML,
        6.5,
        ("yaml",),
        r"error parsing (?:the )?YAML|(?:could not|cannot|can't|unable to|failed to) (?:parse|load|decode"
        r"|read|unmarshal|deserialize)(?: the)? YAML\b",
        ("ERROR: could not parse YAML in node 3", "failed to load YAML document"),
        ("parsing yaml done", "failed to load yamllint.toml"),
    ),
    Known(
        "yaml-grammar",
        _YAML,
        8.5,
        (
            "mapping",
            "did not find expected",
            "could not find expected",
            "cannot start any token",
            "undefined tag",
            "undefined alias",
            "unknown escape",
            "block",
            "duplicate",
            "duplicated",
            "document separator",
            "special characters are not allowed",
            "already set in map",
            "tab character",
            "error in yaml",
            "already defined",
            "indentation",
            "duplication of key",
            "unidentified alias",
            "expected <",
        ),
        r"mapping values are not allowed|did not find expected (?:key|'-'|node|comment|alphabetic"
        r"|hexdecimal|whitespace|',' or|digit|<)|could not find expected (?:':'|directive)"
        r"|cannot start any token"
        r"|found undefined (?:tag|alias)|unidentified alias|found unknown escape|block (?:sequence|mapping"
        r"|collection)s? entries are not allowed|expected <(?:block end|document start|stream)"
        r"|found duplicate (?:key|anchor)|duplicated? (?:mapping )?key\b"
        r"|mapping key .{1,80} already defined|key .{1,80} already (?:set|defined) in map"
        r"|bad indentation of a|can not read (?:a |an )?(?:block|implicit|flow)"
        r"|document separator is expected|special characters are not allowed|inconsistent indentation"
        r"|error\s+(?:syntax error:|wrong indentation:|duplication of key)|wrong indentation"
        r"|\bduplication of key \""
        r"|found a tab character|error in YAML\b|bad indentation",
        (
            "yaml: line 3: mapping values are not allowed in this context",
            "found character '\\t' that cannot start any token",
            "  5:2       error    syntax error: expected <block end>, but found '<block mapping start>' (syntax)",
            'key "name" already set in map',
            "Invalid YAML: inconsistent indentation",
        ),
        (
            "error: duplicate resource name",
            "device-mapper mapping created",
            "IndentationError: unexpected indent",
        ),
    ),
    Known(
        "manifest-structure",
        _YAML,
        8.5,
        (
            "unknown field",
            "must be a",
            "strict decoding",
            "validationerror(",
            "error validating data",
            "unknown keys found",
            "cannot unmarshal",
            "could not unmarshal",
            "object 'kind'",
            "apiversion",
            "kind not set",
            "metadata.name",
            "resource name may not be empty",
            "is not a valid attribute for",
            "unsupported config option",
            "additional propert",
            "don't meet the specifications",
            "conflicting action statements",
            "no module/action detected",
            "required value",
            "unknown key",
            "unrecognized field",
            "extra fields not permitted",
            "schema validation",
            "required field",
            "required property",
            "invalid cloud-config",
            "invalid type. expected",
            "expected type",
            "does not match any of the",
        ),
        r"unknown field\b|strict decoding error|ValidationError\(|error validating data"
        r"|unknown keys? (?:found during|in|['\"])|(?:cannot|could not) unmarshal (?:!!|\w+ into)"
        r"|Object 'Kind' is missing|apiVersion(?:'|\")? (?:is )?(?:not set|missing|is missing)"
        r"|\bkind (?:is )?not set|missing metadata\.name|resource name may not be empty"
        r"|is not a valid attribute for|unsupported config option|additional propert(?:y"
        r"|ies) .{0,60}(?:not|were) (?:allowed|unexpected|expected)"
        r"|don't meet the specifications|conflicting action statements|no module/action detected"
        r"|: Required value|unrecognized field|extra fields not permitted|missing required (?:field"
        r"|property)|invalid cloud-config|Invalid type\. Expected|\b(?:services|volumes|networks|spec"
        r"|metadata)\.\S+ must be an? (?:list|mapping|string|object|array|number|integer|boolean)",
        (
            'error: error validating "x.yaml": error validating data: ValidationError(Deployment.spec): '
            'unknown field "replica" in io.k8s.api.apps.v1.DeploymentSpec',
            'strict decoding error: unknown field "spec.foo"',
            "'tasks' is not a valid attribute for a Task",
            "json: cannot unmarshal string into Go struct field Container.ports",
            "Error: values don't meet the specifications of the schema(s) in the following chart(s):",
        ),
        ("unknown flag: --field", "validation passed", "terraform: Missing required argument"),
    ),
    Known(
        "kustomize-patch",
        _YAML,
        8.5,
        (
            "no matches for id",
            "patch target",
            "unique target",
            "find target",
            "json patch",
            "jsonpatch",
            "strategic merge",
            "may not add resource with an already registered id",
            "multiple matches for id",
            "patch",
            "operation does not apply",
        ),
        r"no matches for Id|failed to find unique target|unable to find (?:patch )?target|patch target"
        r"|multiple matches for Id|already registered id"
        r"|(?:error in|invalid|unable to parse|cannot parse|failed to apply) (?:json|SM or JSON"
        r"|strategic merge|json6902) ?patch|trouble configuring builtin (?:Patch|PatchTransformer)|(?:add"
        r"|remove|replace) operation does not apply: doc is missing",
        (
            "error: no matches for Id Deployment.v1.apps/web.default; failed to find unique target for "
            "patch Deployment.v1.apps/web.default",
            "may not add resource with an already registered id: ConfigMap.v1.[noGrp]/x.default",
        ),
        ("patch applied to 3 targets", 'error: no matches for kind "Gateway" in version "v1"'),
    ),
    Known(
        "yaml-tool-cannot-parse",
        _YAML,
        7.5,
        ("syntax", "parse", "parsing", "decode", "decoding", "unmarshal", "load"),
        r"(?:error|failed|unable|cannot|could not|can't)\b.{0,30}\b(?:pars(?:e|ing)|decod(?:e|ing)"
        r"|unmarshal(?:ing)?)\b(?!.*no such file)(?!.*permission denied)[^:]{0,60}\.ya?ml\b"
        r"|\.ya?ml(?::\d+)*[\"'’]?: (?:parse error|syntax error|invalid syntax)"
        r"|Failed to load (?:\S+\.ya?ml)\b.*(?:line \d+|syntax)",
        ("Error: failed to parse values.yaml: unexpected token", "cluster.yaml:12: syntax error"),
        ("failed to parse response", "Error: failed to parse x.yaml: open x.yaml: no such file or directory"),
    ),
)
