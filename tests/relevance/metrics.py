"""How good one ranked answer is, from 0 to 1, given the grades of what it should hold."""

from math import log2
from statistics import fmean

from judged import Grades

MEASURES = ("nDCG@10", "MRR", "recall@20")
SHOWN = 20


def ndcg(ranked: list[str], grades: Grades, depth: int = 10) -> float:
    """Discounted gain of the first answers, gain 2^grade - 1, as a share of the best order's."""

    def gained(sequence: list[int]) -> float:
        return sum(
            ((1 << grade) - 1) / log2(place + 2) for place, grade in enumerate(sequence[:depth])
        )

    best = gained(sorted(grades.values(), reverse=True))
    return gained([grades.get(record, 0) for record in ranked]) / best


def reciprocal_rank(ranked: list[str], grades: Grades) -> float:
    """One over the place of the first answer that is relevant, grade 2 or 3; 0 without any."""
    places = (place for place, record in enumerate(ranked, 1) if grades.get(record, 0) >= 2)
    return 1 / next(places, float("inf"))


def recall(ranked: list[str], grades: Grades, depth: int = SHOWN) -> float:
    """Share of all judged records that is among the first; of `depth` where there are more."""
    return len(set(ranked[:depth]) & grades.keys()) / min(depth, len(grades))


def measured(ranked: list[str], grades: Grades) -> dict[str, float]:
    """All measures of one answer."""
    values = ndcg(ranked, grades), reciprocal_rank(ranked[:SHOWN], grades), recall(ranked, grades)
    return dict(zip(MEASURES, values, strict=True))


def means(answers: list[dict[str, float]]) -> dict[str, float]:
    """The mean of each measure over answers that have the same ones."""
    return {name: fmean(answer[name] for answer in answers) for name in answers[0]}
