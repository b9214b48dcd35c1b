#!/usr/bin/env bash
# Create the machines of the cluster.
set -euo pipefail

STORAGE="${STORAGE:-local-lvm}"
MEMORY="${MEMORY:-4096}"
FIRST_VMID=8001

number=0
for name in control-1 worker-1 worker-2; do
  vmid=$((FIRST_VMID + number))
  echo "creating $name as $vmid"
  qm create "$vmid" --name "$name" --memory "$MEMORY" --scsi0 "${STORAGEE}:32"
  number=$((number + 1))
done
