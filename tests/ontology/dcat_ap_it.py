"""The shapes of DCAT-AP_IT in pySHACL: well-formed by the shapes of shapes of the W3C; each example
found right or wrong as its first lines say; and what they find in examples that others published,
written down here, for these are real and not without faults."""

import logging
import re
from collections import Counter

import pyshacl
from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from graphs import ROOT, fail, read, test_data
from shapes import SHAPES_OF_SHAPES, violations

SH = Namespace("http://www.w3.org/ns/shacl#")
PROFILE = ROOT / "ontology" / "shapes" / "dcat-ap_it.ttl"
EXAMPLES = ROOT / "tests" / "shapes" / "dcat-ap_it"
EXPECTED = re.compile(r"^# expected: (\S+ \w+ <\S+>|nothing)$", re.M)
LISTS = {"data-theme": "data-theme", "file-type": "filetypes", "frequency": "frequencies",
         "language": "languages", "place": "places"}
AUTHORITY = "http://publications.europa.eu/resource/authority/"

# How often each shape finds something in what others published.
# The first is a test of a CKAN extension: blank nodes, texts where IRIs belong, periods in schema.org.
# The second has the namespace with a quotation mark in it, as the guidelines' JSON-LD has, and so no
# Italian class at all. The third has contact points without an IRI and no codes in its identifiers.
PUBLISHED = {
    "dataset.rdf": {
        "Violation Dataset-creator": 1, "Violation Dataset-isVersionOf": 1,
        "Violation Dataset-otherIdentifier": 4, "Violation Dataset-publisher": 1,
        "Violation Dataset-rightsHolder": 1, "Violation Distribution-description": 1,
        "Violation Organization-hasEmail": 1, "Violation Organization-hasTelephone": 1,
        "Violation Organization-hasURL": 1, "Violation PeriodOfTime-startDate": 1,
        "Warning Dataset-conformsTo-address": 3, "Warning Dataset-identifier-form": 1,
        "Warning Dataset-otherIdentifier-address": 2, "Warning Dataset-spatial-address": 2,
        "Warning Dataset-subject-missing": 1, "Warning Dataset-temporal-address": 1,
        "Warning Distribution-license-vocabulary": 3, "Warning Location-geographicalName": 1,
    },
    "dataset_it_esempio_6.rdf": {
        "Violation Agent-type": 2, "Violation Catalog-publisher": 1, "Violation Catalog-type": 1,
        "Violation Dataset-contactPoint": 2, "Violation Dataset-creator": 2,
        "Violation Dataset-distribution": 2, "Violation Dataset-publisher": 2,
        "Violation Dataset-rightsHolder": 2, "Violation Dataset-type": 2,
        "Violation Distribution-type": 2, "Violation Namespace-type": 9,
        "Violation PeriodOfTime-startDate": 1, "Warning Distribution-license-described": 2,
        "Warning Distribution-license-vocabulary": 2,
    },
    "catalog_dati_unibo.rdf": {
        "Violation Dataset-contactPoint": 21, "Warning Agent-identifier-form": 3,
        "Warning Dataset-identifier-form": 12, "Warning Dataset-subject-missing": 12,
        "Warning Distribution-description-missing": 43, "Warning Distribution-license-vocabulary": 50,
    },
}


def results(data: Graph, shapes: Graph) -> list[tuple]:
    """What is found, as focus, path, severity and shape."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    return [(report.value(result, SH.focusNode), report.value(result, SH.resultPath),
             str(report.value(result, SH.resultSeverity)).removeprefix(SH), report.value(result, SH.sourceShape))
            for result in report.objects(None, SH.result)]


def check_examples(shapes: Graph) -> None:
    """Each example is found as it says, and each shape that can refuse something does so."""
    count, refusing = Counter(), set()
    for file in sorted(EXAMPLES.glob("*/*.ttl")):
        expected = set(EXPECTED.findall(file.read_text(encoding="utf-8")))
        if not expected:
            fail(f"{file.name} does not say what is expected")
        found = {f"{path.n3() if path else '-'} {severity} {shape.n3()}"
                 for _, path, severity, shape in results(read([file]), shapes)} or {"nothing"}
        if found != expected:
            fail(f"{file.name}:\nnot found: {sorted(expected - found)}\nfound: {sorted(found - expected)}")
        count[file.parent.name] += 1
        refusing |= {line.split()[-1].strip("<>") for line in found}
    if count["valid"] < 3 or count["invalid"] < 25:
        fail(f"the examples of DCAT-AP_IT are not there: {dict(count)}")
    if silent := sorted(set(map(str, shapes.subjects(SH.severity))) - refusing):
        fail("no example shows what these refuse: " + ", ".join(silent))
    print(f"pySHACL: {count['valid']} valid and {count['invalid']} invalid examples of DCAT-AP_IT are found as they say")


def lists() -> Graph:
    """The European lists, each concept with the list that it is in, which some of the files do not say."""
    found = Graph()
    for name, part in LISTS.items():
        for file in test_data(f"dcat-ap_it/{part}-filtered.rdf"):
            graph = Graph().parse(file)
            for concept in set(graph.subjects(RDF.type, SKOS.Concept)):
                graph.add((concept, SKOS.inScheme, URIRef(AUTHORITY + name)))
            found += graph
    return found


def check_published(shapes: Graph) -> None:
    """What is found in published examples is what is written down, with the European lists or without."""
    codes = lists()
    if not codes:
        return
    if grave := [result for result in results(codes, shapes) if result[2] == "Violation"]:
        fail(f"the European lists do not pass the shapes of DCAT-AP_IT: {grave[:5]}")
    described = set(codes.subjects())
    for name, expected in PUBLISHED.items():
        for file in test_data(f"dcat-ap_it/{name}"):
            published = Graph().parse(file)
            alone, beside = results(published, shapes), results(published + codes, shapes)
            found = [Counter(f"{severity} {shape.split('#')[-1]}" for focus, _, severity, shape in some
                             if focus not in described) for some in (alone, beside)]
            if found != [expected, expected]:
                fail(f"{name}: found {dict(found[0])}, with the European lists {dict(found[1])}")
            print(f"pySHACL: {name} has {sum(expected.values())} results by the shapes of DCAT-AP_IT, all known")


def check() -> None:
    # rdflib tells of each literal that it cannot read, which some examples hold on purpose.
    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    shapes = read([PROFILE])
    for file in test_data(SHAPES_OF_SHAPES):
        if found := violations(shapes, read([file])):
            fail(f"the shapes of DCAT-AP_IT do not conform to the shapes of shapes: {found} results")
    check_examples(shapes)
    check_published(shapes)
