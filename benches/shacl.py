"""The node's validation beside pySHACL: generates experiences with a share of every kind of fault,
has both validate them, and compares what they find, by focus, path, severity, component and shape.
Run with the Python of `make test-ontology`, which has pySHACL:

    target/ontology-venv/bin/python benches/shacl.py --familylab target/release/familylab
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyshacl
from rdflib import RDF, Dataset, Graph, Namespace, URIRef

ROOT = Path(__file__).resolve().parents[1]
SH = Namespace("http://www.w3.org/ns/shacl#")
FAULTS = ["missing-title", "unknown-theme", "dangling-actor", "end-before-start", "negative-cost", "wrong-datatype",
          "two-leads", "overclaimed-evidence", "costs-do-not-add-up", "cyclic-transfer"]


class Node:
    """The program, with a data folder of its own."""

    def __init__(self, program: str, folder: Path):
        self.program, self.folder = program, folder
        self.environment = os.environ | {"FAMILYLAB_DATA": str(folder / "data")}

    def run(self, *arguments: str, codes=(0,)) -> float:
        start = time.monotonic()
        done = subprocess.run([self.program, *arguments], env=self.environment, cwd=self.folder, capture_output=True)
        if done.returncode not in codes:
            sys.exit(f"{self.program} {' '.join(arguments)}: {done.stderr.decode()}")
        return time.monotonic() - start


def statements(file: Path) -> Graph:
    """The statements of all graphs of an N-Quads file."""
    dataset = Dataset(default_union=True)
    dataset.parse(file, format="nquads")
    graph = Graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple)
    return graph


def with_known(records: Graph, held: Graph) -> Graph:
    """The records, and of what they refer to the classes, which is what a validator needs."""
    described = set(records.subjects())
    for node in {node for node in records.objects() if isinstance(node, URIRef)} - described:
        for kind in held.objects(node, RDF.type):
            records.add((node, RDF.type, kind))
    return records


def of_node(report: Path) -> Counter:
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    return Counter((f["focus"], f["path"] or "", f["severity"], f["component"].removeprefix(SH), f["shape"])
                   for f in findings)


def of_pyshacl(graph: Graph, described: set) -> tuple[Counter, float]:
    shapes = Graph().parse(ROOT / "ontology" / "shapes.ttl")
    start = time.monotonic()
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", advanced=False)
    seconds = time.monotonic() - start
    found: Counter = Counter()
    for result in report.objects(None, SH.result):
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        if focus in described:
            found[str(focus), str(path or ""), str(report.value(result, SH.resultSeverity)).removeprefix(SH),
                  str(report.value(result, SH.sourceConstraintComponent)).removeprefix(SH),
                  str(report.value(result, SH.sourceShape))] += 1
    return found, seconds


def tell(name: str, found: Counter) -> None:
    severities = Counter(key[2] for key in found.elements())
    print(f"{name}: {found.total()} results, " + ", ".join(f"{n} {kind}" for kind, n in sorted(severities.items())))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--familylab", required=True, type=lambda path: str(Path(path).resolve()))
    options.add_argument("--experiences", default="500")
    options.add_argument("--share", default="0.05", help="of the experiences with each kind of fault")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        node = Node(given.familylab, folder)
        faults = [word for kind in FAULTS for word in ("--faults", f"{kind}={given.share}")]
        node.run("generate", given.experiences, "--seed", "1", *faults, "--out", "records.nq")
        validate = ("import", "--dry-run", "--warnings", "--report", "json", "--report-file", "report.json", "records.nq")
        node.run(*validate, codes=(0, 1))  # takes vocabularies and territory in
        seconds = node.run(*validate, codes=(0, 1))
        node.run("dump", "--out", "held.nq")
        records = statements(folder / "records.nq")
        described = set(records.subjects())
        print(f"{given.experiences} experiences, {len(records)} statements, {given.share} of them with each of "
              f"{len(FAULTS)} kinds of fault")
        graph = with_known(records, statements(folder / "held.nq"))
        mine, (others, theirs) = of_node(folder / "report.json"), of_pyshacl(graph, described)
    tell(f"familylab import --dry-run, {seconds:.1f} s with reading", mine)
    tell(f"pySHACL {pyshacl.__version__}, {theirs:.1f} s without reading", others)
    narrow = {key[:3] for key in mine} ^ {key[:3] for key in others}
    print(f"by focus, path and severity: {len({key[:3] for key in mine})} and {len({key[:3] for key in others})}, "
          f"{len(narrow)} found by one only")
    print(f"by component and shape too: {len(mine)} and {len(others)}, {len(set(mine) ^ set(others))} found by one only")
    for title, only in (("the node", mine - others), ("pySHACL", others - mine)):
        for key, times in sorted(only.items())[:20]:
            print(f"only {title}, {times} times: {key}")
    if mine.keys() != others.keys():
        sys.exit(1)


main()
