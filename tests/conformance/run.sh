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
source "$here/../servers.sh"

source "$here/../clients/node.sh"

if [[ -z ${TOOLWRIGHT:-} ]]; then
    copy="$work/copy"
    copy_tree "$copy"
    # A target folder of its own: a binary with other tools in it must not take the place of the tree's.
    (cd "$copy" && export CARGO_TARGET_DIR="$root/target/tests" &&
        cargo xtask add conformance tests/conformance/openapi.yaml --toolset tests/conformance/toolset.toml &&
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
# Scenarios that apply to these tools, but whose failures the suite counts only when it is asked for them by name.
unscored=(json-schema-2020-12)

for revision in "${revisions[@]}"; do
    out="$work/results/$revision"
    mkdir -p "$out"
    status=0
    official() {
        "$node" "$suite" server --url "http://127.0.0.1:$gateway/conformance/mcp" "$@" >>"$out/log.txt" 2>&1
    }
    official --requirements "$revision" --expected-failures "$here/expected-$revision.yaml" --output-dir "$out" || status=$?
    for scenario in "${unscored[@]}"; do
        official --scenario "$scenario" --spec-version "$revision" --output-dir "$out/unscored" || status=$?
    done
    python3 "$here/totals.py" "$revision" "$out"
    if [[ $status -ne 0 ]]; then
        tail -n 60 "$out/log.txt"
        failed=1
    fi
done
exit "$failed"
