"""Reasoners that others wrote: owlrl (OWL 2 RL) over the ontology with records of every class,
HermiT (OWL 2 DL, through owlready2) over the ontology with the examples of the README."""

import os
import shutil
import tempfile
from pathlib import Path

import owlrl
import owlready2
from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal

from graphs import CATALOGUE, FL, MODEL, ONTOLOGY, SHAPES, examples, fail, read

# Inferred by rules, never stated.
INFERRED = {FL.HorizontalNetwork, FL.VerticalNetwork}
# Datatypes that HermiT does not know: it stops at them.
UNKNOWN = {XSD.date, XSD.gYear, XSD.duration}


def classes(graph: Graph) -> set:
    return {name for name in graph.subjects(RDF.type, OWL.Class) if name.startswith(FL)}


def sample(wanted: set) -> tuple[list, Graph]:
    """As few and small files of records as hold a record of every wanted class."""
    of_file = {file: set(read([file]).objects(None, RDF.type)) & wanted for file in CATALOGUE}
    chosen, graph = [], examples()
    missing = wanted - set().union(*of_file.values())
    absent = missing - set(graph.objects(None, RDF.type))
    if absent:
        fail(f"neither records nor examples are of these classes: {sorted(absent)}")
    while rest := wanted - missing - set().union(*(of_file[file] for file in chosen)):
        best = max(CATALOGUE, key=lambda file: (len(of_file[file] & rest), -file.stat().st_size))
        chosen.append(best)
    return chosen, graph + read(chosen)


def contradictions(graph: Graph) -> list[str]:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [str(text) for error in graph.subjects(RDF.type, owlrl.Namespaces.ERRNS.ErrorMessage)
            for text in graph.objects(error, owlrl.Namespaces.ERRNS.error)]


def check_rl() -> None:
    model = read(file for file in ONTOLOGY if file != SHAPES)
    files, records = sample(classes(model) - INFERRED)
    found = contradictions(model + records)
    if found:
        fail(f"owlrl: the ontology contradicts itself or the records: {found[:5]}")
    planted = read([MODEL])
    planted.add((FL.planted, RDF.type, FL.Actor))
    planted.add((FL.planted, RDF.type, FL.Experience))
    if not contradictions(planted):
        fail("owlrl does not find a planted contradiction")
    print(f"owlrl: no contradiction in the ontology with records of every class, from {len(files)} files "
          "and the examples; a planted one is found")


def understood(graph: Graph) -> Graph:
    """What is axiom or fact of the ontology: no annotations, no literals HermiT stops at."""
    model = read([MODEL])
    logical = {RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDF.first, RDF.rest}
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        logical |= set(model.subjects(RDF.type, kind))
    known = set(model.subjects(RDF.type, OWL.Class))
    result = Graph()
    for subject, predicate, value in graph:
        of_owl = predicate.startswith(OWL) and predicate not in (OWL.versionInfo, OWL.versionIRI)
        if predicate not in logical and not of_owl:
            continue
        if predicate == RDF.type and value not in known and not value.startswith(OWL):
            continue
        if isinstance(value, Literal) and value.datatype in UNKNOWN:
            continue
        result.add((subject, predicate, value))
    return result


def hermit(graph: Graph) -> str | None:
    """None when all is well, else what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ontology.nt"
        understood(graph).serialize(file, format="nt", encoding="utf-8")
        world = owlready2.World()
        world.get_ontology(file.as_uri()).load()
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return "it is inconsistent"
        impossible = [str(name) for name in world.inconsistent_classes() if name is not owlready2.Nothing]
        return f"no thing can be a {', '.join(impossible)}" if impossible else None


def check_dl() -> None:
    if not shutil.which("java"):
        if os.environ.get("FAMILYLAB_TEST_REQUIRED") == "1":
            fail("HermiT needs Java")
        print("skipped: HermiT needs Java")
        return
    graph = read([MODEL]) + examples()
    if fault := hermit(graph):
        fail(f"HermiT, the ontology with the examples: {fault}")
    twice = read([MODEL])
    twice.add((FL.planted, RDF.type, FL.Actor))
    twice.add((FL.planted, FL.leads, FL.other))
    twice.add((FL.planted, FL.memberOf, FL.other))
    empty = read([MODEL])
    empty.add((FL.Planted, RDF.type, OWL.Class))
    empty.add((FL.Planted, RDFS.subClassOf, FL.Region))
    empty.add((FL.Planted, RDFS.subClassOf, FL.Province))
    if hermit(twice) != "it is inconsistent" or "Planted" not in (hermit(empty) or ""):
        fail("HermiT does not find a planted contradiction or a class that nothing can be of")
    print("HermiT: the ontology with the examples is consistent, every class can have members; "
          "a planted contradiction and a planted empty class are found")


def check() -> None:
    check_dl()
    check_rl()
