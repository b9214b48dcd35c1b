"""Statements that drop, empty or give away a database, whichever client or language they reach it by."""

from __future__ import annotations

import re

from git_executor.lazy import lazy
from git_executor.policy.calls import Call, Script
from git_executor.policy.registry import is_own_temp, rule

_LOSES = lazy(
    r"(?i)(?:^|[;\"'`\s(])(?:"
    r"DROP\s+(?:DATABASE|SCHEMA|TABLE|OWNED|TABLESPACE|USER|ROLE|MATERIALIZED\s+VIEW|KEYSPACE|COLLECTION|BUCKET|SERIES|"
    r"MEASUREMENT|RETENTION)\b|ALTER\s+TABLE\s+\S+\s+DROP\s+(?:COLUMN|PARTITION)\b|"
    r"TRUNCATE\s+(?:TABLE\s+|ONLY\s+)?[\w\"`.$]+\s*(?:,|;|CASCADE|RESTART|[\"']|$)|"
    r"DROP\s+TRIGGER\b|COPY\s+\S+\s+(?:TO|FROM)\s+PROGRAM\b|"
    r"DELETE\s+FROM\s+[\w\"`.$]+\s*(?:;|[\"')]|$|WHERE\s+(?:true|1\s*=\s*1|1)\b)|"
    r"RESET\s+MASTER\b|PURGE\s+BINARY\s+LOGS\b|FLUSH(?:ALL|DB)\b)|"
    r"\.dropDatabase\(|\.drop(?:Collection)?\(\s*\)|\.(?:deleteMany|remove)\(\s*\{\s*\}\s*\)|\.flush(?:all|db)\(|"
    r"drop_(?:all|database|table|collection)\("
)
_GIVES = lazy(
    r"(?i)\bGRANT\s+ALL\b[^;\n]{0,200}\bTO\s+(?:PUBLIC\b|[\"'`]?\w*[\"'`]?@[\"'`]?%)|"
    r"\b(?:ALTER|CREATE)\s+(?:ROLE|USER)\b[^;\n]{0,200}(?<!NO)\bSUPERUSER\b|"
    r"\bUPDATE\s+\w*users?\w*\s+SET\b[^;\n]{0,200}\b(?:is_?)?(?:admin|superuser|staff|role)\w*\s*=|\bSET\s+GLOBAL\s+(?:general_log|log_bin|"
    r"sql_log\w*|local_infile)\b"
)
_COMMENT = lazy(r"(?m)(?:--|#)[ \t][^\n]*$|/\*.{0,2000}?\*/")


def statement(text: str) -> str:
    """What is wrong with a text of SQL or of a database's shell, or nothing."""
    bare = _COMMENT.sub("", text[:100_000])
    found = _LOSES.search(bare)
    if found:
        return f"{' '.join(found[0].split()).strip(chr(34) + chr(39) + '`;(')} loses stored data"
    return "gives everybody or a new superuser the database" if _GIVES.search(bare) else ""


@rule(
    "psql mysql mariadb sqlite3 sqlite redis-cli valkey-cli keydb-cli mongo mongosh influx clickhouse-client "
    "clickhouse cqlsh sqlcmd isql cockroach usql duckdb litecli pgcli mycli rqlite"
)
def _client(call: Call, script: Script) -> str:
    told = " ".join(value for text in call.texts() for value in script.values(text)[:2])
    told += "\n" + "\n".join(r.target.text for r in call.command.redirects if r.op in ("<<", "<<<"))
    for feeder in call.feeds:
        if feeder.name in ("echo", "printf", "cat"):
            told += "\n" + " ".join(feeder.texts())
            told += "\n" + "\n".join(r.target.text for r in feeder.command.redirects if r.op in ("<<", "<<<"))
    words = {text.lower() for text in call.plain()}
    if call.name in ("redis-cli", "valkey-cli", "keydb-cli"):
        if words & {"flushall", "flushdb", "shutdown", "unlink", "debug"} or {"cluster", "reset"} <= words:
            return "loses stored data"
        if {"config", "set"} <= words and words & {"dir", "dbfilename", "slaveof", "replicaof"}:
            return "lets the server write where it should not"
        if words & {"slaveof", "replicaof"} or {"config", "protected-mode", "no"} <= words:
            return "opens the database to others"
        if "del" in words and any(feeder.name == call.name for feeder in call.feeds):
            return "loses stored data"
        return "lets everybody in without a password" if {"requirepass", ""} <= words else ""
    if call.name == "influx" and {"delete", "bucket", "org"} & words and "delete" in words:
        return "loses stored data"
    return statement(told)


@rule("dropdb dropuser mysqladmin pg_resetwal pg_restore pg_dropcluster mongorestore")
def _admin(call: Call, script: Script) -> str:
    words = set(call.plain())
    if call.name == "mysqladmin":
        return "drops a database" if "drop" in words else ""
    if call.name == "pg_restore":
        return "drops what is there before it restores" if call.flag("c", "--clean") else ""
    if call.name == "mongorestore":
        return "drops what is there before it restores" if call.flag("", "--drop") else ""
    return "loses stored data"


@rule("truncate")
def _truncate(call: Call, script: Script) -> str:
    targets = [word for word in call.args if not re.fullmatch(r"[-+<>]?[\d.]+[KMGTkmgtB]*|-.*", word.text)]
    foreign = [w.text for w in targets if not is_own_temp(w, script) and re.match(r"[/$~\"]", w.text)]
    zero = re.search(r"(?:-\w*s|--size)[ =]?[\"']?0*\b(?!\d*[1-9])", " ".join(call.texts()))
    logs = all(re.search(r"\.log$|^/var/log/\w", text) for text in foreign)
    return f"empties {foreign[0]}" if foreign and zero and not logs else ""
