#!/usr/bin/env bash
# Measures this node beside Oxigraph's own command line and server, from a fresh clone. What it
# needs besides cargo (wrk, Python, the PyPI package oxigraph) goes below the target folder.
# Arguments go to measure.py: `benches/run.sh --quick` tries everything out on 500 experiences,
# `benches/run.sh --experiences 5000 --only queries` is a look at a part.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
work=$CARGO_TARGET_DIR/bench
oxigraph_version=0.5.13

# need COMMAND PACKAGE...: installs what Debian has where it may, otherwise names the command.
need() {
    local command=$1
    shift
    ! command -v "$command" >/dev/null || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "bench: $command is missing; on Debian and Ubuntu: sudo apt-get install $*" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

need wrk wrk
need python3 python3 python3-venv
mkdir -p "$work"
if ! [ "$("$work/venv/bin/oxigraph" --version 2>/dev/null)" = "oxigraph $oxigraph_version" ]; then
    python3 -m venv --clear "$work/venv"
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "oxigraph==$oxigraph_version"
fi

cargo build --release --locked
exec python3 -B benches/measure.py --work "$work" \
    --familylab "$CARGO_TARGET_DIR/release/familylab" \
    --oxigraph "$work/venv/bin/oxigraph" "$@"
