"""What part a line plays: did the stage go on after it, was it shrugged off, does it merely pass a failure
on?

Each role is a table of phrases; all of them are tried on the text without prefixes. A line that shows a cause
(see ``signatures``) is never taken for a wrapper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from .lines import Level, Line
from .patterns import Pattern, compiled


class Role(Enum):
    """The part a line plays."""

    PLAIN = "plain"
    BLANK = "blank"
    NOISE = "noise"  # frames, usage text, rulers, quoted code
    WRAPPER = "wrapper"  # passes an exit code on
    HEADING = "heading"  # the stage went on to another step
    SUCCESS = "success"  # something worked
    CLEANUP = "cleanup"  # after a failure: tidying, diagnostics


class _Phrases:
    """Patterns over lower-case text, compiled when one of ``words`` is first met: most lines hold none."""

    def __init__(self, words: str, *patterns: str) -> None:
        self.words = tuple(words.split("|")) if words else ()
        self.pattern = "|".join(patterns)

    def begin(self, lowered: str) -> bool:
        """Whether one of the patterns fits the beginning of the text."""
        return compiled(self.pattern, 0).match(lowered) is not None

    def search(self, lowered: str) -> bool:
        """Whether one of the patterns fits anywhere."""
        if self.words and not any(map(lowered.__contains__, self.words)):
            return False
        return compiled(self.pattern, 0).search(lowered) is not None


_NOISE = _Phrases(
    "",
    r"^at .{0,300}(?:\(|:\d+)",
    r'^File "[^"]*", line \d+',
    r"^[\^~\s]+$",
    r"^goroutine \d+",
    r"^\d+ *\|",
    r"^usage:",
    r"^options?:$",
    r"^(?:try|see|run|use) ['\"`].{1,80}['\"`] (?:for|to)",
    r".{0,200}--help['\"`.]? (?:for|to)",
    r"^for more (?:information|details|help)",
    r"^hint:",
    r"^= (?:note|help): ",
    r"^use --debug flag to render",
    r"^[-=*_#~─]{3,}.{0,3}$",
    r"^require stack",
    r"^traceback \(most recent",
    r"^stack trace",
    r"^-{2,3} ?(?:stderr|stdout)\b",
    r"^\[?[#=>. -]{4,}\]? +\d+%",
    r"^(?:errno|code|syscall|path|spawnargs|requirestack|address|port|stdout|stderr): ?(?:[-'\[{\d].{0,120})?,?$",
    r"^[{}\[\](),;]+$",
    r"^node\.js v\d",
    r"^during handling of the above",
    r"^the above exception was",
    r"^(?:caused by|stdout|stderr|output|searched in):?$",
    r"^(?:entering|leaving) directory",
    r"^make(?:\[\d+\])?: (?:entering|leaving)",
    r"^% total",
    r"^dload",
    r"^\d+ +\d+.{0,40}--:--",
    r"^a complete log of this run",
    r"^please make sure you have the correct access",
    r"^and the repository exists",
    r"^(?:did you|do you) (?:mean|want)",
    r"^check the spelling of",
    r"^journalctl: hint",
    r"^if you are using a module and expect",
    r"^<<< caused by >>>",
    r"^origin: ",
    r"^group$|^endgroup$",
    r"^section_",
    r"^(?:cleaning up orphan|evaluate and set|\(?use -v to see)",
    r"^-{2,}>? ?\S+:\d+",
    r"^(?:real|user|sys)\s+\d+(?:m\d|\.\d)|^[\d.]+user [\d.]+system|^command exited with non-zero",  # time
    r"^(?:total )?(?:time|elapsed|duration|took|run ?time)\b\W{0,3}(?:\w+ )?\d[\d.:hmsµn ]*(?:sec\w*|min\w*|hours?)?$",
    r"^finishing: ",
)
_WRAPPER = _Phrases(
    "in line|numeric argument|make|recipe|exit|failed|status|code|calledprocess|elifecycle|returned|rc|play recap|no more hosts|ok="
    "|could not read from|connection|tar:|compilation|linted|result '|main process|failed to start"
    "|finished: failure|marked build|abort|giving up|bailing|terminat|failure|non-zero|trap|line |error"
    "|gzip|no objects|the command|the terraform|log|output|above|job",
    r"^(?:[\w.@-]{1,40}: )?\w*make(?:\[\d+\])?: \*\*\* (?!No rule)(?:\[|.*\b(?:Error|Fehler|Erreur) \d|Waiting|Deleting)",
    r"^makefile:\d+: recipe for target",
    r"process completed with exit code",
    r"\b(?:stage|step|job|task|phase|script|command|process|pipeline|target|hook|program|container|pod|runner|\w+\.sh)\b.{0,60}"
    r"\b(?:ended|finished|exited|stopped|terminated|failed|died|returned|completed)\b.{0,20}\b(?:status|code|rc|returning)\b\W{0,3}-?\d{1,3}\b",
    r"\bjob failed\b",
    r"calledprocesserror",
    r"did not complete successfully: exit code",
    r"returned a non-zero code",
    r"returned non-zero exit",
    r"\belifecycle\b",
    r"^rsync error:",
    r"\b(?:exit(?:ed)?|rc|returned)\b(?: with)?(?: non-?zero)?(?: an?)?(?: error)?(?: status| code"
    r"| value)?\W{0,4}\d{1,3}\b\W*(?:$|after|at|in|\(|on)",
    r"^exit (?:status|code)",
    r"exit(?:ed)? (?:with )?(?:status|code|non-?zero)",
    r"^play recap",
    r"^no more hosts left",
    r"ok=\d+ +changed=\d+",
    r"could not read from remote repository",
    r"^scp: connection closed",
    r"^lost connection$",
    r"^tar: (?:exiting with|error is not recoverable|child returned)",
    r"^compilation terminated",
    r"chart\(s\) linted",
    r"^job for \S+ failed",
    r"failed with result '",
    r"main process exited",
    r"failed to start ",
    r"^finished: failure",
    r"marked build as failure",
    r"^(?:\S+ ){0,6}(?:has )?failed[.!]*$",
    r"^(?:stage|step|job|task|phase|bootstrap|deploy(?:ment)?|build|script|pipeline"
    r"|playbook)\b.{0,60}\bfailed\b[.!]?(?: \(.*\))?$",
    r"\b(?:aborting|giving up|bailing out|terminating|exiting)\b",
    r"^(?:task failed|module failed|failed|failure|abort(?:ed)?)[.!:]*$",
    r"non-zero return code",
    r"^trap(?:ped)?\b",
    r"error (?:on|at|in|near) line \d+",
    r"^command failed",
    r"^errors? (?:were )?(?:found|encountered|occurred)",
    r"^\d+ errors?\b",
    r"^gzip: stdin: (?:unexpected|not in)",
    r"^tar: (?:this does not look|unexpected eof)",
    r"^error: no objects passed to apply",
    r"^executor failed running",
    r"^the command .{1,200} (?:failed|returned)",
    r"the terraform operation failed",
    r"^(?:see|check) (?:the )?(?:log|output|above)",
    r"^connection to \S+ closed\.?$",
    r"^error: script returned",
    r"\bexit: .{1,200}: numeric argument required$",
    r"^in line \d+: exit code \d+",
    r"^(?:backup )?job (?:errors|finished with errors)\W*$",
)
# In the aftermath of a failure rulers head diagnostics; only a numbered step or a task says that the stage
# goes on.
_RESUMED = _Phrases("", r"^(?:\[\d+/\d+\]|(?:step|phase) \d+(?:/\d+)?\b|(?:task|play|handler) \[)")
_HEADING = _Phrases(
    "",
    r"^(?:==+>|--+>|=>|>>+|#{2,3} |=== |--- \w|\*{2,} |[►▶➜→◎•●] ?|\[\d+/\d+\]|\d+/\d+[: ](?!nodes\b))",
    r"^(?:step|stage|phase|part) \d+(?:/\d+)?\b",
    r"^(?:task|play|handler) \[",
    r"^running handlers?",
)
_SUCCESS = _Phrases(
    "ok|done|success|succe|pass|✔|✓|☑|✅|changed|skipping|included|yes|up|ready|connected|healthy|created"
    "|applied|configured|installed|initialized|complete|deployed|started|finished|recovered|synced"
    "|verified|reachable|online|loaded|imported|enabled|pulled|cloned|fetched|running|going on|answered|responded"
    "|came up|back",
    r"^(?:ok|done|success(?:fully)?|succeeded|pass(?:ed)?|[✔✓☑✅])(?:\b|\s|$)",
    r"^(?:re)?connected (?:to|on|after|with)\b",
    r"\bgoing on$|\b(?:answered|responded|came up|is back)\b(?: after .{1,30})?$",
    r"^(?:ok|changed|skipping|included): \[|\[(?:success|ok|done|pass(?:ed)?)\]",
    r"(?:\.\.\.|…|:|=>|->|-) ?(?:ok|done|passed|success|yes|up|ready|connected|healthy)\W*$",
    r"\b(?:successfully|succeeded|has been (?:created|applied|configured|installed|initialized))\b",
    r"\b(?:creation|apply|installation|upgrade|reconciliation) complete\b",
    r"\b(?:created|configured|unchanged|deployed|installed|applied|started|finished|completed?|connected"
    r"|recovered|synced|verified|reachable|online|healthy|ready|passed|loaded|imported|enabled|pulled"
    r"|cloned|fetched|up to date|up-to-date|is up|running)\W*(?:\(.{0,60}\)|(?:after|in|on attempt"
    r"|at) .{1,40}|\d+ .{0,20})?\W*$",
)
_NOT_SUCCESS = _Phrases(
    "ok|done|success|succe|pass|✔|✓|☑|✅|changed|skipping|included|yes|up|ready|connected|healthy|created"
    "|applied|configured|installed|initialized|complete|deployed|started|finished|recovered|synced"
    "|verified|reachable|online|loaded|imported|enabled|pulled|cloned|fetched|running",
    r"\b(?:not|never|isn't|wasn't|no|cannot|couldn't|failed|error|unable|without|unless|until|before"
    r"|waiting|already|must be|should be|to be|un\w+able)\b",
)
_CLEANUP = _Phrases(
    "clean|roll|diagnos|debug|log|support|state|artifact|bundle|journal|status|report|cache|context|mortem"
    "|after|post job|down|exit|finally|trap|temp|tmp|lock|work|scratch|mount|loop|backup|partial|half"
    "|stale|previous|background|tunnel|agent|container|last|record|reference|handler|on_err|die|bail|abort"
    "|fail|finish|err_",
    r"\bclean(?:ing|ed|s)?[ -]?up\b|\bcleanup\b",
    r"\broll(?:ing|ed)?[ -]?back\b",
    r"\b(?:collect|gather|captur|dump|sav|upload|print|show|writ|fetch|archiv)(?:ing"
    r"|ed)\b.{0,40}\b(?:diagnostics?|debug|logs?|support|state|artifacts?|bundle|journal|status|report"
    r"|cache|context)\b",
    r"^[-=*# >]*(?:diagnostics?|debug(?:ging)?(?: info(?:rmation)?| output)?|post-?mortem|after_?script"
    r"|post job|teardown|support bundle|status after failure|environment dump|on[_ -]?exit"
    r"|in (?:the )?(?:exit )?trap|finally|aftermath)\b",
    r"\btear(?:ing)? ?down\b",
    r"\b(?:remov|delet|unmount|destroy|revert|releas|restor|stopp|kill)ing\b.{0,50}\b(?:temp\w*|tmp"
    r"|lock\w*|work(?:ing)? ?dir\w*|scratch|mounts?|loop|backup|partial|half|stale|previous|background"
    r"|tunnel|agent|container)\b",
    r"\blast \d+ lines\b",
    r"\bfor (?:debugging|diagnos\w+|the record|reference)\b",
    r"\b(?:running|executing|in|from)\b.{0,30}\b(?:cleanup|exit handler|exit trap|trap handler"
    r"|error handler|on_error|on_exit)\b",
    r"\bafter_script\b",
    r"^\++ ?(?:on_?(?:error|exit|err)|cleanup|clean_up|teardown|rollback|finish|die|bail|abort|fail"
    r"|handle_?err\w*|err_?(?:exit|handler))\b",
    r"^cleaning up project directory",
)
# What only happens once a stage has failed: no failure has to be seen first.
_AFTERWARDS = _Phrases(
    "trap|exit|mortem|diagnos|fail|after_script|collecting|gathering|dumping|capturing|rolling back|rollback",
    r"\b(?:running|executing|in)\b.{0,20}\b(?:trap|exit handler)\b|\btrap on (?:exit|err)|\bon[_ -](?:exit|error|err)\b",
    r"\bpost-?mortem\b|\bafter_script\b",
    r"\b(?:after|on) (?:the )?(?:failure|error)\b|\b(?:failed|failure|error)\b.{0,20}\b(?:collecting|gathering|dumping|capturing)\b",
    r"\b(?:collecting|gathering|dumping|capturing) (?:the )?(?:diagnostics?|debug|support|state|logs?\b)",
    r"^[-=*# >]*(?:begin |start of )?(?:diagnostics|debug(?:ging)? info(?:rmation)?)\b",
    r"^(?:rolling back|roll-?back (?:started|begins))\b",
)
_RULER = _Phrases("", r"^(?:-{2,}|={2,}|#{2,}|\*{2,}|~{2,}|_{2,}) ?\S.*\S ?[-=#*~_]{2,}$")
_RULED_END = _Phrases("", r"^(?:-{2,}|={2,}|#{2,}|\*{2,}|~{2,}|_{2,}) ?end\b")
_ABOUT_STATE = _Phrases(
    "",
    r"\b(?:best[- ]effort|support|debug|diag\w*|info\w*|status|dump|events?|logs?|state|reports?|journal|describe|inventory|context|environment|env"
    r"|versions?|snapshot)\b",
)
_OVER = _Phrases(
    "done|end|finish|complete|rolled back",
    r"\b(?:done|finished|completed?)\W*$|^\W*end\b|\bends?\W*$|\brolled back\W*$",
)
_AFTER_TAGS = frozenset(
    [
        "cleanup",
        "clean-up",
        "clean",
        "teardown",
        "trap",
        "rollback",
        "notify",
        "notification",
        "notifier",
        "alert",
        "post",
        "post-run",
        "postrun",
        "after",
        "after_script",
        "diagnostics",
        "diag",
        "debug",
        "post-mortem",
        "postmortem",
        "on_exit",
        "on-exit",
        "exit-trap",
        "finally",
    ]
)
_AFTER_NAMES = frozenset(  # before a colon; fewer, for tools have such names, too
    ["cleanup", "teardown", "trap", "rollback", "notify", "notification", "notifier", "post-mortem", "on_exit"]
)
_HANDLED = _Phrases(
    "... ok|…|->|=>|fine|trying|going on|fresh|used|taken|kept|instead|ignor|skip|continu|affect|change|influence|impact|effect|relevant|important|fail|stop|block|break|matter|carry|proceed|moving|fatal|critical|blocking|problem|an error|fall|using|expected"
    "|best|harmless|tolerat|optional|assuming|will|trying|nothing to|no matter|not needed|not required"
    "|creating|generating|initiali",
    r"\bignor(?:ed|ing)\b",
    r"(?<!\d )\bskip(?:ped|ping|s)?\b(?!\W{1,3}\d)",
    r"\b(?:is|are|was|gets?) (?:now )?used\W*$|[;,] ?trying \S+|(?:\.\.\.|…|->|=>) ?(?:ok|done|success\w*)\W*$|\b(?:fine|no problem)\)?\W*$"
    r"|\bgoing on\b|\bfresh (?:install\w*|start|one|copy|clone)\b.{0,12}\b(?:follows|is made|will)\b"
    r"|\b(?:bundled|built-?in|default|cached|previous|local|old|existing|vendored|embedded|last)\b.{0,24}\b(?:is|are|gets?|will be|being) (?:used|taken|kept)\b"
    r"|\b(?:is|are) kept (?:as|where)\b|\b(?:us\w+|with|tak\w+|try\w*|run\w*|default\w*|falling)\b.{0,60}\binstead\b[.)]?$|\busing [\w./-]{1,40} instead\b",
    r"\bcontinuing\b|\bcontinue anyway\b|\bcarry(?:ing)? on\b|(?<!cannot )(?<!not )(?<!unable to )\bproceed(?:ing)?\b|\bmoving on\b",
    r"\bnon-?(?:fatal|critical|blocking)\b|\bnot (?:fatal|critical|a problem|an error)\b",
    r"\bfall(?:ing|s|en)?[ -]?back\b|\bfallback\b",
    r"\busing (?:the |a |our )?(?:built-?in |previous |last |local )?(?:default|cached|cache|fallback"
    r"|mirror|bundled|existing)",
    r"\b(?:this is|that is|which is|is|as) expected (?:on|at|during|for|in|before|when|if)\b|\b(?:this is"
    r"|that's|which is|as) expected\b|\(expected\b",
    r"\bbest[- ]effort\b|\bharmless\b|\btolerat\w+|\bcan be ignored\b|\bsafe(?:ly)? to ignore\b"
    r"|\(optional\)|\boptional (?:file|step|dependency|check|addon|component|overrides?|config)\b"
    r"|\bis optional\b",
    r"\bassuming\b|\bwill (?:use|try(?! (?:again|it again|once more)))\b|\btrying (?:next|the next|another|mirror|alternat\w+|again with)\b"
    r"|\bnothing to (?:do|remove|clean)\b|\bno matter\b",
    r"\bnot (?:needed|required)\b",
    r"\b(?:does|do|did|will|would)(?: not|n't) (?:change|affect|influence|fail|stop|block|break|matter)\b"
    r"|\bnot (?:affect(?:ed|ing)|relevant|important)\b|\bno (?:effect|impact|influence) on\b",
    r"(?<!if this file )\bwill be (?:created|generated|initiali[sz]ed|downloaded)\b|\b(?:creating|generating"
    r"|initiali[sz]ing) (?:it|one|a new|default)\b",
)
_RETRY = _Phrases(
    "retr|attempt|again|sleeping|backing|yet|waiting",
    r"\bretry\w*|\bretries\b",
    r"\battempt \d+",
    r"\btrying again\b|\bwill (?:now )?try again\b",
    r"\bsleeping\b|\bbacking off\b",
    r"\bnot (?:up|ready|reachable) yet\b|\bstill waiting\b|^waiting for\b",
)
_OPTION = Pattern(r"(?<!\S)'?--[a-z][\w-]*(?:=\S+)?")
_EARLY = 25  # characters: "Cleaning up: rm ..." is a clean-up, "upgrade failed, and was rolled back" is not
_SCRIPT = Pattern(r"^\S+: (?:line )?\d+: ")  # a script may be called cleanup.sh
_GAVE_UP = _Phrases(
    "giving up|gave up|retries|attempts|tries|exhausted|final|last",
    r"\b(?:giving|gave|given) up\b|\b(?:max(?:imum)?|no more|too many|all|out of) (?:\w+ ){0,3}(?:retries|attempts|tries)\b"
    r"|\b(?:retries|attempts) (?:\S+ ){0,3}(?:exhausted|exceeded|failed)\b|\b(\d+)(?:/| of )\1\b",
)
_ANNOUNCEMENT = Pattern(
    r"(?:now )?(?:running|executing|starting|applying|installing|deploying|creating|configuring|building|fetching"
    r"|downloading|importing|uploading|rendering|bootstrapping|upgrading|provisioning|joining|launching|preparing"
    r"|processing|syncing|setting up|generating|validating|checking|reconciling|loading|reading|using|entering"
    r"|initiali[sz]ing|pulling|cloning|copying|registering|enabling|updating|discovering|detected) [^:]*$",
    re.I,
)
_CLEANUP_COMMAND = Pattern(
    r"^(?:rm|rmdir|umount|losetup|kill|pkill|ssh-agent|docker(?: rm| stop)?|podman|swapoff|dmsetup"
    r"|vgchange|cryptsetup|pvesh delete|(?:qm|pct) (?:stop|destroy|unlock))\b"
)


def role_of(line: Line) -> Role:
    """The part that ``line`` plays on its own, whatever stands around it."""
    head = line.text[:600].lower()
    if not head:
        return Role.BLANK
    if _NOISE.begin(head[:400]):
        return Role.NOISE
    if is_named_afterwards(line) or _CLEANUP.search(_SCRIPT.sub("", head)):
        return Role.CLEANUP
    if _WRAPPER.search(head):
        return Role.WRAPPER
    if _HEADING.begin(head):
        return Role.HEADING
    if line.level < Level.WARN and _SUCCESS.search(head[-300:]) and not _NOT_SUCCESS.search(head):
        return Role.SUCCESS
    return Role.PLAIN


def is_named_afterwards(line: Line) -> bool:
    """Whether a line calls itself one of a clean-up, a trap or a notification."""
    return line.tag in _AFTER_TAGS or line.text[:40].lower().partition(":")[0] in _AFTER_NAMES


def speaks_of_cleanup(line: Line) -> bool:
    """Whether a line that plays the part of a clean-up does so by a word late in a message alone."""
    return line.tag not in _AFTER_TAGS and not _CLEANUP.search(line.text[:_EARLY].lower())


def heads_diagnostics(lines: Sequence[Line], index: int) -> bool:
    """Whether a ruler opens a section about the machine's state that ends with a ruler of its own."""
    head = lines[index].text[:200].lower()
    if not _RULER.begin(head) or not _ABOUT_STATE.search(head):
        return False
    return any(_RULED_END.begin(line.text[:80].lower()) for line in lines[index + 1 : index + 60])


