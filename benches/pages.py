"""Linked-data pages in requests a second, beside a document of the same node that is a constant."""

import json
import statistics
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

FORMATS = {"HTML": "text/html", "Turtle": "text/turtle"}
CONNECTIONS = [1, 16, 64]
PAGES = 500
# The JSON-LD context: a document among the linked data, about as long as a page, compiled into the
# program and answered through the same middleware. What a request costs when nothing is looked up.
CONSTANT = "/context.jsonld"
PICK = """PREFIX fl: <https://w3id.org/familylab/ontology#>
SELECT ?record WHERE { ?record a fl:Experience } ORDER BY SHA1(STR(?record)) LIMIT %d"""


def measure(node, ask, work: Path) -> list[dict]:
    """Loads pages and the constant in turns, with as many connections as each of CONNECTIONS."""
    asked = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    rows = json.loads(node.ask("POST", "/sparql", asked, PICK % PAGES)[1])["results"]["bindings"]
    records = [urlsplit(row["record"]["value"]).path for row in rows]
    constant = work / "constant-path"
    constant.write_text(CONSTANT, encoding="utf-8")
    constant_bytes = len(node.ask("GET", CONSTANT, {})[1])
    measured = []
    for name, media in FORMATS.items():
        paths, sizes = zip(*(page(node, record, media) for record in records))
        listed = work / f"paths-{name}"
        listed.write_text("\n".join(paths), encoding="utf-8")
        for connections in CONNECTIONS:
            runs = {"page": [], "constant": []}
            for _ in range(ask.rounds):
                for who, asked in [("page", listed), ("constant", constant)]:
                    runs[who].append(load(node, asked, media, connections, ask.seconds))
            measured.append({
                "format": name,
                "bytes": statistics.median(sizes),
                "constant_bytes": constant_bytes,
                "connections": connections,
                "runs": runs,
            })
    return measured


def page(node, record: str, media: str) -> tuple[str, int]:
    """Where a record's description is in a format (303), and its size in bytes."""
    answer, _ = node.ask("GET", record, {"Accept": media})
    place = urlsplit(answer.headers["Location"])
    path = place.path + (f"?{place.query}" if place.query else "")
    return path, len(node.ask("GET", path, {"Accept": media})[1])


def load(server, listed: Path, media: str, connections: int, seconds: int) -> dict:
    script = Path(__file__).with_name("in-turn.lua")
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
               "--header", f"Accept: {media}", "--script", str(script), server.address, str(listed)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    run = json.loads(out.strip().splitlines()[-1])
    if run["failed"]:
        raise SystemExit(f"{server.address}: {run['failed']} requests failed:\n{out}")
    return run


def table(measured: list[dict]) -> str:
    size = measured[0]["constant_bytes"]
    lines = [
        f"| Page | Bytes, median | Connections | Requests a second | `{CONSTANT}`, {size:,} bytes | Share of it | Median, ms | 99 %, ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in measured:
        middle = lambda who, value, case=case: statistics.median(map(value, case["runs"][who]))
        rate = lambda run: run["requests"] / run["seconds"]
        own, constant = middle("page", rate), middle("constant", rate)
        lines.append(
            f"| {case['format']} | {case['bytes']:,.0f} | {case['connections']} | {own:,.0f} | {constant:,.0f}"
            f" | {own / constant:.0%} | {middle('page', lambda run: run['median_ms']):.2f}"
            f" | {middle('page', lambda run: run['p99_ms']):.2f} |"
        )
    return "\n".join(lines)
