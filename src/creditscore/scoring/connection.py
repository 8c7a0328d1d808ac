"""How the score store reaches its database: SQLite in a file, or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc, pool

from creditscore.errors import ParameterError, StoreError

ADVISORY_LOCK = 7_261_947  # any number that nobody else locks: one writer at a time, as SQLite has it
LOCKED = "It is locked by another process."
WAIT = "Wait until the other run has ended and run again; nothing was written."
FULL = "The disk is full."
FREE = "Free some space and run again; nothing was written."
UNREACHABLE = "It cannot be reached."
CHECK = "Check the URL in CREDITSCORE_STORE, the server and the permissions, and run again."

_SQLITE = {
    sqlite3.SQLITE_BUSY: (LOCKED, WAIT),
    sqlite3.SQLITE_LOCKED: (LOCKED, WAIT),
    sqlite3.SQLITE_FULL: (FULL, FREE),
    sqlite3.SQLITE_IOERR: ("The disk refuses to write or read it.", "See whether the disk is full or damaged."),
    sqlite3.SQLITE_READONLY: ("It may not be written.", "Give this user the right to write the file and its folder."),
    sqlite3.SQLITE_CORRUPT: (
        "The file is damaged.",
        "Restore it from a backup, or remove it and score the days again.",
    ),
    sqlite3.SQLITE_NOTADB: ("The file is no database.", "Restore it from a backup, or name another file."),
}
# A server that vanished without a word is given up: at a connection, and where it owes an answer.
_GIVEN_UP = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_POSTGRESQL = {"55P03": (LOCKED, WAIT), "53100": (FULL, FREE)}


def connected(url: str, *, busy_seconds: float) -> sa.Engine:
    """Return an engine for a SQLite file or a PostgreSQL database.

    Parameters
    ----------
    url
        SQLAlchemy URL, ``sqlite:///path`` or ``postgresql://...``.
    busy_seconds
        How long to wait for another writer.

    Raises
    ------
    ParameterError
        If the URL is none of these, or PostgreSQL's driver is not installed.
    """
    try:
        parsed = sa.make_url(url)
    except exc.ArgumentError:
        parsed = None
    kind = "" if parsed is None else parsed.get_backend_name()
    if parsed is not None and kind == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return _sqlite(parsed, busy_seconds=busy_seconds)
    if parsed is not None and kind == "postgresql":
        return _postgresql(parsed, busy_seconds=busy_seconds)
    raise ParameterError(
        where="score store",
        found="The URL names neither a SQLite file nor PostgreSQL.",
        fix="Give sqlite:///path/to/scores.db or postgresql://user@host/database.",
    )


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection on which all statements see one state of the database."""
    with _speaking(engine), engine.connect().execution_options(**_one_state(engine)) as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give the only writer's connection; all of the block is there when it ends well, and nothing if not."""
    with _speaking(engine), engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def appending(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection for rows that no other writer touches; all of the block is there when it ends well.

    PostgreSQL lets it in beside a run that is being published; SQLite has one writer.
    """
    options = {"writes": engine.dialect.name == "sqlite"}
    with _speaking(engine), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _one_state(engine: sa.Engine) -> dict[str, Any]:
    """Return what a transaction needs to see one state; in SQLite's WAL every transaction does."""
    return {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}


def _sqlite(url: sa.URL, *, busy_seconds: float) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": busy_seconds}, poolclass=pool.NullPool)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction of its own; see _begin
        connection.execute("PRAGMA journal_mode = WAL")  # readers go on while a run is published
        connection.execute("PRAGMA foreign_keys = ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: sa.URL, *, busy_seconds: float) -> sa.Engine:
    chosen = {name: value for name, value in _GIVEN_UP.items() if name not in url.query}
    options = {"options": f"-c lock_timeout={round(1000 * busy_seconds)}", **chosen}
    try:
        engine = sa.create_engine(url.set(drivername="postgresql+psycopg"), connect_args=options, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise ParameterError(
            where="score store",
            found="PostgreSQL's driver is not installed.",
            fix="Install creditscore[postgresql].",
        ) from None

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY_LOCK)))

    return engine


@contextmanager
def _speaking(engine: sa.Engine) -> Iterator[None]:
    # What copies into PostgreSQL speaks to the driver itself, whose errors SQLAlchemy then does not wrap.
    try:
        yield
    except (exc.DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        found, fix = _said(getattr(error, "orig", error))
        raise StoreError(where="score store", found=found, fix=fix) from error


def _said(error: Any) -> tuple[str, str]:  # noqa: ANN401 - each driver has its own errors
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, (UNREACHABLE, CHECK))
    return _POSTGRESQL.get(getattr(error, "sqlstate", None) or "", (UNREACHABLE, CHECK))
