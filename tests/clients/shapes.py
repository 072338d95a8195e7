"""What shapes say of the catalogue: those of DCAT-AP 3.0.1 and of this project for DCAT-AP_IT, in
pySHACL and in rdf-validate-shacl. Knows no HTTP."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import rdflib
from rdflib.namespace import DCAT, DCTERMS, RDF, SH, SKOS

from records import fail

HERE = Path(__file__).parent
DATA = Path(os.environ.get("FAMILYLAB_TEST_DATA", ""))
DCAT_AP = DATA / "dcat-ap/releases/3.0.1/html/shacl"
# Shapes of which everything is looked up in the catalogue alone.
ALONE = [DCAT_AP / "shapes.ttl", DCAT_AP / "shapes_recommended.ttl", DCAT_AP / "range.ttl",
         HERE.parent.parent / "ontology/shapes/dcat-ap_it.ttl"]
# Shapes that look values up in the lists of the European authorities.
LISTED = [DCAT_AP / "mdr-vocabularies.shape.ttl"]
AUTHORITY = "http://publications.europa.eu/resource/authority/"
LISTS = {
    "data-theme": "data-theme-filtered.rdf",
    "frequency": "frequencies-filtered.rdf",
    "file-type": "filetypes-filtered.rdf",
    "language": "languages-filtered.rdf",
    "place": "places-filtered.rdf",
}


@dataclass(frozen=True)
class Result:
    """One thing that a validator found."""

    focus: str
    path: str
    component: str
    severity: str
    value: str


@dataclass(frozen=True)
class Exemption:
    """A finding that is expected, and why. One that is not found is a failure too."""

    path: str
    severity: str
    value: str
    reason: str

    def takes(self, result: Result) -> bool:
        return (result.path, result.severity) == (self.path, self.severity) and self.value in result.value


EXEMPTIONS = [
    Exemption(
        "http://spdx.org/rdf/terms#algorithm", str(SH.Violation), "http://spdx.org/rdf/terms#",
        "the vocabularies file wants algorithms under https://spdx.org, every other shape and SPDX itself http",
    ),
    Exemption(
        str(DCTERMS.publisher), str(SH.Warning), "/catalog/agent/",
        "the vocabularies file would like publishers of the European list of bodies, which has no municipality of Italy",
    ),
]


def authorities(catalogue: rdflib.Graph) -> rdflib.Graph:
    """What the authorities say of the values that the catalogue uses, with the list that each is in:
    the files lack it for most."""
    used = {term for term in catalogue.objects() if str(term).startswith(AUTHORITY)}
    known = rdflib.Graph()
    for name, file in LISTS.items():
        scheme = rdflib.URIRef(AUTHORITY + name)
        listed = rdflib.Graph().parse(DATA / "dcat-ap_it" / file, format="xml")
        known.add((scheme, RDF.type, SKOS.ConceptScheme))
        for concept in used & set(listed.subjects(RDF.type, SKOS.Concept)):
            known.add((concept, SKOS.inScheme, scheme))
            for triple in listed.triples((concept, None, None)):
                known.add(triple)
    return known


def in_pyshacl(data: rdflib.Graph, files: list[Path]) -> set[Result]:
    shapes = rdflib.Graph()
    for file in files:
        shapes.parse(file, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", allow_warnings=False)
    text = lambda node, property: str(report.value(node, property) or "")
    return {
        Result(*(text(node, property) for property in
                 [SH.focusNode, SH.resultPath, SH.sourceConstraintComponent, SH.resultSeverity, SH.value]))
        for node in report.subjects(RDF.type, SH.ValidationResult)
        # What a result leads on to is told inside it.
        if not any(report.subjects(SH.detail, node))
    }


def in_javascript(data: rdflib.Graph, files: list[Path]) -> set[Result]:
    with tempfile.NamedTemporaryFile(suffix=".nt") as file:
        data.serialize(file.name, format="nt", encoding="utf-8")
        command = ["node", HERE / "validate.mjs", file.name, *files]
        out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {Result(**result) for result in json.loads(out)}


def judged(name: str, results: set[Result]) -> None:
    """Everything that is found has to be exempt."""
    wrong: dict[tuple[str, str, str], list[Result]] = {}
    for result in results:
        if not any(one.takes(result) for one in EXEMPTIONS):
            wrong.setdefault((result.path, result.component, result.severity), []).append(result)
    if wrong:
        lines = [f"{len(alike)} times, such as {min(alike, key=lambda one: one.focus)}" for alike in wrong.values()]
        fail(f"{name} finds\n" + "\n".join(sorted(lines)))


def check(catalogue: rdflib.Graph) -> None:
    with_lists = catalogue + authorities(catalogue)
    for name, validate in [("pySHACL", in_pyshacl), ("rdf-validate-shacl", in_javascript)]:
        found = validate(catalogue, ALONE) | validate(with_lists, LISTED)
        judged(name, found)
        for exemption in EXEMPTIONS:
            if not any(map(exemption.takes, found)):
                fail(f"{name} does not find what is exempt, so take it off the list: {exemption}")
        planted = planted_faults(catalogue)
        missed = [what for what, data in planted.items() if not validate(data, ALONE) - found]
        if missed:
            fail(f"{name} does not find what is planted, so its silence proves nothing: {missed}")
        print(f"{name}: no violation and nothing recommended is missing; {len(EXEMPTIONS)} exemptions,"
              f" {len(planted)} planted faults are found")


def planted_faults(catalogue: rdflib.Graph) -> dict[str, rdflib.Graph]:
    """Catalogues with one fault each."""
    def without(subject, predicate) -> rdflib.Graph:
        graph = rdflib.Graph()
        graph += catalogue
        graph.remove((subject, predicate, None))
        return graph

    dataset = min(catalogue.subjects(DCAT.distribution))
    distribution = min(catalogue.objects(dataset, DCAT.distribution))
    return {
        "a dataset without a title": without(dataset, DCTERMS.title),
        "a distribution without an address": without(distribution, DCAT.accessURL),
    }
