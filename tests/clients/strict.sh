#!/usr/bin/env bash
# The Inspector's `--strict` over the tools of the spec corpus, as the server lists them: no schema that some client or
# model would refuse. The descriptions are compiled to lists, and tests/listed serves these without the code beside them,
# all on one address, so that one run of the Inspector for each protocol era sees every tool.
#
#   strict.sh          the sample: all but the descriptions of more than 2 MB, which take longer than the rest together
#   strict.sh --all    the whole corpus
#
# TOOLWRIGHT_CORPUS is the corpus; without it, and without one beside the tree, there is nothing to do. Needs npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
corpus=${TOOLWRIGHT_CORPUS:-$root/../shared/specs}
work="$root/target/strict"
most=2000000
[[ ${1:-} != --all ]] || most=1000000000
[[ -f $corpus/MANIFEST.json ]] || { echo "no corpus at $corpus (TOOLWRIGHT_CORPUS): nothing was checked"; exit 0; }
rm -rf "$work" && mkdir -p "$work/lists" "$work/control/control/src"
source "$here/../servers.sh"
source "$here/node.sh"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"
# One by one, so that each has the dependencies that it was built with before.
for package in xtask listed; do cargo build --manifest-path "$root/Cargo.toml" --locked --quiet --package "$package"; done

# From inside the tree, where xtask expects to be run. A name ends where the configuration's names end.
cat >"$work/compile" <<'SH'
target=$1/lists/$2
"$CARGO_TARGET_DIR/debug/xtask" inspect "$3" --name "$2" --emit "$target" ${4:+--root "$4"} >"$1/$2.log" 2>&1 ||
    { echo "FAILED  $2 does not compile:"; tail -n 5 "$1/$2.log"; exit 1; }
SH
python3 - "$corpus" "$most" >"$work/sample" <<'PY'
import json, re, sys
corpus, most = sys.argv[1], int(sys.argv[2])
specs = json.load(open(f"{corpus}/MANIFEST.json"))["specs"]
# The largest first, so that no processor waits for it at the end.
for spec in sorted(specs, key=lambda spec: -spec["bytes"]):
    if spec["bytes"] <= most:
        name = re.sub(r"[^a-z0-9]+", "_", spec["name"].lower()).strip("_")
        root = f"{corpus}/{spec['root']}" if spec.get("root") else ""
        print(name if name[0].isalpha() else f"s_{name}", f"{corpus}/{spec['entry']}", root, sep="\0", end="\0")
PY
(cd "$root" && xargs -0 -n 3 -P "$(nproc)" bash "$work/compile" "$work" <"$work/sample")

# Serves the lists of a folder; $gateway is where.
serve() {
    local name
    gateway=$(port)
    for name in $(ls "$1"); do echo "  ${name:0:32}: {url: 'http://127.0.0.1:9', spec: $name}"; done >"$1.names"
    { echo "mcp_servers:"; cat "$1.names"; } >"$1.yaml"
    LISTED="$1" "$CARGO_TARGET_DIR/debug/listed" --config "$1.yaml" --listen "127.0.0.1:$gateway" 2>"$1.log" &
    processes+=($!)
    await "http://127.0.0.1:$gateway/healthz" $! "$1.log"
}
strict() {
    "$node" "$NODE_FOLDER/node_modules/.bin/mcp-inspector" --cli "http://127.0.0.1:$gateway/mcp" --method tools/list \
        --strict --format json --protocol-era "$1" >"$work/$1.json" 2>"$work/$1.strict"
}

# A list with an error in it must be told from one without.
echo '[{"name":"a","inputSchema":{"type":"object","properties":{"a":true}}}]' >"$work/control/control/src/x.json"
serve "$work/control"
status=0
strict modern || status=$?
[[ $status -eq 6 ]] || { echo "the Inspector does not see errors: exit $status"; cat "$work/modern.strict"; exit 1; }

serve "$work/lists"
failed=0
for era in legacy modern; do
    strict "$era" || { failed=1; grep -A 2 "^Error" "$work/$era.strict" | head -n 40 || true; }
    echo "Inspector --strict, $era: $(tail -n 1 "$work/$era.strict")"
done
"$node" "$here/portable.mjs" "http://127.0.0.1:$gateway" "$work/lists.names" || failed=1
exit "$failed"
