"""Runs the plan that was written by hand: each wave's requests at the same time over kept connections,
values sent to the nodes they come from, rows joined by hash."""

import http.client
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from questions import ALL, HEAD, NETWORKS, VOCABULARY

# Connections that wait for their next request, by where they lead.
kept: dict[str, list[http.client.HTTPConnection]] = defaultdict(list)


def ask(address: str, query: str, accept: str = "application/sparql-results+json") -> tuple[int, bytes]:
    """POST to an endpoint over a connection that is kept."""
    parts = urlsplit(address)
    waiting = kept[parts.netloc]
    connection = waiting.pop() if waiting else http.client.HTTPConnection(parts.netloc, timeout=300)
    body = urlencode({"query": query})
    headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", parts._replace(scheme="", netloc="").geturl(), body, headers)
    answer = connection.getresponse()
    content = answer.read()
    waiting.append(connection)
    return answer.status, content


def rows_of(content: bytes) -> list[dict]:
    """Rows as words: kind, value and what belongs to it, so that equal terms are equal texts."""
    rows = json.loads(content)["results"]["bindings"]
    return [{name: written(term) for name, term in row.items()} for row in rows]


def written(term: dict) -> str:
    if term["type"] == "uri":
        return f"<{term['value']}>"
    if "xml:lang" in term:
        return f"{json.dumps(term['value'], ensure_ascii=False)}@{term['xml:lang']}"
    if "datatype" in term:
        return f"{json.dumps(term['value'])}^^<{term['datatype']}>"
    return json.dumps(term["value"], ensure_ascii=False)


class Hand:
    def __init__(self, endpoints: list[str]):
        self.endpoints, self.nodes = endpoints, len(endpoints)
        self.pool = ThreadPoolExecutor(32)

    def places(self, where: str) -> list[int]:
        if where == ALL:
            return list(range(1, self.nodes))
        if where == VOCABULARY:
            return [0]
        if where == NETWORKS:
            return [node for node in range(1, self.nodes) if node % 3 == 1]
        return [int(where)]

    def run(self, question) -> list[dict]:
        rows = None
        for wave in question.hand:
            places = self.places(wave.where)
            values = {place: "" for place in places}
            if wave.bind:
                values = self.values(wave, places, rows)
            query = lambda place: f"{HEAD}SELECT {wave.select} {{ {values[place]} {wave.pattern} }} {wave.after}"
            asked = lambda place: ask(self.endpoints[place], query(place))
            found = []
            for status, content in self.pool.map(asked, values):
                if status != 200:
                    raise SystemExit(f"by hand: {status} {content[:300]!r}")
                found += rows_of(content)
            rows = found if rows is None else joined(rows, found)
        return question.finish(rows)

    def values(self, wave, places: list[int], rows: list[dict]) -> dict[int, str]:
        """VALUES for each place: what it made itself, or everything where others' values may be there."""
        (name,) = wave.bind
        by_place = defaultdict(set)
        for row in rows:
            own = int(row[name].removeprefix("<http://nodo-").split(".")[0])
            for place in [own] if own in places else places:
                by_place[place].add(row[name])
        clause = lambda terms: f"VALUES ?{name} {{ {' '.join(sorted(terms))} }}"
        return {place: clause(terms) for place, terms in by_place.items()}


def joined(one: list[dict], two: list[dict]) -> list[dict]:
    if not one or not two:
        return []
    shared = sorted(set(one[0]) & set(two[0]))
    table = defaultdict(list)
    for row in two:
        table[tuple(row[name] for name in shared)].append(row)
    return [{**row, **other} for row in one for other in table[tuple(row[name] for name in shared)]]
