#!/usr/bin/env bash
echo "never run me" >&2
exit 1
