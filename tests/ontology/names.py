"""Every name of another vocabulary that the ontology uses exists there: those of the Italian
administrations are subjects in the files they publish, those of the W3C, DCMI, FOAF and schema.org
are in the lists that rdflib holds."""

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, XSD, Graph, URIRef

from graphs import FL, ONTOLOGY, fail, read, test_data

ITALIAN = ("https://w3id.org/italia/", "http://dati.gov.it/")
CLOSED = [DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, XSD]
# Terms that are there and that rdflib's lists, older than they are, leave out.
NEWER = {URIRef(SDO._NS + "funding")}
# Of vocabularies that rdflib has no list of: looked up one by one in what they publish.
LOOKED_UP = {
    "http://www.w3.org/2006/vcard/ns#": {"Individual", "Organization", "fn", "hasEmail", "hasTelephone"},
    "http://www.w3.org/2003/01/geo/wgs84_pos#": {"SpatialThing", "lat", "long"},
    "http://www.w3.org/ns/adms#": {"status"},
    "http://www.w3.org/ns/sparql-service-description#": {"Service"},
    "http://www.w3.org/ns/dqv#": {"Metric", "QualityMeasurement", "inDimension"},
    "http://data.europa.eu/esco/model#": {"Skill"},
    "http://publications.europa.eu/resource/authority/data-theme/": {"EDUC", "HEAL"},
    "http://publications.europa.eu/resource/authority/language/": {"DEU", "ENG", "FRA", "ITA", "LLD", "SLV"},
}


def used(graph: Graph) -> set:
    names = {term for triple in graph for term in triple if isinstance(term, URIRef)}
    return {name for name in names if "w3id.org/familylab/" not in name}


def unknown(names: set, published: set) -> list[str]:
    """Those that nobody declares, and those of a vocabulary that is not looked into."""
    found = []
    for name in sorted(names - NEWER):
        closed = [space for space in CLOSED if name.startswith(str(space._NS))]
        listed = [space for space in LOOKED_UP if name.startswith(space)]
        if str(name).startswith(ITALIAN):
            known = not published or name in published
        elif closed:
            known = any(name in space for space in closed)
        else:
            known = any(name[len(space):] in LOOKED_UP[space] for space in listed)
        if not known:
            found.append(str(name))
    return found


def check() -> None:
    names = used(read(ONTOLOGY))
    files = test_data("ontopia/*.ttl")
    published = set(read(files).subjects()) if files else set()
    if found := unknown(names, published):
        fail("these names are not in the vocabularies they are said to be of:\n" + "\n".join(found))
    planted = {URIRef(SKOS._NS + "planted"), FL.planted, URIRef("https://example.org/planted")}
    if published:
        planted.add(URIRef(ITALIAN[0] + "onto/COV/planted"))
    if len(unknown(planted, published)) != len(planted):
        fail("a planted name that no vocabulary has is not found")
    italian = sum(str(name).startswith(ITALIAN) for name in names) if published else 0
    others = sum(not str(name).startswith(ITALIAN) for name in names)
    print(f"names: {italian} of Italian vocabularies and {others} of others are all declared there; planted ones are not")
