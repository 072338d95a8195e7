"""Every name of another vocabulary that the ontology uses exists there: those of the Italian
administrations are subjects in the files they publish, those of the W3C, DCMI, FOAF and schema.org
are in the lists that rdflib holds."""

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, XSD, Graph, URIRef

from graphs import FL, ONTOLOGY, fail, read, test_data

ITALIAN = ("https://w3id.org/italia/", "http://dati.gov.it/")
CLOSED = [DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SH, SKOS, VANN, XSD]
# Terms that are there and that rdflib's lists, older than they are, leave out.
NEWER = {URIRef(SDO._NS + "funding"), URIRef(DCAT._NS + "DatasetSeries")}
# Names that the shapes of DCAT-AP_IT need although no file declares them: the ontology of the profile
# writes the first with https and the second with “sdati”, and calls the third referenceDoc; portals
# write the fourth; the last is a mistake that a shape tells of.
UNDECLARED = {URIRef("http://dati.gov.it/onto/dcatapit#" + name) for name in
              ("Catalog", "startDate", "referenceDocumentation", "geographicalIdentifier")}
UNDECLARED |= {URIRef("http://www.w3.org/ns/locn#geographicalName")}
# What these point to is a page, and no name.
LINKS = {DCTERMS.source, RDFS.seeAlso}
# Of vocabularies that rdflib has no list of: looked up one by one in what they publish.
LOOKED_UP = {
    "http://www.w3.org/2006/vcard/ns#": {
        "Group", "Individual", "Kind", "Location", "Organization", "fn", "hasEmail", "hasTelephone", "hasURL"},
    "http://www.w3.org/2003/01/geo/wgs84_pos#": {"SpatialThing", "lat", "long"},
    "http://www.w3.org/ns/adms#": {"Identifier", "identifier", "status"},
    "http://www.w3.org/ns/locn#": {"geographicName", "geometry"},
    "http://www.opengis.net/ont/geosparql#": {"geoJSONLiteral", "gmlLiteral", "wktLiteral"},
    "http://schema.org/": {"Person"},
    "https://www.iana.org/assignments/media-types/": {"application/vnd.geo+json"},
    "http://www.w3.org/ns/sparql-service-description#": {"Service"},
    "http://www.w3.org/ns/dqv#": {"Metric", "QualityMeasurement", "inDimension"},
    "http://data.europa.eu/esco/model#": {"Skill"},
    "http://publications.europa.eu/resource/authority/": {"data-theme"},
    "http://publications.europa.eu/resource/authority/data-theme/": {
        "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"},
    "http://publications.europa.eu/resource/authority/language/": {"DEU", "ENG", "FRA", "ITA", "LLD", "SLV"},
}


def used(graph: Graph) -> set:
    terms = {term for subject, predicate, value in graph
             for term in (subject, predicate, None if predicate in LINKS else value)}
    return {term for term in terms if isinstance(term, URIRef) and "w3id.org/familylab/" not in term}


def unknown(names: set, published: set) -> list[str]:
    """Those that nobody declares, and those of a vocabulary that is not looked into."""
    found = []
    for name in sorted(names - NEWER - UNDECLARED):
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
