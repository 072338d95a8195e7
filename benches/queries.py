"""The named queries over HTTP, here and at Oxigraph's server, which must answer the same rows."""

import json
import re
import statistics
import time
from urllib.parse import urlencode

RESULTS = {"Accept": "application/sparql-results+json"}
XSD = "http://www.w3.org/2001/XMLSchema#"
WARM_UP = 2

# Values that narrow each query; all are run with nothing but their defaults as well. `?name` stands
# for a record that the data are asked for, by PICKS.
NARROW = {
    "attori-mai-capofila": [{"regione": "territorio/campania", "volte": "1"}],
    "catene-di-trasferimento": [{"passaggi": "3"}, {"origine": "?origine"}],
    "competenze-richieste-e-offerte": [{"tema": "tema/migrazioni-e-intercultura", "regione": "territorio/sicilia"}],
    "comuni-piccoli-attivi": [{"regione": "territorio/marche", "abitanti": "1500"}],
    "costo-per-tema-e-anno": [{"tema": "tema/servizi-prima-infanzia", "dal": "2024", "al": "2025", "lingua": "en"}],
    "esperienze-per-tema-e-regione": [
        {"tema": "tema/servizi-prima-infanzia", "regione": "territorio/emilia-romagna"},
        {"regione": "territorio/molise", "spesa": "50000", "lingua": "en"},
    ],
    "esperienze-simili-per-bisogno": [
        {"tema": "tema/poverta-educativa", "destinatario": "destinatario/adolescenti", "abitanti": "30000"},
    ],
    "esperienze-trasferite-con-adattamenti": [{"tema": "tema/caregiver-familiari"}, {"origine": "?origine"}],
    "evidenza-per-tema": [{"tema": "tema/sostegno-alla-genitorialita", "regione": "territorio/emilia-romagna"}],
    "fonti-di-finanziamento-per-regione": [{"regione": "territorio/calabria", "tema": "tema/servizi-prima-infanzia"}],
    "indicatori-migliorati": [{"tema": "tema/servizi-prima-infanzia", "variazione": "20"}],
    "ostacoli-ricorrenti": [{"tema": "tema/migrazioni-e-intercultura", "volte": "1", "lingua": "en"}],
    "partner-frequenti": [{"attore": "?attore", "volte": "1"}],
    "passi-di-un-percorso": [{"percorso": "?percorso"}],
    "punteggi-medi-per-criterio-e-regione": [{"regione": "territorio/toscana", "dal": "2025-01-01"}],
    "reti-e-loro-membri-nel-tempo": [{"rete": "?rete"}, {"anno": "2024", "lingua": "en"}],
    "reti-tra-livelli-di-governo": [{"livelli": "3", "lingua": "en"}],
    "schede-da-aggiornare": [{"prima": "2025-01-01"}, {"capofila": "?attore"}],
    "storia-dei-comuni": [{"entro": "territorio/trentino-alto-adige", "dal": "2018-01-01"}],
    "vuoti-di-copertura": [{"regione": "territorio/molise"}],
}

# Records of the generated catalogue, whose names nobody knows beforehand: those with most to tell.
PICKS = {
    "attore": "?experience fl:leadActor ?record",
    "origine": "?taken fl:transferredFrom ?record",
    "percorso": "?record fl:step ?step",
    "rete": "?record fl:membership ?membership",
}
PICK = """PREFIX fl: <https://w3id.org/familylab/ontology#>
SELECT ?record WHERE { %s } GROUP BY ?record ORDER BY DESC(COUNT(*)) ?record LIMIT 1"""
SHARED = "https://w3id.org/familylab/id/"


