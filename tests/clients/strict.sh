#!/usr/bin/env bash
# The Inspector's `--strict` over the tools of the spec corpus: no schema that some client or model would refuse. The
# descriptions are compiled in a copy of the tree, and their lists are served without being built.
#
# TOOLWRIGHT_CORPUS is the corpus; without it, and without one beside the tree, there is nothing to do. XTASK names a built
# xtask. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
corpus=${TOOLWRIGHT_CORPUS:-$root/../shared/specs}
work="$root/target/strict"
[[ -f $corpus/MANIFEST.json ]] || { echo "no corpus at $corpus: nothing was checked"; exit 0; }
source "$here/node.sh"
export NO_PROXY=127.0.0.1,localhost PYTHONDONTWRITEBYTECODE=1

rm -rf "$work" && mkdir -p "$work/copy"
(cd "$root" && git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents -t "$work/copy" 2>/dev/null) || true
cd "$work/copy"
xtask=${XTASK:-}
if [[ -z $xtask ]]; then
    CARGO_TARGET_DIR="$root/target/tests" cargo build --locked --quiet --package xtask
    xtask="$root/target/tests/debug/xtask"
fi
strict() {
    "$node" "$NODE_FOLDER/node_modules/.bin/mcp-inspector" --cli "http://127.0.0.1:$port/$1/mcp" \
        --method tools/list --strict --format json >"$work/$1.json" 2>"$work/$1.strict"
}

names=()
while IFS=$'\t' read -r name entry top; do
    if "$xtask" add "$name" "$corpus/$entry" ${top:+--root "$corpus/$top"} >"$work/$name.log" 2>&1; then
        names+=("$name")
    else
        echo "not compiled: $name (see $work/$name.log)"
    fi
done < <(python3 - "$corpus/MANIFEST.json" <<'PY'
import json, re, sys
for spec in json.load(open(sys.argv[1]))["specs"]:
    name = re.sub(r"[^a-z0-9]+", "_", spec["name"].lower()).strip("_")
    print(name if name[0].isalpha() else f"s_{name}", spec["entry"], spec.get("root") or "", sep="\t")
PY
)

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python3 "$here/listed.py" "$port" "$work/copy/build-specs" &
server=$!
trap 'kill $server' EXIT
sleep 1
# A list with an error in it must be told from one without.
mkdir -p "$work/copy/build-specs/control/src"
echo '[{"name":"control","inputSchema":{"type":"object","properties":{"a":true}}}]' >"$work/copy/build-specs/control/src/x.json"
status=0
strict control || status=$?
[[ $status -eq 6 ]] || { echo "the Inspector does not see errors: exit $status"; exit 1; }
rm -r "$work/copy/build-specs/control"

failed=0
for name in "${names[@]}"; do
    if ! strict "$name"; then
        failed=$((failed + 1))
        echo "FAILED  $name"
        head -c 1500 "$work/$name.strict"
    fi
done
echo "Inspector --strict: ${#names[@]} toolsets, $failed with errors"
"$node" "$here/portable.mjs" "$work/copy/build-specs" || failed=$((failed + 1))
exit $((failed > 0))
