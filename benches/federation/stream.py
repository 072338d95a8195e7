"""Measures how a very large federated answer comes: its first row, what it takes of memory while it is
read slowly, and how soon a source is left alone once enough rows are there."""

import argparse
import os
import statistics
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

from run import Proxy, hub, plain, until_known

ROWS, ROUNDS, SLOW = 1_000_000, 5, 4 << 20
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


def triples(node: int) -> str:
    line = "<http://nodo-{0}.example/id/{1}> <http://example.org/valore> \"numero {1} del nodo {0}\" .\n"
    return "".join(line.format(node, number) for number in range(ROWS // 2))


def begin(address: str, query: str):
    connection = HTTPConnection(urlsplit(address).netloc, timeout=300)
    connection.request("GET", f"{urlsplit(address).path}?query={quote(query)}", headers={"Accept": "text/tab-separated-values"})
    return connection, connection.getresponse()


def peak(process) -> int:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def first_row(address: str) -> float:
    start = time.perf_counter()
    connection, answer = begin(address, ALL)
    answer.readline()
    assert answer.readline().startswith(b"<http://nodo-")
    ms = (time.perf_counter() - start) * 1000
    connection.close()
    return ms


def left_alone(address: str, proxy: Proxy) -> float:
    """How long a source goes on for an answer of ten rows, of which the filter is not asked of it."""
    query = 'SELECT * { ?s ?p ?o . BIND(STRLEN(?o) AS ?n) FILTER(?n > 3) } LIMIT 10'
    connection, answer = begin(address, query)
    rows = answer.read().count(b"\n") - 1
    start = time.perf_counter()
    assert rows == 10, rows
    while proxy.count()["open"] > 0:
        assert time.perf_counter() - start < 60, "the sources are still at work"
    ms = (time.perf_counter() - start) * 1000
    connection.close()
    return ms


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--familylab", type=Path, required=True)
    familylab = parser.parse_args().familylab.resolve()
    os.environ["FAMILYLAB_QUERY_TIMEOUT"] = "600"
    os.environ["FAMILYLAB_UPLOAD_BYTES"] = str(1 << 30)
    with tempfile.TemporaryDirectory(prefix="familylab-federation.") as folder:
        work = Path(folder)
        graphs = {f"http://nodo-{node}.example/": triples(node) for node in range(2)}
        with plain(familylab, work / "store", graphs) as store, Proxy.before(store, 2) as proxy:
            with hub(familylab, work / "hub", proxy.endpoints(2)) as server:
                federated = f"{server.address}/federation/sparql"
                until_known(proxy, federated)
                print(f"## An answer of {ROWS:,} rows from two nodes\n")
                rounds = [first_row(federated) for _ in range(ROUNDS)]
                print(f"First row, ms: median {statistics.median(rounds):.0f}, at most {max(rounds):.0f}.")
                rounds = [left_alone(federated, proxy) for _ in range(ROUNDS)]
                print(f"Sources at work after LIMIT 10 is answered, ms: median {statistics.median(rounds):.0f}, at most {max(rounds):.0f}.")
                connection, answer = begin(federated, ALL)
                rows = 0
                while piece := answer.read(SLOW):
                    rows += piece.count(b"\n")
                    time.sleep(0.5)
                connection.close()
                assert rows - 1 == ROWS, rows
                print(f"Read at {2 * SLOW >> 20} MiB a second: {rows - 1:,} rows, the hub's largest memory {peak(server.process)} MiB.\n")


if __name__ == "__main__":
    main()
