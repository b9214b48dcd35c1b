"""What no edit of the repository can heal, and what a person does about it instead."""

from __future__ import annotations

import re
from dataclasses import dataclass

from git_executor.errors import Declined
from git_executor.fixers.playbook.rule import Case


@dataclass(frozen=True, slots=True)
class Reason:
    """``pattern`` is searched in a log line without regard to case; ``{0}`` in ``says`` is what its group holds."""

    pattern: str
    says: str


# fmt: off
REASONS: tuple[Reason, ...] = (
    Reason(r"(?:ignore|disregard|forget) (?:all |any )?(?:of )?(?:the |your )?(?:previous|prior|above|earlier) (?:instructions|rules|prompts?)",
           "the log holds text that gives orders to its reader; look at where that text comes from before anything is changed"),
    Reason(r"no space left on device|disk quota exceeded|enospc|not enough free space|insufficient disk space",
           "a disk is full; free space on the host and run the stage again"),
    Reason(r"cannot allocate memory|out of memory|oom-?killed|oomkilled",
           "the host or container ran out of memory; give it more or stop something, then run the stage again"),
    Reason(r"could not resolve host|name or service not known|temporary failure in name resolution|no such host|server misbehaving|nodename nor servname",
           "a name could not be resolved; check DNS and the network of the machine, then run the stage again"),
    Reason(r"connection refused|connection reset|connection timed out|no route to host|network is unreachable|i/o timeout|"
           r"operation timed out|tls handshake timeout|context deadline exceeded|connection closed by|host is down|"
           r"was refused - did you specify the right host|econnrefused|etimedout|unable to connect|failed to connect|max retries exceeded",
           "a machine or service could not be reached; check that it is up and that the network and firewall let the stage through"),
    Reason(r"x509:|certificate (?:has expired|verify failed|is not valid)|certificate signed by unknown authority|ssl certificate problem|self[- ]signed certificate",
           "a TLS certificate is not trusted or not valid; renew it or install its authority on the machine that runs the stage"),
    Reason(r"host key verification failed|remote host identification has changed",
           "the SSH host key is unknown or has changed; check the host and update known_hosts by hand"),
    Reason(r"permission denied \((?:publickey|password|keyboard|gssapi)|authentication (?:failed|failure)|unauthori[sz]ed|\b401\b|invalid (?:credentials|token|api key|username or password)|"
           r"must be logged in|access denied|login (?:incorrect|failed)|bad credentials|token (?:has )?expired|could not read (?:username|password)|x?unauthenticated|no permissions? to|"
           r"permission check failed|is forbidden: user|\bforbidden\b|\b403\b",
           "credentials were refused; check the user, key or token that the stage uses and what it may do"),
    Reason(r"no basic auth credentials|pull access denied|denied: requested access",
           "the image registry refused access; check the credentials for it"),
    Reason(r"too many requests|rate limit|toomanyrequests|\b429\b", "an upstream service limits the rate; wait and run the stage again"),
    Reason(r"\b50[0234]\b (?:internal|bad gateway|service|gateway)|internal server error|bad gateway|service unavailable|gateway time-?out|the server is currently unable|unexpected status code 5\d\d",
           "an upstream service answered with an error of its own; run the stage again when it is healthy"),
    Reason(r"sudo: a (?:password|terminal) is required|a password is required|must be run as root|requires? root|are you root|you must be root|operation not permitted|permission denied|read-only file system",
           "the machine refused access; check which user runs the stage and the permissions on the host"),
    Reason(r"could not get lock|unable to acquire the dpkg|resource temporarily unavailable|can't lock file|cannot lock|device or resource busy|another (?:operation|process|instance) .*(?:in progress|running)|state lock",
           "something else holds a lock on the machine; wait for it or end it, then run the stage again"),
    Reason(r"address already in use|port is already allocated", "a port is taken on the machine; find out by what, then run the stage again"),
    Reason(r"timed out waiting|deadline exceeded|timeout expired|did not become ready", "something did not become ready in time; look at that resource, then run the stage again"),
)
# fmt: on


def by_message(case: Case) -> None:
    """Raises ``Declined`` when the message that ended the stage is one that no edit heals and no rule had a fix."""
    reason = _reason(case.briefing.failure.message.text) or _reason(_line(case, case.briefing.failure.message.index))
    if reason:
        raise Declined(_with_evidence(reason, case.briefing.failure.message.text))


def at_last(case: Case, tried: bool) -> Declined:
    """Why nothing is offered, the most useful reason that is certain."""
    message = case.briefing.failure.message
    if not case.lines or not any(line.strip() for line in case.lines):
        return Declined("the log shows no error; run the stage again and keep its output")
    if case.out_of_reach:
        path = case.out_of_reach[0]
        why = "protected" if path in case.briefing.off_limits else "not one of the stage's files"
        return Declined(f"the log points to {path}, which is {why}; a person must change it")
    if case.advice:
        return Declined(case.advice[0])
    if tried:
        return Declined("the only fix that the playbook knows was tried before and did not help; a person must look")
    for path in case.briefing.missing:
        if path.rpartition("/")[2] in message.text:
            return Declined(f"{path} is listed for the stage but is not in the repository; add it or correct the list")
    for index, line in case.near(min(max(message.index, 0), len(case.lines) - 1), 12, 12):
        reason = _reason(line)
        if reason:
            return Declined(_with_evidence(reason, case.lines[index]))
    return Declined("no rule of the playbook can prove a fix for this failure; a person or a model must look at it")


def _line(case: Case, index: int) -> str:
    return case.lines[index] if 0 <= index < len(case.lines) else ""


def _reason(line: str) -> str:
    line = line[:2000].lower()
    for reason in REASONS:
        if re.search(reason.pattern, line):
            return reason.says
    return ""


def _with_evidence(reason: str, line: str) -> str:
    shown = "".join(char if char.isprintable() else " " for char in line.strip())
    return f"{reason} (the log: {shown[:120]}{'…' if len(shown) > 120 else ''})"
