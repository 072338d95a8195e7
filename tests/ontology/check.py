"""The ontology in programs that others wrote. Each check prints a line for what it found, and the
first that does not hold ends the run; each also finds a fault that is planted, since the silence
of a program that finds nothing proves nothing."""

import dcat_ap_it
import examples
import figures
import names
import owl_profile
import reasoning
import shapes
import vocabularies
from graphs import CATALOGUE, ONTOLOGY, fail, read


def parse() -> None:
    if len(ONTOLOGY) < 10 or len(CATALOGUE) < 10:
        fail(f"the files are not there: {len(ONTOLOGY)} of ontology, {len(CATALOGUE)} of data")
    statements = sum(len(read([file])) for file in ONTOLOGY + CATALOGUE)
    print(f"rdflib: {len(ONTOLOGY) + len(CATALOGUE)} files, {statements} statements")


CHECKS = [parse, names.check, owl_profile.check, vocabularies.check, shapes.check, dcat_ap_it.check,
          examples.check, figures.check, reasoning.check]

for check in CHECKS:
    check()
