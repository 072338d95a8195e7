"""What VoID counts, counted again by SPARQL: statements, entities, classes, properties."""

from collections import Counter

import rdflib
from rdflib.namespace import DCTERMS, VOID

from node import Node
from records import fail


class Counts:
    """How much there is of what, by graph and by kind of record, as SPARQL counts it."""

    def __init__(self, node: Node):
        self.node = node
        self.properties = self._counted("?what", "?s ?what ?o")
        self.classes = self._counted("?what", "?s a ?what")
        self.records = self._counted("", "?s ?p ?o", "DISTINCT")

    def _counted(self, what: str, pattern: str, distinct: str = "") -> Counter:
        """By graph, kind (an empty text where a record is of none) and term."""
        rows = self.node.select(
            f"""SELECT ?g ?kind {what} (COUNT({distinct} {"?record" if distinct else "*"}) AS ?n) {{
            GRAPH ?g {{ {pattern} }} FILTER (?g != <{self.node.base}/graph/inferred>)
            BIND (STRBEFORE(STRAFTER(STR(?s), "{self.node.base}/id/"), "/") AS ?kind)
            BIND (STRBEFORE(CONCAT(STR(?s), "#"), "#") AS ?record) }} GROUP BY ?g ?kind {what}""")
        return Counter({(row["g"], row["kind"], row.get("what", "")): int(row["n"]) for row in rows})

    @staticmethod
    def of(counted: Counter, graph: str | None, kind: str | None) -> Counter:
        """By term, of one graph or kind, or of all."""
        total = Counter()
        for (of_graph, of_kind, what), number in counted.items():
            if graph in (None, of_graph) and kind in (None, of_kind):
                total[what] += number
        return total


def partition(description: rdflib.Graph, dataset, part, of, number) -> Counter:
    return Counter({
        str(description.value(one, of)): int(description.value(one, number))
        for one in description.objects(dataset, part)
    })


def told(description: rdflib.Graph, dataset) -> dict[str, Counter]:
    """What VoID says of one set."""
    numbers = {name: Counter({"": int(description.value(dataset, VOID[name]))}) for name in ["triples", "entities"]}
    if any(description.objects(dataset, VOID.propertyPartition)):
        numbers["classes"] = partition(description, dataset, VOID.classPartition, VOID["class"], VOID.entities)
        numbers["properties"] = partition(description, dataset, VOID.propertyPartition, VOID.property, VOID.triples)
    return numbers


def recounted(counts: Counts, description: rdflib.Graph, dataset) -> dict[str, Counter]:
    """The same as SPARQL says it."""
    source = description.value(dataset, DCTERMS.source)
    graph = str(source) if source else None
    space = str(description.value(dataset, VOID.uriSpace) or "").removeprefix(f"{counts.node.base}/id/").rstrip("/")
    kind = space or None
    entities = Counts.of(counts.records, graph, kind)
    if not graph and not kind:
        # Of everything, the entities are the records of this node.
        entities[""] -= sum(number for (_, of, _), number in counts.records.items() if not of)
    properties = Counts.of(counts.properties, graph, kind)
    return {
        "triples": Counter({"": sum(properties.values())}),
        "entities": entities,
        "classes": Counts.of(counts.classes, graph, kind),
        "properties": properties,
    }


def check(node: Node) -> None:
    answer = node.ask("/.well-known/void", "text/turtle")
    description = rdflib.Graph().parse(data=answer.content, format="turtle")
    sets = set(description.subjects(VOID.sparqlEndpoint))
    counts, numbers = Counts(node), 0
    for dataset in sorted(sets):
        again = recounted(counts, description, dataset)
        for name, said in told(description, dataset).items():
            if said != again[name] or not said:
                fail(f"VoID: {dataset}: {name}: told {said - again[name]}, by SPARQL {again[name] - said}")
            numbers += len(said)
    if len(sets) < 40 or numbers < 400:
        fail(f"VoID: only {numbers} numbers of {len(sets)} sets")
    print(f"VoID: {len(sets)} sets, {numbers} numbers are those that SPARQL counts")
