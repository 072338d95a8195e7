"""The shapes: well-formed SHACL by the shapes of shapes that the W3C publishes, run by pySHACL,
which also finds a shape with planted faults."""

import pyshacl
from rdflib import Graph

from graphs import SHAPES, fail, read, test_data

SHAPES_OF_SHAPES = "w3c-shacl/core/complex/shacl-shacl-data-shapes.ttl"

# Each fault of this shape breaks one syntax rule of the specification.
PLANTED = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:Planted a sh:NodeShape ; sh:targetClass "a text" ; sh:property ex:Planted-p .
ex:Planted-p a sh:PropertyShape ; sh:path ex:p ; sh:minCount "one" , 2 ; sh:severity "grave" .
"""


def violations(shapes: Graph, rules: Graph) -> int:
    conforms, report, _ = pyshacl.validate(shapes, shacl_graph=rules, inference="none", advanced=False)
    return 0 if conforms else len(set(report.subjects(pyshacl.consts.SH_resultPath)) or [1])


def check() -> None:
    for file in test_data(SHAPES_OF_SHAPES):
        rules = read([file])
        if found := violations(read([SHAPES]), rules):
            fail(f"the shapes do not conform to the shapes of shapes: {found} results")
        found = violations(read([SHAPES]).parse(data=PLANTED, format="turtle"), rules)
        if found < 3:
            fail(f"of the planted faults of a shape only {found} are found")
        print(f"pySHACL: the shapes conform to the shapes of shapes of the W3C, which find {found} planted faults")
