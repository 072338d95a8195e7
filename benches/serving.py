"""Starts the servers that are measured, and asks them over one kept connection."""

import contextlib
import http.client
import json
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit


class Server:
    """A server and one connection to it."""

    def __init__(self, process: subprocess.Popen, address: str):
        self.process, self.address = process, address
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=300)

    @classmethod
    @contextlib.contextmanager
    def printing(cls, command: list):
        """A server whose first line on standard output is its address."""
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        with cls._stopping(process):
            yield cls(process, process.stdout.readline().strip())

    @classmethod
    @contextlib.contextmanager
    def node(cls, familylab: Path, data: Path):
        """This project's node, on a free port, once its rules and its index have seen every change."""
        with cls.printing([familylab, "--data", data, "serve", "--listen", "127.0.0.1:0"]) as node:
            node.settle()
            yield node

    @classmethod
    @contextlib.contextmanager
    def oxigraph(cls, oxigraph: Path, store: Path):
        """Oxigraph's own server, reading only, with the default graph a node has."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [oxigraph, "serve-read-only", "--location", store, "--union-default-graph"]
        process = subprocess.Popen([*map(str, command), "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL)
        with cls._stopping(process):
            for _ in range(600):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield cls(process, f"http://127.0.0.1:{port}")

    @staticmethod
    @contextlib.contextmanager
    def _stopping(process: subprocess.Popen):
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)

    def settle(self, patience: float = 3600):
        """Waits until the rules have been run and the index follows up to the newest change: until
        then they work beside whatever is measured."""
        end = time.monotonic() + patience
        while True:
            ready = json.loads(self.ask("GET", "/ready", {})[1])
            if ready["inferred"] in (None, ready["seq"]) and ready["indexed"] == ready["seq"]:
                return
            if time.monotonic() > end:
                raise SystemExit(f"{self.address}: rules and index did not end: {ready}")
            time.sleep(0.2)

    def ask(self, method: str, path: str, headers: dict, body: str | None = None):
        """The answer and its whole body."""
        self.connection.request(method, path, body and body.encode(), headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:500]!r}")
        return answer, content
