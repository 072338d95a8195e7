#!/usr/bin/env python3
"""Are all dependencies under a licence that deny.toml allows, and from a registry?

Asks cargo for the dependencies and reads the SPDX expression of each (SPDX specification, annex D;
the old `/` counts as OR). Knows nothing of advisories: cargo-deny does, where it is installed.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORD = re.compile(r"\(|\)|[^\s()]+")


def packages(targets: list[str]) -> list[dict]:
    """All packages of the lock file that the targets need."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for target in targets:
        command += ["--filter-platform", target]
    answer = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)["packages"]


def ways(expression: str) -> list[frozenset[str]]:
    """The sets of licences by which an expression can be satisfied, each set as a whole."""
    words = WORD.findall(expression.replace("/", " OR "))

    def either() -> list[frozenset[str]]:
        found = both()
        while words and words[0] == "OR":
            words.pop(0)
            found = found + both()
        return found

    def both() -> list[frozenset[str]]:
        found = one()
        while words and words[0] == "AND":
            words.pop(0)
            right = one()
            found = [a | b for a in found for b in right]
        return found

    def one() -> list[frozenset[str]]:
        word = words.pop(0)
        if word == "(":
            found = either()
            words.pop(0)
            return found
        if words and words[0] == "WITH":
            word = f"{word} {words.pop(0)} {words.pop(0)}"
        return [frozenset([word])]

    return either()


def fault(package: dict, allowed: set[str]) -> str | None:
    """Why a package may not be used."""
    if not package["source"].startswith(("registry+", "sparse+")):
        return f"comes from {package['source']}, not from a registry"
    if not package["license"]:
        return "names no licence"
    if not any(way <= allowed for way in ways(package["license"])):
        return f"is under {package['license']}"
    return None


def main() -> int:
    settings = tomllib.loads((ROOT / "deny.toml").read_text(encoding="utf-8"))
    allowed = set(settings["licenses"]["allow"])
    others = [p for p in packages(settings["graph"]["targets"]) if p["source"]]
    faults = 0
    for package in others:
        if why := fault(package, allowed):
            faults += 1
            print(f"{package['name']} {package['version']} {why}", file=sys.stderr)
    needed = {name for p in others if p["license"] for way in ways(p["license"]) for name in way}
    for name in sorted(allowed - needed):
        faults += 1
        print(f"deny.toml allows {name}, which no dependency has", file=sys.stderr)
    print(f"licences: {len(others)} dependencies, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
