#!/bin/sh
set -eu
kubectl apply -f apps/namespace.yaml
kubectl apply -k apps/web
kubectl apply -f apps/db/statefulset.yaml
