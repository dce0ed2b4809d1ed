#!/usr/bin/env bash
# A server that is loaded with `--require @opentelemetry/auto-instrumentations-node/register` doesn't end at SIGTERM any more, as it
# does without: an orchestrator waits for its grace period, and kills it.
#
# `register` adds a listener of SIGTERM that shuts the SDK down, and neither raises the signal again nor ends the process. Node ends a
# process by a signal only while nothing listens to it. So a program that had left SIGTERM to Node runs on, without telemetry.
# Seen with @opentelemetry/auto-instrumentations-node 0.81.2 on Node.js 20.20.
#
# @afstatsd/core raises a signal again when its listener is the only one (docs/guarantees.md).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/program.cjs" <<'PROGRAM'
const { createServer } = require('node:http');

createServer((req, res) => res.end()).listen(0, '127.0.0.1', () => console.log('listens'));
PROGRAM

# Prints how the server ended within ten seconds of SIGTERM.
ends() {
  node "$@" "$folder/program.cjs" >"$folder/output" 2>/dev/null &
  local pid=$!
  until grep -q listens "$folder/output"; do sleep 0.1; done
  kill -TERM "$pid"
  for _ in $(seq 100); do
    if ! kill -0 "$pid" 2>/dev/null; then
      local status=0
      wait "$pid" 2>/dev/null || status=$?
      echo "ends with $status"
      return
    fi
    sleep 0.1
  done
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  echo 'runs on'
}

npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder" @opentelemetry/api@1.9.0 \
  @opentelemetry/auto-instrumentations-node@0.81.2 @opentelemetry/core@2.12.0 >/dev/null
export OTEL_TRACES_EXPORTER=none OTEL_LOGS_EXPORTER=none OTEL_METRICS_EXPORTER=none
without=$(ends)
with=$(ends --require "$folder/node_modules/@opentelemetry/auto-instrumentations-node/build/src/register.js")
echo "auto-instrumentations-node 0.81.2: at SIGTERM a server $without without it, and with it $with"
[ "$without, $with" = 'ends with 143, runs on' ] || { echo 'This has changed.'; exit 1; }
