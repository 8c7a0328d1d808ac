"""Where the API keys and the access log are kept: a SQLite file of the workspace, or PostgreSQL."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from creditscore.errors import ParameterError, StoreError
from creditscore.scoring.connection import appending, connected, reading, writing
from creditscore_serving.access.caller import Caller
from creditscore_serving.access.entry import Entry
from creditscore_serving.access.key import ApiKey, hashed, new_key
from creditscore_serving.access.permissions import Permission
from creditscore_serving.access.rate import Rate
from creditscore_serving.access.schema import (
    SCHEMA_VERSION,
    access_log,
    access_log_customers,
    access_version,
    api_keys,
    metadata,
)
from creditscore_serving.access.units import Units

IDS_AT_ONCE = 500  # fewer than SQLite's parameters
BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class AccessStore:
    """API keys and access log. Its tables are made when something is written; before that, there are no keys.

    Parameters
    ----------
    url
        SQLAlchemy URL, ``sqlite:///path`` or ``postgresql://...``.
    """

    url: str

    def create_key(self, caller: Caller, *, expires_on: date | None = None) -> tuple[str, str]:
        """Make a key for a caller; return its public part and the whole of it, which is told this once.

        Raises
        ------
        ParameterError
            If it would allow nothing, or would end before it begins.
        StoreError
            If the database cannot be written.
        """
        _check(caller, expires_on)
        key_id, text = new_key()
        row = {
            "key_id": key_id,
            "name": caller.name,
            "secret_hash": hashed(text).hex(),
            "scopes": " ".join(sorted(caller.scopes)),
            "units": None if caller.units is None else caller.units.as_text(),
            "rate_per_second": None if caller.rate is None else caller.rate.per_second,
            "rate_burst": None if caller.rate is None else caller.rate.burst,
            "created_at": datetime.now(UTC),
            "expires_on": expires_on,
        }
        with self._writing() as connection:
            connection.execute(sa.insert(api_keys), row)
        return key_id, text

    def every_key(self) -> list[ApiKey]:
        """Return every key that was ever made, the first one first."""
        if not self._is_there():
            return []
        with reading(self._engine) as connection:
            found = connection.execute(sa.select(api_keys)).mappings().all()
        return sorted((_key(row) for row in found), key=lambda key: (key.created_at, key.key_id))

    def revoke(self, named: str) -> ApiKey:
        """Revoke the key with a public part, or the only good one of a name, for good.

        Raises
        ------
        ParameterError
            If there is no such key, it is revoked already, or several good ones have the name.
        """
        good = [key for key in self.every_key() if key.revoked_at is None]
        found = [key for key in good if named in {key.key_id, key.caller.name}]
        if len(found) != 1:
            raise ParameterError(
                where="key",
                found=f"{len(found)} keys that are not revoked have this id or name.",
                fix="Give the id that `creditscore keys list` shows.",
            )
        mine = sa.update(api_keys).where(api_keys.c.key_id == found[0].key_id)
        with self._writing() as connection:
            connection.execute(mine, {"revoked_at": datetime.now(UTC)})
        return found[0]

    def note_use(self, used: Mapping[str, float]) -> None:
        """Keep when keys were last used, by public part, in seconds since 1970."""
        if not used:
            return
        query = (
            sa.update(api_keys).where(api_keys.c.key_id == sa.bindparam("one")).values(last_used_at=sa.bindparam("at"))
        )
        rows = [{"one": key_id, "at": datetime.fromtimestamp(at, UTC)} for key_id, at in sorted(used.items())]
        with self._writing() as connection:
            connection.execute(query, rows)

    def append(self, entries: Sequence[Entry], *, again: bool = False) -> int:
        """Add entries to the access log; return how many are new.

        Parameters
        ----------
        entries
            What to add.
        again
            Whether some of them may be there already; those are left out.
        """
        with self._appending() as connection:
            known = _known(connection, [entry.entry_id for entry in entries]) if again else set()
            fresh = {entry.entry_id: entry for entry in entries if entry.entry_id not in known}
            if fresh:
                connection.execute(sa.insert(access_log), [_row(entry) for entry in fresh.values()])
            about = [
                {"entry_id": entry.entry_id, "customer_id": one}
                for entry in fresh.values()
                for one in dict.fromkeys(entry.customer_ids)
            ]
            if about:
                connection.execute(sa.insert(access_log_customers), about)
        return len(fresh)

    def entries(
        self,
        *,
        customer_id: str | None = None,
        caller: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        most: int = 100,
    ) -> list[Entry]:
        """Return the latest entries about a customer, of a caller, or between two moments, the latest first."""
        if not self._is_there():
            return []
        query = sa.select(access_log)
        if customer_id is not None:
            about = access_log_customers.c
            query = query.join(access_log_customers).where(about.customer_id == customer_id)
        if caller is not None:
            query = query.where(access_log.c.caller == caller)
        if since is not None:
            query = query.where(access_log.c.asked_at >= since)
        if until is not None:
            query = query.where(access_log.c.asked_at < until)
        ordered = query.order_by(access_log.c.asked_at.desc(), access_log.c.entry_id.desc()).limit(most)
        with reading(self._engine) as connection:
            rows = connection.execute(ordered).mappings().all()
            about_whom = _customers(connection, [row["entry_id"] for row in rows])
        return [_entry(row, about_whom.get(row["entry_id"], ())) for row in rows]

    def close(self) -> None:
        """Close the connections; the store connects again at its next use."""
        if "_engine" in self.__dict__:
            self.__dict__.pop("_engine").dispose()
        self.__dict__.pop("_ready", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        self._prepare()
        with writing(self._engine) as connection:
            yield connection

    @contextmanager
    def _appending(self) -> Iterator[sa.Connection]:
        self._prepare()
        with appending(self._engine) as connection:
            yield connection

    @cached_property
    def _engine(self) -> sa.Engine:
        return connected(self.url, busy_seconds=BUSY_SECONDS)

    @property
    def _file(self) -> Path | None:
        parsed = sa.make_url(self.url)
        return Path(parsed.database or "") if parsed.get_backend_name() == "sqlite" else None

    def _is_there(self) -> bool:
        """Tell whether the tables are there; asking makes no file."""
        if self.__dict__.get("_ready"):
            return True
        if self._file is not None and not self._file.exists():
            return False
        with reading(self._engine) as connection:
            there = sa.inspect(connection).has_table(access_version.name)
            found = connection.scalar(sa.select(access_version.c.version)) if there else None
        if there and found != SCHEMA_VERSION:
            raise StoreError(
                where="access store",
                found=f"Its tables are of version {found}, this code's of version {SCHEMA_VERSION}.",
                fix="Use the version of creditscore that wrote it, or another database.",
            )
        self.__dict__["_ready"] = there
        return there

    def _prepare(self) -> None:
        """Make the tables where there are none; their file is its owner's alone."""
        if self._is_there():
            return
        if self._file is not None:
            _make_private(self._file)
        with writing(self._engine) as connection:
            metadata.create_all(connection)
            if connection.scalar(sa.select(access_version.c.version)) is None:
                connection.execute(sa.insert(access_version), {"version": SCHEMA_VERSION})
        self.__dict__["_ready"] = True


