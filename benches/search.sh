#!/usr/bin/env bash
# Search beside PostgreSQL full text: the same generated records in both, the same questions to
# both in turn. `benches/search.sh [EXPERIENCES]`; 560,000 experiences are about a million records.
# Needs Debian's postgresql (installed where that is allowed) and Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

experiences=${1:-560000}
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d "${TMPDIR:-/tmp}/familylab-search.XXXXXX")
node=
finish() {
    [ -z "$node" ] || kill "$node" 2>/dev/null || true
    [ -z "$node" ] || wait "$node" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

cargo build --release --locked
program=$(realpath "$target")/release/familylab
export FAMILYLAB_DATA=$work/data FAMILYLAB_QUERY_TIMEOUT=3600
"$program" generate "$experiences" --seed 1 --out "$work/records.nq"
"$program" import "$work/records.nq" --source generated --trusted

# The rules are run first, so that the index is made once.
"$program" infer
echo "== indexing"
/usr/bin/env time -f 'seconds %e, peak KiB %M' "$program" rebuild --index
du -sh "$work/data/index"

"$program" serve --listen 127.0.0.1:0 >"$work/address" 2>"$work/node.log" &
node=$!
until [ -s "$work/address" ]; do sleep 0.2; done
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r benches/search.txt
"$work/venv/bin/python" benches/search.py "$(head -1 "$work/address")" "$node"
