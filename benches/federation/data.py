"""Makes the graphs of any number of nodes: one with the shared vocabulary, the others with experiences,
actors and networks that refer to each other's. The same number and seed make the same graphs."""

import random

PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "fl": "https://w3id.org/familylab/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
THEMES, TOPS, ACTORS, MEMBERS = 40, 5, 20, 8
WORDS = ["asilo nido", "doposcuola", "sportello famiglia", "centro estivo", "affido", "spazio gioco", "mediazione", "caregiver"]


def iri(node: int, kind: str, number: int) -> str:
    return f"<http://nodo-{node}.example/id/{kind}/{number}>"


def theme(number: int) -> str:
    return iri(0, "tema", number)


def term(name: str) -> str:
    prefix, local = name.split(":")
    return f"<{PREFIXES[prefix]}{local}>"


def vocabulary():
    """Themes, each below one of a few, whose labels are in two languages."""
    for number in range(THEMES):
        yield theme(number), "rdf:type", term("skos:Concept")
        yield theme(number), "skos:prefLabel", f'"Tema {number}"@it'
        yield theme(number), "skos:prefLabel", f'"Theme {number}"@en'
        if number >= TOPS:
            yield theme(number), "skos:broader", theme(number % TOPS if number < 4 * TOPS else number - 3 * TOPS)


def node(own: int, last: int, experiences: int, seed: int):
    """What one node holds; `last` is the last of all nodes, the first of which is the vocabulary."""
    chance = random.Random(f"{seed} {own}")
    another = lambda: chance.randint(1, last)
    actor = lambda where: iri(where, "attore", chance.randrange(ACTORS))
    for number in range(ACTORS):
        this = iri(own, "attore", number)
        yield this, "rdf:type", term("fl:PublicAdministration")
        yield this, "skos:prefLabel", f'"Comune {own}-{number}"@it'
        yield this, "foaf:homepage", f"<http://comune-{own}-{number}.example/>"
        if number < 2:
            yield this, "owl:sameAs", iri(own % last + 1, "attore", number + 2)
    for number in range(experiences):
        this = iri(own, "esperienza", number)
        yield this, "rdf:type", term("fl:Experience")
        yield this, "dct:title", f'"{chance.choice(WORDS).capitalize()} numero {number} del nodo {own}"@it'
        yield this, "dct:subject", theme(chance.randrange(THEMES))
        yield this, "fl:leadActor", actor(own if chance.random() < 0.9 else another())
        day = f"{chance.randint(2015, 2026)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield this, "fl:startDate", f'"{day}"^^{term("xsd:date")}'
        if chance.random() < 0.7:
            yield this, "fl:budget", f'"{chance.randint(5, 400)}000"^^{term("xsd:decimal")}'
        if chance.random() < 0.5:
            yield this, "fl:evidenceLevel", f"<https://w3id.org/familylab/vocab/evidence#{chance.randint(1, 4)}>"
        if chance.random() < 0.1:
            yield this, "fl:transferredFrom", iri(another(), "esperienza", chance.randrange(experiences))
    if own % 3 == 1:
        network = iri(own, "rete", 0)
        yield network, "rdf:type", term("fl:Network")
        yield network, "skos:prefLabel", f'"Rete {own}"@it'
        for _ in range(MEMBERS):
            yield network, "fl:member", actor(another())


def graphs(nodes: int, experiences: int, seed: int) -> dict[str, str]:
    """Each node's graph as N-Triples, by its name."""
    told = {}
    for own in range(nodes):
        statements = vocabulary() if own == 0 else node(own, nodes - 1, experiences, seed)
        lines = [f"{subject} {term(predicate)} {value} .\n" for subject, predicate, value in statements]
        told[f"http://nodo-{own}.example/"] = "".join(lines)
    return told
