"""Any message in other company: what stages say before it, what they live with, how they end, who prefixes the lines.

Needs no labels: whatever a message is taken for on its own, it has to be taken for in every surrounding.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from .variants import fill

NOISE = (
    "==> [{n}/7] rendering templates ({pid} files) ... done in {dur}",
    "Reading package lists... Done\nBuilding dependency tree... Done",
    "+ cd /srv/lab && git rev-parse --short HEAD\n3f9c2ab",
    "TASK [common : ensure directories exist] ****\nok: [node1]\nchanged: [node2]\n",
    "namespace/monitoring unchanged\nsecret/sops-age configured",
    "{n}ac7714464c8: Pulling fs layer\nDigest: sha256:{sha}\nStatus: Downloaded newer image for ghcr.io/lab/tools:latest",
    "Downloading image  9%\rDownloading image 65%\rDownloading image 100%",
    "proxmox_virtual_environment_vm.lb: Refreshing state... [id=17{n}]",
    "permission check for /vms: ok",
    "checking yaml files ... 41 files, 0 errors",
    "[talos] configuration for {n} nodes generated, permission of clusterconfig/ checked: 0700",
    "Installing hashicorp/oci v6.13.0...\n- Installed hashicorp/oci v6.13.0 (signed by HashiCorp)",
    "run id {uuid}",
    "worker pid {pid}, workdir /tmp/stage.{rand6}",
    "pve-manager/8.3.2/3e76eec21c4a14a7 (running kernel: 6.8.12-5-pve)",
    "✓ preflight checks passed in {dur}",
    "Get:{n} http://deb.debian.org/debian bookworm InRelease [48.0 kB]\nFetched 48.0 kB in 2s (31 kB/s)",
    'level=info msg="loaded configuration" file=/etc/app.yaml',
    "remote: Enumerating objects: 41, done.\nremote: Counting objects: 100% (41/41), done.",
    "pod/web-7d9f8 condition met",
    "npm notice created a lockfile as package-lock.json",
    "node/cp1 labeled",
)
SURVIVED = (
    "curl: (7) Failed to connect to 10.20.0.5 port 6443 after {n} ms: Connection refused\nWarning: Problem: connection refused. Will retry in 1 seconds. 3 retries left.\nok\napi answered, going on",
    "error: rpc error: code = Unavailable desc = connection error: dial tcp 10.0.0.9:50000: connect: connection refused\nretrying in 5s (1/12)\ntalos api on 10.0.0.9 is up",
    "which: no yq in (/usr/local/bin:/usr/bin:/bin)\n[info] yq not found, the bundled one is used\nrendered 14 manifests",
    "Error: release: not found\nno earlier release, a fresh install follows",
    "rm: cannot remove '/run/stage.lock': No such file or directory (no stale lock, fine)",
    "W: Failed to fetch http://deb.debian.org/dists/InRelease  Temporary failure resolving 'deb.debian.org'\nW: Some index files failed to download. They have been ignored, or old ones used instead.",
    "TASK WARNINGS: 1\nWARN: no efidisk configured! Using temporary efivars disk.",
    "GET https://registry.home.arpa/v2/ -> 503 Service Unavailable\nattempt 2 -> 200 OK",
    "Permission denied (publickey) for ansible@10.20.0.4; trying root@10.20.0.4 ... ok",
    "rpc error: code = FailedPrecondition desc = bootstrap is not available yet\nretrying in 10s\nbootstrap: ok on attempt 2",
    "cat: /etc/lab/override.yaml: No such file or directory\noverride is optional, skipping",
    "Warning: resource namespaces/apps is missing the kubectl.kubernetes.io/last-applied-configuration annotation",
    "fatal: No names found, cannot describe anything.\nno tag yet, version 0.0.0 is used",
    "WARNING: apt does not have a stable CLI interface. Use with caution in scripts.",
    'error: the server doesn\'t have a resource type "helmreleases"\nCRDs are not there yet, installing them first\ncustomresourcedefinition.apiextensions.k8s.io/helmreleases created',
    'TASK [probe : is it there] ****\nfatal: [node1]: FAILED! => {"changed": false, "msg": "file not found: /etc/rancher", "rc": 1}\n...ignoring\n',
    "mkdir: cannot create directory '/srv/cache': File exists (ignored)",
    "[WARN] could not read ~/.config/lab.yaml: permission denied, using defaults",
)
AFTER = (
    "[cleanup] removing /tmp/stage.{rand6}\n[cleanup] rm: cannot remove '/tmp/stage.{rand6}/mnt': Permission denied (ignored)\n[cleanup] done",
    "notify: curl: (6) Could not resolve host: ntfy.home.arpa\nnotify: notification not sent (ignored)",
    "[trap] collecting logs\n[trap] scp: /var/log/stage.log: Permission denied (ignored)\n[trap] lock released",
    "--- diagnostics ---\n+ ls -l /etc/pve/qemu-server\nls: cannot access '/etc/pve/qemu-server': No such file or directory\n+ talosctl version --short\nbash: talosctl: command not found\n--- end ---",
    "--- diagnostics (after the failure, for information) ---\n$ kubectl get events -A\nUnable to connect to the server: dial tcp 10.20.0.5:6443: i/o timeout\n--- end of diagnostics ---",
    "upload of the report: 403 Forbidden (ignored, the job has failed already)",
    "--- talosctl support (best effort) ---\nnodes are not set for the command: please use `--nodes` flag\n--- end ---",
    "cleanup: rm: cannot remove '/tmp/tmp.{rand6}aBcD': No such file or directory (ignored)",
    "trap: stopping ssh-agent pid {pid}",
    "[rollback] nothing to roll back",
    "Cleaning up project directory and file based variables",
    "Uploading artifacts...\nWARNING: out/report.xml: no matching files. Ensure that the artifact path is relative to the working directory",
    "Post job cleanup.\n[command]/usr/bin/git version",
    'teardown: kubectl delete ns ci-{pid} failed: Error from server (NotFound): namespaces "ci-{pid}" not found',
)
ENDS = (
    "make: *** [Makefile:{line}: stage] Error 1",
    "##[error]Process completed with exit code 1.",
    "ERROR: Job failed: exit code 1",
    'task: Failed to run task "stage": exit status 1',
    "stage.service: Main process exited, code=exited, status=1/FAILURE\nstage.service: Failed with result 'exit-code'.",
    "exit status 1",
    "script returned exit code 1",
    "[orchestrator] stage failed with exit code 1 after {dur}",
    "ERROR: see log above (run {uuid})",
    "error: recipe `stage` failed on line {line} with exit code 1",
    "real\t0m{n}.{pid}s\nuser\t0m1.1s\nsys\t0m0.2s",
    "Command exited with non-zero status 1\n0.31user 0.09system 0:02.11elapsed 19%CPU (0avgtext+0avgdata 48012maxresident)k",
    "ELIFECYCLE  Command failed with exit code 1.",
    "##[section]Finishing: stage",
    "time: {dur}",
)
PREFIXES = (
    "",
    "",
    "{time} ",
    "[{clock}] ",
    "{syslog} ops stage[{PID}]: ",
    "forge: ",
    "{slashtime} | ",
    "{DAYFIRST} | ",
    "stage-1  | ",
    "{UP}s | ",
    "[stage] ",
    "{time} stdout F ",
    "[pod/stage-{POD}/main] ",
    "{time} [main] ",
)


def surround(message: str, rng: random.Random) -> str:
    """``message`` as a stage's log."""
    before = [rng.choice(NOISE) for _ in range(rng.randint(0, 5))]
    if rng.random() < 0.5:
        before.insert(rng.randint(0, len(before)), rng.choice(SURVIVED))
        before.append(rng.choice(NOISE))
    after = [rng.choice(ENDS) for _ in range(rng.randint(0, 2))]
    after += [rng.choice(AFTER) for _ in range(rng.randint(0, 2))]
    lines = "\n".join([*before, message, *after]).split("\n")
    told = _json(lines, rng) if rng.random() < 0.1 else _prefixed(lines, rng)
    if rng.random() < 0.2:
        told = [f"\x1b[31m{line}\x1b[0m" if line else line for line in told]
    return fill("\n".join(told), rng) + rng.choice(("", "\n"))


def _prefixed(lines: Sequence[str], rng: random.Random) -> list[str]:
    prefix = rng.choice(PREFIXES if len(lines) >= 6 else PREFIXES[:4])
    prefix = prefix.replace("{PID}", fill("{pid}", rng)).replace("{POD}", fill("{pod}", rng))
    up, told = 0.0, []
    for line in lines:
        up += rng.random() * 3
        day = f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/2026 {fill('{clock}', rng)}.123"
        told.append(prefix.replace("{UP}", f"{up:.2f}").replace("{DAYFIRST}", day) + line)
    return told


def _json(lines: Sequence[str], rng: random.Random) -> list[str]:
    import json

    level = rng.choice(("info", "error"))
    return [
        json.dumps({"time": fill("{time}", rng), "level": level, "stream": "stderr", "msg": fill(line, rng)})
        for line in lines
    ]
