"""The ontology, read and reasoned over by programs that others wrote: rdflib parses every file,
owlrl finds no contradiction and does find one that is planted, pySHACL takes the shapes for
well-formed SHACL. Prints a line for each; fails at the first that does not hold."""

import sys
from pathlib import Path

import owlrl
import pyshacl
from rdflib import RDF, Graph, Namespace

ROOT = Path(__file__).resolve().parents[2]
FL = Namespace("https://w3id.org/familylab/ontology#")
ERROR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error


def read(files) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


def contradictions(graph: Graph) -> list[str]:
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return [str(text) for error in graph.subjects(RDF.type, owlrl.Namespaces.ERRNS.ErrorMessage)
            for text in graph.objects(error, owlrl.Namespaces.ERRNS.error)]


def main() -> None:
    ontology = sorted((ROOT / "ontology").rglob("*.ttl"))
    catalogue = sorted((ROOT / "data" / "demo").glob("*.ttl"))
    if len(ontology) < 10 or len(catalogue) < 10:
        sys.exit(f"the files are not there: {len(ontology)} of ontology, {len(catalogue)} of data")
    statements = sum(len(read([file])) for file in ontology + catalogue)
    print(f"rdflib: {len(ontology) + len(catalogue)} files, {statements} statements")

    model = [file for file in ontology if file.name != "shapes.ttl"]
    sample = catalogue[: 2]
    found = contradictions(read(model + sample))
    if found:
        sys.exit(f"owlrl: the ontology contradicts itself or the records: {found[:5]}")
    planted = read(model)
    planted.add((FL["planted"], RDF.type, FL.Actor))
    planted.add((FL["planted"], RDF.type, FL.Experience))
    if not contradictions(planted):
        sys.exit("owlrl does not find a planted contradiction, so its silence proves nothing")
    print(f"owlrl: no contradiction in the ontology and {len(sample)} files of records; a planted one is found")

    shapes = read([ROOT / "ontology" / "shapes.ttl"])
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    if not conforms:
        sys.exit(f"pySHACL: the shapes do not conform to the shapes of shapes: {text}")
    print("pySHACL: the shapes conform to the shapes of shapes")


main()
