"""The same records, statement by statement, out of every interface: before and after many random
changes."""

import hashlib

import rdflib
from rdflib.namespace import DCAT

import catalogue
import dumps
import oai
import stream
from changes import Changes
from node import Node
from records import Records, fail, grouped, same

SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
SEED, CHANGES = 20261128, 1000


def linked(node: Node, kinds: list[str]) -> Records:
    """The records out of the file that the catalogue leads to, whose size and checksum are those that
    the catalogue tells."""
    graph = rdflib.Graph()
    for page in catalogue.pages(node, "ttl"):
        graph += page
    dataset = rdflib.URIRef(f"{node.base}/catalog/dataset/tutto")
    for distribution in graph.objects(dataset, DCAT.distribution):
        url = str(graph.value(distribution, DCAT.downloadURL) or "")
        if not url.endswith(".nq.gz"):
            continue
        body = node.ask(url, **{"Accept-Encoding": "identity"}).content
        checksum = graph.value(graph.value(distribution, SPDX.checksum), SPDX.checksumValue)
        size = graph.value(distribution, DCAT.byteSize)
        if (str(size), str(checksum)) != (str(len(body)), hashlib.sha256(body).hexdigest()):
            fail(f"the catalogue tells other bytes than {url} has")
        return grouped((one for one, _ in dumps.quads(body, "all.nq.gz")), node.base, kinds)
    fail(f"the catalogue leads to no N-Quads of {dataset}")


def compare(node: Node, when: str) -> int:
    """Every interface says the same."""
    streamed = stream.harvested(node)
    kinds = stream.kinds(node, streamed)
    expected = dumps.records(node, kinds)
    same(f"{when}: LDES", streamed, expected)
    same(f"{when}: the dump that the catalogue leads to", linked(node, kinds), expected)
    same(f"{when}: OAI-PMH", oai.harvest(node)[0], expected)
    tables = {iri for kind in kinds for iri in dumps.rows(node, kind)}
    if tables != expected.keys():
        fail(f"{when}: the tables have {len(tables)} records, the dump {len(expected)}")
    return len(expected)


def check(node: Node) -> None:
    before = compare(node, "before the changes")
    changes = Changes(node, SEED)
    for _ in range(CHANGES):
        changes.any()
    node.settle()
    after = compare(node, "after the changes")
    print(f"The same out of LDES, OAI-PMH, the dump of the catalogue, tables and /dump/: {before} records before"
          f" {CHANGES} random changes, {after} after them")
