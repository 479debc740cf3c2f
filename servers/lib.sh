# What the scripts of this folder share. Source it; it installs and starts nothing by itself.
#
#   PERDURE_CACHE  where servers are installed; kept between runs
#   PERDURE_RUN    pid files, logs and, unless told otherwise, data folders of servers that run

: "${PERDURE_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/perdure}"
: "${PERDURE_RUN:=${TMPDIR:-/tmp}/perdure-servers}"
: "${START_TIMEOUT:=60}" # seconds a server may take until it is ready
: "${STOP_TIMEOUT:=20}"  # seconds until SIGTERM is followed by SIGKILL
: "${NATS_VERSION:=2.15.1}" "${TEMPORAL_VERSION:=1.9.1}" "${KAFKA_VERSION:=4.4.0}"
# What Kafka logs with, and the plugin of Maven that copies both.
: "${KAFKA_LOG4J_VERSION:=2.25.5}" "${MAVEN_DEPENDENCY_VERSION:=3.8.1}"
# Dapr's module, which daprd is built from.
: "${DAPR_VERSION:=1.18.0}"
# The major version of PostgreSQL that is installed where the system has none.
: "${POSTGRES_VERSION:=15}"

NATS_HOME=$PERDURE_CACHE/nats-$NATS_VERSION
TEMPORAL_HOME=$PERDURE_CACHE/temporal-$TEMPORAL_VERSION
KAFKA_HOME=$PERDURE_CACHE/kafka-$KAFKA_VERSION
DAPRD_HOME=$PERDURE_CACHE/daprd-$DAPR_VERSION
POSTGRES_CACHE=$PERDURE_CACHE/postgres-$POSTGRES_VERSION
REDIS_CACHE=$PERDURE_CACHE/redis

# The folder with the programs of PostgreSQL: the newest one of the system, or else the one that was installed here.
postgres_bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -t/ -k5 -n | tail -n 1)
  found=${found:-$POSTGRES_CACHE/usr/lib/postgresql/$POSTGRES_VERSION/bin/postgres}
  [ -x "$found" ] && dirname "$found"
}

# The Redis of the system, or else the one that was unpacked below the cache.
redis_bin() {
  command -v redis-server || { [ -x "$REDIS_CACHE/usr/bin/redis-server" ] && echo "$REDIS_CACHE/usr/bin/redis-server"; }
}

# libraries FOLDER: where an unpacked package has its libraries.
libraries() { find "$1/usr/lib" -maxdepth 1 -name '*-linux-gnu*' -type d 2>/dev/null | head -n 1; }

# The command that runs a program of PostgreSQL, which refuses to run as root.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then echo setpriv --reuid=nobody --regid=nogroup --clear-groups; fi
}

say() { printf '[servers] %s\n' "$*" >&2; }
fail() { say "$*"; return 1; }

# The start time of a process, in ticks since boot: a pid that was given to another process has another one.
# A zombie counts as gone.
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] && echo "${20}"
}

# pid_of NAME: the live process that these scripts started under that name.
pid_of() {
  local file="$PERDURE_RUN/$1.pid" pid started
  [ -s "$file" ] || return 1
  read -r pid started <"$file"
  [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

tcp_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
http_answers() { curl -fsS -m 2 -o /dev/null "$1" 2>/dev/null; }

# spawn NAME PORT COMMAND...: starts a server in a session of its own, its log beside its pid file.
spawn() {
  local name=$1 port=$2 log="$PERDURE_RUN/$1.log" pid
  shift 2
  pid=$(pid_of "$name") && { fail "$name runs already, with pid $pid"; return 1; }
  tcp_answers "$port" && { fail "$name: port $port is taken"; return 1; }
  [ -e "$log" ] && mv -f "$log" "$log.1"
  setsid "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  echo "$pid $(start_time "$pid")" >"$PERDURE_RUN/$name.pid"
  disown "$pid"
}

# ready NAME CHECK...: waits until the check succeeds; gives up when the process ends or the time is over.
ready() {
  local name=$1 end=$((SECONDS + START_TIMEOUT))
  shift
  until "$@"; do
    if ! pid_of "$name" >/dev/null; then
      tail -n 20 "$PERDURE_RUN/$name.log" >&2
      fail "$name ended while it started"
      return 1
    fi
    if [ "$SECONDS" -ge "$end" ]; then
      tail -n 20 "$PERDURE_RUN/$name.log" >&2
      stop "$name" KILL
      fail "$name was not ready after $START_TIMEOUT s"
      return 1
    fi
    sleep 0.1
  done
  say "$name is ready, with pid $(pid_of "$name")"
}

# stop NAME [SIGNAL]: ends a server, with SIGKILL at last, and waits until its process is gone.
stop() {
  local name=$1 signal=${2:-TERM} pid tries
  for signal in "$signal" KILL; do
    pid=$(pid_of "$name") || break
    kill "-$signal" "$pid" 2>/dev/null
    for ((tries = STOP_TIMEOUT * 20; tries > 0; tries--)); do
      pid_of "$name" >/dev/null || break 2
      sleep 0.05
    done
  done
  rm -f "$PERDURE_RUN/$name.pid"
}
