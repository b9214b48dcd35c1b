#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")/.."
for config in cluster/talos/controlplane.yaml cluster/talos/worker.yaml; do
  talosctl validate --config "$config" --mode metal
done
