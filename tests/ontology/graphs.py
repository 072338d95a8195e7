"""The graphs that the checks read: the files of the ontology, the demonstration catalogue, the
examples of the README, and the test data beside the project. Knows no check."""

import os
import re
import sys
from pathlib import Path

from rdflib import Graph, Namespace

ROOT = Path(__file__).resolve().parents[2]
FL = Namespace("https://w3id.org/familylab/ontology#")
TEST_DATA = Path(os.environ.get("FAMILYLAB_TEST_DATA") or ROOT / ".." / "shared" / "data").resolve()

ONTOLOGY = sorted((ROOT / "ontology").rglob("*.ttl"))
VOCABULARIES = sorted((ROOT / "ontology" / "vocabularies").glob("*.ttl"))
QUESTIONNAIRES = sorted((ROOT / "ontology" / "questionnaires").glob("*.ttl"))
CATALOGUE = sorted((ROOT / "data" / "demo").glob("*.ttl"))
MODEL = ROOT / "ontology" / "familylab.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"
README = ROOT / "ontology" / "README.md"


def fail(text: str):
    sys.exit(f"test-ontology: {text}")


def read(files) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


def examples() -> Graph:
    """All Turtle blocks of the README; the first holds the prefixes of the others."""
    blocks = re.findall(r"^```turtle\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)
    if len(blocks) < 10:
        fail(f"the README has only {len(blocks)} examples")
    return Graph().parse(data="\n".join(blocks), format="turtle")


def test_data(*names: str) -> list[Path]:
    """Files of the test data; none where they are absent, which is said, and fails where
    nothing is to be skipped."""
    found = [path for name in names for path in sorted(TEST_DATA.glob(name))]
    if found:
        return found
    if os.environ.get("FAMILYLAB_TEST_REQUIRED") == "1":
        fail(f"no {' or '.join(names)} in {TEST_DATA} (see FAMILYLAB_TEST_DATA)")
    print(f"skipped: no {' or '.join(names)} in {TEST_DATA} (see FAMILYLAB_TEST_DATA)")
    return []
