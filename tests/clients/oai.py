"""OAI-PMH as Sickle harvests it: whole, by date, by set, over a restart of the server, and what was
deleted. OAI-PMH 2.0."""

from datetime import datetime, timedelta

import rdflib
from lxml import etree
from sickle import Sickle
from sickle.models import Record

from node import Node
from records import Records, fail, record_of, statement

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


def client(node: Node) -> Sickle:
    # Whatever goes wrong fails at once: nothing is asked again.
    return Sickle(f"{node.base}/oai", max_retries=0, timeout=120, proxies={"http": "", "https": ""})


def metadata(record: Record):
    return record.xml.find(f"{OAI}metadata")[0]


def harvest(node: Node, **arguments: str) -> tuple[Records, set[str]]:
    """The statements of each record in `dcat_ap`, and the records that are told as deleted."""
    records: Records = {}
    deleted: set[str] = set()
    for record in client(node).ListRecords(metadataPrefix="dcat_ap", **arguments):
        name = record.header.identifier
        if name in records or name in deleted:
            fail(f"OAI-PMH: {name} comes twice in one list")
        if record.deleted:
            deleted.add(name)
            continue
        graph = rdflib.Graph().parse(data=etree.tostring(metadata(record)), format="xml")
        own = {one for one in map(lambda triple: statement(*triple), graph) if record_of(one[0]) == name}
        if not own:
            fail(f"OAI-PMH: {name} has no statement about itself")
        records[name] = own
    return records, deleted


def headers(node: Node, **arguments: str) -> dict[str, tuple[str, tuple[str, ...], bool]]:
    """Date, sets and whether it is deleted, of each identifier."""
    found = {}
    for header in client(node).ListIdentifiers(metadataPrefix="oai_dc", **arguments):
        if header.identifier in found:
            fail(f"OAI-PMH: {header.identifier} comes twice in one list")
        found[header.identifier] = (header.datestamp, tuple(header.setSpecs), header.deleted)
    return found


def whole(node: Node) -> dict:
    """Everything, in both formats; says the same in all lists."""
    identify = client(node).Identify()
    if identify.deletedRecord != "persistent" or identify.granularity != "YYYY-MM-DDThh:mm:ssZ":
        fail(f"OAI-PMH: Identify says {identify.deletedRecord}, {identify.granularity}")
    everything = headers(node)
    if min(date for date, _, _ in everything.values()) < identify.earliestDatestamp:
        fail("OAI-PMH: a record is older than the earliest date")
    formats = {one.metadataPrefix for one in client(node).ListMetadataFormats()}
    if not {"oai_dc", "dcat_ap"} <= formats:
        fail(f"OAI-PMH: the formats are {formats}")
    titled = 0
    for record in client(node).ListRecords(metadataPrefix="oai_dc"):
        if record.deleted:
            continue
        if not metadata(record).findtext(f"{DC}title") or not metadata(record).findtext(f"{DC}identifier"):
            fail(f"OAI-PMH: {record.header.identifier} lacks a title or an identifier in oai_dc")
        titled += 1
    living = sum(not deleted for _, _, deleted in everything.values())
    if titled != living or living == 0:
        fail(f"OAI-PMH: {titled} records in oai_dc, {living} headers")
    return everything


def by_date(node: Node, everything: dict) -> None:
    """Each date has its own records; none is in two parts, none is lost between them."""
    dates = sorted({date for date, _, _ in everything.values()})
    middle = dates[len(dates) // 2]
    before = datetime.strptime(middle, "%Y-%m-%dT%H:%M:%SZ") - timedelta(seconds=1)
    early = {name for name, (date, _, _) in everything.items() if date < middle}
    late = headers(node, **{"from": middle})
    if set(late) != everything.keys() - early:
        fail(f"OAI-PMH: from {middle}: {len(late)} records, expected {len(everything) - len(early)}")
    if early and set(headers(node, until=f"{before:%Y-%m-%dT%H:%M:%SZ}")) != early:
        fail(f"OAI-PMH: until {before} has other records than the whole list")


def by_set(node: Node, everything: dict) -> int:
    """Each set has the records whose headers name it."""
    sets = [one.setSpec for one in client(node).ListSets()]
    named = {spec for _, specs, _ in everything.values() for spec in specs}
    if not named <= set(sets) or not named:
        fail(f"OAI-PMH: headers name sets that ListSets does not: {named - set(sets)}")
    for spec in sorted(named):
        expected = {name for name, (_, specs, _) in everything.items() if spec in specs}
        found = set(headers(node, set=spec))
        if found != expected:
            fail(f"OAI-PMH: set {spec} has {len(found)} records, {len(expected)} headers name it")
    return len(named)


def over_a_restart(node: Node, everything: dict) -> None:
    """The server is stopped and opened again between two pages; the list goes on."""
    found = []
    for count, header in enumerate(client(node).ListIdentifiers(metadataPrefix="oai_dc")):
        found.append(header.identifier)
        if count == len(everything) // 2:
            node.stop()
            node.start()
    if sorted(found) != sorted(everything):
        fail(f"OAI-PMH: {len(found)} records over a restart, {len(everything)} without one")


def deleted(node: Node) -> set[str]:
    """The records that are told as deleted."""
    return {one.identifier for one in client(node).ListIdentifiers(metadataPrefix="dcat_ap") if one.deleted}


def deletion(node: Node) -> None:
    """A record that is deleted is told as deleted, beside those that were before."""
    before = deleted(node)
    row = node.select("""PREFIX fl: <https://w3id.org/familylab/ontology#>
        SELECT ?record ?graph { GRAPH ?graph { ?record a fl:News } } ORDER BY ?record LIMIT 1""")[0]
    record, graph = row["record"], row["graph"]
    node.update(f"WITH <{graph}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER (?s = <{record}>) }}")
    node.settle()
    after = deleted(node)
    if record in before or after != before | {record}:
        fail(f"OAI-PMH: after {record} was deleted, these are told as deleted: {after}; before it: {before}")


def check(node: Node) -> None:
    everything = whole(node)
    by_date(node, everything)
    sets = by_set(node, everything)
    over_a_restart(node, everything)
    deletion(node)
    print(f"Sickle: {len(everything)} records in oai_dc and dcat_ap, by date, by {sets} sets,"
          " over a restart; a deletion is told")
