#!/usr/bin/env bash
# Search beside PostgreSQL full text: the same generated records in both, the same questions to
# both in turn. `benches/search.sh [EXPERIENCES]`; 560,000 experiences are about a million records.
# Needs Debian's postgresql (installed where that is allowed) and Python 3.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

experiences=${1:-560000}
target=${CARGO_TARGET_DIR:-target}
. benches/node.sh

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

serve "$program"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r benches/search.txt
"$work/venv/bin/python" benches/search.py "$address" "$node"
