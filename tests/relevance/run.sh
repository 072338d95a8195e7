#!/usr/bin/env bash
# Starts a node with the demonstration catalogue, asks it every judged query, and asks BM25 and
# PostgreSQL the same; stops what it started. Arguments go to measure.py: `--json FILE` keeps the
# numbers, `--before FILE` tells what a change in weights did. RELEVANCE_NODE is the address of a
# node that runs already. What it needs besides cargo goes below the target folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

here=tests/relevance
venv=${CARGO_TARGET_DIR:-target}/relevance-venv
python3 -B $here/check.py

# need FILE PACKAGE...: installs what Debian has where it may, otherwise names the command.
need() {
    local file=$1
    shift
    ! compgen -G "$file" >/dev/null || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "relevance: missing: $*; on Debian and Ubuntu: sudo apt-get install $*" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

bash .ci/postgresql
python3 -c 'import venv, ensurepip' 2>/dev/null || need /nonexistent python3-venv

if ! cmp -s $here/requirements.txt "$venv/requirements.txt"; then
    mkdir -p "$(dirname "$venv")"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r $here/requirements.txt
    cp $here/requirements.txt "$venv/requirements.txt"
fi

work=$(mktemp -d)
chmod 711 "$work" # the user postgres passes through
node=''
measure=''
stop() {
    for process in $measure $node; do
        kill "$process" 2>/dev/null && wait "$process" || true
    done
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

address=${RELEVANCE_NODE:-}
if [ -z "$address" ]; then
    touch "$work/address"
    FAMILYLAB_DATA=$work/data cargo run --locked -- serve --demo --listen 127.0.0.1:0 \
        >"$work/address" 2>"$work/log" &
    node=$!
    until read -r address <"$work/address"; do
        if ! kill -0 $node 2>/dev/null; then
            echo 'relevance: the node did not start:' >&2
            tail -n 40 "$work/log" >&2
            exit 1
        fi
        sleep 0.2
    done
fi

"$venv/bin/python" -B $here/measure.py --node "$address" --folder "$work" "$@" &
measure=$!
wait $measure
