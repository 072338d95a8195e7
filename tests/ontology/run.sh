#!/usr/bin/env bash
# Runs check.py with the packages it needs, kept beside the build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

venv=${CARGO_TARGET_DIR:-target}/ontology-venv
if ! "$venv/bin/python" -c 'import owlrl, pyshacl' 2>/dev/null; then
    if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
        echo "test-ontology: Python's venv is missing; on Debian and Ubuntu: sudo apt-get install python3-venv" >&2
        exit 1
    fi
    mkdir -p "$(dirname "$venv")"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'rdflib==7.6.0' 'owlrl==7.6.2' 'pyshacl==0.40.1'
fi
"$venv/bin/python" -B tests/ontology/check.py
