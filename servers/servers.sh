#!/usr/bin/env bash
# servers.sh start|stop|kill9 NAME [INSTANCE]    NAME is nats, temporal, postgres, kafka, redis or daprd
# servers.sh status
#
# Runs installed servers on 127.0.0.1. Ports and data folders come from the environment:
#
#   NATS_PORT (4222)  NATS_DATA  NATS_SYNC (always)
#   TEMPORAL_PORT (7233)  TEMPORAL_HTTP_PORT (7243)  TEMPORAL_DATA
#   POSTGRES_PORT (5432)  POSTGRES_DATA  POSTGRES_ARGS  (user postgres, no password)
#   KAFKA_PORT (9092)  KAFKA_CONTROLLER_PORT (9093)  KAFKA_DATA
#   REDIS_PORT (6379)  REDIS_DATA
#   DAPRD_PORT (3500)  DAPRD_GRPC_PORT (50001)  DAPRD_INTERNAL_PORT (50002)  DAPRD_DATA
#   DAPRD_REDIS: host:port of a Redis for the component `statestore`, which is an SQLite in the data folder otherwise
#
# A port of 0 takes a free one; `start` prints the address as its only line on standard output.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port_of() { if [ "$1" = 0 ]; then free_port; else echo "$1"; fi; }
installed() { [ -x "$1" ] || { fail "$name is not installed: npm run servers:install $name"; return 1; }; }

start_nats() {
  installed "$NATS_HOME/bin/nats-server"
  local port data=${NATS_DATA:-$PERDURE_RUN/$full} config="$PERDURE_RUN/$full.conf"
  port=$(port_of "${NATS_PORT:-4222}")
  mkdir -p "$data"
  printf 'listen: "127.0.0.1:%s"\nserver_name: "%s"\njetstream { store_dir: "%s", sync_interval: %s }\n' \
    "$port" "$full" "$data" "${NATS_SYNC:-always}" >"$config"
  spawn "$full" "$port" "$NATS_HOME/bin/nats-server" -c "$config"
  ready "$full" tcp_answers "$port"
  echo "127.0.0.1:$port"
}

start_temporal() {
  installed "$TEMPORAL_HOME/bin/temporal"
  local port http data=${TEMPORAL_DATA:-$PERDURE_RUN/$full}
  port=$(port_of "${TEMPORAL_PORT:-7233}") http=$(port_of "${TEMPORAL_HTTP_PORT:-7243}")
  mkdir -p "$data"
  spawn "$full" "$port" "$TEMPORAL_HOME/bin/temporal" server start-dev --headless --ip 127.0.0.1 --port "$port" \
    --http-port "$http" --db-filename "$data/temporal.db" --log-level error
  ready "$full" http_answers "http://127.0.0.1:$http/api/v1/namespaces/default"
  echo "127.0.0.1:$port"
}

start_postgres() {
  local bin port data=${POSTGRES_DATA:-$PERDURE_RUN/$full} as
  bin=$(postgres_bin) || { fail "postgres is not installed: npm run servers:install postgres"; return 1; }
  port=$(port_of "${POSTGRES_PORT:-5432}")
  read -ra as <<<"$(unprivileged)"
  export LD_LIBRARY_PATH=${LD_LIBRARY_PATH-}${LD_LIBRARY_PATH:+:}$(libraries "$POSTGRES_CACHE")
  if [ ! -e "$data/PG_VERSION" ]; then
    mkdir -p "$data"
    [ "${#as[@]}" = 0 ] || chown nobody:nogroup "$data"
    "${as[@]}" "$bin/initdb" -D "$data" -U postgres --auth=trust -E UTF8 --locale=C --no-sync >&2
  fi
  # A process that was killed and is not reaped yet looks to PostgreSQL as if it still had the folder.
  if [ -e "$data/postmaster.pid" ] && ! start_time "$(head -n 1 "$data/postmaster.pid")" >/dev/null; then
    rm -f "$data/postmaster.pid"
  fi
  spawn "$full" "$port" "${as[@]}" "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= ${POSTGRES_ARGS-}
  ready "$full" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"
  echo "127.0.0.1:$port"
}

kafka_answers() { grep -q 'Kafka Server started' "$PERDURE_RUN/$full.log" && tcp_answers "$1"; }

