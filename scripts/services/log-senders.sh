#!/usr/bin/env bash
# nginx, HAProxy and rsyslog for the tests of what comes by syslog, from Debian's packages. None of them is started.
# usage: log-senders.sh {install|status}
set -euo pipefail

PROGRAMS=(nginx haproxy rsyslogd)
export PATH="$PATH:/usr/sbin:/sbin"

installed() { for program in "${PROGRAMS[@]}"; do command -v "$program" >/dev/null 2>&1 || return 1; done; }
versions() {
  nginx -v 2>&1
  haproxy -v 2>/dev/null | sed -n 1p
  rsyslogd -v 2>/dev/null | sed -n 1p
}

case "${1:-}" in
  install)
    if installed; then versions; exit 0; fi
    command -v apt-get >/dev/null || { echo "log-senders: not installed, and there is no apt-get to install them with" >&2; exit 1; }
    sudo=''; [ "$(id -u)" = 0 ] || sudo=sudo
    # Debian starts what it installs unless this says no; a policy that is there already stays.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      printf '#!/bin/sh\nexit 101\n' | $sudo tee /usr/sbin/policy-rc.d >/dev/null
      $sudo chmod 0755 /usr/sbin/policy-rc.d
      trap '$sudo rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends nginx haproxy rsyslog >/dev/null
    installed
    versions
    ;;
  status) if installed; then versions; else echo 'log-senders: not all installed'; exit 3; fi ;;
  *) echo "usage: $0 {install|status}" >&2; exit 2 ;;
esac
