#!/usr/bin/env bash
# Schemathesis from PyPI, which calls an API in every way that its OpenAPI document allows and forbids, in an
# environment of its own under .cache.
# usage: schemathesis.sh {install|status}
set -euo pipefail
VERSION=4.32.5
home="$(cd "$(dirname "$0")/../.." && pwd)/.cache/services/schemathesis"

installed() { "$home/bin/schemathesis" --version 2>/dev/null | grep -qF "$VERSION"; }

case "${1:-}" in
  install)
    if installed; then echo "schemathesis: $VERSION"; exit 0; fi
    command -v python3 >/dev/null || { echo "schemathesis: there is no python3" >&2; exit 1; }
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet "schemathesis==$VERSION"
    installed
    ;;
  status) installed && echo "schemathesis: $VERSION" || { echo 'schemathesis: not installed'; exit 3; } ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
