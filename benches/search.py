"""Asks a node and PostgreSQL full text the same questions in turn and prints a table.

The records and their texts are read from the node, so that both hold the same. PostgreSQL gets a
generated `tsvector` (configuration `italian`, title weighed above the rest) with a GIN index, and
the facet values as arrays with GIN indexes, counted by `unnest`.
"""

import json
import random
import statistics
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "relevance"))

import psycopg  # noqa: E402
from cluster import cluster  # noqa: E402

FACETS = ("theme", "territory", "target", "level", "phase")
WORDS = (
    "asilo nido", "affido familiare", "anziani soli", "caregiver", "sportello famiglia",
    "tariffe mensa", "centro estivo", "mediazione familiare", "giovani adolescenti ascolto",
    "consultorio", "casa affitto giovani coppie", "disabilità dopo di noi", "nonni", "bonus bebè",
    "povertà educativa", "genitori separati", "volontariato reti", "conciliazione lavoro",
    "doposcuola", "trasporto scolastico", "famiglie numerose", "violenza donne", "pediatra",
    "allattamento", "biblioteca bambini", "banca del tempo", "emporio solidale",
)
ROUNDS = 300


def get(address: str, **parameters: str) -> dict:
    """The JSON answer of a node."""
    query = urllib.parse.urlencode(parameters)
    with urllib.request.urlopen(f"{address}?{query}") as answer:
        return json.load(answer)


def pages(node: str, query: str) -> list[list[str]]:
    """All rows of a SELECT as tab-separated values."""
    body = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(f"{node}/sparql", body, {"Accept": "text/tab-separated-values"})
    with urllib.request.urlopen(request) as answer:
        next(answer)
        return [line.decode().rstrip("\n").split("\t") for line in answer]


def fill(node: str, dsn: str) -> int:
    """Copies every experience's texts and facet values into PostgreSQL; gives their number."""
    prefix = "PREFIX fl: <https://w3id.org/familylab/ontology#> PREFIX dct: <http://purl.org/dc/terms/> "
    texts: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for record, text in pages(node, prefix + """SELECT ?r ?t {
        ?r a ?c ; dct:title ?t FILTER (lang(?t) = 'it') }"""):
        titles[record] = text
    for record, text in pages(node, prefix + """SELECT ?r ?t {
        VALUES ?p { dct:description fl:context fl:objective fl:activity fl:expectedResult
                    fl:achievedResult fl:obstacle fl:successFactor }
        ?r ?p ?t FILTER (lang(?t) = 'it') }"""):
        texts.setdefault(record, []).append(text)
    facets: dict[str, dict[str, set[str]]] = {}
    for facet, path in {
        "theme": "dct:subject", "territory": "fl:territory", "target": "fl:targetGroup",
        "level": "fl:governmentLevel", "phase": "fl:phase",
    }.items():
        for record, value in pages(node, prefix + f"SELECT ?r ?v {{ ?r {path} ?v }}"):
            facets.setdefault(record, {}).setdefault(facet, set()).add(value)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"""CREATE TABLE records (iri text, title text, body text,
            {", ".join(f"{facet} text[]" for facet in FACETS)})""")
        with connection.cursor().copy("COPY records FROM STDIN") as copy:
            for record, title in titles.items():
                own = facets.get(record, {})
                copy.write_row([record, title, " ".join(texts.get(record, []))]
                               + [sorted(own.get(facet, ())) for facet in FACETS])
        start = time.perf_counter()
        connection.execute("""ALTER TABLE records ADD words tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('italian', title), 'A') || to_tsvector('italian', body)) STORED""")
        connection.execute("CREATE INDEX ON records USING gin (words)")
        connection.execute("CREATE INDEX ON records (title text_pattern_ops)")
        connection.execute("CREATE INDEX ON records (lower(title) text_pattern_ops)")
        for facet in FACETS:
            connection.execute(f"CREATE INDEX ON records USING gin ({facet})")
        connection.execute("ANALYZE records")
        took = time.perf_counter() - start
    print(f"PostgreSQL: {len(titles)} records, words and indexes in {took:.0f} s")
    return len(titles)


def postgresql_search(dsn: str, any_word: bool) -> Callable[[], Callable[[str], None]]:
    """Ten best results, the total and five facets, in one statement: of the records that have every
    word, or, as the node finds them too, any of them."""
    typed = "websearch_to_tsquery('italian', %s)"
    if any_word:
        typed = f"replace({typed}::text, '&', '|')::tsquery"
    counts = " UNION ALL ".join(
        f"(SELECT '{facet}', v, count(*) FROM hits, unnest({facet}) v GROUP BY v "
        f"ORDER BY 3 DESC LIMIT 100)" for facet in FACETS)
    sql = f"""WITH q AS (SELECT {typed} AS q),
        hits AS MATERIALIZED (SELECT iri, ts_rank(words, q) AS score, {", ".join(FACETS)}
            FROM records, q WHERE words @@ q)
        (SELECT 'hit', iri, 0::bigint FROM hits ORDER BY score DESC, iri LIMIT 10)
        UNION ALL (SELECT 'total', '', count(*) FROM hits) UNION ALL {counts}"""

    def connect() -> Callable[[str], None]:
        connection = psycopg.connect(dsn, autocommit=True)
        return lambda text: connection.execute(sql, (text,)).fetchall() and None
    return connect


