#!/bin/bash
set -e
. tools/lab.env
echo "domain $DOMAIN, greeting $GREETING, retries $((RETRIES + 1))"
