#!/usr/bin/env bash
# A private PostgreSQL and Redis on free loopback ports, in a folder of their own, gone when we end.
#   scripts/services.sh COMMAND...   run the command with DATABASE_URL and REDIS_URL set
#   scripts/services.sh              keep them until Ctrl-C
#   scripts/services.sh --elastic …  an Elasticsearch too, and ELASTICSEARCH_URL (SERVICES_NODES=3 for three)
# PostgreSQL refuses to run as root: then it runs as the unprivileged user `postgres`.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "$1" >&2; }
refuse() { say "$1"; exit 2; }

elastic=""
if [ "${1:-}" = --elastic ]; then elastic=yes; shift; fi

pg_bin() { command ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; }

install_missing() {
  local missing=()
  [ -n "$(pg_bin)" ] || missing+=(postgresql)
  command -v redis-server >/dev/null || missing+=(redis-server)
  [ ${#missing[@]} -eq 0 ] && return
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  say "Cài ${missing[*]} bằng apt"
  $sudo apt-get update -qq >&2 &&
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    refuse "Không cài được. Cài bằng tay: sudo apt install ${missing[*]}"
}

# A port such that those of further nodes, and those 100 above by which nodes talk to each other, are free too.
free_port() {
  python3 - "${1:-1}" <<'PYTHON'
import socket, sys
def free(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) != 0
while True:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    wanted = [port + more + n for more in (0, 100) for n in range(int(sys.argv[1]))]
    if max(wanted) < 65536 and all(map(free, wanted)):
        print(port)
        break
PYTHON
}

as_postgres() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; else "$@"; fi
}

install_missing
[ -z "$elastic" ] || scripts/elasticsearch.sh install
bin=$(pg_bin)
place=$(mktemp -d /tmp/hoiam-services.XXXXXX)
redis_pid=""

stop() {
  local code=$?
  trap - EXIT INT TERM HUP
  [ -s "$place/pg/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$place/pg" -m immediate -s stop >&2 || true
  [ -n "$redis_pid" ] && kill "$redis_pid" 2>/dev/null && wait "$redis_pid" 2>/dev/null || true
  [ -z "$elastic" ] || scripts/elasticsearch.sh stop "$place/elastic" || true
  rm -rf "$place"
  exit "$code"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

chmod 755 "$place"
mkdir "$place/pg"
[ "$(id -u)" = 0 ] && chown postgres: "$place/pg"
pg_port=$(free_port)
redis_port=$(free_port)

as_postgres "$bin/initdb" -D "$place/pg" -U hoiam -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
# A private copy that is thrown away needs no flush to disk, nor a log of tables filled in the transaction that
# emptied them; a measurement of writing asks for both (SERVICES_FSYNC=on).
fsync=${SERVICES_FSYNC:-off}
[ "$fsync" = on ] || quick="-c wal_level=minimal -c max_wal_senders=0"
as_postgres "$bin/pg_ctl" -D "$place/pg" -w -s -l "$place/pg/log" \
  -o "-p $pg_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$place/pg -c fsync=$fsync ${quick:-} -c max_connections=100" start ||
  { cat "$place/pg/log" >&2; refuse "PostgreSQL không khởi động được."; }
"$bin/createdb" -h 127.0.0.1 -p "$pg_port" -U hoiam hoiam

redis-server --port "$redis_port" --bind 127.0.0.1 --save "" --appendonly no --dir "$place" \
  --maxmemory-policy noeviction --daemonize no >"$place/redis.log" &
redis_pid=$!
for _ in $(seq 50); do
  (exec 3<>"/dev/tcp/127.0.0.1/$redis_port") 2>/dev/null && break
  sleep 0.1
done

export DATABASE_URL="postgresql://hoiam@127.0.0.1:$pg_port/hoiam"
export REDIS_URL="redis://127.0.0.1:$redis_port/0"
if [ -n "$elastic" ]; then
  nodes=${SERVICES_NODES:-1}
  ELASTICSEARCH_URL=$(scripts/elasticsearch.sh start "$(free_port "$nodes")" "$nodes" "$place/elastic")
  export ELASTICSEARCH_URL
fi
if [ $# -gt 0 ]; then
  "$@"
else
  echo "export DATABASE_URL=$DATABASE_URL"
  echo "export REDIS_URL=$REDIS_URL"
  [ -z "$elastic" ] || echo "export ELASTICSEARCH_URL=$ELASTICSEARCH_URL"
  say "Ctrl-C để dừng."
  sleep infinity & wait $!
fi
