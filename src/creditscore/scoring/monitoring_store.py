"""What the watch found, in the score store: a row a day and checked thing, alarms, and what was delivered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from creditscore.scoring.connection import reading, writing
from creditscore.scoring.schema import alarm_deliveries, monitored_alarms, monitored_checks, monitored_days
from creditscore.scoring.store import ScoreStore

TOLD = ("opened", "raised", "closed")  # changes that a receiver is told of; that an alarm stands is no news
STILL_NEWS_DAYS = 7

Row = Mapping[str, Any]


@dataclass(frozen=True)
class MonitoringStore(ScoreStore):
    """The score store with what the watch found; see :class:`ScoreStore`."""

    def keep_monitored(self, day: Row, *, checks: Sequence[Row], alarms: Sequence[Row]) -> None:
        """Record what was found on a day in place of what was found of it before, in one transaction.

        Parameters
        ----------
        day
            The row of the day.
        checks, alarms
            Its rows, without ``as_of``.

        Raises
        ------
        StoreError
            If another process holds the database, the disk is full, or the database cannot be reached.
        """
        with writing(self._engine) as connection:
            for table in (monitored_checks, monitored_alarms, monitored_days):
                connection.execute(sa.delete(table).where(table.c.as_of == day["as_of"]))
            connection.execute(sa.insert(monitored_days), dict(day))
            for table, rows in ((monitored_checks, checks), (monitored_alarms, alarms)):
                if rows:
                    connection.execute(sa.insert(table), [{"as_of": day["as_of"], **row} for row in rows])

    def monitored_day(self, as_of: date) -> dict[str, Any] | None:
        """Return the row of a day that was watched; ``None`` where it was not."""
        return self._first(monitored_days.c.as_of == as_of)

    def monitored_before(self, as_of: date) -> dict[str, Any] | None:
        """Return the row of the last day before ``as_of`` that was watched; ``None`` where there is none."""
        return self._first(monitored_days.c.as_of < as_of)

    def monitored_checks(self, as_of: date) -> list[dict[str, Any]]:
        """Return what was checked on a day, by reference and measure."""
        query = sa.select(monitored_checks).where(monitored_checks.c.as_of == as_of)
        return self._rows(query, by=("reference", "measure", "kind"))

    def monitored_alarms(self, as_of: date) -> list[dict[str, Any]]:
        """Return the alarms that opened, stood or were closed on a day, by cause."""
        query = sa.select(monitored_alarms).where(monitored_alarms.c.as_of == as_of)
        return self._rows(query, by=("subject", "kind"))

    def undelivered_alarms(self, as_of: date, *, levels: Collection[str]) -> list[dict[str, Any]]:
        """Return what changed on a day or in the week before and no receiver has accepted yet, the first one first.

        Parameters
        ----------
        as_of
            The day.
        levels
            Levels that are told: ``alarm``, ``notice``.
        """
        delivered = sa.exists().where(
            alarm_deliveries.c.alarm_id == monitored_alarms.c.alarm_id,
            alarm_deliveries.c.change == monitored_alarms.c.change,
        )
        news = monitored_alarms.c.as_of.between(as_of - timedelta(days=STILL_NEWS_DAYS), as_of)
        told = monitored_alarms.c.change.in_(TOLD) & monitored_alarms.c.level.in_(levels)
        query = sa.select(monitored_alarms).where(news, told, ~delivered)
        return self._rows(query, by=("as_of", "subject", "kind"))

    def mark_delivered(self, alarms: Iterable[Row]) -> None:
        """Record that a receiver has accepted these changes."""
        now = datetime.now(UTC)
        rows = [{"alarm_id": row["alarm_id"], "change": row["change"], "delivered_at": now} for row in alarms]
        if rows:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(alarm_deliveries), rows)

    def _first(self, condition: sa.ColumnElement[bool]) -> dict[str, Any] | None:
        query = sa.select(monitored_days).where(condition).order_by(monitored_days.c.as_of.desc()).limit(1)
        return next(iter(self._rows(query, by=())), None)

    def _rows(self, query: sa.Select[Any], *, by: Sequence[str]) -> list[dict[str, Any]]:
        """Return what is found, sorted here: a database may sort texts by the rules of a language."""
        with reading(self._engine) as connection:
            found = [{str(name): row[name] for name in row} for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda row: tuple(row[name] for name in by))