def only_afterwards(line: Line) -> bool:
    """Whether a line belongs to what runs once a stage has failed: traps, roll-backs, diagnostics."""
    return _AFTERWARDS.search(line.text[:300].lower())


def is_over(line: Line) -> bool:
    """Whether a line ends a clean-up or diagnostics."""
    return _OVER.search(line.text[-200:].lower())


def resumes(text: str) -> bool:
    """Whether a heading shows that the stage went on after a clean-up."""
    return _RESUMED.begin(text.lower())


def is_handled(text: str) -> bool:
    """Whether the words say that the trouble was lived with."""
    if "--" in text:
        text = _OPTION.sub("", text)  # tar's --warning=no-file-ignored says nothing of the kind
    return _HANDLED.search(text.lower())


def is_retry(text: str) -> bool:
    """Whether the words announce another try."""
    return _RETRY.search(text.lower())


def gave_up(text: str) -> bool:
    """Whether the words say that there will be no other try."""
    return _GAVE_UP.search(text.lower())


def announces(text: str) -> bool:
    """Whether the words only say what is being done: no message ends a stage so, and the stage went on."""
    return _ANNOUNCEMENT.match(text) is not None


def tidies_up(text: str) -> bool:
    """Whether a command speaks that one runs to clean up."""
    return bool(_CLEANUP_COMMAND.match(text))
