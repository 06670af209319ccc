# Sourced: Node.js and the packages of package.json in target/node, nothing outside of it. Needs npm. Sets
# NODE_FOLDER (the folder), node (the interpreter) and suite (the conformance suite's file).
pinned=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export NODE_FOLDER="${NODE_FOLDER:-$(cd "$pinned/../.." && pwd)/target/node}"
if ! cmp -s "$pinned/package-lock.json" "$NODE_FOLDER/installed.json"; then
    mkdir -p "$NODE_FOLDER"
    cp "$pinned/package.json" "$pinned/package-lock.json" "$NODE_FOLDER"
    npm ci --prefix "$NODE_FOLDER" --no-audit --no-fund --loglevel error
    cp "$pinned/package-lock.json" "$NODE_FOLDER/installed.json"
fi
node="$NODE_FOLDER/node_modules/node/bin/node"
suite="$NODE_FOLDER/node_modules/@modelcontextprotocol/conformance/dist/index.js"
