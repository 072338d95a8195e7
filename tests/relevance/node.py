"""A running node, asked over HTTP."""

import csv
import io
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from functools import cached_property

from judged import Query
from metrics import SHOWN
from texts import name

JSON = "application/json"


class Node:
    """The node at an address; its identifiers may begin with another."""

    def __init__(self, address: str) -> None:
        """With or without a slash at the end of the address."""
        self._address = address.rstrip("/")

    def _get(self, path: str, accept: str, **parameters: str | int | None) -> str:
        given = {key: value for key, value in parameters.items() if value is not None}
        url = f"{self._address}{path}?{urllib.parse.urlencode(given)}"
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, headers={"Accept": accept}), timeout=60
            ) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            raise SystemExit(
                f"relevance: {error.code} from {url}: {error.read(500).decode()}"
            ) from error

    def search(self, query: Query) -> list[str]:
        """The records found, the best first."""
        answer = self._get(
            "/search", JSON, q=query.text, kind=query.only, lang=query.language, limit=SHOWN
        )
        return [name(hit["iri"]) for hit in json.loads(answer)["hits"]]

    def related(self, record: str) -> list[str]:
        """The records that the node shows beside one."""
        answer = self._get("/related", JSON, iri=f"{self._base}/id/{record}", limit=10)
        return [name(hit["iri"]) for hit in json.loads(answer)["related"]]

    def ask(self, query: str) -> list[dict[str, str]]:
        """The rows of a SPARQL query."""
        return list(
            csv.DictReader(io.StringIO(self._get("/sparql", "text/csv", query=query), newline=""))
        )

    def wait(self, seconds: float = 120) -> None:
        """Until the index holds the catalogue: as many hits as a second before, and not none."""
        before, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            total = json.loads(self._get("/search", JSON, q="famiglie", limit=1))["total"]
            if total and total == before:
                return
            before = total
            time.sleep(1)
        raise SystemExit(f"relevance: the index of {self._address} does not settle")

    @cached_property
    def _base(self) -> str:
        """What the node's identifiers begin with."""
        one = """PREFIX fl: <https://w3id.org/familylab/ontology#>
            SELECT ?iri { ?iri a fl:Experience FILTER(CONTAINS(STR(?iri), "/id/")) } LIMIT 1"""
        return self.ask(one)[0]["iri"].split("/id/")[0]
