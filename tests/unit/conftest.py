"""A score store on each database."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request, tmp_path):
    """Return the URL of an empty score store on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scores.db'}"
    return request.getfixturevalue("postgresql_url")


@pytest.fixture
def postgresql_url(postgresql_server):
    """Return the URL of a new, empty database that sorts texts as people do and not by code point, as most do."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is tested

    name = f"scores_{uuid4().hex}"
    with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    return f"{postgresql_server}/{name}"


@pytest.fixture(scope="session")
def postgresql_server():
    """Run a PostgreSQL cluster of its own in a temporary folder, and stop it in the end."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed; apt-get install -y postgresql")
    folder = Path(tempfile.mkdtemp(prefix="creditscore-postgresql-"))
    try:
        with _cluster(binaries[-1], folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _cluster(binaries, folder):
    owner = _unprivileged(folder)
    data, port = folder / "data", _free_port()

    def run(command, *arguments):
        subprocess.run([*owner, binaries / command, *arguments], check=True, capture_output=True, cwd=folder)

    run("initdb", "-D", data, "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c fsync=off -k {folder}"
    run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield f"postgresql://tester@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _unprivileged(folder):
    """Give the folder to a user who may run PostgreSQL, and return how to become that user; root may not run it."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
