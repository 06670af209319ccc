# Sourced by the checks that start servers: they end with the script, however it ends.
processes=()
trap 'for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done; wait' EXIT
export NO_PROXY=127.0.0.1,localhost PYTHONDONTWRITEBYTECODE=1

# A port that is free.
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

# A copy of the tree as it is, with what is committed and what is not yet, into the folder $1; of $root, which is set before.
copy_tree() {
    rm -rf "$1" && mkdir -p "$1"
    (cd "$root" && git ls-files --cached --others --exclude-standard -z | xargs -0 cp --parents -t "$1" 2>/dev/null) || true
}
