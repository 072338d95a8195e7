"""Measures search and related records against the judged files, beside two baselines.

Prints Markdown. With a node it measures ours, plain BM25 and PostgreSQL; offline the baselines
alone, over the texts in the repository's files.
"""

import argparse
import json
import signal
import sys
from pathlib import Path
from statistics import fmean
from typing import Any

import judged
from baselines import RANKS, FullText, Plain
from cluster import cluster
from judged import Grades, Query
from metrics import MEASURES, means, measured, ndcg, recall
from node import Node
from texts import Text, files, read

Ranked = dict[str, list[str]]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--node", help="address of a running node with the demonstration catalogue")
    source.add_argument("--offline", action="store_true", help="only the baselines, over the files")
    parser.add_argument("--json", type=Path, help="write all numbers and answers to this file")
    parser.add_argument(
        "--before", type=Path, help="such a file of an earlier run: list what changed"
    )
    parser.add_argument(
        "--at-least", type=float, help="fail when our nDCG@10 is lower, or not the best"
    )
    parser.add_argument(
        "--alternative-labels", action="store_true", help="give the baselines the synonyms too"
    )
    parser.add_argument(
        "--folder", type=Path, help="where PostgreSQL keeps its files while it runs"
    )
    chosen = parser.parse_args()
    if chosen.offline and (chosen.before or chosen.at_least is not None):
        parser.error("--before and --at-least need a node")
    return chosen


def postgresql(
    texts: list[Text], queries: list[Query], grades: dict[str, Grades], folder: Path | None
) -> tuple[str, Ranked]:
    """PostgreSQL's ranking function that does better here, and the answers with it."""
    with cluster(folder) as connection:
        rival = FullText(connection, texts)
        runs = {
            rank: {query.id: rival.search(query.text, query.only, rank) for query in queries}
            for rank in RANKS
        }
    best = max(
        RANKS,
        key=lambda rank: sum(ndcg(runs[rank][query.id], grades[query.id]) for query in queries),
    )
    return best.split("(")[0], runs[best]


def groups(queries: list[Query]) -> dict[str, list[Query]]:
    """All queries, those of each track and those of each kind."""
    found = {"all queries": queries}
    for query in queries:
        found.setdefault(f"track {query.track}", []).append(query)
    for query in sorted(queries, key=lambda query: query.kind):
        found.setdefault(query.kind, []).append(query)
    return found


def table(heading: list[str], lines: list[list[str]]) -> str:
    """A Markdown table; the first column is text."""
    rule = ["---"] + ["--:" if line.replace(".", "").isdigit() else "---" for line in lines[0][1:]]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heading, rule, *lines]) + "\n"


def search_table(queries: list[Query], values: dict[str, dict[str, dict[str, float]]]) -> str:
    """Each measure of each system, over all queries and over each group of them."""
    lines = []
    for group, members in groups(queries).items():
        scores = {
            system: means([answers[query.id] for query in members])
            for system, answers in values.items()
        }
        cells = [f"{scores[system][measure]:.3f}" for measure in MEASURES for system in values]
        lines.append([group, str(len(members)), *cells])
    measures = [f"{measure} {system}" for measure in MEASURES for system in values]
    return table(["queries", "n", *measures], lines)


def worst_table(
    queries: list[Query],
    grades: dict[str, Grades],
    ranked: Ranked,
    values: dict[str, dict[str, float]],
) -> str:
    """The ten queries with the lowest nDCG@10, what came first and what should have."""
    lines = []
    for query in sorted(queries, key=lambda query: values[query.id]["nDCG@10"])[:10]:
        first = [f"{record} ({grades[query.id].get(record, 0)})" for record in ranked[query.id][:3]]
        wanted = sorted(grades[query.id], key=lambda record: -grades[query.id][record])[:3]
        missed = [f"{record} ({grades[query.id][record]})" for record in wanted]
        value = f"{values[query.id]['nDCG@10']:.3f}"
        asked = f"{query.id} {query.text}".replace("|", "/")
        lines.append([asked, value, ", ".join(first), ", ".join(missed)])
    return table(["query", "nDCG@10", "came first", "should have"], lines)


