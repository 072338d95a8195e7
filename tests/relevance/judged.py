"""The judged files: queries.tsv, judgments.tsv, related.tsv."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TRACKS = {"experiences": "esperienza", "all": None}

Grades = dict[str, int]


@dataclass(frozen=True)
class Query:
    """One line of queries.tsv."""

    id: str
    track: str
    kind: str
    language: str
    text: str

    @property
    def only(self) -> str | None:
        """The kind of record that this track is restricted to."""
        return TRACKS[self.track]


def rows(name: str) -> list[list[str]]:
    """The lines of a file below its heading."""
    with open(HERE / name, encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def queries() -> list[Query]:
    """All queries, in the order of the file."""
    return [Query(*row) for row in rows("queries.tsv")]


def graded(name: str) -> dict[str, Grades]:
    """The grades of judgments.tsv or related.tsv: for each query or record those of its answers."""
    grades: dict[str, Grades] = defaultdict(dict)
    for asked, record, grade in rows(name):
        grades[asked][record] = int(grade)
    return dict(grades)
