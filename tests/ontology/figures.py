"""The table of competency questions in the README: each figure it gives is worked out again from
the expected rows of the query, in tests/queries."""

import csv
import re

from graphs import README, ROOT, fail


def rows(name: str) -> list[dict]:
    with open(ROOT / "tests" / "queries" / f"{name}.csv", newline="", encoding="utf-8") as file:
        next(file)  # the parameters
        return list(csv.DictReader(file))


def distinct(rows: list[dict], *columns: str) -> int:
    return len({tuple(row[column] for column in columns) for row in rows})


def count(rows: list[dict], column: str, value: str) -> int:
    return sum(row[column] == value for row in rows)


def number(text) -> str:
    return f"{round(float(text)):,}"


def by_theme(all_rows: list[dict], name: str) -> list[dict]:
    return [row for row in all_rows if row["nome_tema"] == name]


def mean(scores: list[dict], criterion: str) -> str:
    own = [row for row in scores if row["nome_criterio"] == criterion]
    total = sum(float(row["media"]) * int(row["valutazioni"]) for row in own)
    return f"{total / sum(int(row['valutazioni']) for row in own):.2f}"


def places():
    found = rows("esperienze-per-tema-e-regione")
    here = rows("esperienze-per-tema-e-regione.regione")
    cost = {row["titolo"]: number(row["spesa"]) for row in here}
    yield f"{distinct(found, 'esperienza')} experiences in {len(found)} rows"
    yield f"{distinct(here, 'esperienza')} of them in Emilia-Romagna"
    yield f"Bologna, {cost['Nido a fasce leggere al Pilastro: frequenza a moduli']} euro"
    yield f"Parma, {cost['Quoziente familiare per le tariffe scolastiche a Parma']}"


def gaps():
    yield f"{len(rows('vuoti-di-copertura'))} of "


def chains():
    found = rows("catene-di-trasferimento")
    yield f"{len(found)} pairs: {count(found, 'passaggi', '1')} direct, {count(found, 'passaggi', '2')} at two steps"


def transfers():
    found = rows("esperienze-trasferite-con-adattamenti")
    parts = [count(found, "nome_aspetto", name) for name in ("Adottato", "Adattato", "Lasciato", "Aiuto ricevuto")]
    yield "{} transfers: {} things adopted, {} adapted, {} dropped, {} helped".format(
        distinct(found, "origine", "ripresa"), *parts)


def costs():
    found = rows("costo-per-tema-e-anno")
    yield f"{len(found)} rows on {distinct(found, 'tema')} themes"
    [nurseries] = [row for row in by_theme(found, "Nidi e micronidi") if row["anno"] == "2025"]
    yield f"{number(nurseries['una_volta'])} euro once and {number(nurseries['ogni_anno'])} that come back"


def sources():
    found = rows("fonti-di-finanziamento-per-regione")
    first: dict = {}
    for row in found:
        best = first.get(row["regione"])
        if best is None or float(row["importo"] or 0) > float(best["importo"] or 0):
            first[row["regione"]] = row
    yield f"{len(found)} rows over all {len(first)} Regions"
    yield f"municipal budgets pay in {count(found, 'nome_fonte', 'Bilancio comunale')} of them"
    yield f"regional funds in {count(found, 'nome_fonte', 'Fondi regionali')}"
    yield f"pay most in {count(list(first.values()), 'nome_fonte', 'Fondi regionali')}"
    plan = {row["nome_regione"]: row["per_cento"] for row in found if "ripresa" in row["nome_fonte"]}
    yield f"{len(plan)} Regions have money"
    yield f"{plan['Calabria']} per cent in Calabria, {plan['Molise']} in Molise, {plan['Toscana']} in Toscana"


def obstacles():
    found = rows("ostacoli-ricorrenti")
    yield f"{len(found)} rows"
    shares = {"66.7": "two experiences of three", "50": "half of the experiences"}
    yield shares.get(by_theme(found, "Adolescenza e giovani in famiglia")[0]["per_cento"], "another share")


def alike():
    found = rows("esperienze-simili-per-bisogno")
    yield f"{distinct(found, 'esperienza')} for early childhood, in {len(found)} rows"


def evidence():
    found = rows("evidenza-per-tema")
    words = ["no", "one", "two", "three", "four", "five", "six"]
    own = {row["nome_livello"]: words[int(row["esperienze"])] for row in by_theme(found, "Nidi e micronidi")}
    yield f"{len(found)} rows"
    yield f"{own['Consolidata']} consolidated, {own['Promettente']} promising, {own['Emergente']} emerging"


def indicators():
    found = rows("indicatori-migliorati")
    yield f"{len(found)} indicators"
    yield f"from {found[0]['partenza']} to {found[0]['valore']}"


def scores():
    found = rows("punteggi-medi-per-criterio-e-regione")
    yield f"{len(found)} rows"
    yield f"lowest ({mean(found, 'Sostenibilità')} of 4"
    yield f"equity ({mean(found, 'Equità e accessibilità')})"
    yield f"highest ({mean(found, 'Efficacia')})"


def partners():
    yield f"{len(rows('partner-frequenti'))} pairs"


def never_leading():
    yield f"{len(rows('attori-mai-capofila'))} actors"


def vertical():
    yield f"{distinct(rows('reti-tra-livelli-di-governo'), 'rete')} vertical networks"


def memberships():
    found = rows("reti-e-loro-membri-nel-tempo")
    ended = sum(row["al"] != "" for row in found)
    yield f"{len(found)} memberships in {distinct(found, 'rete')} networks, {ended} of them ended"
    yield f"{len(rows('reti-e-loro-membri-nel-tempo.anno'))} were current"


def steps():
    found = rows("passi-di-un-percorso")
    yield f"{distinct(found, 'percorso')} paths, {distinct(found, 'percorso', 'posizione')} steps"


def competences():
    found = rows("competenze-richieste-e-offerte")
    yield f"{distinct(found, 'competenza')} competences"
    yield f"({found[0]['esperienze']} experiences)"


def small_places():
    found = rows("comuni-piccoli-attivi")
    lead = [row for row in found if int(row["guidate"])]
    yield (f"{distinct(lead, 'comune')} of the {distinct(found, 'comune')} municipalities below 5,000 inhabitants "
           f"that take part, through {distinct(lead, 'ente')} bodies")


def to_review():
    found = rows("schede-da-aggiornare")
    yield f"{len(found)} in order"
    yield f"{count(found, 'verificata', '')} were never reviewed"


def history():
    found = rows("storia-dei-comuni")
    yield f"{distinct(found, 'soppresso')} since"
    yield f"became {distinct(found, 'comune')} of today"


# By the number of the question.
FIGURES = [places, gaps, chains, transfers, costs, sources, obstacles, alike, evidence, indicators, scores, partners,
           never_leading, vertical, memberships, steps, competences, small_places, to_review, history]


def check() -> None:
    answers = dict(re.findall(r"^\| (\d+) \|.*?\| ([^|]*) \|$", README.read_text(encoding="utf-8"), re.M))
    if len(answers) != len(FIGURES):
        fail(f"the table of competency questions has {len(answers)} rows, and {len(FIGURES)} are checked")
    said = 0
    for place, figures in enumerate(FIGURES, 1):
        for figure in figures():
            said += 1
            if figure not in answers[str(place)]:
                fail(f"competency question {place}: the rows say “{figure}”, the README “{answers[str(place)]}”")
    print(f"figures: {said} in the {len(answers)} answers to competency questions follow from tests/queries")