def related_table(grades: dict[str, Grades], answers: dict[str, Ranked]) -> str:
    """The related records of each system, over all seeds and those of each kind."""
    lines = []
    for kind in ["", *sorted({record.split("/")[0] for record in grades})]:
        seeds = [record for record in grades if record.startswith(kind)]
        cells = []
        for measure in (ndcg, recall):
            for ranked in answers.values():
                values = [measure(ranked[record], grades[record], 10) for record in seeds]
                cells.append(f"{fmean(values):.3f}")
        lines.append([kind or "all seeds", str(len(seeds)), *cells])
    measures = [f"{name} {system}" for name in ("nDCG@10", "recall@10") for system in answers]
    return table(["seeds", "n", *measures], lines)


def changes(before: Path, values: dict[str, dict[str, float]]) -> str:
    """The queries whose nDCG@10 is not what it was, the most changed first."""
    earlier = json.loads(before.read_text())["search"]["ours"]["queries"]
    lines = []
    for query in sorted(set(values) & set(earlier)):
        was, is_now = earlier[query]["nDCG@10"], values[query]["nDCG@10"]
        if abs(is_now - was) > 0.001:
            lines.append([query, f"{was:.3f}", f"{is_now:.3f}"])
    lines.sort(key=lambda line: -abs(float(line[1]) - float(line[2])))
    return table(["query", "before", "now"], lines) if lines else "No query changed.\n"


def main() -> None:
    """Asks everyone everything and prints what came of it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = arguments()
    queries = judged.queries()
    grades, relations = judged.graded("judgments.tsv"), judged.graded("related.tsv")
    node = Node(chosen.node) if chosen.node else None
    if node:
        node.wait()
    texts = read(node.ask if node else files(), chosen.alternative_labels)
    plain = Plain(texts)
    rank, completed = postgresql(texts, queries, grades, chosen.folder)

    ranked: dict[str, Ranked] = (
        {"ours": {query.id: node.search(query) for query in queries}} if node else {}
    )
    ranked["plain"] = {query.id: plain.search(query.text, query.only) for query in queries}
    ranked["postgresql"] = completed
    related: dict[str, Ranked] = (
        {"ours": {record: node.related(record) for record in relations}} if node else {}
    )
    related["plain"] = {record: plain.related(record)[:10] for record in relations}

    values = {
        system: {query.id: measured(answers[query.id], grades[query.id]) for query in queries}
        for system, answers in ranked.items()
    }
    shown = "ours" if node else "plain"
    print(f"{len(queries)} queries over {len(texts)} records. postgresql ranks with {rank}.\n")
    print(search_table(queries, values))
    print(f"The ten worst queries of {shown} (grades in brackets):\n")
    print(worst_table(queries, grades, ranked[shown], values[shown]))
    print(f"Related records, {len(relations)} seeds:\n")
    print(related_table(relations, related))
    if chosen.before:
        print(changes(chosen.before, values["ours"]))

    overall = {system: means(list(answers.values())) for system, answers in values.items()}
    if chosen.json:
        numbers: dict[str, Any] = {"rank": rank, "search": {}, "related": related}
        for system in ranked:
            numbers["search"][system] = {
                "mean": overall[system],
                "queries": values[system],
                "answers": ranked[system],
            }
        chosen.json.write_text(json.dumps(numbers, indent=1, ensure_ascii=False) + "\n")
    if chosen.at_least is not None:
        reached = overall.pop("ours")["nDCG@10"]
        goal = max(chosen.at_least, *(rival["nDCG@10"] for rival in overall.values()))
        if reached < goal:
            sys.exit(f"relevance: nDCG@10 of ours is {reached:.3f}; it should be {goal:.3f}")


if __name__ == "__main__":
    main()
