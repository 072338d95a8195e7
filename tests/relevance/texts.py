"""What the baselines index: the words of every record, asked of a node or read from the files.

A baseline sees every text of a record and of its fragments, and the labels of the themes,
recipients, territories and bodies that it links to, with those above them: a search that joined
nothing would be too easy to beat. Alternative labels, the synonyms, are given only on request.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from judged import ROOT

Ask = Callable[[str], list[dict[str, str]]]

PREFIXES = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX fl: <https://w3id.org/familylab/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
OWN = (
    PREFIXES
    + """
SELECT DISTINCT ?subject ?property ?text WHERE {
  ?subject ?property ?text .
  FILTER(CONTAINS(STR(?subject), "/id/"))
  FILTER(ISLITERAL(?text) && (LANG(?text) != "" || DATATYPE(?text) = xsd:string))
}"""
)
LINKED = (
    PREFIXES
    + """
SELECT DISTINCT ?subject ?text WHERE {
  VALUES ?link {
    dct:subject fl:targetGroup fl:territory fl:leadActor fl:partner fl:network fl:member
  }
  VALUES ?label { LABELS }
  ?subject ?link ?thing .
  ?thing skos:broader* ?above .
  ?above ?label ?text .
  FILTER(CONTAINS(STR(?subject), "/id/") && !CONTAINS(STR(?subject), "#"))
}"""
)
TITLE = ("terms/title", "core#prefLabel", "core#altLabel")
ABOUT = ("terms/description", "core#definition")


@dataclass(frozen=True)
class Text:
    """The words of one record, the weightiest first."""

    record: str
    title: str
    about: str
    rest: str

    @property
    def kind(self) -> str:
        """Its kind, the first part of its name."""
        return self.record.split("/")[0]


def name(iri: str) -> str:
    """A record as the judged files name it: what follows /id/, without a fragment."""
    return iri.split("/id/", 1)[-1].split("#")[0]


def read(ask: Ask, alternatives: bool = False) -> list[Text]:
    """The texts of all records, in the order of their names."""
    parts: dict[str, tuple[list[str], list[str], list[str]]] = defaultdict(lambda: ([], [], []))
    for row in ask(OWN):
        whole = "#" not in row["subject"]
        place = (
            0 if row["property"].endswith(TITLE) else 1 if row["property"].endswith(ABOUT) else 2
        )
        parts[name(row["subject"])][place if whole else 2].append(row["text"])
    labels = "skos:prefLabel skos:altLabel" if alternatives else "skos:prefLabel"
    for row in ask(LINKED.replace("LABELS", labels)):
        parts[name(row["subject"])][1].append(row["text"])
    return [
        Text(record, *("\n".join(sorted(part)) for part in parts[record]))
        for record in sorted(parts)
    ]


def files() -> Ask:
    """Answers from the repository's files, in place of a node (needs rdflib)."""
    from rdflib import Graph, Literal, Namespace, URIRef

    graph, base = Graph(), "https://w3id.org/familylab/id/"
    skos = Namespace("http://www.w3.org/2004/02/skos/core#")
    for file in [
        *(ROOT / "data/demo").glob("*.ttl"),
        *(ROOT / "ontology/vocabularies").glob("*.ttl"),
    ]:
        graph.parse(file)
    above: dict[str, URIRef] = {}
    for level, upper in (("regions", ""), ("provinces", "region"), ("municipalities", "province")):
        with open(ROOT / f"data/territory/{level}.csv", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                territory = URIRef(f"{base}territorio/{row['slug']}")
                graph.add((territory, skos.prefLabel, Literal(row["name_it"], lang="it")))
                if row.get("name_en"):
                    graph.add((territory, skos.prefLabel, Literal(row["name_en"], lang="en")))
                if upper:
                    graph.add((territory, skos.broader, above[row[upper]]))
                above[row["istat"]] = territory

    def ask(query: str) -> list[dict[str, str]]:
        rows = graph.query(query).bindings
        return [{str(key): str(value) for key, value in row.items()} for row in rows]

    return ask
