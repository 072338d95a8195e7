"""Measures federated queries: this software's hub, a plan by hand, the union in one store, and Comunica,
all over the same endpoints behind a proxy that counts requests. Prints tables in Markdown."""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

sys.path.append(str(Path(__file__).resolve().parent.parent))

import data
from hand import Hand, ask, rows_of
from questions import HEAD, QUESTIONS
from serving import Server

HERE = Path(__file__).resolve().parent
ROUNDS, COMUNICA_LIMIT = 5, 120
# Ten nodes and the vocabulary's.
SMALLEST = 11
TOKEN = os.environ.setdefault("FAMILYLAB_ADMIN_TOKEN", "a-token-for-measuring")


class Proxy:
    def __init__(self, address: str):
        self.address = address

    @classmethod
    @contextlib.contextmanager
    def before(cls, store: str, nodes: int):
        """One in front of a store, with a host for each node: what a host is sent at once is limited."""
        with Server.printing(["node", HERE / "proxy.mjs", f"{store}/sparql", str(nodes)]) as server:
            yield cls(server.address)

    def count(self) -> dict:
        with urlopen(f"{self.address}/count") as answer:
            return json.load(answer)

    def delay(self, ms: int):
        urlopen(Request(f"{self.address}/delay/{ms}", method="PUT")).close()

    def endpoints(self, nodes: int) -> list[str]:
        port = self.address.rsplit(":", 1)[1]
        return [f"http://127.0.0.{node + 1}:{port}/n/{node}/sparql" for node in range(nodes)]


@contextlib.contextmanager
def plain(familylab: Path, folder: Path, graphs: dict[str, str]):
    """A plain store that holds some graphs by their names; without a name, the default graph."""
    command = [familylab, "--data", folder, "serve", "--bare", "--listen", "127.0.0.1:0"]
    with Server.printing(command) as server:
        for name, triples in graphs.items():
            where = urlencode({"graph": name}) if name else "default"
            headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/n-triples"}
            urlopen(Request(f"{server.address}/graphs?{where}", triples.encode(), headers, method="PUT")).close()
        yield server.address


