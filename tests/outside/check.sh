#!/usr/bin/env bash
# From an application that knows nothing of Toolwright to an agent's client that knows nothing of it either:
# FastAPI publishes its description, `cargo xtask add` compiles it in, the built binary serves it, and curl and the
# Python `mcp` package call it. The application's own log says what arrived.
#
# PYTHON names an interpreter with the packages of requirements.txt.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:?the Python with fastapi, uvicorn and mcp}
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
work="$root/target/outside"
copy="$work/copy"
log="$work/app.log"
export LITELLM_KEY=sk-outside-key LITELLM_MASTER_KEY=sk-outside-key UPSTREAM_TOKEN=token-from-outside

rm -rf "$work" && mkdir -p "$work"
source "$here/../servers.sh"

app="http://127.0.0.1:$(port)"
gateway_port=$(port)
PYTHONDONTWRITEBYTECODE=1 "$python" -m uvicorn app:app --app-dir "$here" --no-access-log --log-level warning \
    --port "${app##*:}" >>"$log" 2>&1 &
processes+=($!)
await "$app/openapi.json" $! "$log"

# So that the check speaks of the tree it runs in.
copy_tree "$copy"
cd "$copy"
export NO_PROXY=127.0.0.1
cargo xtask inspect "$app/openapi.json"
cargo xtask remove data_api
cargo xtask add data_api "$app/openapi.json"
cargo xtask update --allow-private data_api
cargo xtask regen --accept data_api
cargo xtask regen --check
cargo build --release --locked --quiet
binary="$work/toolwright"
cp "$CARGO_TARGET_DIR/release/toolwright" "$binary"

cat >"$work/toolwright.yaml" <<YAML
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
mcp_servers:
  data_api:
    url: $app
    spec_path: $app/openapi.json
    auth_type: none
    extra_headers:
      - X-TOKEN
YAML
"$binary" check --config "$work/toolwright.yaml"
"$binary" tools --config "$work/toolwright.yaml"
"$binary" --config "$work/toolwright.yaml" --listen "127.0.0.1:$gateway_port" >"$work/gateway.log" 2>&1 &
processes+=($!)
await "http://127.0.0.1:$gateway_port/" $! "$work/gateway.log"

: >"$log"
answer=$(curl -s --noproxy '*' -X POST "http://127.0.0.1:$gateway_port/data_api/mcp" \
    -H "x-litellm-api-key: Bearer $LITELLM_KEY" \
    -H "Content-Type: application/json" -H "Accept: application/json, text/event-stream" \
    -H "X-TOKEN: $UPSTREAM_TOKEN" -H "X-Decoy: decoy" \
    -d '{"jsonrpc":"2.0","method":"tools/call","id":1,"params":{"name":"get_item","arguments":{"item_id":7}}}')
echo "curl: $answer"
"$python" "$here/client.py" "http://127.0.0.1:$gateway_port" "$log" "$answer"
