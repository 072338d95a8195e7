import urllib.parse
import urllib.request

query = """{query}"""

request = urllib.request.Request(
    "{endpoint}",
    data=urllib.parse.urlencode({"query": query}).encode(),
    headers={"Accept": "{accept}"},
)
with urllib.request.urlopen(request) as response:
    print(response.read().decode())
