"""The examples of the README: pySHACL finds that they pass the shapes, together with what they
refer to, and there is one of each class and for each property, but for those that the README names
as inferred, each of which a rule gives."""

import re

import pyshacl
from rdflib import OWL, RDF, Graph, Namespace

from graphs import FL, MODEL, QUESTIONNAIRES, README, ROOT, SHAPES, VOCABULARIES, examples, fail, read

SH = Namespace("http://www.w3.org/ns/shacl#")
INFERRED = re.compile(r"^Inferred, and so without an example: (.*?)\.$", re.M | re.S)


def results(graph: Graph, records: Graph) -> list[tuple]:
    """What is found about the records, as severity, focus and path."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=read([SHAPES]), inference="none", advanced=False)
    described = set(records.subjects())
    return sorted((str(report.value(result, SH.resultSeverity)).removeprefix(SH),
                   str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath)))
                  for result in report.objects(None, SH.result)
                  if report.value(result, SH.focusNode) in described)


def inferred() -> set:
    said = INFERRED.search(README.read_text(encoding="utf-8"))
    if not said:
        fail("the README no longer says what is inferred")
    names = {FL[name] for name in re.findall(r"`fl:(\w+)`", said[1])}
    rules = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "ontology" / "rules").glob("*.rq"))
    for name in names:
        if not re.search(rf"fl:{name.removeprefix(FL)}\b", rules):
            fail(f"the README says that {name} is inferred, but no rule gives it")
    return names


def terms() -> set:
    """The terms that records use: all classes and properties, and of the annotation properties
    those that a shape names; the others annotate the ontology's own files."""
    model = read([MODEL])
    named = set(read([SHAPES]).objects(None, SH.path))
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    found = {(name, kind) for kind in kinds for name in model.subjects(RDF.type, kind) if name.startswith(FL)}
    return {name for name, kind in found if kind != OWL.AnnotationProperty or name in named}


def check() -> None:
    records = examples()
    graph = records + read(VOCABULARIES) + read(QUESTIONNAIRES)
    found = results(graph, records)
    if faults := [result for result in found if result[0] == "Violation"]:
        fail("examples of the README do not pass the shapes:\n" + "\n".join(map(str, faults)))
    used = set(records.predicates()) | set(records.objects(None, RDF.type))
    declared = terms()
    if missing := sorted(declared - used - inferred()):
        fail("the README has no example of " + ", ".join(missing))
    if shown := sorted(used & inferred()):
        fail("the README says that these are inferred, and states them: " + ", ".join(shown))
    graph.add((FL.planted, RDF.type, FL.Answer))
    if not any(result[0] == "Violation" for result in results(graph, records + graph)):
        fail("a planted record that does not pass the shapes is not found")
    counts = {kind: sum(result[0] == kind for result in found) for kind in ("Warning", "Info")}
    print(f"pySHACL: the examples, {len(records)} statements, pass the shapes with {counts['Warning']} warnings "
          f"and {counts['Info']} notes; each of {len(declared)} terms has one or is inferred")
