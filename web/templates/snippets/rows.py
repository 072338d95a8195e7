import csv
import io
import urllib.parse
import urllib.request

query = """{query}"""

request = urllib.request.Request(
    "{endpoint}",
    data=urllib.parse.urlencode({"query": query}).encode(),
    headers={"Accept": "text/csv"},
)
with urllib.request.urlopen(request) as response:
    rows = csv.DictReader(io.TextIOWrapper(response, encoding="utf-8", newline=""))
    for row in rows:
        print(row)
