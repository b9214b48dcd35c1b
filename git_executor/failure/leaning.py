"""What a message that no signature knows leans to, by its words: a weak guess, made only where it is clear.

Each class has words with weights; a word counts once. The class wins whose sum reaches ``ENOUGH`` and leads by
``LEAD``: one word is never enough, and a message about two things stays unknown.
"""

from __future__ import annotations

from ..domain import Classification
from .patterns import Pattern, spelt_out

ENOUGH, LEAD = 2.2, 0.6
_WORDS: tuple[tuple[Classification, tuple[tuple[float, str], ...]], ...] = (
    (
        Classification.NETWORK_ERROR,
        (
            (1.5, r"connect(?:ion|ions|ing|ed|ivity)?|network\w*|sockets?|reset|offline|dial\w*"),
            (1.5, r"time-?outs?|timed out|deadline"),
            (
                1.0,
                r"hosts?|hostname|peers?|gateway|broker|upstream|ping|lookup|proxy|reply|response|respond\w*|answer\w*",
            ),
            (2.0, r"dns|unreachable|refused|handshake|reachable"),
            (1.2, r"resolv\w+|reach"),
            (
                0.8,
                r"servers?|ports?|endpoints?|urls?|download\w*|fetch\w*|tls|ssl|remote|address|request|session|tcp|udp",
            ),
            (0.8, r"\w+://\S+|(?:\d+\.){3}\d+(?::\d+)?|[\w.-]+:\d{2,5}"),
        ),
    ),
    (
        Classification.PERMISSION_DENIED,
        (
            (2.0, r"permissions?|denied|credentials?|passwords?|passphrase|privileges?|forbidden|unauthori[sz]ed"),
            (1.5, r"auth\w*|logins?|logon|certificates?|sudo|40[13]"),
            (1.0, r"tokens?|allowed|access|rejected|expired|accounts?|roles?|root|policy"),
            (0.6, r"users?|secrets?|keys?|signed"),
        ),
    ),
    (
        Classification.MISSING_FILE,
        (
            (1.5, r"director(?:y|ies)|folders?|not exist|doesn't exist|nonexistent|non-existent"),
            (
                1.2,
                r"files?|(?:[\w.~-]*/)+[\w.-]+|[\w-]+\.(?:ya?ml|json|toml|tf|conf|cfg|env|sh|py|iso|img|tar|gz|key|pem|crt|txt|tpl)",
            ),
            (1.0, r"not found|missing|not (?:be )?found|absent"),
            (0.6, r"open\w*|path|find|load\w*|read\w*"),
        ),
    ),
    (
        Classification.COMMAND_NOT_FOUND,
        (
            (2.0, r"executables?|binar(?:y|ies)|programs?|PATH|interpreter|compiler"),
            (1.3, r"install(?:ed|ation)?|commands?|exec\w*|127|utilit(?:y|ies)|tools?"),
            (1.0, r"not found|missing|not (?:be )?found|not available|required|needed"),
            (0.5, r"find|locate|run"),
        ),
    ),
    (
        Classification.YAML_PARSE_ERROR,
        (
            (2.5, r"ya?ml"),
            (1.5, r"schema|mapping|indent\w*|unmarshal\w*|line \d+,? col\w* \d+|\d+:\d+|syntax"),
            (1.2, r"fields?|propert(?:y|ies)|keys?|attributes?|pars(?:e|ing|er)|decod\w+|expected"),
            (
                0.8,
                r"invalid|unknown|unexpected|unsupported|config\w*|manifests?|list|map|string|integer|object|array|type|values?",
            ),
        ),
    ),
)
_TABLE = tuple(
    (classification, tuple((weight, Pattern(rf"(?<![\w.-])(?:{words})(?![\w-])", 2)) for weight, words in groups))
    for classification, groups in _WORDS
)


def lean(text: str) -> Classification | None:
    """The class that the words of a message lean to, or ``None``."""
    text = spelt_out(text)
    sums = sorted(
        (
            (sum(weight for weight, words in groups if words.search(text)), classification)
            for classification, groups in _TABLE
        ),
        key=lambda one: -one[0],
    )
    (most, leaning), (next_, _) = sums[:2]
    return leaning if most >= ENOUGH and most - next_ >= LEAD else None
