"""The forms of secrets that their issuers document. A table and nothing else, so that any file type can share it."""

from __future__ import annotations

import re

from git_executor.lazy import lazy

# (what it is, form). Each form is anchored on a prefix that its issuer documents, and bounded.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, lazy(form))
    for what, form in (
        ("a private key", r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        ("an age secret key", r"AGE-SECRET-KEY-1[0-9A-Z]{40,}"),
        ("an AWS access key", r"\b(?:AKIA|ASIA|AROA|AIDA)[0-9A-Z]{16}\b"),
        ("a GitHub token", r"\bgh[pousr]_[0-9A-Za-z]{36,255}\b|\bgithub_pat_[0-9A-Za-z_]{22,255}\b"),
        ("a GitLab token", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|agent)-[0-9A-Za-z_-]{20,}"),
        (
            "a Slack token",
            r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]{16,}",
        ),
        ("a Discord webhook", r"discord(?:app)?\.com/api/webhooks/[0-9]{15,}/[\w-]{40,}"),
        ("a Telegram bot token", r"\b[0-9]{8,10}:AA[0-9A-Za-z_-]{33}\b"),
        ("a Google API key", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("an OpenAI or Anthropic key", r"\bsk-(?:ant-|proj-|svcacct-|or-)?[0-9A-Za-z_-]{32,}"),
        ("a Hugging Face token", r"\bhf_[0-9A-Za-z]{30,}\b"),
        ("a Stripe key", r"\b[rs]k_live_[0-9A-Za-z]{20,}\b"),
        ("an npm token", r"\bnpm_[0-9A-Za-z]{36}\b"),
        ("a PyPI token", r"\bpypi-[0-9A-Za-z_-]{50,}"),
        ("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
        ("a Docker Hub token", r"\bdckr_pat_[0-9A-Za-z_-]{20,}"),
        ("a Vault token", r"\bhv[sbr]\.[0-9A-Za-z_-]{24,}"),
        ("a Terraform Cloud token", r"\b[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{60,}"),
        ("a SendGrid key", r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{32,}"),
        ("a Tailscale key", r"\btskey-(?:auth|api|client)-[0-9A-Za-z-]{12,}"),
        ("a Cloudflare tunnel token", r"\beyJhIjoi[0-9A-Za-z+/=]{60,}"),
        (
            "a Proxmox API token",
            r"[\w.-]+@[\w.-]+![\w.-]+[=:][0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        ),
        ("a line of .pgpass", r"(?:^|[\s\"'])[\w.*-]+:(?:\d{2,5}|\*):[\w.*-]+:[\w.*-]+:[^\s:\"'$]{8,}"),
        (
            "an encoded secret",
            r"(?i:pass(?:word|wd)?|secret|token|api_?key)[\"']?\s*[=:]\s*[\"']?\$\((?:echo|printf)[^)|$]{0,40}[0-9A-Za-z+/]{16,}={0,2}[\"']?\s*\|",
        ),
        ("a k3s token", r"\bK10[0-9a-f]{64}::[^\s:]+:[0-9A-Za-z]{8,}"),
        ("a kubeadm token", r"--token[= ][\"']?[0-9a-z]{6}\.[0-9a-z]{16}\b"),
        (
            "a bootstrap token",
            r"(?i:token)[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?!abcdef\.0123456789abcdef)[0-9a-z]{6}\.(?=[a-z]{0,15}\d)[0-9a-z]{16}(?![\w.(])",
        ),
        ("a JSON web token", r"\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\.[0-9A-Za-z_-]{15,}"),
        ("a password hash", r"\$(?:1|2[aby]|5|6|y|apr1|argon2id?)\$[^\s\"'$]{1,40}\$[^\s\"']{20,}"),
        ("a password hash", r":\{(?:SHA|SSHA|SHA256|SSHA512|PLAIN)\}[^\s\"']{8,}"),
        ("a Grafana token", r"\bgl(?:sa|c)_[0-9A-Za-z+/=_]{24,}"),
        ("a Linear or Shopify token", r"\b(?:lin_api_|shp(?:at|ca|pa|ss)_)[0-9A-Za-z]{32,}"),
        ("a Sentry or Databricks token", r"\bsntry[su]_[0-9A-Za-z+/=_-]{40,}|\bdapi[0-9a-f]{32}"),
        ("a Twilio or Mailgun key", r"\bSK[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b"),
        ("a Doppler or Pulumi token", r"\bdp\.(?:pt|st|sa|ct)\.[0-9A-Za-z._-]{40,}|\bpul-[0-9a-f]{40}\b"),
        ("an Azure key", r"AccountKey=[0-9A-Za-z+/]{40,}={0,2}|\b[0-9A-Za-z~._-]{3}8Q~[0-9A-Za-z~._-]{34}"),
        ("a Google service account or OAuth secret", r"\bGOCSPX-[0-9A-Za-z_-]{20,}|\bya29\.[0-9A-Za-z_-]{30,}"),
        ("an AWS secret key", r"(?i:aws_?secret_?access_?key)\W{1,6}[0-9A-Za-z+/]{40}\b"),
        ("a Flux or Forgejo token", r"\b(?:gitea|forgejo)[_-]?token\W{1,4}[0-9a-f]{40}\b"),
        ("base64 of a private key", r"LS0tLS1CRUdJTi[0-9A-Za-z+/]{10,}"),
        ("a WireGuard key", r"(?i:PrivateKey|PresharedKey)\s*[=:]\s*[\"']?[0-9A-Za-z+/]{43}="),
    )
)
