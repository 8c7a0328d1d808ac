"""Versions of the score store's tables: made where there are none, brought up to date where they are older."""

import sqlalchemy as sa

from creditscore.errors import StoreError
from creditscore.scoring.connection import reading, writing
from creditscore.scoring.schema import SCHEMA_VERSION, metadata, monitored_alarms, schema_version

# Versions that are brought up to date: no table for the watch, no notices, no keys of applications.
WITHOUT_WATCH, WITHOUT_LEVELS, WITHOUT_KEYS = OLDER = 2, 3, 4
OF_LEVELS = ("measure", "level", "raised_on", "group_effect_points", "group_dimension", "group_segment")


def prepare(engine: sa.Engine) -> None:
    """Make the tables where there are none, add what an older version lacked, and refuse any other version.

    Parameters
    ----------
    engine
        The store's database.

    Raises
    ------
    StoreError
        If the tables are of a version that this code does not know, or the database refuses.
    """
    with reading(engine) as connection:
        known = sa.inspect(connection).has_table(schema_version.name)
    if not known:
        with writing(engine) as connection:
            metadata.create_all(connection)
            if _version(connection) is None:
                connection.execute(sa.insert(schema_version), {"version": SCHEMA_VERSION})
    with reading(engine) as connection:
        found = _version(connection)
    if found in OLDER:
        with writing(
            engine
        ) as connection:  # the only writer; another may have been faster, so the version is read anew
            _upgrade(connection, _version(connection))
        found = SCHEMA_VERSION
    _check(found)


def _upgrade(connection: sa.Connection, found: int | None) -> None:
    if found not in OLDER:
        return
    if found == WITHOUT_LEVELS:
        _add_levels(connection)
    metadata.create_all(connection)
    connection.execute(sa.update(schema_version), {"version": SCHEMA_VERSION})


def _add_levels(connection: sa.Connection) -> None:
    """Add the columns of levels and groups; every alarm of that time was one, from its first day on."""
    for name in OF_LEVELS:
        kind = monitored_alarms.c[name].type.compile(dialect=connection.dialect)
        connection.execute(sa.text(f"ALTER TABLE {monitored_alarms.name} ADD COLUMN {name} {kind}"))
    was = {"level": "alarm", "raised_on": monitored_alarms.c.opened_on, "measure": monitored_alarms.c.subject}
    connection.execute(sa.update(monitored_alarms).values(was))


def _version(connection: sa.Connection) -> int | None:
    return connection.scalar(sa.select(schema_version.c.version))


def _check(found: int | None) -> None:
    if found != SCHEMA_VERSION:
        raise StoreError(
            where="score store",
            found=f"Its tables are of version {found}, this code's of version {SCHEMA_VERSION}.",
            fix="Use the version of creditscore that wrote it, or another database.",
        )
