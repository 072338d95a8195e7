"""What is read by feed readers, calendars and search engines: Atom with tombstones, iCalendar,
sitemaps by way of robots.txt."""

import random
from xml.etree import ElementTree

import feedparser
import icalendar
from usp.tree import sitemap_tree_for_homepage
from usp.web_client.requests_client import RequestsWebClient

from node import Node
from records import fail

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
# So many addresses of the sitemap are asked for; of a few thousand municipalities, some stand for all.
ASKED = 400


def feed(node: Node) -> tuple[set[str], set[str]]:
    """Atom as feedparser reads it, page after page: entries, and those that are told as deleted.
    RFC 4287, RFC 6721."""
    seen: set[str] = set()
    tombstones: set[str] = set()
    url = "/feed.atom?limit=500"
    while url:
        content = node.ask(url).content
        read = feedparser.parse(content)
        if read.bozo or not read.version == "atom10":
            fail(f"feedparser: {url}: {read.version} {read.get('bozo_exception')}")
        for entry in read.entries:
            if not (entry.get("id") and entry.get("title") and entry.get("updated_parsed") and entry.get("link")):
                fail(f"feedparser: an entry lacks what it needs: {entry}")
            if entry.id in seen:
                fail(f"feedparser: {entry.id} comes twice")
            seen.add(entry.id)
        tombstones |= {one.get("ref") for one in ElementTree.fromstring(content).iter(TOMBSTONE)}
        url = next((link.href for link in read.feed.links if link.rel == "next"), None)
    if not seen or seen & tombstones:
        fail(f"feedparser: {len(seen)} entries, {len(seen & tombstones)} of them told as deleted too")
    return seen, tombstones


def tombstone(node: Node) -> int:
    """A record that is deleted leaves the feed, and its entry is told as deleted."""
    before, deleted = feed(node)
    row = node.select("""PREFIX fl: <https://w3id.org/familylab/ontology#>
        SELECT ?record ?graph { GRAPH ?graph { ?record a fl:News } } ORDER BY DESC(?record) LIMIT 1""")[0]
    node.update(f"WITH <{row['graph']}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o FILTER (?s = <{row['record']}>) }}")
    node.settle()
    after, gone = feed(node)
    if before - after != gone - deleted or len(before - after) != 1 or not next(iter(before - after)).endswith(
            row["record"].removeprefix(node.base)):
        fail(f"feed: after {row['record']} was deleted, {before - after} left it and {gone - deleted} are told as deleted")
    return len(before)


def calendar(node: Node) -> int:
    """The events, as icalendar reads them. RFC 5545."""
    answer = node.ask("/eventi.ics")
    read = icalendar.Calendar.from_ical(answer.content)
    expected = {row["event"] for row in node.select(
        "PREFIX fl: <https://w3id.org/familylab/ontology#> SELECT ?event { ?event a fl:Event }")}
    events = read.walk("VEVENT")
    if read.errors or any(event.errors for event in events):
        fail(f"icalendar: {read.errors} {[event.errors for event in events]}")
    for event in events:
        if not all(name in event for name in ["UID", "DTSTAMP", "DTSTART", "SUMMARY", "URL"]):
            fail(f"icalendar: an event lacks what it needs: {event}")
    if len({str(event["UID"]) for event in events}) != len(expected) or not expected:
        fail(f"icalendar: {len(events)} events, {len(expected)} by SPARQL")
    return len(events)


def sitemap(node: Node) -> tuple[int, int]:
    """Every page of the sitemap, found from robots.txt; some of them are asked for."""
    tree = sitemap_tree_for_homepage(f"{node.base}/", web_client=RequestsWebClient(), use_known_paths=False)
    pages = list(tree.all_pages())
    urls = sorted({page.url for page in pages})
    if not urls or len(urls) != len(pages):
        fail(f"sitemap: {len(pages)} pages, {len(urls)} different ones")
    if any(not url.startswith(f"{node.base}/") for url in urls):
        fail("sitemap: an address is of another host")
    undated = [page.url for page in pages if page.last_modified is None]
    if len(undated) > len(pages) // 10:
        fail(f"sitemap: {len(undated)} of {len(pages)} pages have no date, such as {undated[:10]}")
    asked = sorted({*undated, *random.Random(1).sample(urls, min(ASKED, len(urls)))})
    for url in asked:
        node.ask(url, "text/html")
    return len(urls), len(asked)


def check(node: Node) -> None:
    entries, events = tombstone(node), calendar(node)
    pages, asked = sitemap(node)
    print(f"feedparser: {entries} entries, one deletion; icalendar: {events} events; ultimate-sitemap-parser:"
          f" {pages} pages, {asked} of them answer")
