#!/usr/bin/env bash
# Runs the checks of the ontology in programs that others wrote: Apache Jena, and what check.py
# names. Their packages are kept beside the build, and made anew when requirements.txt changes.
# What cannot be run says so; under FAMILYLAB_TEST_REQUIRED=1 that is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/ontology

venv=${CARGO_TARGET_DIR:-target}/ontology-venv
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        echo "test-ontology: Python's venv is missing; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2
        exit 1
    fi
    mkdir -p "$(dirname "$venv")"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
fi

# Jena comes first: it brings Java, which HermiT needs too.
bash "$here/jena.sh"
"$venv/bin/python" -B "$here/check.py"
