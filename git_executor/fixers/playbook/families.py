"""The families of rules in the order in which they are asked, each with the words that call for it.

A process that starts for one attempt imports only the families of which the log holds a word. The words are those of the
family's rules; a test keeps the two alike.
"""

from __future__ import annotations

# fmt: off
FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("shell_variables", ("defined", "empty", "export", "missing", "nicht gesetzte", "nieustawiona", "non assegnata", "não associada", "parameter not set", "provide", "required", "sans liaison", "set", "sin asignar", "unbound variable", "undefined", "unset",)),
    ("shell_files", ("\\r", "^m", "bad interpreter", "command not found", "invalid option", "keine berechtigung", "no such file", "permiso denegado", "permission denied", "permission non accordée", "unexpected token",)),
    ("shell_structure", ("bad substitution", "here-document", "syntax error", "syntaxfehler", "unexpected end of file", "unexpected eof", "unterminated",)),
    ("shell_words", ("argument expected", "arithmetic expression", "bad interpreter", "bad substitution", "command not found", "env: ", "illegal option", "integer expected", "integer expression expected", "local:", "missing ]", "missing `]'", "no such file", "not found", "not in a function", "operand expected", "operator expected", "permission denied", "redirection unexpected", "required file not found", "too many arguments", "unexpected", "unexpected operator",)),
    ("shell_names", ("did you mean", "introuvable", "invalid operation", "is not a", "nicht gefunden", "no such file", "not found", "orden no encontrada", "unknown command", "unknown flag", "unknown operation",)),
    ("yaml_syntax", ("alias", "already defined", "already set", "anchor", "duplicate", "expected", "found", "implicit", "indent", "mapping", "parsing", "psych", "scanning", "special characters", "token", "unhashable", "unique", "yaml",)),
    ("json_files", ("bom", "expecting", "extra data", "invalid character", "json", "parse error", "trailing comma", "unexpected end", "unexpected token",)),
    ("toml_files", ("toml",)),
    ("ini_files", ("[line", "file:",)),
    ("env_files", ("\\r", "^m", "failed to read", "integer expression expected", "is a directory", "matching", "no such file", "not a valid identifier", "not found", "parse", "syntax error", "unbound variable", "unexpected",)),
    ("makefiles", ("*** [", "in conditional", "missing 'end", "missing `end", "missing separator", "no rule to make", "unterminated",)),
    ("python_syntax", ("indentationerror", "syntaxerror", "taberror",)),
    ("python_names", ("attributeerror", "cannot import name", "keyerror", "nameerror", "no module named", "positional argument", "unboundlocalerror",)),
    ("requirements", ("no matching distribution", "requirement",)),
    ("systemd", ("absolute path", "calendar", "failed to add dependency", "failed to parse", "invalid section header", "missing '='", "not absolute", "outside of section", "unit", "unknown key", "unknown lvalue", "unknown section",)),
    ("blocks", ("expected token 'end of print statement'", "not defined", "unexpected '}'", "unexpected <define>", "unexpected end of template", "unexpected eof", "unexpected {{define}}", "unexpected {{end}}", "unknown tag",)),
    ("helm", ("<.values.", "additional propert", "can't evaluate field", "got boolean, want", "got number, want", "got string, want", "invalid type. expected", "nil pointer evaluating", "no template", "not defined", "template:", "unclosed action", "unexpected \"}\"", "unterminated", "unterminated quoted string", "wrong type for value",)),
    ("go_types", ("cannot unmarshal", "must be a array", "must be a list", "must be an array", "must be array", "must be of type", "not found in type",)),
    ("listed", ("allowed values", "choose from", "expected one of", "in the enumeration", "is not one of", "must be one of", "one of:", "possible values", "supported values", "valid options", "valid values",)),
    ("terraform", ("argument or block definition required", "module directory", "multi-line string", "type constructor", "type specification", "unclosed configuration block", "unreadable module directory", "unsupported block type", "unterminated template string", "use the equals sign",)),
    ("ansible", ("are required", "conflicting action statements", "could not load", "filter", "has no attribute", "is required", "missing required", "required field", "required value", "test named", "unsupported parameters",)),
    ("names", ("boot device", "cannot extend service", "context", "data resource", "depends on", "host pattern", "hostname lookup", "input variable with the name", "local value with the name", "managed resource", "named volume", "no hosts matched", "no module call named", "no option", "no section", "no such service", "node", "pool", "repo", "requested handler", "undeclared input variable", "undefined group", "volume",)),
    ("references", ("is undefined", "not found", "the role", "undefined config", "undefined network", "undefined secret", "undefined service", "undefined volume",)),
    ("kubernetes", ("additional properties", "additional property", "cannot unmarshal", "cannot unmarshal string", "dns-1035", "dns-1123", "does not match template", "expected \"integer\"", "expected int", "expected numeric", "expected string", "field not declared", "in duration", "interval", "invalid duration", "invalid type", "namespace", "no matches for kind", "quantities must match", "quantity", "rfc 1035", "rfc 1123", "selector", "timeout", "unable to parse", "unknown field",)),
    ("workloads", ("port", "ports[", "volumemounts",)),
    ("kustomize", ("already registered", "no matches for id", "no resource matches", "should be",)),
    ("talos", ("already assigned", "already in use", "cidr", "conflict", "duplicate", "endpoint", "first path segment", "installer", "invalid", "invalid machine", "invalid type", "kube", "machine type", "missing protocol", "no '/'", "not a valid url", "scheme", "siderolabs", "talos", "try:", "unknown key", "unknown keys found", "unknown type", "version",)),
    ("proxmox", ("'boolean'", "bridge", "does not match the regex", "handler defined for", "property is not defined", "storage", "unknown option", "volume name",)),
    ("parameters", ("invalid format", "invalid format - value does not look like a valid cidr", "ipv4 network configuration", "mac address", "type check", "valid dns name", "valid hostname", "valid vm id",)),
    ("yaml_values", ("additional propert", "couldn't resolve module", "interpolation", "is not a valid attribute", "mode", "unsupported config option",)),
    ("missing_files", ("aucun fichier", "can't find", "can't open", "cannot find", "could not be found", "could not find", "does not exist", "doesn't exist", "nicht gefunden", "no existe", "no such file", "not a valid", "not found", "unable to find", "unable to read",)),
    ("suggested", ("did you mean", "maybe you meant", "perhaps you meant", "you probably meant",)),
    ("flags", ("flag provided but not defined", "is not understood", "is unknown", "no such option", "unknown argument", "unknown flag", "unknown option", "unrecognized",)),
)
# fmt: on
