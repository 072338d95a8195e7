"""The judged files hold together: records exist, every query is judged, nothing comes twice."""

import csv
import re
import sys
from collections import Counter

import judged
from judged import ROOT, TRACKS

KINDS = {
    "words",
    "synonym",
    "mistyped",
    "english",
    "place",
    "long",
    "acronym",
    "phrase",
    "known-item",
    "negative",
    "mismatch",
}
LEAST = {"queries": 90, "experiences": 75, "all": 15, "seeds": 45, "mismatch": 24}


def known() -> set[str]:
    """The records of the demonstration catalogue, the territory, the themes and the recipients."""
    records: set[str] = set()
    for file in (ROOT / "data/demo").glob("*.ttl"):
        records.update(
            re.findall(r"^<([a-z]+/[^#>]+)>", file.read_text(encoding="utf-8"), re.MULTILINE)
        )
    for name in ("regions", "provinces", "municipalities"):
        with open(ROOT / f"data/territory/{name}.csv", encoding="utf-8", newline="") as lines:
            records.update(f"territorio/{row['slug']}" for row in csv.DictReader(lines))
    for name, kind in (("themes", "tema"), ("target-groups", "destinatario")):
        text = (ROOT / f"ontology/vocabularies/{name}.ttl").read_text(encoding="utf-8")
        found = re.findall(rf"^{kind}:([a-z0-9-]+) a skos:Concept", text, re.MULTILINE)
        records.update(f"{kind}/{concept}" for concept in found)
    return records


def faults() -> list[str]:
    """What is wrong with the files, in words."""
    found = []
    records, queries = known(), judged.queries()
    lines = {name: judged.rows(f"{name}.tsv") for name in ("queries", "judgments", "related")}
    for name, rows in lines.items():
        keys = Counter((row[0],) if name == "queries" else tuple(row[:2]) for row in rows)
        found += [
            f"{name}: {' '.join(key)} comes {count} times"
            for key, count in keys.items()
            if count > 1
        ]
    found += [
        f"queries: the text of {row[0]} has blanks around it"
        for row in lines["queries"]
        if row[4] != row[4].strip()
    ]
    texts = Counter((query.track, query.text.lower()) for query in queries)
    found += [
        f"queries: {text!r} is asked {count} times" for text, count in texts.items() if count > 1
    ]
    for query in queries:
        if (
            query.track not in TRACKS
            or query.kind not in KINDS
            or query.language not in ("it", "en")
        ):
            found.append(f"queries: {query.id} has an unknown track, kind or language")
        elif query.kind == "long" and not 15 <= len(query.text.split()) <= 40:
            found.append(f"queries: {query.id} is not 15 to 40 words long")
    asked = {query.id: query for query in queries}
    for name in ("judgments", "related"):
        for first, record, grade in lines[name]:
            if grade not in ("1", "2", "3"):
                found.append(f"{name}: {first} {record} has the grade {grade}")
            if record not in records:
                found.append(f"{name}: there is no {record}")
            if first not in (asked if name == "judgments" else records):
                found.append(f"{name}: there is no {first}")
            if name == "related" and (
                first == record or first.split("/")[0] != record.split("/")[0]
            ):
                found.append(f"related: {record} cannot be related to {first}")
            if (
                name == "judgments"
                and first in asked
                and asked[first].only not in (None, record.split("/")[0])
            ):
                found.append(f"judgments: {record} is not of the track of {first}")
    relevant = {row[0] for row in lines["judgments"] if row[2] in ("2", "3")}
    found += [
        f"judgments: nothing is relevant to {query}" for query in asked if query not in relevant
    ]

    experiences = [
        record
        for record in {row[0] for row in lines["related"]}
        if record.startswith("esperienza/")
    ]
    counts = Counter(query.track for query in queries) + Counter(query.kind for query in queries)
    counts.update({"queries": len(queries), "seeds": len(experiences)})
    found += [
        f"{counts[name]} {name}, at least {least} wanted"
        for name, least in LEAST.items()
        if counts[name] < least
    ]
    print(
        f"{len(queries)} queries ({counts['experiences']} experiences, {counts['all']} all), "
        f"{len(lines['judgments'])} judgments, {len({row[0] for row in lines['related']})} seeds "
        f"({len(experiences)} experiences), {len(lines['related'])} related"
    )
    return found


if __name__ == "__main__":
    if wrong := faults():
        sys.exit("\n".join(wrong))
