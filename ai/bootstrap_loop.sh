#!/usr/bin/env bash
# The plumbing around git-executor: run the stages of ai/context_map.yaml in order, and have a failed one repaired.
#
#   ai/bootstrap_loop.sh [STAGE ...]      run all stages, or these
#   ai/bootstrap_loop.sh status           what the ledger says of each stage
#   ai/bootstrap_loop.sh --reset STAGE    give a stage's errors fresh attempts
#
# It keeps no state of its own. Stages run in a worktree of the AI branch; their output goes to
# ai/logs/<stage>/ and nowhere else, what the loop itself has to say goes to standard error.
#
#   EXECUTOR_API_CLIENT   a command that gets the Case File's path and prints the API tier's answer
#   EXECUTOR_MAX_RUNS     how often one stage is run at most (20)
#   EXECUTOR_BACKOFF      seconds to wait before a fixer that cannot be reached is asked again (30, then doubled)
set -uo pipefail

executor=${GIT_EXECUTOR:-git-executor}
repo=$(git rev-parse --show-toplevel) || exit 40
common=$(cd "$repo" && cd "$(git rev-parse --git-common-dir)" && pwd) || exit 40
branch=$(git config --get executor.branch || echo ai/orchestrator-stage1)
worktree=$common/git-executor/worktree

trap 'trap - INT TERM; stop 130 "interrupted"' INT TERM

say() { printf 'loop: %s\n' "$*" >&2; }
stop() { say "$2"; exit "$1"; }

# The worktree of the AI branch: where it is checked out already, else one of our own.
prepare_worktree() {
  "$executor" sync --repo "$repo" >&2 || exit $?
  local found
  found=$(git -C "$repo" worktree list --porcelain |
    awk -v want="branch refs/heads/$branch" '/^worktree /{dir = substr($0, 10)} $0 == want {print dir; exit}')
  if [ -n "$found" ]; then
    worktree=$found
    return
  fi
  git -C "$repo" worktree prune
  mkdir -p "$(dirname "$worktree")"
  git -C "$repo" worktree add --quiet "$worktree" "$branch" || stop 40 "cannot make a worktree of $branch"
}

run_stage() { # STAGE COMMAND LOG
  [ "$(git -C "$worktree" symbolic-ref --quiet HEAD)" = "refs/heads/$branch" ] ||
    stop 40 "$worktree has left $branch; bring it back with: git -C $worktree checkout $branch"
  (cd "$worktree" && exec bash -c "$2") >"$3" 2>&1 </dev/null 3<&- 9>&-
}

# Two loops would repair each other's failures in one worktree.
only_one() {
  mkdir -p "$common/git-executor"
  if command -v flock >/dev/null; then
    exec 9>"$common/git-executor/loop.lock"
    flock --nonblock 9 || stop 40 "another loop is at work in this repository"
  fi
}

case_file_of() { # the report's "case_file", JSON's backslashes undone
  sed -n 's/.*"case_file": "\(\([^"\\]\|\\.\)*\)".*/\1/p' <<<"$1" | sed 's/\\\(.\)/\1/g'
}

new_log() { # STAGE RUN
  local folder=$repo/ai/logs/$1
  mkdir -p "$folder" || stop 1 "cannot write to $folder"
  [ -e "$repo/ai/logs/.gitignore" ] || printf '*\n' >"$repo/ai/logs/.gitignore"
  printf '%s/%s-%s-%s.log' "$folder" "$(date -u +%Y%m%dT%H%M%SZ)" "$$" "$2"
}

# Ask for attempts until one lands (0), the failure is escalated (20) or nothing more can be done (anything else).
repair() { # STAGE LOG HASH
  local wait=${EXECUTOR_BACKOFF:-30} tries=0 report code
  while :; do
    report=$("$executor" attempt --repo "$repo" --stage "$1" --log "$2" --error-hash "$3" --json)
    code=$?
    case $code in
      10 | 11 | 12 | 13) ;; # an attempt is burned; the next one knows more
      20)
        case_file=$(case_file_of "$report")
        ask_api_tier "$1" "$2" "$3"
        return
        ;;
      30)
        tries=$((tries + 1))
        [ "$tries" -lt 3 ] || return 30
        say "$1: waiting $wait s before the fixer is asked again"
        sleep "$wait"
        wait=$((wait * 2))
        ;;
      *) return "$code" ;;
    esac
  done
}

ask_api_tier() { # STAGE LOG HASH
  local client code answer
  if [ -z "${EXECUTOR_API_CLIENT:-}" ] || [ -z "$case_file" ]; then return 20; fi
  read -ra client <<<"$EXECUTOR_API_CLIENT"
  while :; do
    answer=$("${client[@]}" "$case_file") || { say "$1: the API client failed"; return 20; }
    report=$("$executor" respond - --repo "$repo" --stage "$1" --log "$2" --error-hash "$3" --json <<<"$answer")
    code=$?
    [ "$code" -eq 20 ] || return "$code"
    case_file=$(case_file_of "$report")
    [ -n "$case_file" ] || return 20
  done
}

bootstrap() { # STAGE COMMAND
  local run log hash code
  for ((run = 1; run <= ${EXECUTOR_MAX_RUNS:-20}; run++)); do
    log=$(new_log "$1" "$run") || exit 1
    say "$1: running"
    if run_stage "$1" "$2" "$log"; then
      say "$1: green"
      return 0
    fi
    say "$1: failed, see $log"
    hash=$("$executor" hash --repo "$repo" --stage "$1" --log "$log") || stop $? "$1: its log tells nothing"
    case_file=
    repair "$1" "$log" "$hash"
    code=$?
    case $code in
      0) say "$1: a change has landed on $branch" ;;
      20) stop 20 "$1: escalated${case_file:+; a person or the API tier should read $case_file}" ;;
      30) stop 30 "$1: no fixer can be reached; nothing is lost, run the loop again later" ;;
      *) stop "$code" "$1: stopped" ;;
    esac
  done
  stop 1 "$1: still failing after ${EXECUTOR_MAX_RUNS:-20} runs"
}

case ${1:-} in
  status) exec "$executor" status --repo "$repo" ;;
  --reset) exec "$executor" reset --repo "$repo" --stage "${2:?--reset needs a stage}" ;;
  -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; exit 0 ;;
  -*) stop 2 "unknown option $1 (see --help)" ;;
esac

only_one
prepare_worktree
wanted=" $* "
seen=" "
plan=$(mktemp) || exit 1
trap 'rm -f "$plan"' EXIT
"$executor" status --repo "$repo" -z >"$plan" || exit $?
while IFS= read -r -d '' stage <&3 && IFS= read -r -d '' _ <&3 && IFS= read -r -d '' command <&3; do
  seen+="$stage "
  if [ $# -gt 0 ] && [[ $wanted != *" $stage "* ]]; then continue; fi
  if [ -z "$command" ]; then say "$stage: no command in the context map, skipped"; continue; fi
  bootstrap "$stage" "$command"
done 3<"$plan"
for stage in "$@"; do
  [[ $seen == *" $stage "* ]] || stop 2 "no stage '$stage' in ai/context_map.yaml"
done
say "all stages are green"
