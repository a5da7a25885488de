#!/usr/bin/env bash
# Node.js 18, the oldest an app with the edge may run on, by npm, under .cache.
# usage: node18.sh {install|status}
set -euo pipefail
home="$(cd "$(dirname "$0")/../.." && pwd)/.cache/services/node18"
node="$home/node_modules/node/bin/node"

installed() { [ -x "$node" ] && "$node" --version | grep -q '^v18\.'; }

case "${1:-}" in
  install)
    if installed; then echo "node18: $("$node" --version)"; exit 0; fi
    mkdir -p "$home"
    npm install --silent --no-audit --no-fund --prefix "$home" node@18.18 >/dev/null
    installed
    ;;
  status) installed && "$node" --version || { echo 'node18: not installed'; exit 3; } ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
