#!/usr/bin/env bash
# What the files for operators (Dockerfile, compose.yaml, deploy/) are checked with: the loader of "docker compose config",
# BuildKit's parser and Prometheus' linter as one small Go program under .cache, and systemd-analyze from Debian's package.
# usage: deploy.sh {install|status}
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
home="$here/../../.cache/services/deploy"
program="$home/deploy-check"
sum="$(cat "$here"/deploy-check/* | sha256sum | cut -d' ' -f1)"

installed() {
  [ -x "$program" ] && [ "$(cat "$home/made-of" 2>/dev/null)" = "$sum" ] && command -v systemd-analyze >/dev/null
}

case "${1:-}" in
  install)
    if installed; then echo 'deploy: there'; exit 0; fi
    command -v go >/dev/null || { echo 'deploy: there is no go to build the checks with' >&2; exit 1; }
    if ! command -v systemd-analyze >/dev/null; then
      sudo=''; [ "$(id -u)" = 0 ] || sudo=sudo
      $sudo apt-get update -qq
      DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends systemd >/dev/null
    fi
    mkdir -p "$home"
    (cd "$here/deploy-check" && GOFLAGS='-mod=readonly -buildvcs=false' go build -trimpath -o "$program" .)
    echo "$sum" >"$home/made-of"
    installed
    echo 'deploy: built'
    ;;
  status) if installed; then echo 'deploy: there'; else echo 'deploy: not installed'; exit 3; fi ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
