"""A PostgreSQL server of the tests' own: the installed programs, a folder of its own, no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

PROGRAMS = ("initdb", "pg_ctl", "postgres")
# Nothing here outlives the tests: durability would only cost time.
SETTINGS = (
    "-c listen_addresses='' -c max_connections=40 "
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
)


class PostgresServer:
    """A running server, reached through a socket in its own folder."""

    def __init__(self, folder: Path, account: str) -> None:
        self._folder = folder
        self._account = account

    def url(self, database: str) -> str:
        return f"postgresql://{self._account}@/{database}?host={self._folder}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    programs = find_programs()
    # PostgreSQL refuses to run as root; the folder must then be another account's, and its path short.
    account = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="balie-pg-", dir="/tmp"))
    if os.getuid() == 0:
        shutil.chown(folder, account)
    data, log = folder / "data", folder / "log"
    try:
        _run(
            account, programs / "initdb", "-D", data, "-U", account, "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        options = f"{SETTINGS} -c unix_socket_directories={folder}"
        _run(account, programs / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
        try:
            yield PostgresServer(folder, account)
        finally:
            _run(account, programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def find_programs() -> Path:
    """The folder with the server's programs; apt fetches them if it can, else the test is skipped."""
    found = _installed()
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (("apt-get", "update", "-qq"), ("apt-get", "install", "-y", "-qq", "postgresql")):
            subprocess.run(command, check=False, capture_output=True, env=environment)
        found = _installed()
    if found is None:
        pytest.skip("PostgreSQL's server programs are not installed (as root: apt-get install postgresql)")
    return found


def _installed() -> Path | None:
    on_path = shutil.which("initdb")
    # Debian's links on PATH lead to the folder in which the other programs are, too.
    linked = [Path(on_path).resolve().parent] if on_path else []
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    folders = [*linked, *reversed(versions)]
    return next((folder for folder in folders if all((folder / name).exists() for name in PROGRAMS)), None)


def _run(account: str, program: Path, *arguments: object) -> None:
    command = [str(program), *map(str, arguments)]
    if os.getuid() == 0:
        command = ["setpriv", f"--reuid={account}", f"--regid={_group(account)}", "--clear-groups", *command]
    # The server keeps the log's file open: capturing its output would wait for it for ever.
    done = subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/tmp"
    )
    assert done.returncode == 0, f"{program.name} failed with status {done.returncode}"


def _group(account: str) -> int:
    return pwd.getpwnam(account).pw_gid
