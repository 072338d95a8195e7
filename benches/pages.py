"""Linked-data pages in requests a second, beside the same middleware answering a constant."""

import json
import statistics
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from serving import Server

FORMATS = {"HTML": "text/html", "Turtle": "text/turtle"}
CONNECTIONS = [1, 16, 64]
PAGES = 500
PICK = """PREFIX fl: <https://w3id.org/familylab/ontology#>
SELECT ?record WHERE { ?record a fl:Experience } ORDER BY SHA1(STR(?record)) LIMIT %d"""


def measure(node, ask, work: Path) -> list[dict]:
    """Loads both in turns, with as many connections as each of CONNECTIONS."""
    asked = {"Accept": "application/sparql-results+json", "Content-Type": "application/sparql-query"}
    rows = json.loads(node.ask("POST", "/sparql", asked, PICK % PAGES)[1])["results"]["bindings"]
    records = [urlsplit(row["record"]["value"]).path for row in rows]
    measured = []
    for name, media in FORMATS.items():
        paths, bodies = zip(*(page(node, record, media) for record in records))
        bodies = sorted(bodies, key=len)
        constant, listed = work / "constant-page", work / f"pages-{name}"
        constant.write_bytes(bodies[len(bodies) // 2])
        listed.write_text("\n".join(paths), encoding="utf-8")
        with Server.printing([ask.constant, constant, media]) as idle:
            for connections in CONNECTIONS:
                runs = {"page": [], "constant": []}
                for _ in range(ask.rounds):
                    for who, server in [("page", node), ("constant", idle)]:
                        runs[who].append(load(server, listed, media, connections, ask.seconds))
                measured.append({
                    "format": name,
                    "bytes": len(bodies[len(bodies) // 2]),
                    "connections": connections,
                    "runs": runs,
                })
    return measured


def page(node, record: str, media: str) -> tuple[str, bytes]:
    """Where a record's description is in a format (303), and what it says."""
    answer, body = node.ask("GET", record, {"Accept": media})
    if answer.status == 303:
        record = urlsplit(answer.headers["Location"]).path
        _, body = node.ask("GET", record, {"Accept": media})
    return record, body


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
    lines = [
        "| Page | Bytes, median | Connections | Requests a second | Constant | Share of it | Median, ms | 99 %, ms |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in measured:
        middle = lambda who, value, case=case: statistics.median(map(value, case["runs"][who]))
        rate = lambda run: run["requests"] / run["seconds"]
        own, constant = middle("page", rate), middle("constant", rate)
        lines.append(
            f"| {case['format']} | {case['bytes']:,} | {case['connections']} | {own:,.0f} | {constant:,.0f}"
            f" | {own / constant:.0%} | {middle('page', lambda run: run['median_ms']):.2f}"
            f" | {middle('page', lambda run: run['p99_ms']):.2f} |"
        )
    return "\n".join(lines)
