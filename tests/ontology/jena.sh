#!/usr/bin/env bash
# Reads every file with Apache Jena (`riot --validate --strict`), which must not warn, and a file
# with faults in it, where it must. Takes Debian's package, and installs it where it may.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

jars=${JENA_JARS:-/usr/share/java}
packages="libapache-jena-java default-jre-headless unzip"

present() {
    [ -f "$jars/jena-cmds.jar" ] && command -v java && command -v unzip
} >/dev/null

if ! present && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Jena: installing $packages"
    # The names are words without spaces: they are meant to be split.
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages; } \
        >/dev/null || true
fi
if ! present; then
    echo "Jena: skipped, not installed; on Debian and Ubuntu: sudo apt-get install $packages" >&2
    [ "${FAMILYLAB_TEST_REQUIRED:-}" != 1 ] && exit 0
    exit 1
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Debian's Jena looks for the messages of its XML Schema types under xerces/, and has them
# elsewhere: without them it stops as it starts.
unzip -q "$jars/jena-core.jar" 'org/apache/jena/ext/xerces/*' -d "$scratch"
mv "$scratch/org/apache/jena/ext/xerces" "$scratch/xerces"

# By name: the folder as a whole holds two of several of them.
classpath=$scratch
for jar in jena-{arq,base,cmds,core,iri,shacl,shex,tdb,tdb2,rdfconnection} \
    jena-dboe-{base,index,storage,trans-data,transaction} thrift libthrift jsonld-java slf4j-api slf4j-simple \
    commons-{cli,codec,compress,csv,io,lang3} dexx.collection gson guava \
    jackson-{annotations,core,databind} jakarta.json-api titanium-json-ld httpclient httpcore; do
    [ ! -f "$jars/$jar.jar" ] || classpath=$classpath:$jars/$jar.jar
done

riot() {
    # It regrets that it has no JSON-LD, which is not asked of it.
    java -Dorg.slf4j.simpleLogger.log.org.apache.jena.riot.RDFLanguages=error -cp "$classpath" \
        riotcmd.riot --validate --strict "$@" >"$scratch/said" 2>&1
}

mapfile -t files < <(find ontology data/demo -name '*.ttl' | sort)
[ ${#files[@]} -gt 40 ] || { echo "Jena: the files are not there" >&2; exit 1; }
if ! riot "${files[@]}" || grep -q -E 'WARN|ERROR' "$scratch/said"; then
    echo "Jena does not take a file:" >&2
    head -20 "$scratch/said" >&2
    exit 1
fi
if riot tests/ontology/faulty.ttl || [ "$(grep -c WARN "$scratch/said")" -lt 2 ]; then
    echo "Jena does not find the planted faults, so its silence proves nothing:" >&2
    head -20 "$scratch/said" >&2
    exit 1
fi
version=$(cd "$jars" && ls jena-arq-[0-9]*.jar | sed 's/jena-arq-\(.*\)\.jar/\1/')
echo "Jena $version: no error and no warning in ${#files[@]} files; two planted faults are found"
