"""Clients that others wrote against one node with the demonstration catalogue. Each check prints a
line for what it saw, and the first that does not hold ends the run."""

import sys
import time

import catalogue
import consistency
import dumps
import feeds
import oai
import signatures
import stream
import void
from node import Node

# What only reads comes first, what writes much last.
CHECKS = {
    "dumps": dumps.check,
    "void": void.check,
    "feeds": feeds.check,
    "catalogue": catalogue.check,
    "oai": oai.check,
    "signatures": signatures.check,
    "stream": stream.check,
    "consistency": consistency.check,
}

wanted = sys.argv[1:] or list(CHECKS)
if unknown := set(wanted) - CHECKS.keys():
    raise SystemExit(f"there is no check {', '.join(unknown)}; there are: {', '.join(CHECKS)}")
node = Node("--demo")
try:
    node.settle()
    for name in wanted:
        start = time.monotonic()
        CHECKS[name](node)
        print(f"  {name}: {time.monotonic() - start:.0f} s", flush=True)
finally:
    node.close()
