"""The watch of one day: run after the daily run, outside the path of any request."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from creditscore.accounts import segments
from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.features import Feature
from creditscore.monitoring.alarms import NEWS, Alarm, Change, Level, follow
from creditscore.monitoring.budget import AlarmBudget
from creditscore.monitoring.checks import Reference, checks
from creditscore.monitoring.effect import Effects
from creditscore.monitoring.groups import AlarmGroup, grouped
from creditscore.monitoring.record import alarm_of, alarm_row, check_rows
from creditscore.monitoring.scored_day import (
    Sample,
    compared_days,
    sampled,
    watched_run,
    with_segments,
)
from creditscore.monitoring.shift import Floats
from creditscore.monitoring.signs import Sign, signs
from creditscore.monitoring.watched import OUTPUT, Watched
from creditscore.policy import Decisions, Policy, decide, policy_in_force
from creditscore.scoring import Bundle, DailyRun, MonitoringStore, open_champion
from creditscore.scoring.rows import matrix_of

SHIPPED_BUDGET = AlarmBudget()
SHIPPED_SAMPLE = Sample()

logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())  # who configures no logging reads what the command prints, once


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoredDay:
    """What the watch found on one day.

    Parameters
    ----------
    as_of
        The day.
    check_count, threshold
        Checks made, and the statistic from which one is an alarm.
    alarms
        Alarms that opened, stood or were closed.
    new
        Whether the day was watched now, and not before.
    """

    as_of: date
    check_count: int
    threshold: float
    alarms: tuple[Alarm, ...]
    new: bool

    @property
    def groups(self) -> tuple[AlarmGroup, ...]:
        """The alarms by their source, as a person is told: alarms before notices, the strongest effect first."""
        return grouped(self.alarms)

    def counted(self, change: Change) -> int:
        """Return the number of alarms and notices to which this happened."""
        return sum(alarm.change == change for alarm in self.alarms)

    def is_open(self, level: Level) -> bool:
        """Tell whether an alarm opened or stands, or at the level of a notice any alarm or notice."""
        levels = (Level.ALARM,) if level == Level.ALARM else tuple(Level)
        return any(alarm.is_open and alarm.level in levels for alarm in self.alarms)

    @property
    def alarmed(self) -> bool:
        """Whether an alarm opened or stands; notices are none."""
        return self.is_open(Level.ALARM)


def monitor(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    budget: AlarmBudget = SHIPPED_BUDGET,
    sample: Sample = SHIPPED_SAMPLE,
    features: Sequence[Feature] = (),
) -> MonitoredDay:
    """Watch a scored day, record what was found, and raise alarms to the log; watching it again changes nothing.

    The day is compared with the champion's development sample, with the last day scored a month or more before, and
    with the last day scored in the week before. Every side is scored by today's champion and policy, so that what moved
    is the book, never the model.

    Parameters
    ----------
    workspace
        The portfolio.
    as_of
        A scored day; by default the latest.
    budget
        False alarms that are allowed, and what is too little to speak of.
    sample
        Customers that are watched.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    BundleError
        If no sound bundle decides.
    ContractError
        If the day was scored by a bundle with other features.
    StoreError
        If the day was not scored, or the store refuses.
    """
    with MonitoringStore(workspace.store_url) as store:
        runs = store.served_runs()
        run = watched_run(runs, as_of)
        watch = _Watch(
            workspace=workspace,
            bundle=open_champion(workspace, features=features),
            policy=policy_in_force(workspace, run.as_of),
            run=run,
            beside=compared_days(workspace, runs, run.as_of),
            budget=budget,
            sample=sample,
        )
        return watch.once(store)


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """All that a day is watched with."""

    workspace: Workspace
    bundle: Bundle
    policy: Policy
    run: DailyRun
    beside: Mapping[Reference, DailyRun]
    budget: AlarmBudget
    sample: Sample

    def once(self, store: MonitoringStore) -> MonitoredDay:
        """Watch the day, unless exactly this was found before."""
        day = self.run.as_of
        earlier = store.monitored_before(day)
        inputs = self._inputs(earlier["inputs_hash"] if earlier else None)
        known = store.monitored_day(day)
        if known is not None and known["inputs_hash"] == inputs:
            recorded = tuple(map(alarm_of, store.monitored_alarms(day)))
            return _told(known["check_count"], known["threshold"], recorded, as_of=day, new=False)
        before = store.monitored_alarms(earlier["as_of"]) if earlier else []
        table = self.checks
        alarms = follow(
            self._explained(signs(table)),
            map(alarm_of, before),
            as_of=day,
            quiet_days=self.budget.quiet_days,
            least_points=self.budget.least_effect_points,
        )
        threshold = self.budget.threshold(len(table))
        entry = self._entry(inputs, checks=len(table), threshold=threshold)
        rows = [{name: value for name, value in alarm_row(one).items() if name != "as_of"} for one in alarms]
        store.keep_monitored(entry, checks=check_rows(table), alarms=rows)
        for group in grouped(alarms):
            _log(group, day)
        return _told(len(table), threshold, alarms, as_of=day, new=True)

    @cached_property
    def now(self) -> pd.DataFrame:
        """The day's customers."""
        return self._stated(sampled(self.workspace, self.run.as_of, sample=self.sample))

    @cached_property
    def references(self) -> dict[Reference, pd.DataFrame]:
        """The sides that the day is compared with."""
        earlier = {name: sampled(self.workspace, run.as_of, sample=self.sample) for name, run in self.beside.items()}
        named = self.bundle.feature_names
        told = {name: frame for name, frame in earlier.items() if set(named) <= set(frame.columns)}
        return {name: self._stated(frame) for name, frame in {Reference.DEVELOPMENT: self._learned, **told}.items()}

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The checks of the day."""
        development = self.references[Reference.DEVELOPMENT]
        grades = self.policy.master_scale.labels
        watched = Watched.of(development, features=self.bundle.contract, grades=grades)
        return checks(self.now, self.references, watched=watched, budget=self.budget)

    def score(self, frame: pd.DataFrame) -> Floats:
        """Return the score of each row."""
        return self._decided(frame).score

    @property
    def _learned(self) -> pd.DataFrame:
        return self.bundle.reference()[["customer_id", *self.bundle.feature_names]]

    @cached_property
    def _segments(self) -> pd.DataFrame:
        return segments(Book.open(self.workspace.book), self.run.as_of)

    def _decided(self, frame: pd.DataFrame) -> Decisions:
        log_odds = self.bundle.model.log_odds(matrix_of(frame, self.bundle.feature_names))
        return decide(self.policy, log_odds=log_odds, exposure_amount=np.zeros(len(frame), dtype=np.int64))

    def _stated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Add score, grade, colour and segments to features."""
        found = self._decided(frame)
        stated = frame.assign(score=found.score, grade=found.grade, colour=found.colour)
        return with_segments(stated, self._segments)

    def _explained(self, found: Sequence[Sign]) -> tuple[Sign, ...]:
        """Add what the moves do to the score and what to look at; the outputs themselves have neither."""
        reasons = {one.name: one.reason.code for one in self.bundle.contract}
        sources = {one.name: ", ".join(one.sources) for one in self.bundle.features}
        told = [
            replace(one, reason_code=reasons[one.subject], source=sources[one.subject])
            if one.subject in reasons and one.family != OUTPUT
            else one
            for one in found
        ]
        return Effects(now=self.now, references=self.references, score=self.score).told(told)

    def _inputs(self, earlier: str | None) -> str:
        """Return a hash of all that moves what is found."""
        content = {
            "earlier": earlier,
            "run": self.run.run_id,
            "beside": {str(name): run.run_id for name, run in self.beside.items()},
            "bundle": self.bundle.hash,
            "policy": self.policy.hash,
            "budget": asdict(self.budget),
            "sample": asdict(self.sample),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def _entry(self, inputs: str, *, checks: int, threshold: float) -> dict[str, object]:
        days = {name: run.as_of for name, run in self.beside.items()}
        return {
            "as_of": self.run.as_of,
            "inputs_hash": inputs,
            "run_id": self.run.run_id,
            "last_month_on": days.get(Reference.LAST_MONTH),
            "day_before_on": days.get(Reference.DAY_BEFORE),
            "customer_count": len(self.now),
            "check_count": checks,
            "threshold": threshold,
            "false_alarms_per_month": self.budget.false_alarms_per_month,
        }


def _told(checks: int, threshold: float, alarms: tuple[Alarm, ...], *, as_of: date, new: bool) -> MonitoredDay:
    return MonitoredDay(as_of=as_of, check_count=checks, threshold=threshold, alarms=alarms, new=new)


def _log(group: AlarmGroup, day: date) -> None:
    """Write one line of a group and below it one of each of its alarms."""
    urgent = group.level == Level.ALARM and group.change in NEWS
    logger.log(
        logging.WARNING if urgent else logging.INFO, "%s %s on %s: %s", group.level, group.change, day, group.sentence
    )
    for alarm in group.alarms:
        logger.info("part of it, %s: %s", alarm.change, alarm.sign.sentence)
