#!/usr/bin/env bash
# Full harvests of a large node by every way there is, while changes are written:
# `benches/harvest.sh [EXPERIENCES]`, by default 50,000. Needs curl, wrk and Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

experiences=${1:-50000}
target=${CARGO_TARGET_DIR:-target}
. benches/node.sh

cargo build --release --locked
program=$(realpath "$target")/release/familylab
export FAMILYLAB_DATA=$work/data FAMILYLAB_ADMIN_TOKEN=a-token-for-measuring
"$program" generate "$experiences" --seed 1 --out "$work/records.nq"
"$program" import "$work/records.nq" --source generated --trusted

# Rules and index come first, so that the harvests are measured alone.
"$program" infer
"$program" rebuild --index
serve "$program"
python3 -B benches/harvest.py "$address" "$node"
