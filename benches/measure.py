"""Measures import, named queries and pages beside Oxigraph on the same machine and data.

Rivals take turns (A B A B) and medians are told, since machines are noisy. Prints Markdown; every
single measurement goes to results.json in the work folder. Refuses to judge how fast is fast
enough in general: the goals below are those of docs/performance.md.
"""

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import pages
import queries
import site_pages
from serving import Server

TRUSTED, VALIDATED, PEAK_MIB, QUERY = 2.5, 6.0, 2048, 1.1
# Of a node with the default address.
INFERRED = "http://localhost:7070/graph/inferred"


def timed(command: list, folder: Path) -> dict:
    """Runs a command to its end: wall-clock seconds and peak memory in MiB."""
    os.sync()
    log = folder / "last-command.log"
    with open(log, "wb") as out:
        start = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command} failed:\n{log.read_text()}")
    return {"seconds": seconds, "peak_mib": usage.ru_maxrss / 1024}


def median(values) -> float:
    return statistics.median(list(values))


def verdict(value: float, goal: float) -> str:
    return "met" if value <= goal else "missed"


def prepare(ask, work: Path) -> Path:
    """Generates the catalogue and a node that holds vocabularies and territory only."""
    catalogue, prepared = work / "catalogue.nq", work / "prepared"
    timed([ask.familylab, "generate", ask.experiences, "--seed", 1, "--out", catalogue], work)
    shutil.rmtree(prepared, ignore_errors=True)
    nothing = work / "nothing.nq"
    nothing.touch()
    timed([ask.familylab, "--data", prepared, "import", "--trusted", nothing], work)
    return catalogue


def imports(ask, work: Path, catalogue: Path) -> dict:
    """Loads the same file with Oxigraph, trusted and validated, in turns, each time afresh."""
    node, store = work / "node", work / "store"
    bring = [ask.familylab, "--data", node, "import", catalogue]
    rivals = {
        "oxigraph load": [ask.oxigraph, "load", "--location", store, "--file", catalogue],
        "import --trusted": [*bring, "--trusted"],
        "import": bring,
    }
    runs = {name: [] for name in rivals}
    for _ in range(ask.rounds):
        for name, command in rivals.items():
            shutil.rmtree(store, ignore_errors=True)
            shutil.rmtree(node, ignore_errors=True)
            shutil.copytree(work / "prepared", node)
            runs[name].append(timed(command, work))
    return runs


def imports_table(runs: dict, statements: int) -> str:
    lines = [
        "| Import | Seconds, median (each) | Statements a second | Beside `oxigraph load`"
        " | Goal | Peak memory, MiB | Goal |",
        "|---|---|---|---|---|---|---|",
    ]
    base = median(run["seconds"] for run in runs["oxigraph load"])
    for name, goal in [("oxigraph load", None), ("import --trusted", TRUSTED), ("import", VALIDATED)]:
        each = [run["seconds"] for run in runs[name]]
        seconds, peak = median(each), max(run["peak_mib"] for run in runs[name])
        times = "–" if goal is None else f"{seconds / base:.2f} ×"
        told = "–" if goal is None else f"≤ {goal} ×: {verdict(seconds / base, goal)}"
        memory = "–" if goal is None else f"< {PEAK_MIB}: {verdict(peak, PEAK_MIB)}"
        lines.append(
            f"| `{name}` | {seconds:.1f} ({', '.join(f'{one:.1f}' for one in each)})"
            f" | {statements / seconds:,.0f} | {times} | {told} | {peak:.0f} | {memory} |"
        )
    return "\n".join(lines)


def everything(ask, work: Path) -> Path:
    """What a node serves once the rules have been run: what was stated, and what follows from it."""
    node, dump, inferred = work / "node", work / "all.nq", work / "inferred.nt"
    timed([ask.familylab, "--data", node, "infer"], work)
    timed([ask.familylab, "--data", node, "dump", "--out", dump], work)
    timed([ask.familylab, "--data", node, "dump", "--source", "inferred", "--out", inferred], work)
    with open(inferred, encoding="utf-8") as triples, open(dump, "a", encoding="utf-8") as quads:
        quads.writelines(f"{line.rstrip().removesuffix('.')}<{INFERRED}> .\n" for line in triples)
    return dump


def machine() -> dict:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    names = [line for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name")]
    return {
        "date": datetime.date.today().isoformat(),
        "processor": names[0].split(":")[1].strip() if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": os.getloadavg()[0],
    }


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ["work", "familylab", "oxigraph"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--experiences", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3, help="of imports and of page loads")
    parser.add_argument("--repeats", type=int, default=15, help="of each query")
    parser.add_argument("--seconds", type=int, default=5, help="of each page load")
    parser.add_argument("--only", choices=["imports", "queries", "pages", "site"])
    parser.add_argument("--quick", action="store_true", help="does it all work? The figures say nothing")
    ask = parser.parse_args()
    if ask.quick:
        ask.experiences, ask.rounds, ask.repeats, ask.seconds = 500, 1, 1, 1
    return ask


def main() -> None:
    ask = arguments()
    work = ask.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    results = {"machine": machine()}
    catalogue = prepare(ask, work)
    with open(catalogue, "rb") as lines:
        statements = sum(1 for _ in lines)
    results["data"] = {
        "experiences": ask.experiences,
        "statements": statements,
        "mebibytes": round(catalogue.stat().st_size / 2**20),
    }
    tables = [" · ".join(f"{name}: {value}" for part in results.values() for name, value in part.items())]
    if ask.quick:
        tables.insert(0, "A quick run: the figures say nothing.")
    wants = lambda part: ask.only in (None, part)
    if wants("imports"):
        results["imports"] = imports(ask, work, catalogue)
        tables.append(imports_table(results["imports"], statements))
    else:
        shutil.rmtree(work / "node", ignore_errors=True)
        shutil.copytree(work / "prepared", work / "node")
        timed([ask.familylab, "--data", work / "node", "import", "--trusted", catalogue], work)
    if wants("queries"):
        store = work / "store"
        shutil.rmtree(store, ignore_errors=True)
        timed([ask.oxigraph, "load", "--location", store, "--file", everything(ask, work)], work)
        with Server.node(ask.familylab, work / "node") as node, Server.oxigraph(ask.oxigraph, store) as rival:
            results["queries"] = queries.measure(node, rival, ask.repeats)
        tables.append(queries.table(results["queries"], QUERY))
    if wants("pages"):
        with Server.node(ask.familylab, work / "node") as node:
            results["pages"] = pages.measure(node, ask, work)
        tables.append(pages.table(results["pages"]))
    if wants("site"):
        with Server.node(ask.familylab, work / "node") as node:
            results["site"] = site_pages.measure(node, ask, work)
        tables.append(site_pages.table(results["site"]))
    raw = work / "results.json"
    raw.write_text(json.dumps(results, indent=1), encoding="utf-8")
    print("\n\n".join(tables), f"\n\nEvery measurement: {raw}")


if __name__ == "__main__":
    main()
