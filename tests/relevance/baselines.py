"""The two rivals: BM25 over plain words, and PostgreSQL full text in Italian."""

import re
import unicodedata
from collections import defaultdict

import bm25s  # type: ignore[import-untyped]
import numpy
import psycopg

from metrics import SHOWN
from texts import Text

RANKS = ("ts_rank(words, asked)", "ts_rank_cd(words, asked)")


def words(text: str) -> list[str]:
    """Lower-case words without accents; apostrophes and punctuation part them. No stemming."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return re.findall(
        r"[^\W_]+", "".join(char for char in folded if not unicodedata.combining(char))
    )


class Plain:
    """BM25 (k1 1.5, b 0.75) without stemming or stop words; an index for each kind, one for all."""

    def __init__(self, texts: list[Text]) -> None:
        """Indexes the texts."""
        groups: dict[str | None, list[Text]] = defaultdict(list)
        for text in texts:
            groups[None].append(text)
            groups[text.kind].append(text)
        self._names = {kind: [text.record for text in group] for kind, group in groups.items()}
        self._likeness = {text.record: words(f"{text.title}\n{text.about}") for text in texts}
        self._indexes = {kind: bm25s.BM25(k1=1.5, b=0.75) for kind in groups}
        for kind, group in groups.items():
            corpus = [words(f"{text.title}\n{text.about}\n{text.rest}") for text in group]
            self._indexes[kind].index(corpus, show_progress=False)

    def _best(self, asked: list[str], kind: str | None) -> list[str]:
        index, names = self._indexes[kind], self._names[kind]
        known = [word for word in asked if word in index.vocab_dict]
        if not known:
            return []
        scores = index.get_scores(known)
        order = numpy.argsort(-scores, kind="stable")
        return [names[place] for place in order if scores[place] > 0]

    def search(self, query: str, kind: str | None) -> list[str]:
        """The best records for a query."""
        return self._best(words(query), kind)[:SHOWN]

    def related(self, record: str) -> list[str]:
        """More like this: the record's title, description and labels as a query within its kind."""
        asked = sorted(set(self._likeness[record]))
        return [other for other in self._best(asked, record.split("/")[0]) if other != record]


class FullText:
    """PostgreSQL: title A, description and labels B, the rest C; `italian` for everything."""

    def __init__(self, connection: psycopg.Connection, texts: list[Text]) -> None:
        """Puts the texts into a table of an empty database."""
        self._connection = connection
        connection.execute("CREATE TABLE record (name text PRIMARY KEY, kind text, words tsvector)")
        vector = " || ".join(
            f"setweight(to_tsvector('italian', %s), '{weight}')" for weight in "ABC"
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO record VALUES (%s, %s, {vector})".encode(),
                [(text.record, text.kind, text.title, text.about, text.rest) for text in texts],
            )
        connection.execute("CREATE INDEX ON record USING gin (words)")

    def search(self, query: str, kind: str | None, rank: str) -> list[str]:
        """What all words find and, where that is fewer than ten, what any of them finds."""
        found = self._ranked("websearch_to_tsquery('italian', %s)", [query], kind, rank)
        if len(found) >= 10:
            return found
        # Any of the wanted words, and still none of those that the query excludes.
        excluded = " ".join(re.findall(r"(?<!\S)-\w+", query))
        wanted = re.sub(r"(?<!\S)-\w+", " ", query)
        either = "replace(plainto_tsquery('italian', %s)::text, ' & ', ' | ')::tsquery"
        expression = f"{either} && websearch_to_tsquery('italian', %s)" if excluded else either
        more = self._ranked(expression, [wanted, excluded] if excluded else [wanted], kind, rank)
        return [*found, *(record for record in more if record not in found)][:SHOWN]

    def _ranked(self, asked: str, values: list[str], kind: str | None, rank: str) -> list[str]:
        statement = f"""SELECT name FROM record, (SELECT {asked} AS asked) AS query
            WHERE words @@ asked AND (%s::text IS NULL OR kind = %s)
            ORDER BY {rank} DESC, name LIMIT {SHOWN}"""
        return [
            row[0] for row in self._connection.execute(statement.encode(), [*values, kind, kind])
        ]
