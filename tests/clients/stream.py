"""The change stream as ldes-client replays it: in any order and in that of time, killed and resumed,
and going on asking while records change. LDES and TREE."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import rdflib

import dumps
from node import Node
from records import Records, Statement, fail, quad, record_of, same

HERE = Path(__file__).parent
LDES = rdflib.Namespace("https://w3id.org/ldes#")
TREE = rdflib.Namespace("https://w3id.org/tree#")
TYPE = str(rdflib.RDF.type)
# What the stream says of itself, and one more thing that it says of versions: the source graph.
TOLD = ["timestampPath", "versionOfPath", "sequencePath", "versionCreateObject", "versionUpdateObject", "versionDeleteObject"]
SOURCE = "http://www.w3.org/ns/prov#hadPrimarySource"
KILLED = -9


@dataclass
class Member:
    """One version of a record, as it was emitted."""

    version: str
    about: list[Statement]
    inside: list[Statement]

    @property
    def record(self) -> str:
        return self.version.rsplit("/v/", 1)[0]

    @property
    def seq(self) -> int:
        return int(self.version.rsplit("/v/", 1)[1])

    def one(self, property: str) -> str | None:
        return next((value[0] for _, predicate, value in self.about if predicate == property), None)


def read(file: Path) -> tuple[list[Member], int]:
    """The members that were written to a file, and how often the client asked again."""
    members, polls = [], 0
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line:
            polls += 1
            continue
        told = json.loads(line)
        about, inside = [], []
        for text in told["quads"].splitlines():
            statement, _ = quad(text)
            (about if statement[0] == told["id"] else inside).append(statement)
        members.append(Member(told["id"], about, inside))
    return members, polls


def harvested(node: Node) -> Records:
    """The records out of a replay."""
    return state(replay(node, "none"), description(node))


def kinds(node: Node, records: Records) -> list[str]:
    """The kinds of some records."""
    return sorted({record.removeprefix(f"{node.base}/id/").split("/")[0] for record in records})


def command(node: Node, file: Path, options: dict) -> list:
    return ["node", HERE / "replay.mjs", f"{node.base}/ldes", file, json.dumps(options)]


def replay(node: Node, order: str, **options) -> list[Member]:
    """Everything, as the client emits it."""
    with tempfile.TemporaryDirectory(prefix="familylab-replay-") as folder:
        file = Path(folder) / "members"
        ended = subprocess.run(command(node, file, {"order": order, **options}), stdout=subprocess.DEVNULL)
        if ended.returncode:
            fail(f"ldes-client ended with {ended.returncode}")
        members, _ = read(file)
    if not members or len({member.version for member in members}) != len(members):
        fail(f"ldes-client: {len(members)} members, {len({member.version for member in members})} different ones")
    return members


def resumed(node: Node, order: str, kill: int) -> list[Member]:
    """The same, with a client that is killed after some members and goes on from what it had saved."""
    with tempfile.TemporaryDirectory(prefix="familylab-replay-") as folder:
        file, state = Path(folder) / "members", str(Path(folder) / "state")
        options = {"order": order, "state": state}
        first = subprocess.run(command(node, file, {**options, "kill": kill}), stdout=subprocess.DEVNULL)
        written, _ = read(file)
        if first.returncode != KILLED or len(written) != kill:
            fail(f"ldes-client was not killed after {kill} members: {first.returncode}, {len(written)}")
        second = subprocess.run(command(node, file, options), stdout=subprocess.DEVNULL)
        if second.returncode:
            fail(f"ldes-client ended with {second.returncode} after it was resumed")
        members, _ = read(file)
    again = len(members) - len({member.version for member in members})
    # What was written when it died it had not noted yet: that may come again, and no page from the start.
    if again > kill // 2:
        fail(f"ldes-client: {again} of {len(members)} members came again after it was resumed")
    return members


@dataclass
class Description:
    """How the stream says what is said of a version, and not of the record."""

    moment: str
    record: str
    number: str
    created: str
    updated: str
    deleted: str

    def is_deletion(self, member: Member) -> bool:
        return (member.version, TYPE, (self.deleted,)) in member.about

    def content(self, member: Member) -> set[Statement]:
        """What the record holds: the version stands for it as a subject."""
        own = {self.moment, self.record, self.number, SOURCE}
        kinds = [(self.created,), (self.updated,), (self.deleted,)]
        about = {(member.record, predicate, value) for _, predicate, value in member.about
                 if predicate not in own and not (predicate == TYPE and value in kinds)}
        return about | {one for one in member.inside if record_of(one[0]) == member.record}


def state(members: list[Member], told: Description) -> Records:
    """The last version of each record that was not deleted."""
    latest: dict[str, Member] = {}
    for member in members:
        if member.record not in latest or member.seq > latest[member.record].seq:
            latest[member.record] = member
    return {record: told.content(member) for record, member in latest.items() if not told.is_deletion(member)}


def description(node: Node) -> Description:
    dataset = rdflib.Dataset(default_union=True)
    graph = dataset.parse(data=node.ask("/ldes", "application/trig").content, format="trig")
    streams = set(graph.subjects(rdflib.RDF.type, LDES.EventStream))
    views = {view for stream in streams for view in graph.objects(stream, TREE.view)}
    if len(streams) != 1 or len(views) != 1:
        fail(f"LDES: /ldes tells of {len(streams)} streams with {len(views)} views")
    stream = streams.pop()
    told = [graph.value(stream, LDES[name]) for name in TOLD]
    if None in told:
        fail(f"LDES: /ldes does not say what it has to: {told}")
    return Description(*map(str, told))


def in_order(members: list[Member], property: str) -> None:
    """Each moment is at or after the one before; the client counts in milliseconds."""
    moments = [datetime.fromisoformat(member.one(property) or "") for member in members]
    if any(moment.tzinfo is None for moment in moments):
        fail("LDES: a moment has no time zone")
    rounded = [int(moment.timestamp() * 1000) for moment in moments]
    if rounded != sorted(rounded):
        fail("ldes-client: in ascending order, a member came after a later one")


def changed(node: Node) -> list[str]:
    """Changes a record and deletes another; gives both versions."""
    rows = node.select("""PREFIX fl: <https://w3id.org/familylab/ontology#>
        SELECT ?record ?graph { GRAPH ?graph { ?record a fl:News } } ORDER BY ?record LIMIT 2""")
    (one, graph), (other, others) = [(row["record"], row["graph"]) for row in rows]
    retitled = node.update(f"""PREFIX dct: <http://purl.org/dc/terms/> WITH <{graph}>
        DELETE {{ <{one}> dct:title ?old }} INSERT {{ <{one}> dct:title "Cambiata mentre si legge"@it }}
        WHERE {{ <{one}> dct:title ?old FILTER (lang(?old) = "it") }}""")
    gone = node.update(f"WITH <{others}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER (?s = <{other}>) }}")
    return [f"{one}/v/{retitled}", f"{other}/v/{gone}"]


def followed(node: Node, known: int, told: Description) -> None:
    """A client that goes on asking sees an update and a deletion, each once. Without an order
    ldes-client asks for an open page twice, itself and by way of the entrance, and emits what is new
    twice; without a state it forgets which pages are closed."""
    with tempfile.TemporaryDirectory(prefix="familylab-replay-") as folder:
        file = Path(folder) / "members"
        file.touch()
        options = {"order": "ascending", "follow": True, "state": str(Path(folder) / "state")}
        process = subprocess.Popen(command(node, file, options), stdout=subprocess.DEVNULL)
        try:
            node.wait_until(lambda: len(read(file)[0]) >= known and read(file)[1] > 0, "ldes-client does not come to polling")
            versions = changed(node)
            seen = lambda: {member.version for member in read(file)[0]} >= set(versions)
            node.wait_until(seen, f"ldes-client does not see {versions}")
            polls = read(file)[1]
            node.wait_until(lambda: read(file)[1] > polls + 3, "ldes-client polls no more")
            members, _ = read(file)
        finally:
            process.terminate()
            process.wait()
    if sorted(member.version for member in members[known:]) != sorted(versions):
        fail(f"ldes-client: after two changes it saw {[member.version for member in members[known:]]}")
    if [told.is_deletion(member) for member in sorted(members[known:], key=lambda one: one.seq)] != [False, True]:
        fail("ldes-client: of an update and a deletion, not just the second is a deletion")


def check(node: Node) -> None:
    told = description(node)
    ascending = replay(node, "ascending")
    in_order(ascending, told.moment)
    if wrong := [member.version for member in ascending if member.one(told.record) != member.record]:
        fail(f"LDES: these are versions of another record than their addresses say: {wrong[:5]}")
    ordered, records = state(ascending, told), harvested(node)
    expected = dumps.records(node, kinds(node, records))
    same("ldes-client, in any order", records, expected)
    same("ldes-client, in order", ordered, expected)
    for order in ["none", "ascending"]:
        members = resumed(node, order, len(ascending) // 2)
        same(f"ldes-client, {order}, killed and resumed", state(members, told), expected)
    followed(node, len(ascending), told)
    print(f"ldes-client: {len(ascending)} members, {len(expected)} records, in any order, in that of time, and killed"
          " and resumed, are those of the dump; an update and a deletion are seen once while it polls")
