"""A PostgreSQL of one's own: in a folder, on loopback, gone afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: Debian's newest, or where the path finds them."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    other = shutil.which("initdb")
    return found[-1].parent if found else Path(other).resolve().parent if other else None


@contextmanager
def cluster(folder: Path | None) -> Iterator[psycopg.Connection]:
    """Starts one below `folder` and connects; stops and removes it whatever happens.

    initdb refuses root, who hands it to the user `postgres` that Debian's package made.
    """
    programs = binaries()
    if programs is None:
        raise SystemExit(
            "relevance: PostgreSQL is missing; on Debian and Ubuntu: "
            "sudo apt-get install postgresql"
        )
    data = Path(tempfile.mkdtemp(prefix="familylab-postgresql-", dir=folder))
    rights = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    log = data / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*rights, str(programs / program), "-D", str(data / "data"), *arguments]
        with open(log, "ab") as out:
            if (
                subprocess.run(command, stdout=out, stderr=out, cwd="/", check=False).returncode
                != 0
            ):
                raise SystemExit(f"relevance: {program} failed:\n{log.read_text()}")

    try:
        log.touch()
        if rights:
            shutil.chown(data, "postgres")
            shutil.chown(log, "postgres")
        run(
            "initdb",
            "-U",
            "relevance",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-h 127.0.0.1 -p {port} -k {data} -F"
        run("pg_ctl", "-w", "-o", options, "start")
        try:
            with psycopg.connect(
                host="127.0.0.1", port=port, user="relevance", dbname="postgres", autocommit=True
            ) as connection:
                yield connection
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)