def _make_private(file: Path) -> None:
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            where="access store",
            found="Its file cannot be made.",
            fix="See that the workspace exists and that this user may write it.",
        ) from error


def _check(caller: Caller, expires_on: date | None) -> None:
    if not caller.name.strip() or not caller.scopes:
        raise ParameterError(
            where="key", found="It has no name, or allows nothing.", fix="Give a name and at least one --scope."
        )
    if expires_on is not None and expires_on < datetime.now(UTC).date():
        raise ParameterError(where="key", found="It would have ended already.", fix="Give a day to come, or none.")


def _key(row: sa.RowMapping) -> ApiKey:
    rate = None if row["rate_per_second"] is None else Rate(row["rate_per_second"], row["rate_burst"])
    caller = Caller(
        row["name"],
        frozenset(Permission(one) for one in row["scopes"].split()),
        units=None if row["units"] is None else Units.of(json.loads(row["units"])),
        rate=rate,
        key_id=row["key_id"],
    )
    return ApiKey(
        caller=caller,
        hash=bytes.fromhex(row["secret_hash"]),
        expires_on=row["expires_on"],
        **{name: _in_utc(row[name]) for name in ("created_at", "revoked_at", "last_used_at")},
    )


def _in_utc(moment: datetime | None) -> Any:  # noqa: ANN401 - a moment where there was one
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "asked_at": entry.moment,
        "caller": entry.caller,
        "key_id": entry.key_id,
        "action": entry.action,
        "status": entry.status,
        "request_id": entry.request_id,
        "customer_count": len(dict.fromkeys(entry.customer_ids)),
    }


def _entry(row: sa.RowMapping, customer_ids: Iterable[str]) -> Entry:
    told = {name: row[name] for name in ("entry_id", "caller", "key_id", "action", "status", "request_id")}
    return Entry(**told, asked_at=_in_utc(row["asked_at"]).timestamp(), customer_ids=tuple(customer_ids))


def _known(connection: sa.Connection, entry_ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(entry_ids), IDS_AT_ONCE):
        wanted = access_log.c.entry_id.in_(entry_ids[start : start + IDS_AT_ONCE])
        found.update(connection.scalars(sa.select(access_log.c.entry_id).where(wanted)))
    return found


def _customers(connection: sa.Connection, entry_ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for start in range(0, len(entry_ids), IDS_AT_ONCE):
        wanted = access_log_customers.c.entry_id.in_(entry_ids[start : start + IDS_AT_ONCE])
        for entry_id, customer_id in connection.execute(sa.select(access_log_customers).where(wanted)):
            found.setdefault(entry_id, []).append(customer_id)
    return {entry_id: sorted(several) for entry_id, several in found.items()}
