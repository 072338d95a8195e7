"""Random changes by SPARQL UPDATE, the same for the same seed: records are made, changed and
deleted, those of the demonstration catalogue among them. Knows nothing of how they are harvested."""

import random

from node import Node

PREFIXES = """PREFIX dct: <http://purl.org/dc/terms/>
PREFIX fl: <https://w3id.org/familylab/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
# What is easily lost on the way through XML, CSV, N-Quads or HTTP.
TRAPS = ["è già l’una", "a & b < c > d", 'detto "così"', "]]>", "su\ndue righe", "a capo\r\ncome altrove", "tab\there",
         "barra \\ rovescia", "😀 famiglia", "漢字 עברית", "e\u0301 composta", " spazi ai lati ", "=1+1;,", "{%s}"]


def literal(text: str) -> str:
    """A text as SPARQL spells it."""
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(letter, letter) for letter in text) + '"'


class Changes:
    """What was made so far, and what comes next."""

    def __init__(self, node: Node, seed: int, source: str = "prova-dei-cambiamenti"):
        self.node, self.random, self.source = node, random.Random(seed), source
        self.graph = f"{node.base}/graph/{source}"
        self.own: list[str] = []
        self.made = self.number = 0
        self.others = self._demonstration()

    def _demonstration(self) -> dict[str, str]:
        """Records that nothing else needs, and the graphs they are in."""
        rows = self.node.select(PREFIXES + """SELECT ?record ?graph {
            GRAPH ?graph { ?record a ?class } VALUES ?class { fl:News fl:Event fl:KnowledgeResource fl:Experience } }""")
        return {row["record"]: row["graph"] for row in sorted(rows, key=lambda row: row["record"])}

    def text(self) -> str:
        self.number += 1
        return literal(f"{self.random.choice(TRAPS)} {self.number}") + self.random.choice(["@it", "@en", "@it"])

    def day(self) -> str:
        return f'"{self.random.randint(2019, 2026)}-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"^^xsd:date'

    def _statements(self, kind: str, iri: str) -> str:
        """A whole record that fits its shape."""
        italian, description = self.text().rsplit("@", 1)[0] + "@it", self.text().rsplit("@", 1)[0] + "@it"
        match kind:
            case "competenza":
                return f"<{iri}> a fl:Competence ; skos:prefLabel {italian} ; skos:definition {description} ."
            case "notizia":
                return f"<{iri}> a fl:News ; dct:title {italian} ; dct:description {description} ; dct:issued {self.day()} ."
            case "evento":
                day = self.day()
                return (f"<{iri}> a fl:Event ; dct:title {italian} ; dct:description {description} ;"
                        f" fl:startDate {day} ; fl:endDate {day} .")
            case "attore":
                # A record of two subjects: it and its office.
                return (f"<{iri}> a fl:Actor, fl:ThirdSectorOrganization ; skos:prefLabel {italian} ;"
                        f" fl:contactPoint <{iri}#contact> . <{iri}#contact> a vcard:Organization ;"
                        f" vcard:fn {description} ; vcard:hasEmail <mailto:ufficio@example.org> .")
        raise ValueError(kind)

    def create(self) -> int:
        self.made += 1
        kind = self.random.choice(["competenza", "notizia", "evento", "attore"])
        iri = f"{self.node.base}/id/{kind}/{self.source}-{self.made}"
        seq = self.node.update(f"{PREFIXES} INSERT DATA {{ GRAPH <{self.graph}> {{ {self._statements(kind, iri)} }} }}")
        self.own.append(iri)
        return seq

    def replace(self) -> int:
        iri = self.random.choice(self.own)
        kind = iri.removeprefix(f"{self.node.base}/id/").split("/")[0]
        return self.node.update(
            f"{PREFIXES} {self._removal(iri, self.graph)} ;"
            f" INSERT DATA {{ GRAPH <{self.graph}> {{ {self._statements(kind, iri)} }} }}"
        )

    def retouch(self) -> int:
        """Changes the English title of a record of the demonstration."""
        iri = self.random.choice(list(self.others))
        title = self.text().rsplit("@", 1)[0] + "@en"
        return self.node.update(
            f"""{PREFIXES} WITH <{self.others[iri]}> DELETE {{ <{iri}> dct:title ?old }} INSERT {{ <{iri}> dct:title {title} }}
            WHERE {{ OPTIONAL {{ <{iri}> dct:title ?old FILTER (lang(?old) = "en") }} }}"""
        )

    def delete(self) -> int:
        """Deletes a record: mostly one that was made here."""
        others = [iri for iri in self.others if "/id/esperienza/" not in iri]
        if self.random.random() < 0.05 and len(others) > 10:
            iri = self.random.choice(others)
            return self.node.update(f"{PREFIXES} {self._removal(iri, self.others.pop(iri))}")
        iri = self.own.pop(self.random.randrange(len(self.own)))
        return self.node.update(f"{PREFIXES} {self._removal(iri, self.graph)}")

    @staticmethod
    def _removal(iri: str, graph: str) -> str:
        return (f"""WITH <{graph}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o
            FILTER (?s = <{iri}> || STRSTARTS(STR(?s), "{iri}#")) }}""")

    def any(self) -> int:
        """One more change; gives its number."""
        what = self.random.choices([self.create, self.replace, self.retouch, self.delete], [4, 3, 2, 2])[0]
        if not self.own:
            what = self.create
        return what()
