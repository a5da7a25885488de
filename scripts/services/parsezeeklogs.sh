#!/usr/bin/env bash
# parsezeeklogs from PyPI, a reader of Zeek's logs that is not ours, in an environment of its own under .cache.
# usage: parsezeeklogs.sh {install|status}
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)/.cache/services/parsezeeklogs"

installed() { "$home/bin/python" -c 'import parsezeeklogs' 2>/dev/null; }

case "${1:-}" in
  install)
    if installed; then echo "parsezeeklogs: installed"; exit 0; fi
    command -v python3 >/dev/null || { echo "parsezeeklogs: there is no python3" >&2; exit 1; }
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet 'parsezeeklogs==3.0.1'
    installed
    ;;
  status) installed && echo "parsezeeklogs: installed" || { echo 'parsezeeklogs: not installed'; exit 3; } ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