def cases(node, listed: list[dict], base: str) -> list[tuple[str, dict]]:
    """Every query the node lists, with its defaults and with the values that narrow it."""
    texts = {query["name"]: node.ask("GET", f"/q/{query['name']}.rq", {})[1] for query in listed}
    # Oxigraph's server has no text index to search.
    names = [name for name, text in texts.items() if b"SERVICE fl:" not in text]
    if set(names) != set(NARROW):
        raise SystemExit(f"not the queries that are measured: {set(names) ^ set(NARROW)}")
    picked = {}
    for name, pattern in PICKS.items():
        rows = json.loads(post(node, "/sparql", PICK % pattern))["results"]["bindings"]
        if not rows:
            raise SystemExit(f"the data hold no {name}")
        picked[f"?{name}"] = rows[0]["record"]["value"].removeprefix(f"{base}/id/")
    narrowed = lambda values: {name: picked.get(value, value) for name, value in values.items()}
    return [(name, narrowed(values)) for name in names for values in [{}, *NARROW[name]]]


def measure(node, rival, repeats: int) -> list[dict]:
    """Times each case at both `/sparql`, and at `/q/{name}` here, in turns."""
    listed = json.loads(node.ask("GET", "/q", {})[1])["queries"]
    parameters = {query["name"]: query["parameters"] for query in listed}
    base = listed[0]["address"].split("/q/")[0]
    measured = []
    for name, values in cases(node, listed, base):
        text = node.ask("GET", f"/q/{name}.rq", {})[1].decode()
        text = bound(text, parameters[name], values, base)
        named = f"/q/{name}" + (f"?{urlencode(values)}" if values else "")
        rivals = {
            "oxigraph": lambda text=text: post(rival, "/query", text),
            "sparql": lambda text=text: post(node, "/sparql", text),
            "named": lambda named=named: node.ask("GET", named, RESULTS)[1],
        }
        rows = {who: answered(asked()) for who, asked in rivals.items()}
        if not rows["oxigraph"] == rows["sparql"] == rows["named"]:
            raise SystemExit(f"{name} {values}: the rows differ: { {k: len(v) for k, v in rows.items()} }")
        times = {who: [] for who in rivals}
        for turn in range(WARM_UP + repeats):
            for who, asked in rivals.items():
                start = time.perf_counter()
                asked()
                if turn >= WARM_UP:
                    times[who].append(time.perf_counter() - start)
        measured.append({"name": name, "values": values, "rows": len(rows["named"]), "seconds": times})
    return measured


def post(server, path: str, text: str) -> bytes:
    return server.ask("POST", path, {**RESULTS, "Content-Type": "application/sparql-query"}, text)[1]


def answered(body: bytes) -> list[str]:
    """The rows of an answer, sorted."""
    return sorted(json.dumps(row, sort_keys=True) for row in json.loads(body)["results"]["bindings"])


def bound(text: str, parameters: list[dict], values: dict, base: str) -> str:
    """The query with values in place of its parameters' variables; those without stay free."""
    for parameter in parameters:
        value = values.get(parameter["name"], parameter["default"])
        if value is not None:
            term = written(parameter["type"], value, base)
            text = re.sub(rf"\?__?{parameter['name']}_\w+", lambda _, term=term: term, text)
    return text


def written(kind: str, value: str, base: str) -> str:
    match kind:
        case "iri":
            return f"<{base}/id/{value.removeprefix(SHARED)}>"
        case "integer" | "decimal" | "date":
            return f'"{value}"^^<{XSD}{kind}>'
        case _:
            return f'"{value}"'


def table(measured: list[dict], goal: float) -> str:
    lines = [
        f"| Query | Rows | Oxigraph, ms | `/sparql`, ms | ratio | `/q`, ms | ratio | ≤ {goal} × |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for case in measured:
        times = {who: statistics.median(each) * 1000 for who, each in case["seconds"].items()}
        ratios = {who: times[who] / times["oxigraph"] for who in times}
        values = " ".join(f"{name}={value}" for name, value in case["values"].items())
        met = "met" if max(ratios["sparql"], ratios["named"]) <= goal else "missed"
        lines.append(
            f"| {case['name']} {values} | {case['rows']:,} | {times['oxigraph']:.1f} | {times['sparql']:.1f}"
            f" | {ratios['sparql']:.2f} | {times['named']:.1f} | {ratios['named']:.2f} | {met} |"
        )
    return "\n".join(lines)
