#!/usr/bin/env bash
# Opens a node with the demonstration catalogue in a real browser and looks at every page: journeys,
# axe, keyboard, scripts off, narrow screens, the Nu HTML checker. Installs what it needs where it
# may. What cannot be run says so; under FAMILYLAB_TEST_REQUIRED=1 that is a failure.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
here=tests/browser

missing() {
    echo "test-browser: missing: $*; on Debian and Ubuntu: sudo apt-get install $*" >&2
    [ "${FAMILYLAB_TEST_REQUIRED:-}" != 1 ] || exit 1
    echo 'skipped: the site was not looked at in a browser' >&2
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
need chromium chromium
need java default-jre-headless

cmp -s $here/package-lock.json $here/node_modules/.from-lock || {
    npm ci --prefix $here --silent --ignore-scripts
    cp $here/package-lock.json $here/node_modules/.from-lock
}
cargo build --locked
FAMILYLAB_BINARY=$(realpath "${CARGO_TARGET_DIR:-target}/debug/familylab") \
    node --test --test-reporter=spec --test-concurrency=1 $here/*.test.mjs
