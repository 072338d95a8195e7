"""Every page of the site: how long it takes for one reader and for sixteen at once, and how many
bytes its first view is."""

import gzip
import http.client
import json
import random
import re
import statistics
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from pages import load

CONNECTIONS = [1, 16]
# How long counting in the background may take, in seconds.
COUNTING = 20
# So many addresses of each kind are asked for in turn.
ADDRESSES = 200
MEDIAN_MS, SLOWEST_MS, BYTES = 100, 400, 350 * 1024
NEEDS = ("asilo nido", "affido familiare", "anziani soli", "sportello famiglia", "centro estivo", "nonni",
         "mediazione familiare", "consultorio", "genitori separati", "doposcuola", "disabilità dopo di noi")
PLACES = {
    "esperienza": "esperienze", "attore": "attori", "rete": "reti", "territorio": "territori", "tema": "temi",
    "destinatario": "destinatari", "valutazione": "valutazioni", "modello": "modelli", "percorso": "percorsi",
    "competenza": "competenze", "risorsa": "saperi", "notizia": "notizie", "evento": "eventi", "raccolta": "raccolte",
}
ALONE = ("/", "/esperienze", "/esperienze/simili", "/esperienze/confronta", "/qualita", "/dati", "/sparql", "/q",
         "/ontologia", "/vocabolari", "/vocabolari/themes", "/accessibilita", "/mappa-sito", "/doc/attore")
LINKED = re.compile(r"""(?:href|src)="(/assets/[^"]+)\"""")


def addresses(node) -> dict[str, list[str]]:
    """The addresses of each kind of page, as many as there are up to ADDRESSES."""
    chance = random.Random(1)
    found = lambda **asked: json.loads(node.ask("GET", "/search?" + "&".join(
        f"{name}={quote(value)}" for name, value in asked.items()), {"Accept": "application/json"})[1])
    pages = {path: [path] for path in ALONE}
    regions = [value["value"].rsplit("/", 1)[1] for facet in found(kind="esperienza", facets="territory", limit="1")["facets"]
               for value in facet["values"]]
    searches = [f"{need} {region.replace('-', ' ')}" for need in NEEDS for region in regions]
    pages["/search?q=…"] = [f"/search?q={quote(text)}" for text in searches]
    pages["/esperienze?q=…"] = [f"/esperienze?q={quote(text)}" for text in searches]
    pages["/esperienze?view=mappa…"] = [f"/esperienze?view=mappa&territory={region}" for region in regions]
    pages["/esperienze?view=tabella…"] = [f"/esperienze?view=tabella&territory={region}" for region in regions]
    pages["/esperienze/simili?need=…"] = [f"/esperienze/simili?need={quote(text)}" for text in searches]
    for kind, place in PLACES.items():
        pages[f"/{place}"] = [f"/{place}"]
        # Schemes and their small lists are found too; their pages are counted under /vocabolari.
        records = [hit["iri"].rsplit("/", 1)[1] for hit in found(kind=kind, limit="1000", facets="")["hits"]
                   if f"/id/{kind}/" in hit["iri"]]
        chance.shuffle(records)
        if records:
            pages[f"/{place}/…"] = [f"/{place}/{slug}" for slug in records]
            pages[f"/doc/{kind}/…"] = [f"/doc/{kind}/{slug}" for slug in records]
    pages["/esperienze/confronta?id=…"] = [
        f"/esperienze/confronta?id={one.rsplit('/', 1)[1]}&id={other.rsplit('/', 1)[1]}"
        for one, other in zip(pages["/esperienze/…"], reversed(pages["/esperienze/…"])) if one != other]
    return {name: chance.sample(paths, min(len(paths), ADDRESSES)) for name, paths in pages.items()}


def first_view(node, path: str) -> int:
    """The bytes of a page and of the styles and scripts it names, as a browser gets them packed."""
    connection = http.client.HTTPConnection(urlsplit(node.address).netloc, timeout=300)

    def fetch(address: str) -> bytes:
        connection.request("GET", address, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        return connection.getresponse().read()
    page = fetch(path)
    text = gzip.decompress(page) if page[:2] == b"\x1f\x8b" else page
    return len(page) + sum(len(fetch(asset)) for asset in sorted(set(LINKED.findall(text.decode()))))


def measure(node, ask, work: Path) -> list[dict]:
    """Loads each kind of page with as many connections as each of CONNECTIONS."""
    measured, first, pages = [], {}, addresses(node)
    # The first reader may wait for what is then remembered, or counted in the background.
    for name, paths in pages.items():
        start = time.perf_counter()
        node.ask("GET", paths[0], {"Accept": "text/html"})
        first[name] = (time.perf_counter() - start) * 1000
    time.sleep(COUNTING)
    for name, paths in pages.items():
        listed = work / "paths-site"
        listed.write_text("\n".join(paths), encoding="utf-8")
        runs = {connections: load(node, listed, "text/html", connections, ask.seconds) for connections in CONNECTIONS}
        measured.append({"page": name, "addresses": len(paths), "first_ms": first[name], "bytes": first_view(node, paths[0]), "runs": runs})
    return measured


def table(measured: list[dict]) -> str:
    lines = [
        "| Page | Addresses | First view, kB | First answer, ms | Median at 1, ms | Median at 16, ms | 99 % at 16, ms | Requests a second at 16 |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    worst = {"first view, kB": 0, "median at 1, ms": 0, "99 % at 16, ms": 0}
    for case in measured:
        one, many = (case["runs"][connections] for connections in CONNECTIONS)
        lines.append(f"| `{case['page']}` | {case['addresses']} | {case['bytes'] / 1024:.0f} | {case['first_ms']:.0f} | {one['median_ms']:.1f} |"
                     f" {many['median_ms']:.1f} | {many['p99_ms']:.1f} | {many['requests'] / many['seconds']:,.0f} |")
        worst["first view, kB"] = max(worst["first view, kB"], case["bytes"] / 1024)
        worst["median at 1, ms"] = max(worst["median at 1, ms"], one["median_ms"])
        worst["99 % at 16, ms"] = max(worst["99 % at 16, ms"], many["p99_ms"])
    goals = zip(worst.items(), (BYTES / 1024, MEDIAN_MS, SLOWEST_MS))
    told = [f"{name}: {value:.0f}, goal {goal:.0f}: {'met' if value <= goal else 'missed'}" for (name, value), goal in goals]
    middle = statistics.median(case["runs"][1]["median_ms"] for case in measured)
    return "\n".join(lines) + f"\n\nMedian over pages at 1: {middle:.1f} ms. The worst: " + "; ".join(told)
