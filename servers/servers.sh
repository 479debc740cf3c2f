#!/usr/bin/env bash
# servers.sh start|stop|kill9 NAME [INSTANCE]    NAME is nats or temporal
# servers.sh status
#
# Runs installed servers on 127.0.0.1. Ports and data folders come from the environment:
#
#   NATS_PORT (4222)  NATS_DATA  NATS_SYNC (always)
#   TEMPORAL_PORT (7233)  TEMPORAL_HTTP_PORT (7243)  TEMPORAL_DATA
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
  start:nats | start:temporal) "start_$name" ;;
  stop:nats | stop:temporal) stop "$full" ;;
  kill9:nats | kill9:temporal) stop "$full" KILL ;;
  status:*) status ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
