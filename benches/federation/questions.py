"""The questions, each with the plan that somebody would write who knows where everything is: waves of
requests, each told where to ask, what, and which values to send along."""

from dataclasses import dataclass
from typing import Callable

from data import PREFIXES, theme

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
ALL, VOCABULARY, NETWORKS = "all but the vocabulary", "the vocabulary", "those with networks"


@dataclass
class Wave:
    """Requests that go out at the same time; `bind` names the variables whose values go with them."""

    where: str
    select: str
    pattern: str
    bind: tuple = ()
    """What stands behind the pattern."""
    after: str = ""


@dataclass
class Question:
    text: str
    hand: list
    """Makes the rows of the answer out of those that the waves gathered."""
    finish: Callable = lambda rows: rows
    """Whether any rows will do, of which the answer is to have this many."""
    any_rows: int | None = None
    """Whether one store can be asked the same, and an engine that has no names for sources."""
    is_plain: bool = True


def grouped(key: str):
    def finish(rows):
        groups = {}
        for row in rows:
            groups[row[key]] = groups.get(row[key], 0) + 1
        return [{key: value, "n": str(count)} for value, count in groups.items()]

    return finish


def latest(rows):
    rows.sort(key=lambda row: row["e"])
    rows.sort(key=lambda row: row["d"], reverse=True)
    return [{name: row[name] for name in ("e", "t", "b") if name in row} for row in rows[:10]]


def only(*names):
    return lambda rows: [{name: row[name] for name in names if name in row} for row in rows]


STAR = "?e a fl:Experience ; dct:title ?t ; dct:subject %s ; fl:budget ?b" % theme(7)
LACKING = "?e a fl:Experience ; dct:subject %s . FILTER NOT EXISTS { ?e fl:evidenceLevel ?x }" % theme(3)
BELOW = f"?th skos:broader* {theme(1)}"
ASILO = '?e a fl:Experience ; dct:title ?t ; fl:leadActor ?a . FILTER(CONTAINS(?t, "Asilo"))'
RECENT = "?e a fl:Experience ; dct:title ?t ; fl:startDate ?d OPTIONAL { ?e fl:budget ?b }"

QUESTIONS = {
    "star": Question(f"SELECT ?e ?t ?b {{ {STAR} }}", [Wave(ALL, "?e ?t ?b", STAR)]),
    "vocabulary": Question(
        'SELECT ?e ?t { ?th skos:prefLabel "Tema 7"@it . ?e dct:subject ?th ; dct:title ?t }',
        [
            Wave(VOCABULARY, "?th", '?th skos:prefLabel "Tema 7"@it'),
            Wave(ALL, "?e ?t ?th", "?e dct:subject ?th ; dct:title ?t", ("th",)),
        ],
        only("e", "t"),
    ),
    "members": Question(
        "SELECT ?n ?l { ?net a fl:Network ; skos:prefLabel ?n ; fl:member ?a . ?a skos:prefLabel ?l }",
        [
            Wave(NETWORKS, "?n ?a", "?net a fl:Network ; skos:prefLabel ?n ; fl:member ?a"),
            Wave(ALL, "?a ?l", "?a skos:prefLabel ?l", ("a",)),
        ],
        only("n", "l"),
    ),
    "optional-top-10": Question(
        f"SELECT ?e ?t ?b {{ {RECENT} }} ORDER BY DESC(?d) ?e LIMIT 10",
        [Wave(ALL, "?e ?t ?d ?b", RECENT, after="ORDER BY DESC(?d) ?e LIMIT 10")],
        latest,
    ),
    "count-by-theme": Question(
        'SELECT ?l (COUNT(?e) AS ?n) { ?e dct:subject ?th . ?th skos:prefLabel ?l FILTER(LANG(?l) = "it") } GROUP BY ?l',
        [
            Wave(VOCABULARY, "?th ?l", '?th skos:prefLabel ?l FILTER(LANG(?l) = "it")'),
            Wave(ALL, "?e ?th", "?e dct:subject ?th"),
        ],
        grouped("l"),
    ),
    "two-stars": Question(
        'SELECT ?t ?name ?h { ?th skos:prefLabel "Tema 5"@it . ?e a fl:Experience ; dct:title ?t ; dct:subject ?th ; '
        "fl:leadActor ?a . ?a skos:prefLabel ?name ; foaf:homepage ?h }",
        [
            Wave(VOCABULARY, "?th", '?th skos:prefLabel "Tema 5"@it'),
            Wave(ALL, "?t ?a ?th", "?e a fl:Experience ; dct:title ?t ; dct:subject ?th ; fl:leadActor ?a", ("th",)),
            Wave(ALL, "?a ?name ?h", "?a skos:prefLabel ?name ; foaf:homepage ?h", ("a",)),
        ],
        only("t", "name", "h"),
    ),
    "limit-10": Question(
        "SELECT ?e ?t { ?e a fl:Experience ; dct:title ?t } LIMIT 10",
        [Wave("1", "?e ?t", "?e a fl:Experience ; dct:title ?t", after="LIMIT 10")],
        any_rows=10,
    ),
    "not-exists": Question(f"SELECT ?e {{ {LACKING} }}", [Wave(ALL, "?e", LACKING)]),
    "path": Question(
        f"SELECT ?e ?t {{ {BELOW} . ?e dct:subject ?th ; dct:title ?t }}",
        [
            Wave(VOCABULARY, "?th", BELOW),
            Wave(ALL, "?e ?t ?th", "?e dct:subject ?th ; dct:title ?t", ("th",)),
        ],
        only("e", "t"),
    ),
    "text": Question(
        f"SELECT ?t ?l {{ {ASILO} ?a skos:prefLabel ?l }}",
        [Wave(ALL, "?t ?a", ASILO), Wave(ALL, "?a ?l", "?a skos:prefLabel ?l", ("a",))],
        only("t", "l"),
    ),
    "same-as": Question(
        "SELECT ?la ?lb { ?a owl:sameAs ?b ; skos:prefLabel ?la . ?b skos:prefLabel ?lb }",
        [
            Wave(ALL, "?la ?b", "?a owl:sameAs ?b ; skos:prefLabel ?la"),
            Wave(ALL, "?b ?lb", "?b skos:prefLabel ?lb", ("b",)),
        ],
        only("la", "lb"),
    ),
    "provenance": Question(
        "SELECT ?node (COUNT(?e) AS ?n) { GRAPH ?node { ?e a fl:Experience } } GROUP BY ?node",
        [Wave(ALL, "?e", "?e a fl:Experience")],
        is_plain=False,
    ),
    "chain": Question(
        "SELECT ?e ?l { ?e fl:transferredFrom ?o . ?o fl:leadActor ?a . ?a skos:prefLabel ?l }",
        [
            Wave(ALL, "?e ?o", "?e fl:transferredFrom ?o"),
            Wave(ALL, "?o ?a", "?o fl:leadActor ?a", ("o",)),
            Wave(ALL, "?a ?l", "?a skos:prefLabel ?l", ("a",)),
        ],
        only("e", "l"),
    ),
}
