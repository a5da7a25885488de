#!/usr/bin/env bash
# Chromium for the browser tests, from Debian's packages.
# usage: chromium.sh {install|status}
set -euo pipefail

installed() { command -v chromium >/dev/null 2>&1; }

case "${1:-}" in
  install)
    if installed; then echo "chromium: $(chromium --version 2>/dev/null)"; exit 0; fi
    command -v apt-get >/dev/null || { echo "chromium: not installed, and there is no apt-get to install it with" >&2; exit 1; }
    sudo=''; [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null
    installed
    ;;
  status) installed && chromium --version 2>/dev/null || { echo 'chromium: not installed'; exit 3; } ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
