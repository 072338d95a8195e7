"""The profile of the ontology: OWL 2 DL, and inside it RL. Not by a list of what is forbidden, but
by a whitelist: only constructs that both profiles allow anywhere are used, every term is declared
as exactly one kind of thing, and each stands where its kind may stand."""

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from graphs import FL, MODEL, fail, read

RESERVED = (str(OWL), str(RDF), str(RDFS), str(XSD))
SCHEMA = Namespace("https://schema.org/")
KINDS = {OWL.Class: "class", OWL.ObjectProperty: "object", OWL.DatatypeProperty: "data",
         OWL.AnnotationProperty: "annotation", OWL.NamedIndividual: "individual"}
# Which kind each axiom wants of its subject and of its object. OWL 2 to RDF mapping, table 16.
AXIOMS = {
    RDFS.subClassOf: [("class", "class")],
    OWL.disjointWith: [("class", "class")],
    RDFS.subPropertyOf: [("object", "object"), ("data", "data"), ("annotation", "annotation")],
    OWL.equivalentProperty: [("object", "object"), ("data", "data")],
    OWL.inverseOf: [("object", "object")],
    RDFS.domain: [("object", "class"), ("data", "class"), ("annotation", "class")],
    RDFS.range: [("object", "class"), ("data", "datatype"), ("annotation", "class"), ("annotation", "datatype")],
}
# Of the OWL 2 datatype map those that the ontology uses; xsd:date and xsd:gYear are not in it.
DATATYPES = {XSD.boolean, XSD.decimal, XSD.integer, XSD.string}
# Annotation properties that OWL has of its own.
BUILT_IN = {RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy, OWL.versionInfo, OWL.deprecated}


def kinds(graph: Graph, faults: list[str]) -> dict:
    """What each declared term is."""
    kind = {name: "datatype" for name in DATATYPES} | {name: "annotation" for name in BUILT_IN}
    for subject, given in graph.subject_objects(RDF.type):
        if given in (OWL.Ontology, OWL.AllDisjointClasses):
            continue
        is_assertion = (given, RDF.type, OWL.Class) in graph and (subject, RDF.type, OWL.NamedIndividual) in graph
        if is_assertion:
            continue
        if given not in KINDS:
            faults.append(f"{subject} is a {given}, which is not among the constructs in use")
        elif str(subject).startswith(RESERVED):
            faults.append(f"{subject} is reserved and declared again")
        elif kind.setdefault(subject, KINDS[given]) != KINDS[given]:
            faults.append(f"{subject} is both {kind[subject]} and {KINDS[given]}")
    return kind


def chains(graph: Graph, kind: dict, faults: list[str]) -> set:
    """Property chains, which must be of object properties and end in what they give at most once,
    so that no order of properties goes in a circle. OWL 2 structure, section 11.2."""
    lists = set()
    for given, head in graph.subject_objects(OWL.propertyChainAxiom):
        links = list(Collection(graph, head))
        lists.add(head)
        if kind.get(given) != "object" or any(kind.get(link) != "object" for link in links):
            faults.append(f"the chain of {given} has a link that is no object property")
        if given in links[:-1]:
            faults.append(f"the chain of {given} goes through itself before its end")
        for link in links:
            if link != given and list(graph.objects(link, OWL.propertyChainAxiom)):
                faults.append(f"the chain of {given} goes through {link}, which has a chain of its own")
    return lists


def disjoint(graph: Graph, kind: dict, faults: list[str]) -> set:
    lists = set()
    for head in graph.objects(None, OWL.members):
        lists.add(head)
        faults.extend(f"{name} is no class, and among disjoint ones"
                      for name in Collection(graph, head) if kind.get(name) != "class")
    return lists


def cells(graph: Graph, heads: set) -> set:
    found = set()
    for head in heads:
        while head != RDF.nil:
            found.add(head)
            head = graph.value(head, RDF.rest)
    return found


def faults(graph: Graph) -> list[str]:
    found: list[str] = []
    kind = kinds(graph, found)
    in_lists = cells(graph, chains(graph, kind, found) | disjoint(graph, kind, found))
    ontology = graph.value(None, RDF.type, OWL.Ontology)
    for subject, predicate, value in graph:
        if predicate == RDF.type or predicate in (OWL.propertyChainAxiom, OWL.members):
            continue
        if predicate in (RDF.first, RDF.rest):
            if subject not in in_lists:
                found.append(f"a list that no axiom has: {value}")
        elif predicate in AXIOMS:
            pair = (kind.get(subject), kind.get(value))
            if pair not in AXIOMS[predicate]:
                found.append(f"{subject} {predicate} {value}: {pair[0]} and {pair[1]}")
        elif predicate == OWL.versionIRI:
            if subject != ontology:
                found.append(f"{subject} has a version")
        elif kind.get(predicate) != "annotation":
            found.append(f"{predicate} is used and not declared as an annotation")
        elif isinstance(subject, BNode) or not isinstance(value, (URIRef, Literal)):
            found.append(f"{subject} {predicate} {value}: an annotation of or with a blank node")
    return found


# Statements that each leave the profile, with what is to be found.
PLANTED = [
    ((FL.member, RDF.type, OWL.DatatypeProperty), "both"),
    ((RDFS.label, RDF.type, OWL.DatatypeProperty), "reserved"),
    ((FL.startDate, RDFS.range, XSD.date), "data and None"),
    ((FL.member, RDF.type, OWL.FunctionalProperty), "not among the constructs"),
    ((FL.search, RDF.type, FL.planted), "not among the constructs"),
    ((FL.planted, RDFS.subClassOf, FL.Actor), "None and class"),
    ((FL.member, SCHEMA.planted, FL.Actor), "not declared as an annotation"),
]


def check() -> None:
    graph = read([MODEL])
    found = faults(graph)
    if found:
        fail("the ontology leaves OWL 2 DL:\n" + "\n".join(sorted(found)))
    for statement, words in PLANTED:
        if not any(words in fault for fault in faults(read([MODEL]).add(statement))):
            fail(f"what leaves the profile is not found: {statement}")
    print(f"profile: OWL 2 DL; {len(PLANTED)} planted ways out of it are found")
