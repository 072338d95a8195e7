"""Writes ten changes a second to a node: records made, changed and deleted, and experiences of the
catalogue given another English title. Knows nothing of who reads meanwhile."""

import contextlib
import http.client
import json
import random
import threading
import time
from urllib.parse import urlencode, urlsplit

RATE = 10
SOURCE = "prova-di-raccolta"
PREFIXES = """PREFIX dct: <http://purl.org/dc/terms/> PREFIX fl: <https://w3id.org/familylab/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> """
OTHERS = PREFIXES + "SELECT ?record ?graph { GRAPH ?graph { ?record a fl:Experience } } LIMIT 1000"


class Writer:
    """What was written so far, and the thread that goes on."""

    def __init__(self, address: str, token: str):
        self.address, self.token, self.random = address, token, random.Random(1)
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)
        rows = json.loads(self._send({"query": OTHERS}, "application/sparql-results+json")[1])["results"]["bindings"]
        self.others = [(row["record"]["value"], row["graph"]["value"]) for row in rows]
        self.base = self.others[0][1].rsplit("/graph/", 1)[0]
        self.own: list[str] = []
        self.number = 0
        # The IRIs of the versions that were written; a deletion is one too.
        self.versions: list[str] = []

    def _send(self, form: dict[str, str], accept: str):
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded",
                   "Authorization": f"Bearer {self.token}"}
        self.connection.request("POST", "/sparql", urlencode(form), headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"POST /sparql: {answer.status} {body[:500]!r}")
        return answer, body

    def change(self) -> None:
        """One change more."""
        self.number += 1
        graph, text = f"{self.base}/graph/{SOURCE}", f"Prova {self.number}"
        whole = 'a fl:Competence ; skos:prefLabel "%s"@it ; skos:definition "Una prova."@it' % text
        removal = "DELETE WHERE { GRAPH <%s> { <%s> ?p ?o } }"
        what = self.random.choice(["make", "make", "change", "delete", "retitle", "retitle"])
        if what == "retitle":
            record, graph = self.random.choice(self.others)
            update = (f"WITH <{graph}> DELETE {{ <{record}> dct:title ?old }} INSERT {{ <{record}> dct:title \"{text}\"@en }}"
                      f" WHERE {{ OPTIONAL {{ <{record}> dct:title ?old FILTER (lang(?old) = \"en\") }} }}")
        elif what == "make" or not self.own:
            record = f"{self.base}/id/competenza/{SOURCE}-{self.number}"
            self.own.append(record)
            update = f"INSERT DATA {{ GRAPH <{graph}> {{ <{record}> {whole} }} }}"
        elif what == "change":
            record = self.random.choice(self.own)
            update = removal % (graph, record) + f" ; INSERT DATA {{ GRAPH <{graph}> {{ <{record}> {whole} }} }}"
        else:
            record = self.own.pop(self.random.randrange(len(self.own)))
            update = removal % (graph, record)
        answer, _ = self._send({"update": PREFIXES + update}, "*/*")
        self.versions.append(f"{record}/v/{answer.headers['Familylab-Seq']}")

    @contextlib.contextmanager
    def writing(self):
        """Writes as long as it is entered."""
        ended, failed = threading.Event(), []

        def write() -> None:
            try:
                due = time.monotonic()
                while not ended.is_set():
                    self.change()
                    due = max(due + 1 / RATE, time.monotonic() - 1)
                    ended.wait(max(0.0, due - time.monotonic()))
            except (SystemExit, OSError) as failure:
                failed.append(failure)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
        if failed:
            raise SystemExit(f"a change could not be written: {failed[0]}")
