"""A node on a free port of the loopback, its data in a temporary folder. Knows how to start and stop
it, to ask it and to wait for it, and nothing of what is harvested from it."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

import requests

TOKEN = "a-token-for-tests"
PATIENCE = 600


class Node:
    """A running node."""

    def __init__(self, *arguments: str):
        self.data = tempfile.mkdtemp(prefix="familylab-clients-")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.base = f"http://127.0.0.1:{free.getsockname()[1]}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.start(*arguments)

    def start(self, *arguments: str) -> None:
        """Opens the node; again at the same address after `stop`."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FAMILYLAB_")}
        environment |= {
            "FAMILYLAB_DATA": self.data,
            "FAMILYLAB_BASE_URL": self.base,
            "FAMILYLAB_ADMIN_TOKEN": TOKEN,
            "FAMILYLAB_LOG_LEVEL": "warn",
            # Files are exported as soon as something changes.
            "FAMILYLAB_EXPORT_PAUSE": "0",
        }
        command = [os.environ["FAMILYLAB_BINARY"], "serve", "--listen", self.base.removeprefix("http://"), *arguments]
        self.process = subprocess.Popen(command, env=environment, cwd=self.data, stdout=subprocess.DEVNULL)
        self.wait_until(self._answers, "the node does not open")

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise SystemExit(f"the node ended with {self.process.returncode}")
        try:
            return self.session.get(f"{self.base}/ready").json().get("seq", 0) > 0
        except (requests.ConnectionError, ValueError):
            return False

    def stop(self) -> None:
        """Asks the node to end and waits until it has."""
        self.process.terminate()
        self.process.wait(PATIENCE)

    def close(self) -> None:
        """Stops the node and removes its data."""
        self.stop()
        shutil.rmtree(self.data)

    @staticmethod
    def wait_until(holds, otherwise: str) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise SystemExit(otherwise)
            time.sleep(0.1)

    def ask(self, path: str, accept: str = "*/*", **headers: str) -> requests.Response:
        """GET, which has to succeed."""
        url = path if path.startswith("http") else self.base + path
        answer = self.session.get(url, headers={"Accept": accept, **headers})
        if answer.status_code != 200:
            raise SystemExit(f"GET {url}: {answer.status_code} {answer.text[:500]}")
        return answer

    def select(self, query: str) -> list[dict[str, str]]:
        """The rows of a SELECT, their terms as bare texts."""
        answer = self.session.post(
            f"{self.base}/sparql", {"query": query}, headers={"Accept": "application/sparql-results+json"}
        )
        if answer.status_code != 200:
            raise SystemExit(f"SELECT: {answer.status_code} {answer.text[:500]}")
        rows = answer.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    def update(self, update: str) -> int:
        """Runs an update, which has to change something; gives the number of the change."""
        answer = self.session.post(
            f"{self.base}/sparql", {"update": update}, headers={"Authorization": f"Bearer {TOKEN}"}
        )
        if not answer.ok or "Familylab-Seq" not in answer.headers:
            raise SystemExit(f"update: {answer.status_code} {answer.text[:1000]}\n{update}")
        return int(answer.headers["Familylab-Seq"])

    def settle(self) -> int:
        """Waits until everything written is found, published, and in the exported files, which hold
        what is published; gives the number of the last change."""
        head = self.ask("/ready").json()["seq"]

        def reached() -> bool:
            ready, exported = self.ask("/ready").json(), self.session.get(f"{self.base}/dump/")
            if exported.status_code != 200:
                return False
            return min(ready["indexed"], ready["inferred"], exported.json()["seq"]) >= head

        self.wait_until(reached, f"change {head} is not published")
        return head