def postgresql_suggest(dsn: str) -> Callable[[], Callable[[str], None]]:
    """Titles that begin so."""
    def connect() -> Callable[[str], None]:
        connection = psycopg.connect(dsn, autocommit=True)
        sql = "SELECT title FROM records WHERE lower(title) LIKE %s ORDER BY title LIMIT 10"
        return lambda text: connection.execute(sql, (text.lower() + "%",)).fetchall() and None
    return connect


def ask_node(node: str, path: str, name: str, **more: str) -> Callable[[], Callable[[str], None]]:
    """One question to the node over a connection that is kept."""
    import http.client
    host = node.removeprefix("http://")

    def connect() -> Callable[[str], None]:
        connection = http.client.HTTPConnection(host)

        def ask(text: str) -> None:
            connection.request("GET", f"{path}?{urllib.parse.urlencode({name: text, **more})}",
                               headers={"Accept": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} {body[:200]!r}")
        return ask
    return connect


def measure(connect: Callable[[], Callable[[str], None]], questions: list[str], threads: int) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds of questions asked by some threads at once."""
    times: list[float] = []
    lock = threading.Lock()

    def work(own: list[str]) -> None:
        ask = connect()
        mine = []
        for text in own:
            start = time.perf_counter()
            ask(text)
            mine.append((time.perf_counter() - start) * 1000)
        with lock:
            times.extend(mine)
    workers = [threading.Thread(target=work, args=(questions[part::threads],)) for part in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    ordered = sorted(times)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]


def averaged(runs: list[tuple[float, float]]) -> list[float]:
    """The mean of the medians and of the 99th percentiles."""
    return [statistics.mean(part) for part in zip(*runs)]


def compare_counts(node: str) -> None:
    """Asks SPARQL for the counts of the facets' commonest values, and stops where one differs."""
    paths = {
        "theme": "dct:subject/skos:broader*", "territory": "fl:territory/skos:broader*",
        "target": "fl:targetGroup/skos:broader*", "level": "fl:governmentLevel", "phase": "fl:phase",
    }
    found = get(f"{node}/search", kind="esperienza", limit="1", facets=",".join(FACETS))
    compared = 0
    for facet in found["facets"]:
        for value in facet["values"][:3]:
            rows = pages(node, f"""PREFIX fl: <https://w3id.org/familylab/ontology#>
                PREFIX dct: <http://purl.org/dc/terms/>
                PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
                SELECT (COUNT(DISTINCT ?e) AS ?n) {{
                    ?e a fl:Experience ; {paths[facet["facet"]]} <{value["value"]}> }}""")
            if rows != [[str(value["count"])]]:
                raise SystemExit(f"{value} of {facet['facet']}: SPARQL counts {rows}")
            compared += 1
    print(f"{compared} counts of facets equal those of SPARQL")


def main() -> None:
    """Fills PostgreSQL, then measures A B A B."""
    node, pid = sys.argv[1], sys.argv[2]
    while get(f"{node}/ready")["indexed"] != get(f"{node}/ready")["seq"]:
        time.sleep(0.5)
    total = get(f"{node}/search", q="", facets="")["total"]
    print(f"node: {total} records in the index")
    chance = random.Random(1)
    with cluster(None) as connection:
        dsn = connection.info.dsn
        fill(node, dsn)
        compare_counts(node)
        found = [hit["iri"] for word in WORDS for hit in
                 get(f"{node}/search", q=word, kind="esperienza", limit="10", facets="")["hits"]]
        # No question comes twice, since the node keeps its answers for a while.
        places = [value["label"]["it"] for facet in
                  get(f"{node}/search", q="", kind="esperienza", facets="territory")["facets"]
                  for value in facet["values"]]
        searches = [*WORDS, *(f"{word} {place}" for word in WORDS for place in places)]
        chance.shuffle(searches)
        searches = searches[:ROUNDS]
        starts = [word[:chance.randint(3, 7)] for word in searches]
        found = sorted(set(found))
        likes = chance.sample(found, min(ROUNDS, len(found)))
        facets = ",".join(FACETS)
        subjects = {
            "search, five facets": (ask_node(node, "/search", "q", facets=facets, limit="10"),
                                    [postgresql_search(dsn, any_word) for any_word in (False, True)], searches),
            "suggest": (ask_node(node, "/suggest", "q"), [postgresql_suggest(dsn)], starts),
            "related": (ask_node(node, "/related", "iri"), [], likes),
        }
        print("| question | at once | node, median | 99 % | node, asked again | 99 % | PostgreSQL, median | 99 % |"
              " times the node | PostgreSQL, any word | 99 % | times the node |")
        print("|---|" + "--:|" * 11)
        for name, (ours, theirs, questions) in subjects.items():
            half = len(questions) // 2
            for threads, part in ((1, questions[:half]), (8, questions[half:])):
                # In turns, two and two: the machine is not the same from one minute to the next.
                own, others = [], [[] for _ in theirs]
                for share in (part[:half // 2], part[half // 2:]):
                    own.append(measure(ours, share, threads))
                    few = share[:30] if "search" in name else share
                    for other, rival in zip(others, theirs):
                        other.append(measure(rival, few, threads))
                mean = averaged(own)
                cells = [f"{took:.1f} ms" for took in (*mean, *measure(ours, part, threads))]
                for other in map(averaged, others):
                    cells += [f"{took:.1f} ms" for took in other] + [f"{other[0] / mean[0]:.2g}"]
                cells += ["–"] * (10 - len(cells))
                print(f"| {name} | {threads} | {' | '.join(cells)} |", flush=True)
        status = Path(f"/proc/{pid}/status").read_text()
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        print(f"node's peak memory: {int(peak.split()[1]) // 1024} MiB")


main()
