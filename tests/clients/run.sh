#!/usr/bin/env bash
# Clients that are not ours call the data API's tool through the built binary, over HTTP and over stdio, in every version
# that they speak; the API's log says what arrived. The official Rust client does so in tests/mcp_client.rs.
#
# PYTHON names an interpreter with the packages of requirements.txt, TOOLWRIGHT the binary. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:?the Python with mcp, fastmcp and jsonschema}
binary=${TOOLWRIGHT:-$root/target/release/toolwright}
work="$root/target/clients"
export KEY=sk-clients-key TOKEN=token-of-the-caller

rm -rf "$work" && mkdir -p "$work"
source "$here/../servers.sh"

source "$here/node.sh"
inspector() { "$node" "$NODE_FOLDER/node_modules/.bin/mcp-inspector" --cli "$@"; }

api=$(port) gateway=$(port)
"$python" "$here/../conformance/upstream.py" "$api" >>"$work/upstream.log" &
processes+=($!)
await "http://127.0.0.1:$api/" $! "$work/upstream.log"
cat >"$work/toolwright.yaml" <<YAML
general_settings:
  master_key: os.environ/KEY
mcp_servers:
  data_api:
    url: http://127.0.0.1:$api
    extra_headers: [X-TOKEN]
    stdio_headers: {X-TOKEN: os.environ/TOKEN}
YAML
"$binary" --config "$work/toolwright.yaml" --listen "127.0.0.1:$gateway" 2>"$work/gateway.log" &
processes+=($!)
await "http://127.0.0.1:$gateway/healthz" $! "$work/gateway.log"
url="http://127.0.0.1:$gateway/data_api/mcp"

: >"$work/upstream.log"
"$python" "$here/python_clients.py" http "$url"
"$node" "$here/typescript.mjs" http "$url"
called=(--method tools/call --tool-name get_item --tool-args-json '{"item_id":7}' --format json -q)
sent=(--header "x-litellm-api-key: Bearer $KEY" "X-TOKEN: $TOKEN")
for era in legacy auto modern; do
    inspector "$url" "${called[@]}" "${sent[@]}" --protocol-era "$era" >"$work/inspector.json"
    grep -q "$TOKEN" "$work/inspector.json" || { cat "$work/inspector.json"; exit 1; }
    echo "ok      Inspector          $era      http"
done

# Over stdio the token comes from the server's environment, and the key is not asked for.
stdio=("$binary" stdio --config "$work/toolwright.yaml" --server data_api)
"$python" "$here/python_clients.py" stdio "${stdio[@]}"
"$node" "$here/typescript.mjs" stdio "${stdio[@]}"
for era in legacy auto modern; do
    inspector "${called[@]}" --protocol-era "$era" -e "TOKEN=$TOKEN" -- "${stdio[@]}" >"$work/inspector.json"
    grep -q "$TOKEN" "$work/inspector.json" || { cat "$work/inspector.json"; exit 1; }
    echo "ok      Inspector          $era      stdio"
done

inspector "$url" --method tools/list --strict --format json -q "${sent[@]}" >/dev/null
echo "ok      Inspector --strict"
"$python" "$here/wire.py" "$url" "$suite" "$node"

# What the API saw: the token once with each call, and nothing else of any caller.
"$python" - "$work/upstream.log" <<'PY'
import json, os, sys
seen = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
seen = [request for request in seen if request["target"].startswith("/items/")]
allowed = {"accept", "accept-encoding", "host", "user-agent", "x-token"}
for request in seen:
    if request["headers"].get("x-token") != [os.environ["TOKEN"]] or not set(request["headers"]) <= allowed:
        sys.exit(f"FAILED  the API saw {request}")
print(f"ok      {len(seen)} requests reached the API, each with the token and without anything else")
PY
! grep -q -e "$KEY" -e "$TOKEN" -e decoy "$work/gateway.log" || { echo "FAILED  the log holds a secret"; exit 1; }
