"""The exported files as rdflib, csv and a checksum read them. Knows where they are from `/dump/`."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable

import rdflib

from node import Node
from records import Records, Statement, fail, grouped, statement

FORMATS = {"nq.gz": "nquads", "trig.gz": "trig"}
LONG = 20_000


def listed(node: Node) -> dict[str, dict]:
    """The files of one state, by name."""
    return {file["name"]: file for file in node.ask("/dump/").json()["files"]}


def content(node: Node, name: str) -> bytes:
    """A file as it is downloaded; its bytes are those that were promised."""
    body = node.ask(f"/dump/{name}", **{"Accept-Encoding": "identity"}).content
    promised = listed(node)[name]
    if (len(body), hashlib.sha256(body).hexdigest()) != (promised["bytes"], promised["sha256"]):
        fail(f"/dump/{name} has other bytes than /dump/ says")
    return body


def quads(packed: bytes, name: str) -> list[tuple[Statement, str]]:
    """The statements of a packed file of N-Quads or TriG, each with its graph."""
    extension = name.rsplit("/", 1)[-1].split(".", 1)[1]
    dataset = rdflib.Dataset()
    dataset.parse(data=gzip.decompress(packed), format=FORMATS[extension])
    return [(statement(*quad[:3]), str(quad[3])) for quad in dataset.quads()]


def records(node: Node, kinds: Iterable[str]) -> Records:
    """The records of some kinds out of `all.nq.gz`."""
    everything = quads(content(node, "all.nq.gz"), "all.nq.gz")
    return grouped((one for one, _ in everything), node.base, kinds)


def rows(node: Node, kind: str) -> set[str]:
    """The IRIs in the table of a kind: one row a record."""
    text = content(node, f"{kind}.csv").decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    iris = [row["#IRI"] for row in table]
    if len(iris) != len(set(iris)) or any(None in row for row in table):
        fail(f"/dump/{kind}.csv has a record twice, or a row that is too long")
    return set(iris)


def checksums(node: Node) -> int:
    """SHA256SUMS names every file, with what `sha256sum --check` would find."""
    lines = node.ask("/dump/SHA256SUMS").text.splitlines()
    named = {name.lstrip("*"): checksum for checksum, name in (line.split(None, 1) for line in lines)}
    files = listed(node)
    if {name: file["sha256"] for name, file in files.items()} != named:
        fail("SHA256SUMS and /dump/ do not name the same files")
    for name in files:
        content(node, name)
    return len(files)


def parts(node: Node) -> int:
    """The parts hold what the whole holds; both formats say the same."""
    files = listed(node)
    packed = content(node, "all.nq.gz")
    whole, lines = set(quads(packed, "all.nq.gz")), set(gzip.decompress(packed).splitlines())
    for name, file in files.items():
        if name.endswith(".nq.gz"):
            own = gzip.decompress(content(node, name)).splitlines()
            if len(own) != file["count"] or not set(own) <= lines or not own:
                fail(f"/dump/{name} has {len(own)} statements, {file['count']} are promised; or all.nq.gz lacks some")
        # What is long is read once, in all.trig.gz.
        elif name == "all.trig.gz" or (name.endswith(".trig.gz") and file["count"] < LONG):
            own = quads(content(node, name), name)
            if len(own) != file["count"] or not set(own) <= whole:
                fail(f"/dump/{name} has {len(own)} statements, {file['count']} are promised; or all.nq.gz lacks some")
    return len(whole)


def check(node: Node) -> None:
    files, count = checksums(node), parts(node)
    if count != listed(node)["all.trig.gz"]["count"]:
        fail("all.nq.gz and all.trig.gz are not of one length")
    tables = sum(len(rows(node, name.removesuffix(".csv"))) for name in listed(node) if name.endswith(".csv"))
    print(f"rdflib: {files} exported files have the checksums that are told; {count} statements as N-Quads and"
          f" TriG, {tables} rows in tables")
