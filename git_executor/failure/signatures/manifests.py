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
    Known(
        "yaml-library",
        _YAML,
        8.6,
        (
            "scanning",
            "parsing a",
            "while constructing",
            "while composing",
            "stream",
            "compact mappings",
            "implicit",
            "same column",
            "must be unique",
            "flow ",
            "unresolved alias",
            "unknown anchor",
            "unacceptable",
            "unhashable",
            "unexpected scalar",
            "unknown tag",
            "for the tag",
            "tabs are not",
            "tab character",
            "alias node",
            "mapping value",
            "key name",
            "mapping is expected",
            "sequence is expected",
            "indent",
            "control characters",
            "leading utf-8",
            "multiline key",
            "directive",
            "in map",
            "deficient",
            "expected ",
            "end character of",
            "could not find",
        ),
        # the words of libyaml, PyYAML, SnakeYAML, js-yaml, yaml, goccy/go-yaml and their descendants
        r"\bwhile (?:scanning|parsing|constructing|composing) (?:an? |the )?(?:simple|quoted|plain|double|single|block|flow|node|next token"
        r"|directive|anchor|alias|tag|mapping|document|%\w+|for)\b|found (?:unexpected (?:end of stream|document|':'|non)|unacceptable|unhashable"
        r"|invalid (?:anchor|tag|directive)|duplicate|extra)\b"
        r"|unexpected end of (?:the )?stream within|expected (?:the |a single )?(?:node content|document)\b"
        r"|compact mappings|implicit (?:map )?keys? need|collection items must start|map keys must be unique"
        r"|(?:in|of) flow (?:collection|mapping|sequence)|flow (?:collection|mapping|map|sequence) (?:in|entries|end|must)|unresolved alias|unknown (?:anchor|alias) ['\"]?\w+"
        r"|unexpected scalar at|unknown tag !?<?|determine a constructor for the tag|tabs (?:are not|must not|cannot)|tab characters? (?:must|cannot|can't|that violates|found)"
        r"|name of an alias node|mapping value is not allowed|unexpected (?:mapping |map )?key name|was used where (?:mapping|sequence|string) is expected"
        r"|\bnon-map value is specified|check indentation\)|deficient indentation|multiline key may not|could not find (?:end character of|flow |map |mapping |sequence |value )"
        r"|control characters are not allowed|invalid (?:leading|trailing) UTF-8 octet|document contains excessive aliasing"
        r"|unexpected indentation|expected (?:an? )?(?:YAML )?(?:block )?(?:mapping|sequence|scalar)\b(?! to)",
        (
            "found unexpected end of stream while scanning a quoted scalar",
            "Error: Implicit map keys need to be followed by map values at line 4, column 1",
            "Error: All collection items must start at the same column at line 4, column 1",
            "[5:3] unexpected key name",
            "[4:8] mapping value is not allowed in this context",
            "could not determine a constructor for the tag '!secret'",
            "while parsing a flow mapping, expected ',' or '}'",
            "Error in network definition 50.yaml line 5 column 4: expected sequence",
        ),
        (
            "device-mapper: reload ioctl",
            "log stream ended",
            "scanning for hosts",
            "IndentationError: unexpected indent",
        ),
    ),
    Known(
        "structure-of-a-document",
        _YAML,
        7.6,
        (
            "field",
            "key",
            "propert",
            "is not of type",
            "does not validate",
            "invalid type",
            "in body must be",
            "unexpected value",
            "schema",
            "invalid option for",
            "invalid config for",
            "not a valid",
            "is not allowed here",
            "parameter type in action",
            "'hosts' is required",
            "malformed block",
            "configuration is invalid",
            "workflow",
            "attribute",
            "unknown object type",
            "must be a",
            "should be a",
            "must be of type",
            "is not a mapping",
            "is not a list",
            "no kind",
            "expected ",
            "must be ",
            "got ",
            "yaml",
            "extra params",
            "yaml syntax",
        ),
        # a key that is unknown, missing, twice there or of the wrong type, in whatever is described by a schema
        r"\bfield \S+ not found in type|field not declared in schema|\b(?:missing|required|unknown|unexpected|unrecognized|unsupported|invalid|extra|misspelled)"
        r"(?: (?:required|top-level|mapping|additional|extra|config(?:uration)?))* (?:fields?|keys?|propert(?:y|ies))\b(?: name)?(?=[ :]* ?[`'\"«“\[]|(?<=s): \w|: [\w.-]+$|.{0,40} (?:in|at|under|for|of|not)\b)(?!.{0,80}\b(?:secret|ssh|host key)\b)"
        r"|\b(?:missing|required) [`'\"]\w+[`'\"] (?:key|field|property)|\b(?:key|field|property) [`'\"][\w.-]+[`'\"] (?:is |was )?(?:required|missing|not (?:allowed|provided|expected|permitted|recognized)|unexpected|unknown|duplicated)"
        r"|\b(?:required|expected) (?:key|field|property) (?:was )?(?:not provided|is missing|missing)|\brequired key [`'\"][\w.-]+[`'\"]"
        r"|\b(?:field|property) required\b(?! (?:to|for|by))|\bfield required \[type|\bis not of type ['\"`]|does not validate (?:with|against)"
        r"|\binvalid type: .{1,60}, expected\b|in body must be of type|unexpected value ['\"`]|\bschema errors?\b|(?:schema validation|validating schema|validate against (?:the )?schema)"
        r"|\bextra keys not allowed|contains (?:unknown|unsupported|invalid) (?:keys|fields|properties|options)|is an invalid option for|invalid config for ['\"`]"
        r"|\binvalid keys? in\b|parameter type in action|'hosts' is required|malformed block was encountered|\bworkflow (?:file|is not valid)|"
        r"\b(?:expected|must be|should be|is not) an? (?:yaml )?(?:list|mapping|dictionary|dict|map|object|array|sequence)\b(?!.{0,30}\b(?:of nodes|file)\b)"
        r"|\bexpected (?:string|integer|number|boolean|object|array|list|map|null or \w+|integer or null),? (?:but )?(?:got|found|received)\b"
        r"|\bno kind \"[^\"]+\" is registered|\bmust be (?:of type )?(?:object|string|integer|number|boolean|array|list|mapping)\b|\bgot \w+, want \w+"
        r"|\bYAML\b.{0,60}\bis (?:invalid|malformed|broken)\b|\b(?:extraneous|unused) (?:key|field|property)\b|^(?:.{0,80}: )?field not found\b|\bhas extra params\b|unknown object type|yaml syntax\b",
        (
            "services[0].image: missing field `image` at line 4 column 5",
            'error: invalid type: string "three", expected u32 at line 7 column 13',
            "Invalid config for 'sensor' at configuration.yaml, line 12: required key 'platform' not provided",
            "runcmd: 'x' is not of type 'array'",
            "jobs:build config contains unknown keys: scripts",
            "Configuration error: unknown top-level key 'srevices' in cluster.yaml",
            "x.yaml: Missing 'apiVersion' key",
            'spec.interval in body must be of type string: "integer"',
            "error: spec.forProvider.region: field required",
            ".spec.foo: field not declared in schema",
            "expected integer or null, but got string",
        ),
        (
            "duplicate key value violates unique constraint",
            "missing key file id_ed25519",
            "generating keys",
            "invalid key: permission denied",
            "schema migrated",
            "host key verification failed",
            "field is immutable",
            "RUNTIME ERROR: field does not exist: replicas",
        ),
    ),
)
