# shellcheck shell=bash
# To be sourced by what measures a node: a folder of its own ($work), which goes at the end, and a
# node that is stopped then.

work=$(mktemp -d "${TMPDIR:-/tmp}/familylab-bench.XXXXXX")
node=
finish() {
    [ -z "$node" ] || kill "$node" 2>/dev/null || true
    [ -z "$node" ] || wait "$node" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# serve PROGRAM [ARGUMENT...]: opens a node on a free port; $node is its process, $address where it is.
serve() {
    "$@" serve --listen 127.0.0.1:0 >"$work/address" 2>"$work/node.log" &
    node=$!
    until [ -s "$work/address" ]; do
        kill -0 "$node" 2>/dev/null || {
            cat "$work/node.log" >&2
            exit 1
        }
        sleep 0.2
    done
    address=$(head -1 "$work/address")
}
