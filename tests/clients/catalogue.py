"""The catalogue as portals read it: every page, every format, both profiles, the same bytes each
time. What shapes say of it is in shapes.py."""

import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF

import shapes
from node import Node
from records import fail

HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
FORMATS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
PROFILES = ["dcat-ap", "dcat-ap_it"]
SOURCES = 70
MEDIA = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json", "nt": "application/n-triples"}


def parse(node: Node, url: str, extension: str) -> rdflib.Graph:
    """One page in one format; asked twice, it has the same bytes."""
    first, second = node.ask(url), node.ask(url)
    if first.content != second.content or not first.content:
        fail(f"catalogue: {url} has other bytes when it is asked again")
    if not first.headers["Content-Type"].startswith(MEDIA[extension]):
        fail(f"catalogue: {url} says it is {first.headers['Content-Type']}")
    return rdflib.Graph().parse(data=first.content, format=FORMATS[extension], publicID=url)


def next_page(graph: rdflib.Graph, url: str) -> str | None:
    """Where the list goes on, in both spellings of Hydra."""
    following = set(graph.objects(None, HYDRA.next))
    if following != set(graph.objects(None, HYDRA.nextPage)) or len(following) > 1:
        fail(f"catalogue: {url}: hydra:next and hydra:nextPage do not agree")
    return str(following.pop()) if following else None


def pages(node: Node, extension: str) -> list[rdflib.Graph]:
    """Every page of the list in one format, to the last."""
    url, seen, graphs = f"{node.base}/catalog.{extension}", set(), []
    while url:
        if url in seen or not url.startswith(node.base):
            fail(f"catalogue: the list goes on at {url}")
        seen.add(url)
        graph = parse(node, url, extension)
        look(graph, url)
        graphs.append(graph)
        url = next_page(graph, url)
    return graphs


def look(graph: rdflib.Graph, url: str) -> None:
    """What aborts a harvest: a dataset without a title, a blank node, an empty page."""
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    if not datasets:
        fail(f"catalogue: {url} has no dataset")
    for dataset in datasets:
        if not any(graph.objects(dataset, DCTERMS.title)):
            fail(f"catalogue: {url}: {dataset} has no title")
    if any(isinstance(term, rdflib.BNode) for triple in graph for term in triple):
        fail(f"catalogue: {url} has a blank node")


def negotiated(node: Node) -> None:
    """Whatever a portal asks for, or does not, is the same graph."""
    expected = without_extension(parse(node, f"{node.base}/catalog.ttl", "ttl"), node.base, "ttl")
    for extension, media in MEDIA.items():
        answer = node.ask("/catalog", media)
        graph = rdflib.Graph().parse(data=answer.content, format=FORMATS[extension], publicID=f"{node.base}/catalog")
        if not isomorphic(graph, expected):
            fail(f"catalogue: /catalog as {media} is another graph")
    # CKAN names no format of RDF.
    answer = node.ask("/catalog", "*/*")
    by_media = {media: FORMATS[extension] for extension, media in MEDIA.items()}
    kind = answer.headers["Content-Type"].split(";")[0]
    if kind not in by_media:
        fail(f"catalogue: without a preference /catalog is {kind}")
    if not isomorphic(rdflib.Graph().parse(data=answer.content, format=by_media[kind]), expected):
        fail("catalogue: without a preference /catalog is another graph")


def without_extension(graph: rdflib.Graph, base: str, extension: str) -> rdflib.Graph:
    """The graph as it is where the address names no format: whoever names one is led on to the same."""
    named = f"{base}/catalog.{extension}?"
    plain = lambda term: rdflib.URIRef(term.replace(named, f"{base}/catalog?")) if term.startswith(named) else term
    bare = rdflib.Graph()
    for subject, predicate, object in graph:
        bare.add((subject, predicate, plain(object) if predicate in HYDRA else object))
    return bare


def whole(node: Node) -> tuple[rdflib.Graph, int]:
    """The whole catalogue, read in every format, and how many pages it has."""
    by_format = {
        extension: [without_extension(page, node.base, extension) for page in pages(node, extension)]
        for extension in FORMATS
    }
    first = by_format["ttl"]
    for extension, graphs in by_format.items():
        if len(graphs) != len(first) or not all(map(isomorphic, graphs, first)):
            fail(f"catalogue: as {extension} it is another graph than as ttl")
    together = rdflib.Graph()
    for graph in first:
        together += graph
    return together, len(first)


def profiles(node: Node, catalogue: rdflib.Graph) -> None:
    """Each profile alone is a part of both, and the answer says which it is."""
    for name in PROFILES:
        for extension in FORMATS:
            graph = parse(node, f"{node.base}/catalog.{extension}?profile={name}", extension)
            strange = [triple for triple in graph if triple not in catalogue and triple[1] not in HYDRA]
            if strange or len(graph) >= len(catalogue) or not any(graph.subjects(RDF.type, DCAT.Dataset)):
                fail(f"catalogue: profile {name} as {extension}: {len(graph)} statements, not in both: {strange[:3]}")
        profile = node.ask(f"/catalog?profile={name}").headers["Content-Profile"]
        asked = node.ask("/catalog", "text/turtle", **{"Accept-Profile": profile})
        if asked.headers["Content-Profile"] != profile:
            fail(f"catalogue: asked for {profile} by Accept-Profile, it says it is {asked.headers['Content-Profile']}")


def more_sources(node: Node) -> None:
    """So many administrations that the catalogue has a second page."""
    records = "".join(
        f"""GRAPH <{node.base}/graph/ente-di-prova-{number}> {{
            <{node.base}/id/competenza/di-prova-{number}> a fl:Competence ; skos:prefLabel "Prova {number}"@it ;
            skos:definition "Una competenza."@it }} """ for number in range(SOURCES))
    node.update("PREFIX fl: <https://w3id.org/familylab/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
                f" INSERT DATA {{ {records} }}")
    node.settle()


def check(node: Node) -> None:
    more_sources(node)
    catalogue, count = whole(node)
    datasets = len(set(catalogue.subjects(RDF.type, DCAT.Dataset)))
    if count < 2 or datasets <= 100:
        fail(f"catalogue: {datasets} datasets on {count} pages: paging was not tried")
    negotiated(node)
    profiles(node, catalogue)
    print(f"rdflib: {datasets} datasets on {count} pages, the same in {len(FORMATS)} formats, {len(PROFILES)} profiles")
    shapes.check(catalogue)
