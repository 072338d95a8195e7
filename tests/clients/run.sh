#!/usr/bin/env bash
# Harvests a node with the demonstration catalogue in clients that others wrote: pySHACL and
# rdf-validate-shacl, ldes-client, Sickle, rdflib, feedparser, icalendar, a reader of sitemaps; what is
# signed is verified by cryptography. Their packages are kept, and made anew when their lists change.
# What cannot be run says so; under FAMILYLAB_TEST_REQUIRED=1 that is a failure. Arguments are the
# names of checks: all without any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/clients
target=${CARGO_TARGET_DIR:-target}

missing() {
    echo "test-clients: missing: $*; on Debian and Ubuntu: sudo apt-get install $*" >&2
    [ "${FAMILYLAB_TEST_REQUIRED:-}" != 1 ] || exit 1
    echo 'skipped: nothing was harvested by other clients' >&2
    exit 0
}

# need COMMAND PACKAGE: installs what Debian has where it may.
need() {
    ! command -v "$1" >/dev/null || return 0
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || missing "$2"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"; } >/dev/null ||
        missing "$2"
}
need node nodejs
need npm npm
python3 -c 'import venv, ensurepip' 2>/dev/null || missing python3-venv

# The shapes of DCAT-AP and the lists they look values up in are no part of the project.
data=${FAMILYLAB_TEST_DATA:-../shared/data}
if [ ! -d "$data/dcat-ap" ] || [ ! -d "$data/dcat-ap_it" ]; then
    echo "test-clients: the test data are absent: no dcat-ap and dcat-ap_it in $data (see FAMILYLAB_TEST_DATA)" >&2
    [ "${FAMILYLAB_TEST_REQUIRED:-}" != 1 ] || exit 1
    echo 'skipped: nothing was harvested by other clients' >&2
    exit 0
fi
FAMILYLAB_TEST_DATA=$(realpath "$data")

venv=$target/clients-venv
cmp -s $here/requirements.txt "$venv/installed.txt" || {
    mkdir -p "$target"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement $here/requirements.txt
    cp $here/requirements.txt "$venv/installed.txt"
}
cmp -s $here/package-lock.json $here/node_modules/.from-lock || {
    npm ci --prefix $here --silent --ignore-scripts
    cp $here/package-lock.json $here/node_modules/.from-lock
}
cargo build --locked
FAMILYLAB_TEST_DATA=$FAMILYLAB_TEST_DATA \
    FAMILYLAB_BINARY=$(realpath "$target/debug/familylab") \
    "$venv/bin/python" -B $here/check.py "$@"