# One server that is broker and controller.
start_kafka() {
  [ -e "$KAFKA_HOME/.complete" ] || { fail "kafka is not installed: npm run servers:install kafka"; return 1; }
  local port controller data=${KAFKA_DATA:-$PERDURE_RUN/$full} java
  port=$(port_of "${KAFKA_PORT:-9092}") controller=$(port_of "${KAFKA_CONTROLLER_PORT:-9093}")
  mkdir -p "$data"
  cat >"$data/server.properties" <<X
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=$data/logs
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=250
X
  java=(java -Xms64m -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto
    "-Dlog4j2.configurationFile=$KAFKA_HOME/log4j2.yaml" -cp "$KAFKA_HOME/libs/*")
  [ -e "$data/logs/meta.properties" ] ||
    timeout 60 "${java[@]}" kafka.tools.StorageTool format -t AAAAAAAAAAAAAAAAAAAAAQ -c "$data/server.properties" >&2
  spawn "$full" "$port" "${java[@]}" kafka.Kafka "$data/server.properties"
  ready "$full" kafka_answers "$port"
  echo "127.0.0.1:$port"
}

redis_answers() { "${cli[@]}" -p "$1" ping 2>/dev/null | grep -q PONG; }

start_redis() {
  local bin port data=${REDIS_DATA:-$PERDURE_RUN/$full} cli
  bin=$(redis_bin) || { fail "redis is not installed: npm run servers:install redis"; return 1; }
  port=$(port_of "${REDIS_PORT:-6379}")
  export LD_LIBRARY_PATH=${LD_LIBRARY_PATH-}${LD_LIBRARY_PATH:+:}$(libraries "$REDIS_CACHE")
  cli=("$(dirname "$bin")/redis-cli")
  mkdir -p "$data"
  spawn "$full" "$port" "$bin" --port "$port" --bind 127.0.0.1 --dir "$data" --appendonly yes --appendfsync always --save ""
  ready "$full" redis_answers "$port"
  echo "127.0.0.1:$port"
}

start_daprd() {
  installed "$DAPRD_HOME/daprd"
  local port grpc internal data=${DAPRD_DATA:-$PERDURE_RUN/$full}
  port=$(port_of "${DAPRD_PORT:-3500}") grpc=$(port_of "${DAPRD_GRPC_PORT:-50001}") internal=$(port_of "${DAPRD_INTERNAL_PORT:-50002}")
  mkdir -p "$data/resources"
  cat >"$data/resources/statestore.yaml" <<X
apiVersion: dapr.io/v1alpha1
kind: Component
metadata: { name: statestore }
spec:
  type: state.$([ -n "${DAPRD_REDIS-}" ] && echo redis || echo sqlite)
  version: v1
  metadata:
    - { name: keyPrefix, value: none }
$(if [ -n "${DAPRD_REDIS-}" ]; then
  echo "    - { name: redisHost, value: \"$DAPRD_REDIS\" }"
else
  echo "    - { name: connectionString, value: \"$data/state.db\" }"
fi)
X
  spawn "$full" "$port" "$DAPRD_HOME/daprd" --app-id perdure --mode standalone --resources-path "$data/resources" \
    --log-level warn --enable-metrics=false --dapr-listen-addresses 127.0.0.1 --dapr-http-port "$port" \
    --dapr-grpc-port "$grpc" --dapr-internal-grpc-port "$internal" --dapr-internal-grpc-listen-address 127.0.0.1
  ready "$full" http_answers "http://127.0.0.1:$port/v1.0/healthz/outbound"
  echo "127.0.0.1:$port"
}

status() {
  local file name pid
  for file in "$PERDURE_RUN"/*.pid; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .pid)
    if pid=$(pid_of "$name"); then echo "$name runs, with pid $pid"; else echo "$name is gone"; fi
  done
}

action=${1-} name=${2-} full=${2-}${3:+-$3}
mkdir -p "$PERDURE_RUN"
case $action:$name in
  start:nats | start:temporal | start:postgres | start:kafka | start:redis | start:daprd) "start_$name" ;;
  stop:nats | stop:temporal | stop:kafka | stop:redis | stop:daprd) stop "$full" ;;
  # Without waiting for its clients.
  stop:postgres) stop "$full" INT ;;
  kill9:nats | kill9:temporal | kill9:postgres | kill9:kafka | kill9:redis | kill9:daprd) stop "$full" KILL ;;
  status:*) status ;;
  *) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
