"""Full harvests of a node by every way there is, while ten changes a second are written.

Nothing may be torn, come twice or be lost: a record that nobody touched meanwhile is in each harvest
exactly once, and the change stream has every version that was written. Tells how long each harvest
took and how much memory the node used, beside the time curl takes for a static file of that size.
"""

import contextlib
import gzip
import hashlib
import http.client
import http.server
import json
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

from changing import Writer

QUAD = re.compile(r'(<[^>]*>) (<[^>]*>) (<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)(?: <[^>]*>)? \.')
TREE = "<https://w3id.org/tree#%s>"
HYDRA_NEXT = "<http://www.w3.org/ns/hydra/core#next>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DATASET = "<http://www.w3.org/ns/dcat#Dataset>"
OAI = "{http://www.openarchives.org/OAI/2.0/}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PATIENCE = 7200
CONNECTIONS = [1, 16]
SECONDS, ROUNDS = 5, 3


class Harvest:
    """One connection to the node: what was asked over it, how long it took and how many bytes came."""

    def __init__(self, address: str):
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)
        self.seconds, self.bytes, self.requests = 0.0, 0, 0

    def get(self, url: str, accept: str = "*/*") -> bytes:
        """The body; addresses in answers begin with the public one, which is served here."""
        place = urlsplit(url)
        path = place.path + (f"?{place.query}" if place.query else "")
        start = time.perf_counter()
        self.connection.request("GET", path, headers={"Accept": accept})
        answer = self.connection.getresponse()
        body = answer.read()
        self.seconds += time.perf_counter() - start
        self.bytes += len(body)
        self.requests += 1
        self.headers = answer.headers
        if answer.status != 200:
            raise SystemExit(f"GET {path}: {answer.status} {body[:500]!r}")
        return body


def once(way: str, found: list[str]) -> set[str]:
    """As a set; nothing may be there twice."""
    if len(set(found)) != len(found):
        twice = sorted({one for one in found if found.count(one) > 1})[:5] if len(found) < 10_000 else "many"
        raise SystemExit(f"{way}: {len(found) - len(set(found))} come twice: {twice}")
    return set(found)


def whole(way: str, found: set[str], expected: set[str]) -> None:
    """Nothing may be lost."""
    lost = expected - found
    if lost or not expected:
        raise SystemExit(f"{way}: {len(lost)} of {len(expected)} are lost, such as {sorted(lost)[:5]}")


def statements(way: str, body: bytes) -> list[tuple[str, str, str]]:
    """The lines of N-Quads; a torn one ends the run."""
    text = body.decode()
    if text and not text.endswith("\n"):
        raise SystemExit(f"{way}: a page ends in the middle of a line")
    found = []
    for line in text.split("\n"):
        if line:
            match = QUAD.fullmatch(line)
            if not match:
                raise SystemExit(f"{way}: this is no line of N-Quads: {line[:500]}")
            found.append(match.groups())
    return found


def catalogue(harvest: Harvest, expected: set[str]) -> int:
    url, datasets = "/catalog.nt", []
    while url:
        page = statements("catalogue", harvest.get(url))
        own = {s for s, p, o in page if (p, o) == (TYPE, DATASET)}
        datasets += own
        url = next((o[1:-1] for _, p, o in page if p == HYDRA_NEXT), None)
    return len(once("catalogue", datasets))


def oai(prefix: str, harvest: Harvest, expected: set[str]) -> int:
    """Every record in one format, page after page."""
    found, query = [], {"verb": "ListRecords", "metadataPrefix": prefix}
    while query:
        root = ElementTree.fromstring(harvest.get("/oai?" + urlencode(query)))
        if (error := root.find(f"{OAI}error")) is not None:
            raise SystemExit(f"OAI-PMH: {error.get('code')} {error.text}")
        found += [header.findtext(f"{OAI}identifier") for header in root.iter(f"{OAI}header")]
        token = root.findtext(f".//{OAI}resumptionToken")
        query = {"verb": "ListRecords", "resumptionToken": token} if token else None
    whole("OAI-PMH", {name.rsplit("/id/", 1)[-1] for name in once("OAI-PMH", found)}, expected)
    return len(found)


def stream(harvest: Harvest, expected: set[str]) -> int:
    """Every page of the change stream, each once, from the root on."""
    pages, todo, members, closed = set(), ["/ldes"], [], {}
    while todo:
        url = todo.pop(0)
        if urlsplit(url).path in pages:
            continue
        pages.add(urlsplit(url).path)
        body = harvest.get(url, "application/n-quads")
        if "immutable" in (harvest.headers["Cache-Control"] or ""):
            closed[url] = len(body)
        page = statements("LDES", body)
        members += {o[1:-1] for _, p, o in page if p == TREE % "member"}
        todo += sorted({o[1:-1] for _, p, o in page if p in (TREE % "node", TREE % "view")})
    versions = once("LDES", members)
    names = {version.rsplit("/v/", 1)[0].rsplit("/id/", 1)[-1] for version in versions}
    whole("LDES", names, expected)
    stream.versions, stream.closed = versions, closed
    return len(versions)


def dumps(harvest: Harvest, expected: set[str]) -> int:
    """Every file of one state, by its lasting address, although new ones take their place meanwhile."""
    files = json.loads(harvest.get("/dump/"))["files"]
    for file in files:
        body = harvest.get(file["versionUrl"])
        if hashlib.sha256(body).hexdigest() != file["sha256"]:
            raise SystemExit(f"{file['name']} has another checksum than was told")
        if file["name"] == "all.nq.gz":
            whole("dump", records(body), expected)
    return len(files)


