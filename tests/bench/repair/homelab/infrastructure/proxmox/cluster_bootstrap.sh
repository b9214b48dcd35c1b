#!/usr/bin/env bash
# Creates the virtual machines of the cluster.
set -euo pipefail

SCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
SSH_HOST="${SSH_HOST:-192.168.10.2}"
SSH_PORT="${SSH_PORT:-22}"
BRIDGE="vmbr0"
STORAGE="local-lvm"
MEMORY=4096
RETRIES=3

source "${SCRIPT_DIR}/lib/logging.sh"

NODES=(cp1 cp2 worker1)

usage() {
  cat <<EOF
usage: $0
Creates ${#NODES[@]} machines on $SSH_HOST.
EOF
}

create_vm() {
  local vmid="$1" name="$2"
  if qm status "$vmid" >/dev/null 2>&1; then
    log_info "VM $vmid exists"
    return 0
  fi
  qm create "$vmid" --name "$name" --memory "$MEMORY" --cores 2 \
    --net0 "virtio,bridge=$BRIDGE" --scsi0 "$STORAGE:32"
  log_info "created $name"
}

wait_for() {
  local tries=0
  while [ "$tries" -lt "$RETRIES" ]; do
    if ssh -p "$SSH_PORT" "$SSH_HOST" true; then
      return 0
    fi
    tries=$((tries + 1))
  done
  log_error "$SSH_HOST does not answer"
  return 1
}

main() {
  local vmid=101
  case "${1:-create}" in
    help)
      usage
      ;;
    create)
      wait_for
      ;;
  esac
  for node in "${NODES[@]}"; do
    create_vm "$vmid" "$node"
    vmid=$((vmid + 1))
  done
  pvesh get /nodes --output-format json >/dev/null
  log_info "done"
}

main "$@"