@contextlib.contextmanager
def hub(familylab: Path, folder: Path, endpoints: list[str]):
    """A node with nothing of its own, which has the endpoints as peers."""
    for number, endpoint in enumerate(endpoints):
        add = [familylab, "--data", folder, "peer", "add", f"nodo-{number}", endpoint]
        subprocess.run([*add, "--kind", "sparql", "--trust", "query", "--private"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with Server.printing([familylab, "--data", folder, "serve", "--bare", "--listen", "127.0.0.1:0"]) as server:
        yield server


def timed(run):
    start = time.perf_counter()
    value = run()
    return value, (time.perf_counter() - start) * 1000


def asked(address: str, text: str) -> list[dict]:
    status, content = ask(address, HEAD + text)
    if status != 200:
        raise SystemExit(f"{address}: {status} {content[:2000].decode()}")
    return rows_of(content)


def bag(rows: list[dict]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)


def compare(nodes: int, programs: dict, proxy: Proxy, rounds: int) -> dict:
    """Each question put to all programs in turns, after one round that is not counted."""
    told = {}
    for name, question in QUESTIONS.items():
        one = told[name] = {}
        for current in range(rounds + 1):
            for program, run in programs.items():
                proxy.count()
                rows, ms = timed(lambda: run(question))
                seen = proxy.count()
                entry = one.setdefault(program, {"ms": [], "requests": [], "kB": 0})
                if current or rounds == 1:
                    entry["ms"].append(ms)
                    entry["requests"].append(seen["requests"])
                    entry["kB"] = seen["received"] / 1000
                entry["rows"] = rows
        check(name, question, one)
        shown = ", ".join(f"{p} {statistics.median(e['ms']):.0f} ms {e['requests'][-1]} requests" for p, e in one.items())
        print(f"{nodes} nodes, {name}: {shown}", file=sys.stderr)
    return told


def check(name: str, question, one: dict):
    """The answers are the same bag of rows, or as many rows where any will do."""
    first = "union" if "union" in one and question.is_plain else "hand"
    for program, entry in one.items():
        rows, whole = entry["rows"], one[first]["rows"]
        if program == "union" and not question.is_plain:
            continue
        if question.any_rows:
            right = len(rows) == question.any_rows
        elif not question.is_plain:
            # By hand there are rows to count, of which a node's name is no part.
            total = lambda rows: sum(int(row["n"].split('"')[1]) if "n" in row else 1 for row in rows)
            right = total(rows) == total(whole)
        else:
            right = bag(strings(rows)) == bag(strings(whole))
        if not right:
            raise SystemExit(f"{name}: {program} has {len(rows)} rows, {first} {len(whole)}, and they differ")


def strings(rows: list[dict]) -> list[dict]:
    """Counts as plain numbers: a plan by hand counts in Python."""
    plain = lambda text: text.split('"')[1] if text.endswith('#integer>') else text
    return [{name: plain(text) for name, text in row.items()} for row in rows]


def table(told: dict, programs: list[str], comunica: dict):
    print(f"| Query | Rows | {' | '.join(f'{p}, ms | requests' for p in programs)} | requests, hub to hand | ms, hub to hand |", end="")
    print(" Comunica, ms | requests | ms, Comunica to hub |" if comunica else "")
    print("|---|--:|" + "--:|--:|" * len(programs) + "--:|--:|" + ("--:|--:|--:|" if comunica else ""))
    for name, one in told.items():
        cells = [name, len(one["hub"]["rows"])]
        for program in programs:
            entry = one[program]
            cells += [f"{statistics.median(entry['ms']):.1f}", entry["requests"][-1]]
        hub, hand = one["hub"], one["hand"]
        cells.append(f"{hub['requests'][-1] / hand['requests'][-1]:.2f}")
        cells.append(f"{statistics.median(hub['ms']) / statistics.median(hand['ms']):.2f}")
        if comunica:
            other = comunica.get(name)
            if other is None:
                cells += ["–", "–", "–"]
            else:
                ms = statistics.median(other["ms"])
                words = "not answered" if other["problem"] else f"{ms:.0f}"
                cells += [words, other["requests"], f"{ms / statistics.median(hub['ms']):.0f}"]
        print("| " + " | ".join(map(str, cells)) + " |")
    mean = lambda ratios: statistics.geometric_mean(ratios)
    ratio = lambda one, what, pick: pick(one["hub"][what]) / pick(one["hand"][what])
    requests = mean([ratio(one, "requests", lambda list: list[-1]) for one in told.values()])
    ms = mean([ratio(one, "ms", statistics.median) for one in told.values()])
    print(f"\nGeometric means, hub to hand: requests {requests:.2f}, time {ms:.2f}.", end="")
    if comunica:
        times = [statistics.median(comunica[name]["ms"]) / statistics.median(told[name]["hub"]["ms"]) for name in comunica]
        wrong = [name for name, one in comunica.items() if one["problem"]]
        print(f" Comunica to hub: time {mean(times):.0f} (at least, where it did not answer in {COMUNICA_LIMIT} s: {', '.join(wrong) or 'none'}).", end="")
    print("\n")


def with_comunica(arguments, proxy: Proxy, nodes: int, told: dict) -> dict:
    texts = {name: HEAD + question.text for name, question in QUESTIONS.items() if question.is_plain}
    wanted = {
        "package": str(arguments.comunica), "sources": proxy.endpoints(nodes), "count": f"{proxy.address}/count",
        "rounds": 3, "limit": COMUNICA_LIMIT * 1000, "queries": texts,
    }
    run = subprocess.run([arguments.node, HERE / "comunica.mjs"], input=json.dumps(wanted), stdout=subprocess.PIPE, text=True, check=True)
    answers = json.loads(run.stdout)
    for name, one in answers.items():
        if one["rows"] is not None and len(one["rows"]) != len(told[name]["hub"]["rows"]):
            one["problem"] = one["problem"] or f"{len(one['rows'])} rows"
    return answers


def planning(address: str) -> list[float]:
    """How long plans took, by the reports."""
    times = []
    for question in QUESTIONS.values():
        status, content = ask(f"{address}/federation/sparql?explain=true", HEAD + question.text, "application/json")
        if status == 200:
            times.append(json.loads(content)["plan"]["planned_ms"])
    return times


def measure(arguments, nodes: int, work: Path):
    graphs = data.graphs(nodes, arguments.experiences, 1)
    merged = "".join(graphs.values())
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(plain(arguments.familylab, work / "store", graphs))
        union = stack.enter_context(plain(arguments.familylab, work / "union", {"": merged}))
        proxy = stack.enter_context(Proxy.before(store, nodes))
        server = stack.enter_context(hub(arguments.familylab, work / "hub", proxy.endpoints(nodes)))
        federated = f"{server.address}/federation/sparql"
        hand = Hand(proxy.endpoints(nodes))
        programs = {
            "hub": lambda question: asked(federated, question.text),
            "hand": hand.run,
            "union": lambda question: asked(f"{union}/sparql", question.text) if question.is_plain else [],
        }
        # What is known of the peers is gathered once, before anything is measured.
        until_known(proxy, federated)
        print(f"## {nodes} nodes, {merged.count(chr(10)):,} statements\n")
        told = compare(nodes, programs, proxy, ROUNDS)
        comunica = with_comunica(arguments, proxy, nodes, told) if nodes <= SMALLEST and arguments.comunica else {}
        table(told, list(programs), comunica)
        times = planning(server.address)
        print(f"Planning, ms: median {statistics.median(times):.1f}, at most {max(times):.1f}.")
        peak = [line for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
        print(f"The hub's largest memory: {int(peak[0].split()[1]) // 1024} MiB.\n")
        if nodes <= SMALLEST:
            proxy.delay(30)
            print(f"### {nodes} nodes, each answer 30 ms later\n")
            del programs["union"]
            table(compare(nodes, programs, proxy, 3), list(programs), {})


def until_known(proxy: Proxy, federated: str):
    """Asks until a query asks nobody for what nobody has."""
    for _ in range(100):
        asked(federated, "SELECT * { ?s <urn:nowhere> ?o }")
        time.sleep(0.2)
        proxy.count()
        asked(federated, "SELECT * { ?s <urn:nowhere> ?o }")
        if proxy.count()["requests"] == 0:
            return
        time.sleep(0.3)
    print("The peers' summaries did not come: every source is asked for every pattern.\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--familylab", type=Path, required=True)
    parser.add_argument("--nodes", type=int, nargs="*", default=[11, 51, 201], help="how many, the vocabulary's included")
    parser.add_argument("--experiences", type=int, default=200, help="of each node")
    parser.add_argument("--comunica", type=Path, help="the folder where Comunica is installed")
    parser.add_argument("--node", default="node", help="Node 22 or later, for Comunica")
    arguments = parser.parse_args()
    arguments.familylab = arguments.familylab.resolve()
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}.\n")
    for nodes in arguments.nodes:
        with tempfile.TemporaryDirectory(prefix="familylab-federation.") as work:
            measure(arguments, nodes, Path(work))


if __name__ == "__main__":
    main()
