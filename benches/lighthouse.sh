#!/usr/bin/env bash
# What Lighthouse says of the home page, a search and an experience, for a phone and a desk:
# `benches/lighthouse.sh [DATA]`, where DATA is the data folder of a node, by default that of
# `benches/run.sh`. Lighthouse goes below the target folder; Debian's Chromium and Node are needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$(realpath "${CARGO_TARGET_DIR:-target}")
data=${1:-$target/bench/node}
tools=$target/bench/lighthouse
version=12.8.2
export CHROME_PATH=${FAMILYLAB_CHROMIUM:-/usr/bin/chromium}

cargo build --release --locked
if ! [ -e "$tools/node_modules/lighthouse" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-audit --no-fund --silent "lighthouse@$version"
fi

. benches/node.sh
serve "$target/release/familylab" --data "$data"
# The index may still be on its way.
experience=$(curl -sf --retry 600 --retry-all-errors --retry-delay 1 "$address/search?kind=esperienza&limit=1&facets=" | sed 's|.*/id/esperienza/\([^"]*\)".*|\1|')

echo '| Page | As | Performance | Accessibility | Best practices | SEO | Largest paint, s | Shift | kB |'
echo '|---|---|--:|--:|--:|--:|--:|--:|--:|'
for page in / "/esperienze?q=asilo%20nido" "/esperienze/$experience"; do
    # The first reader pays for what is then remembered.
    curl -s -o /dev/null "$address$page"
    for form in mobile desktop; do
        preset=
        [ $form = mobile ] || preset=--preset=desktop
        "$tools/node_modules/.bin/lighthouse" "$address$page" $preset --quiet --output=json \
            --output-path="$work/report.json" --only-categories=performance,accessibility,best-practices,seo \
            --chrome-flags='--headless=new --no-sandbox --disable-gpu'
        PAGE=$page FORM=$form node -e '
            const report = JSON.parse(require("fs").readFileSync(process.argv[1]));
            const score = (name) => Math.round(report.categories[name].score * 100);
            const number = (name) => report.audits[name].numericValue;
            const row = [`\`${decodeURI(process.env.PAGE)}\``, process.env.FORM,
                ...["performance", "accessibility", "best-practices", "seo"].map(score),
                (number("largest-contentful-paint") / 1000).toFixed(1),
                number("cumulative-layout-shift").toFixed(3),
                Math.round(number("total-byte-weight") / 1024)];
            console.log(`| ${row.join(" | ")} |`);
            for (const category of Object.values(report.categories))
                for (const { id, weight } of category.auditRefs) {
                    const { score, title } = report.audits[id];
                    if (weight > 0 && score !== null && score < 0.9) console.error(`${category.id}: ${title} (${score})`);
                }' "$work/report.json"
    done
done
