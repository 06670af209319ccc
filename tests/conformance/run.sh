#!/usr/bin/env bash
# The official conformance suite against the built binary, whose tools come from openapi.yaml: `cargo xtask add` compiles
# it in, in a copy of the tree, and every scenario that a revision requires is run. The files expected-REVISION.yaml name
# what a server of tools alone does not have; whatever else fails, and whatever passes although it is named there, fails
# the run.
#
#   run.sh [REVISION…]      2025-11-25 and 2026-07-28 by default
#
# Needs npm. TOOLWRIGHT names a binary that was built before, with the toolset `conformance` in it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work="$root/target/conformance"
revisions=("$@")
[[ $# -gt 0 ]] || revisions=(2025-11-25 2026-07-28)

rm -rf "$work/results" && mkdir -p "$work"
processes=()
trap 'for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done; wait' EXIT
export NO_PROXY=127.0.0.1,localhost PYTHONDONTWRITEBYTECODE=1

port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Waits for a server: its address, its process, its log.
await() {
    for _ in $(seq 200); do
        curl -s -o /dev/null --noproxy '*' "$1" && return
        kill -0 "$2" 2>/dev/null || break
        sleep 0.1
    done
    echo "nothing answers at $1:"
    cat "$3"
    return 1
}

source "$here/../clients/node.sh"

if [[ -z ${TOOLWRIGHT:-} ]]; then
    copy="$work/copy"
    rm -rf "$copy" && mkdir -p "$copy"
    (cd "$root" && git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents -t "$copy" 2>/dev/null) || true
    # A target folder of its own: a binary with other tools in it must not take the place of the tree's.
    (cd "$copy" && export CARGO_TARGET_DIR="$root/target/tests" &&
        cargo xtask add conformance tests/conformance/openapi.yaml &&
        cargo build --locked --quiet --package toolwright)
    TOOLWRIGHT="$work/toolwright"
    cp "$root/target/tests/debug/toolwright" "$TOOLWRIGHT"
fi

api=$(port) gateway=$(port)
python3 "$here/upstream.py" "$api" >"$work/upstream.log" &
processes+=($!)
await "http://127.0.0.1:$api/" $! "$work/upstream.log"
cat >"$work/toolwright.yaml" <<YAML
mcp_servers:
  conformance:
    url: http://127.0.0.1:$api
YAML
"$TOOLWRIGHT" --config "$work/toolwright.yaml" --listen "127.0.0.1:$gateway" 2>"$work/gateway.log" &
processes+=($!)
await "http://127.0.0.1:$gateway/healthz" $! "$work/gateway.log"

failed=0
for revision in "${revisions[@]}"; do
    out="$work/results/$revision"
    mkdir -p "$out"
    status=0
    "$node" "$suite" server \
        --url "http://127.0.0.1:$gateway/conformance/mcp" --requirements "$revision" \
        --expected-failures "$here/expected-$revision.yaml" --output-dir "$out" >"$out/log.txt" 2>&1 || status=$?
    python3 "$here/totals.py" "$revision" "$out"
    if [[ $status -ne 0 ]]; then
        tail -n 60 "$out/log.txt"
        failed=1
    fi
done
exit "$failed"
