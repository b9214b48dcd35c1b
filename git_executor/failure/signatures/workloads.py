"""What deployments, releases, plans and branches report, and none of the named classes covers: ``unknown``."""

from __future__ import annotations

from ...domain import Classification
from .base import Known

_UNKNOWN = Classification.UNKNOWN

TABLE = (
    Known(
        "quota",
        _UNKNOWN,
        9.5,
        ("quota", "rate limit", "toomanyrequests", "429", "too many requests", "rate-limit"),
        r"exceeded quota|quota (?:was |has been |is )?exceeded|exceed(?:s|ed|ing) (?:the |your )?quota"
        r"|rate[- ]limit(?:ed| exceeded|ing| has been)?\b|toomanyrequests|429 Too Many|too many requests"
        r"|\b(?:status|code|error)\W{0,3}429\b",
        (
            'pods "x" is forbidden: exceeded quota: compute, requested: cpu=2',
            "toomanyrequests: You have reached your pull rate limit",
            "HTTP 429 Too Many Requests",
        ),
        ("quota: 10 of 20 used",),
    ),
    Known(
        "workload-deadline",
        _UNKNOWN,
        5,
        (
            "timed out waiting",
            "progress deadline",
            "timeout waiting",
            "deadline exceeded",
            "deadlineexceeded",
            "backofflimit",
            "timeout while waiting",
            "gave up waiting",
            "timed out after",
            "did not become ready",
            "not ready after",
            "timed out",
        ),
        r"timed? ?out (?:while )?waiting (?:for|on)\b(?! (?:a )?(?:connection|response|reply|ssh|port)\b)"
        r"|progress deadline|context deadline exceeded|DeadlineExceeded|BackoffLimitExceeded"
        r"|gave up waiting|timed out after \d+|(?:did not|didn't) become ready|not ready after",
        (
            "error: timed out waiting for the condition",
            'error: deployment "web" exceeded its progress deadline',
            "Error: context deadline exceeded",
        ),
        ("waiting for deployment to be ready", "connect: Connection timed out"),
    ),
    Known(
        "kubernetes-object",
        _UNKNOWN,
        6,
        (
            "notfound",
            "no matches for kind",
            "doesn't have a resource type",
            "requested resource",
            "alreadyexists",
            "already exists",
            "immutable",
            "admission webhook",
            "invalid value",
            "imagepullbackoff",
            "crashloopbackoff",
            "errimagepull",
            "no endpoints available",
            "backoff",
            "back-off",
            "image",
            "manifest unknown",
            "specified context",
            "no configuration has been provided",
            "not found",
        ),
        r"\(NotFound\)|no matches for kind|doesn't have a resource type"
        r"|could not find the requested resource|\(AlreadyExists\)|already exists\b|field is immutable"
        r"|admission webhook .{1,120} denied|: Invalid value:|ImagePullBackOff|CrashLoopBackOff"
        r"|Back-?[oO]ff restarting"
        r"|ErrImagePull|no endpoints available"
        r"|manifest (?:unknown|for \S+ not found)|context was not found|no configuration has been provided"
        r"|(?:namespace|deployment|secret|configmap|pod|service|node|release|chart|repo|tag|version"
        r"|revision|branch|unit|package)s? \"?\S+\"? not found",
        (
            'Error from server (NotFound): namespaces "x" not found',
            'no matches for kind "Gateway" in version "v1"',
            "Error: repo bitnami not found",
        ),
        ("image pulled", "node found"),
    ),
    Known(
        "chart-or-release",
        _UNKNOWN,
        8,
        (
            "nil pointer evaluating",
            "not defined",
            "execution error at",
            "has no deployed releases",
            "cannot re-use a name",
            "release: not found",
            "chart",
            "wrong type for value",
            "error calling",
        ),
        r"nil pointer evaluating|function \"\w+\" not defined|execution error at|has no deployed releases"
        r"|cannot re-use a name|release: not found|chart \"?\S+\"? (?:version \S+ )?not found"
        r"|chart\(s\) failed|wrong type for value|error calling \w+:",
        (
            "Error: template: demo/templates/a.yaml:1:13: executing at <.Values.x.y>: nil pointer "
            "evaluating interface {}.y",
            'Error: UPGRADE FAILED: "web" has no deployed releases',
        ),
        ("chart installed", "function defined"),
    ),
    Known(
        "image-not-pulled",
        _UNKNOWN,
        6.2,
        ("pull", "unpack image"),
        r"failed to pull (?:and unpack )?image|failed to pull\b|trying and failing to pull"
        r"|error pulling image",
        ('Failed to pull image "x:1": rpc error: code = NotFound desc = failed to pull and unpack image',),
        ("Successfully pulled image",),
    ),
    Known(
        "http-other-status",
        _UNKNOWN,
        6.5,
        ("404", "500", "400", "409", "410", "422"),
        r"\b404 not found|\b500 internal server error|\b(?:http|https|status|code|error|response"
        r"|returned)\b\W{0,4}(?:status |code |error )?\W{0,4}(?:http/[\d.]+ )?(?:404|400|409|410|422"
        r"|500)\b|\b4(?:04|00|09|10|22)\b client error",
        ("curl: (22) The requested URL returned error: 404", "HTTP Error 404: Not Found"),
        ("404 files copied",),
    ),
    Known(
        "git-state",
        _UNKNOWN,
        6.5,
        (
            "not a git repository",
            "did not match any",
            "remote ref",
            "non-fast-forward",
            "failed to push",
            "updates were rejected",
            "conflict",
            "unrelated histories",
            "would be overwritten",
            "repository",
            "not something we can merge",
            "ambiguous argument",
        ),
        r"not a git repository|did not match any file|couldn't find remote ref|non-fast-forward"
        r"|failed to push some refs|updates were rejected|CONFLICT \(|unrelated histories"
        r"|would be overwritten by|repository '?\S+'? (?:does not exist|not found)|Repository not found"
        r"|not something we can merge|ambiguous argument",
        (
            "fatal: not a git repository (or any of the parent directories): .git",
            "error: pathspec 'x' did not match any file(s) known to git",
            "CONFLICT (content): Merge conflict in a.yaml",
            "fatal: repository '/nope/x' does not exist",
        ),
        ("repository cloned",),
    ),
    Known(
        "terraform-configuration",
        _UNKNOWN,
        5.5,
        (
            "unsupported",
            "missing required",
            "invalid ",
            "reference to undeclared",
            "duplicate resource",
            "inconsistent",
            "provider",
            "module not installed",
            "required plugins",
            "undeclared",
            "cycle:",
        ),
        r"^Error: (?:Unsupported (?:argument|attribute|block)|Missing required|Invalid "
        r"|Reference to undeclared|Duplicate |Inconsistent |Failed to query available provider"
        r"|Provider produced|Module not installed|Required plugins|Cycle:|No value for required)",
        ("Error: Unsupported argument", "Error: Inconsistent dependency lock file"),
        ("Error: unsupported machine", "Invalid value"),
    ),
)