def sitemap(harvest: Harvest, expected: set[str]) -> int:
    index = ElementTree.fromstring(harvest.get("/sitemap.xml"))
    urls = []
    for place in index.iter(f"{SITEMAP}loc"):
        urls += [loc.text for loc in ElementTree.fromstring(harvest.get(place.text)).iter(f"{SITEMAP}loc")]
    once("sitemap", urls)
    slugs = {url.rsplit("/", 1)[-1] for url in urls}
    whole("sitemap", slugs, {quote(name.rsplit("/", 1)[-1]) for name in expected if name.startswith("esperienza/")})
    return len(urls)


def records(packed: bytes) -> set[str]:
    """The records of a packed file of N-Quads, without the beginning they share."""
    subjects = {line.split(b">", 1)[0].split(b"#", 1)[0] for line in gzip.decompress(packed).split(b"\n") if line}
    return {subject.split(b"/id/", 1)[1].decode() for subject in subjects if b"/id/" in subject}


WAYS = {
    "catalogue, N-Triples": catalogue,
    "OAI-PMH, oai_dc": partial(oai, "oai_dc"),
    "OAI-PMH, dcat_ap": partial(oai, "dcat_ap"),
    "LDES, N-Quads": stream,
    "all dumps": dumps,
    "sitemap": sitemap,
}


def settled(address: str) -> None:
    """Waits until everything written is found, published and exported."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        # Until the first export is made, there is none.
        with contextlib.suppress(urllib.error.HTTPError):
            ready, exported = (json.load(urllib.request.urlopen(address + path)) for path in ["/ready", "/dump/"])
            if min(ready["indexed"], exported["seq"]) >= ready["seq"]:
                return
        time.sleep(0.5)
    raise SystemExit("the node is not done with publishing")


def peak(pid: int, forget: bool = False) -> float:
    """The node's largest resident memory in MiB since it was last forgotten."""
    if forget:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def static_seconds(size: int) -> float:
    """How long curl takes for a file of this size from Python's own server, at best."""
    folder = tempfile.mkdtemp(prefix="familylab-bench-static.")
    try:
        with open(Path(folder) / "file", "wb") as file:
            for _ in range(size >> 20):
                file.write(os.urandom(1 << 20))
            file.write(os.urandom(size & ((1 << 20) - 1)))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = ["curl", "--silent", "--fail", "--output", "/dev/null", "--write-out", "%{time_total}",
                   f"http://127.0.0.1:{server.server_address[1]}/file"]
        seconds = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(ROUNDS)]
        server.shutdown()
        return min(seconds)
    finally:
        shutil.rmtree(folder)


def wrk(url: str, connections: int) -> float:
    """Requests a second."""
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{SECONDS}s",
               "--header", "Accept: application/n-quads, */*;q=0.1", url]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"{url}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def pages(address: str, closed: dict[str, int]) -> list[str]:
    """A closed page of the stream beside a style, script or font of about its size."""
    harvest = Harvest(address)
    front = harvest.get("/", "text/html").decode()
    assets = {path: len(harvest.get(path)) for path in set(re.findall(r'"(/assets/[^"]+)"', front))}
    # Of all pages and assets, the two that are nearest to each other in size.
    url, asset = min(product(closed, assets), key=lambda pair: abs(math.log(closed[pair[0]] / assets[pair[1]])))
    place, size = urlsplit(url), closed[url]
    path = place.path + (f"?{place.query}" if place.query else "")
    lines = ["| Connections | Closed page, requests a second | Asset, requests a second | Share |", "|--:|--:|--:|--:|"]
    for connections in CONNECTIONS:
        rates = {"page": [], "asset": []}
        for _ in range(ROUNDS):
            rates["page"].append(wrk(address + path, connections))
            rates["asset"].append(wrk(address + asset, connections))
        page, other = statistics.median(rates["page"]), statistics.median(rates["asset"])
        lines.append(f"| {connections} | {page:,.0f} | {other:,.0f} | {page / other:.0%} |")
    return [f"`{path}` ({size:,} bytes) beside `{asset}` ({assets[asset]:,} bytes):", "", *lines]


def main() -> None:
    address, pid = sys.argv[1], int(sys.argv[2])
    settled(address)
    expected = records(Harvest(address).get("/dump/all.nq.gz"))
    writer = Writer(address, os.environ["FAMILYLAB_ADMIN_TOKEN"])
    print(f"{len(expected):,} records; a static file is fetched by curl from Python's http.server\n")
    print("| Way | Found | Requests | MiB | Seconds | Static file, s | Peak of the node, MiB | Changes meanwhile |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    for name, way in WAYS.items():
        harvest, written = Harvest(address), len(writer.versions)
        peak(pid, forget=True)
        with writer.writing():
            found = way(harvest, expected)
        memory, changes = peak(pid), len(writer.versions) - written
        print(f"| {name} | {found:,} | {harvest.requests:,} | {harvest.bytes / 2**20:.1f} | {harvest.seconds:.2f}"
              f" | {static_seconds(harvest.bytes):.2f} | {memory:.0f} | {changes} |", flush=True)
    # Once nothing is written any more, the stream has every version.
    settled(address)
    harvest = Harvest(address)
    stream(harvest, expected)
    whole("LDES", stream.versions, set(writer.versions))
    print(f"\nThe stream has each of the {len(writer.versions):,} versions that were written.\n")
    print("\n".join(pages(address, stream.closed)))


if __name__ == "__main__":
    main()
