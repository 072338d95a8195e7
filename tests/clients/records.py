"""Records as sets of statements, whatever they were harvested from, and what tells two harvests
apart. Knows no interface."""

import hashlib
import re
from collections.abc import Iterable

import rdflib

# A literal says what was served, not what Python makes of it.
rdflib.NORMALIZE_LITERALS = False

STRING = "http://www.w3.org/2001/XMLSchema#string"
TERM = re.compile(r'<([^>]*)>|(_:\S+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?')
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

# (subject, property, value): a value is an IRI, or a text with its language or its type.
Statement = tuple[str, str, tuple[str, ...]]
# The statements of each record, by its IRI.
Records = dict[str, set[Statement]]


def fail(what: str) -> None:
    raise SystemExit(what)


def value(term) -> tuple[str, ...]:
    """An object of rdflib."""
    if not isinstance(term, rdflib.Literal):
        return (str(term),)
    if term.language:
        return (str(term), "@" + term.language.lower())
    return (str(term), str(term.datatype or STRING))


def statement(subject, predicate, object) -> Statement:
    """Three terms of rdflib."""
    return (str(subject), str(predicate), value(object))


def unescaped(text: str) -> str:
    def character(found: re.Match) -> str:
        code = found[1] or found[2]
        return chr(int(code, 16)) if code else SHORT.get(found[3], found[3])

    return ESCAPE.sub(character, text) if "\\" in text else text


def quad(line: str) -> tuple[Statement, str]:
    """A line of N-Quads: the statement, and the graph or an empty text. Section 2 of N-Quads."""
    terms = [found for found in TERM.finditer(line)]
    subject, predicate, object = terms[:3]
    if object[3] is None:
        what = (unescaped(object[1]) if object[1] is not None else object[2],)
    elif object[4]:
        what = (unescaped(object[3]), "@" + object[4].lower())
    else:
        what = (unescaped(object[3]), object[5] or STRING)
    graph = unescaped(terms[3][1]) if len(terms) == 4 else ""
    return (unescaped(subject[1] or ""), unescaped(predicate[1]), what), graph


def record_of(iri: str) -> str:
    """The record that an IRI belongs to: itself, or what stands before its fragment."""
    return iri.split("#", 1)[0]


def grouped(statements: Iterable[Statement], base: str, kinds: Iterable[str]) -> Records:
    """The statements about records of some kinds, by record."""
    beginnings = tuple(f"{base}/id/{kind}/" for kind in kinds)
    records: Records = {}
    for one in statements:
        if one[0].startswith(beginnings):
            records.setdefault(record_of(one[0]), set()).add(one)
    return records


def digest(statements: set[Statement]) -> str:
    """The same for the same statements in any order."""
    lines = sorted(repr(one) for one in statements)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def digests(records: Records) -> dict[str, str]:
    return {iri: digest(statements) for iri, statements in records.items()}


def same(name: str, found: Records, expected: Records) -> None:
    """Ends the run where two harvests differ, and says in what."""
    if digests(found) == digests(expected):
        return
    lines = [f"{name}: {len(found)} records, expected {len(expected)}"]
    lines += [f"missing: {iri}" for iri in sorted(expected.keys() - found.keys())[:5]]
    lines += [f"too many: {iri}" for iri in sorted(found.keys() - expected.keys())[:5]]
    differing = [iri for iri in sorted(found.keys() & expected.keys()) if found[iri] != expected[iri]]
    lines.append(f"{len(differing)} records differ")
    for iri in differing[:3]:
        lines += [f"+ {one}" for one in sorted(found[iri] - expected[iri])[:5]]
        lines += [f"- {one}" for one in sorted(expected[iri] - found[iri])[:5]]
    fail("\n".join(lines))
