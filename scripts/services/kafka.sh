#!/usr/bin/env bash
# A real Apache Kafka broker (KRaft, one node that is broker and controller) from Maven Central's jars, on loopback.
# usage: kafka.sh {install|start|stop|status}
# KAFKA_PORT (and the one after it) and KAFKA_DATA tell brokers apart; a broker's data stay until KAFKA_DATA is removed.
set -euo pipefail

VERSION=4.3.1
CACHE=${VEDETTE_SERVICES_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vedette-services}
LIB=$CACHE/kafka-$VERSION
DATA=${KAFKA_DATA:-${TMPDIR:-/tmp}/vedette-kafka}
PORT=${KAFKA_PORT:-19092}
CONTROLLER_PORT=$((PORT + 1))
PIDFILE=$DATA/kafka.pid
READY_S=${KAFKA_READY_S:-90}
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java

complain() { echo "kafka: $*" >&2; exit 1; }

# A pid may have been given to another process since, so the command line has to be this broker's.
is_running() {
  local pid
  pid=$(cat "$PIDFILE" 2>/dev/null) || return 1
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "kafka.Kafka $DATA/server.properties"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

install() {
  if [ -f "$LIB/.complete" ]; then echo "kafka: $VERSION is in $LIB"; return; fi
  command -v "$JAVA" >/dev/null || complain 'there is no Java 17 or later'
  command -v mvn >/dev/null || complain 'there is no Maven to fetch the jars with'
  local work; work=$(mktemp -d)
  cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>vedette</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$VERSION</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
POM
  mkdir -p "$CACHE"
  mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy-dependencies \
    -DincludeScope=runtime -DoutputDirectory="$work/lib" -Dmdep.useBaseVersion=true
  rm -rf "$LIB"
  mv "$work/lib" "$LIB"
  touch "$LIB/.complete"
  rm -rf "$work"
  echo "kafka: $VERSION installed in $LIB"
}

configure() {
  mkdir -p "$DATA/logs"
  cat >"$DATA/server.properties" <<P
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$PORT,CONTROLLER://127.0.0.1:$CONTROLLER_PORT
advertised.listeners=PLAINTEXT://127.0.0.1:$PORT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=$DATA/logs
num.partitions=1
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
log.segment.bytes=134217728
log.cleaner.dedupe.buffer.size=16777216
num.network.threads=2
num.io.threads=4
P
  cat >"$DATA/log4j2.properties" <<P
status=warn
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=[%d] %p %m (%c)%n
P
}

start() {
  if is_running; then echo "kafka: runs on 127.0.0.1:$PORT, pid $(cat "$PIDFILE")"; return; fi
  [ -f "$LIB/.complete" ] || install
  if listens "$PORT"; then complain "127.0.0.1:$PORT is taken by another process"; fi
  configure
  local log=$DATA/broker.log
  if [ ! -f "$DATA/logs/meta.properties" ]; then
    "$JAVA" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m -Dlog4j2.configurationFile="$DATA/log4j2.properties" -cp "$LIB/*" \
      kafka.tools.StorageTool format -t dmVkZXR0ZS1zZXJ2aWNlcw -c "$DATA/server.properties" >"$log" 2>&1 ||
      { cat "$log" >&2; exit 1; }
  fi
  setsid nohup "$JAVA" -Xms256m -Xmx512m -XX:+UseSerialGC -Djava.awt.headless=true \
    -Dlog4j2.configurationFile="$DATA/log4j2.properties" -cp "$LIB/*" \
    kafka.Kafka "$DATA/server.properties" >>"$log" 2>&1 </dev/null &
  echo $! >"$PIDFILE"
  local deadline=$((SECONDS + READY_S))
  until listens "$PORT"; do
    kill -0 "$(cat "$PIDFILE")" 2>/dev/null || { tail -30 "$log" >&2; rm -f "$PIDFILE"; exit 1; }
    [ $SECONDS -lt $deadline ] || { stop; complain "not ready after $READY_S s; see $log"; }
    sleep 0.1
  done
  echo "kafka: $VERSION on 127.0.0.1:$PORT, pid $(cat "$PIDFILE")"
}

stop() {
  if ! is_running; then rm -f "$PIDFILE"; echo 'kafka: does not run'; return; fi
  local pid; pid=$(cat "$PIDFILE")
  kill "$pid"
  for _ in $(seq 200); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  if kill -0 "$pid" 2>/dev/null; then kill -9 "$pid"; fi
  rm -f "$PIDFILE"
  echo 'kafka: stopped'
}

status() {
  if is_running; then echo "kafka: runs on 127.0.0.1:$PORT, pid $(cat "$PIDFILE")"; else echo 'kafka: does not run'; return 3; fi
}

case "${1:-}" in install|start|stop|status) "$1" ;; *) echo "usage: $0 {install|start|stop|status}" >&2; exit 2 ;; esac
