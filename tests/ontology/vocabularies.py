"""The vocabularies: the integrity conditions of the SKOS Reference, and what this project asks of
its own: other names in both languages for every concept, a scope note for every top one, and no
word that stands for two concepts of a scheme unless one is above the other."""

from collections import defaultdict

from rdflib import RDF, SKOS, Graph

from graphs import VOCABULARIES, fail, read

LANGUAGES = {"it", "en"}
LABELS = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
PLANTED = Graph().parse(format="turtle", data="""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://example.org/> .
<scheme> a skos:ConceptScheme , skos:Concept .
<a> a skos:Concept ; skos:inScheme <s> ; skos:prefLabel "A"@it , "Ah"@it ; skos:altLabel "A"@it ;
  skos:related <b> ; skos:broader <b> ; skos:exactMatch <c> ; skos:relatedMatch <c> .
<b> a skos:Concept ; skos:inScheme <s> ; skos:topConceptOf <s> ; skos:prefLabel "B"@it ; skos:altLabel "word"@it .
<c> a skos:Concept ; skos:inScheme <s> ; skos:topConceptOf <s> ; skos:prefLabel "Word"@it .
""")
CONDITIONS = {"S9", "S13", "S14", "S27", "S46", "names", "notes", "shared"}


def above(graph: Graph, concept) -> set:
    """All that is broader, at any distance."""
    return set(graph.transitive_objects(concept, SKOS.broader)) - {concept}


def integrity(graph: Graph, concepts: set):
    """SKOS Reference, sections 4.4, 5.4, 8.4 and 10.4; S37 is about collections, of which there are none."""
    for scheme in set(graph.subjects(RDF.type, SKOS.ConceptScheme)) & concepts:
        yield "S9", f"{scheme} is a concept and a scheme"
    for concept in concepts:
        labels = [set(graph.objects(concept, kind)) for kind in LABELS]
        for label in (labels[0] & labels[1]) | (labels[0] & labels[2]) | (labels[1] & labels[2]):
            yield "S13", f"{concept} has the label {label} in two ways"
        if len({label.language for label in labels[0]}) < len(labels[0]):
            yield "S14", f"{concept} has two preferred labels in one language"
        if set(graph.objects(concept, SKOS.related)) & above(graph, concept):
            yield "S27", f"{concept} is related to what is above it"
        exact = set(graph.objects(concept, SKOS.exactMatch))
        for kind in (SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch):
            if exact & set(graph.objects(concept, kind)):
                yield "S46", f"{concept} matches the same concept exactly and otherwise"


def languages(graph: Graph, concept, kind) -> set:
    return {label.language for label in graph.objects(concept, kind)}


def words(graph: Graph, concepts: set):
    holders = defaultdict(set)
    for concept in concepts:
        if not LANGUAGES <= languages(graph, concept, SKOS.altLabel):
            yield "names", f"{concept} lacks other names in a language"
        if (concept, SKOS.topConceptOf, None) in graph and not LANGUAGES <= languages(graph, concept, SKOS.scopeNote):
            yield "notes", f"{concept} is a top concept without a scope note in both languages"
        for kind in LABELS:
            for label in graph.objects(concept, kind):
                scheme = graph.value(concept, SKOS.inScheme)
                holders[scheme, label.language, label.lower()].add(concept)
    for (_, _, word), group in holders.items():
        for one in group:
            for other in group - {one} - above(graph, one):
                if one not in above(graph, other) and one < other:
                    yield "shared", f"“{word}” stands for {one} and {other}"


def faults(graph: Graph) -> list[tuple[str, str]]:
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    return [*integrity(graph, concepts), *words(graph, concepts)]


def check() -> None:
    graph = read(VOCABULARIES)
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    if len(concepts) < 150:
        fail(f"there are only {len(concepts)} concepts")
    if found := faults(graph):
        fail("the vocabularies:\n" + "\n".join(sorted(f"{rule}: {text}" for rule, text in found)))
    if missed := CONDITIONS - {rule for rule, _ in faults(PLANTED)}:
        fail(f"planted faults are not found: {sorted(missed)}")
    names = sum(1 for _ in graph.subject_objects(SKOS.altLabel))
    print(f"SKOS: {len(concepts)} concepts with {names} other names keep the integrity conditions; "
          f"{len(CONDITIONS)} planted faults are found")
