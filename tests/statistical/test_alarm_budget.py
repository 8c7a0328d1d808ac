"""The watch cries wolf no more often than its budget says, and sees within days what matters."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from creditscore.domain import Colour, Family
from creditscore.features import catalogue
from creditscore.monitoring import AlarmBudget, Change, Effects, Level, Reference, Watched, checks, follow, signs

DAYS = 60  # the first thirty give the second their last month
FEATURES = [one for one in catalogue() if one.family not in {Family.MACRO, Family.INDUSTRY}][:6]
NAMES = [one.name for one in FEATURES]
KEPT = 0.995  # of a latent value from one day to the next: most customers are today what they were yesterday
GRADES = [f"G{number}" for number in range(10)]


def books(seed, *, size=600):
    """Return the days of one book whose customers persist, come and go, and its development sample; nothing drifts."""
    draws = np.random.default_rng(seed)
    latent = persistent(draws, size)
    absent = persistent(draws, size) > 1.3  # about a tenth, for weeks at a time
    leaving = draws.integers(0, 20 * DAYS, size=size)  # one in twenty is replaced within the days
    facts = pd.DataFrame({"industry_code": draws.choice(list("ABC"), size, p=[0.4, 0.3, 0.3])})
    facts["region"] = draws.choice(["north", "south"], size)
    fresh = persistent(draws, size)  # who comes in a leaver's place
    for day in range(DAYS):
        gone = leaving <= day
        latent[day, gone] = fresh[day, gone]
    days = [frame(latent[day], absent[day], facts, renamed(leaving, day)) for day in range(DAYS)]
    development = [
        frame(one, gone, facts, [f"D{number}" for number in range(size)])
        for one, gone in zip(stationary(draws, size, 2), stationary(draws, size, 2) > 1.3, strict=True)
    ]
    return pd.concat(development, ignore_index=True), days


def persistent(draws, size):
    """Return autoregressive standard normal values, day by customer by feature."""
    noise = draws.normal(size=(DAYS, size, len(NAMES))) * np.sqrt(1 - KEPT**2)
    start = draws.normal(size=(1, size, len(NAMES)))
    found, _ = lfilter([1], [1, -KEPT], noise, axis=0, zi=KEPT * start)
    return found


def stationary(draws, size, count):
    return draws.normal(size=(count, size, len(NAMES)))


def renamed(leaving, day):
    return [f"C{number}{'n' if last <= day else ''}" for number, last in enumerate(leaving)]


def frame(latent, absent, facts, customers):
    values = pd.DataFrame(np.where(absent, np.nan, np.exp(latent)), columns=NAMES)
    score = np.clip(72 + 6 * latent[:, :3].sum(axis=1), 0, 100)
    colour = np.select([score >= 80, score >= 60], [str(Colour.GREEN), str(Colour.YELLOW)], str(Colour.RED))
    grade = pd.Series(GRADES).take(9 - np.minimum(score // 10, 9).astype(int)).to_numpy()
    return facts.assign(**values, score=score, colour=colour, grade=grade, customer_id=customers)


def scored(frame):
    """Score by the first three features: 6 points a standard deviation, and 8 for what is missing."""
    latent = np.log(frame[NAMES[:3]].to_numpy(dtype=float, na_value=np.nan))
    return np.clip(72 + np.where(np.isnan(latent), -8.0, 6 * latent).sum(axis=1), 0, 100)


def alarms_of(development, days, *, budget, until=DAYS):
    """Watch the second thirty days; return every alarm and notice opened or raised, with the day."""
    watched = Watched.of(development, features=FEATURES, grades=GRADES)
    standing, opened = (), []
    for day in range(30, until):
        beside = {
            Reference.DEVELOPMENT: development,
            Reference.LAST_MONTH: days[day - 30],
            Reference.DAY_BEFORE: days[day - 1],
        }
        found = signs(checks(days[day], beside, watched=watched, budget=budget))
        told = Effects(now=days[day], references=beside, score=scored).told(
            [replace(one, source="a table") for one in found]
        )
        on = date(2024, 1, 1) + timedelta(days=day)
        limits = {"quiet_days": budget.quiet_days, "least_points": budget.least_effect_points}
        standing = follow(told, standing, as_of=on, **limits)
        opened += [(day, alarm) for alarm in standing if alarm.change in {Change.OPENED, Change.RAISED}]
    return opened


def counted(opened):
    """Count what opened, whether it was an alarm or only a notice; what is raised later has been counted."""
    return sum(alarm.change == Change.OPENED for _, alarm in opened)


def of_alarms(opened, cause):
    """Return the days on which a cause became an alarm; a notice is none."""
    return [day for day, one in opened if one.level == Level.ALARM and (one.sign.subject, one.sign.kind) == cause]


def without_floors(budget):
    nothing = replace(budget.day_before, value=0.0, share=0.0, score=0.0)
    return replace(budget, development=nothing, last_month=nothing, day_before=nothing)


def upper_bound(counts):
    """Return the upper end of a 95 % interval of the mean count; by the rule of three where nothing was counted."""
    counted = np.asarray(counts, dtype=float)
    if not counted.any():
        return 3.0 / counted.size
    return counted.mean() + 1.96 * counted.std(ddof=1) / np.sqrt(counted.size)


def shifted(days, *, start, name=NAMES[0], industry="A", share=0.3, by=0.5):
    """Move a feature by half a standard deviation for three in ten customers of one industry."""
    moved = []
    for day, one in enumerate(days):
        hit = (one["industry_code"] == industry).to_numpy() & (np.arange(len(one)) % 10 < 10 * share)
        values = one[name].where(~hit, np.exp(np.log(one[name]) + by))
        moved.append(one.assign(**{name: values}) if day >= start else one)
    return moved


def emptied(days, *, start, share=0.1):
    moved = []
    for day, one in enumerate(days):
        hit = np.arange(len(one)) % 10 < 10 * share
        moved.append(one.assign(**{NAMES[1]: one[NAMES[1]].mask(hit)}) if day >= start else one)
    return moved


def lowered(days, *, start, by=3.0):
    return [one.assign(score=(one["score"] - by).clip(0)) if day >= start else one for day, one in enumerate(days)]


DRIFTS = {
    "a feature": (shifted, (NAMES[0], "values")),
    "missing values": (emptied, (NAMES[1], "missing")),
    "the score": (lowered, ("score", "score")),
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_drift_that_matters_is_named_within_days(drift):
    change, cause = DRIFTS[drift]
    development, days = books(3, size=1200)
    opened = alarms_of(development, change(days, start=31), budget=AlarmBudget(), until=36)
    named = of_alarms(opened, cause)
    assert named
    assert named[0] - 31 <= 2


def test_a_drift_that_leaves_the_score_is_a_notice_and_no_alarm():
    development, days = books(3, size=1200)
    opened = alarms_of(development, shifted(days, start=31, name=NAMES[5]), budget=AlarmBudget(), until=36)
    levels = {alarm.level for _, alarm in opened if (alarm.sign.subject, alarm.sign.kind) == (NAMES[5], "values")}
    assert levels == {Level.NOTICE}


def test_drifts_of_one_source_each_too_small_to_matter_are_an_alarm_together():
    development, days = books(3, size=1200)
    budget = replace(AlarmBudget(), least_effect_points=1.2)
    one, other = (shifted(days, start=31, name=name) for name in NAMES[:2])
    both = shifted(one, start=31, name=NAMES[1])
    causes = [(name, "values") for name in NAMES[:2]]
    for alone, cause in zip((one, other), causes, strict=True):
        opened = alarms_of(development, alone, budget=budget, until=34)
        assert cause in {(alarm.sign.subject, alarm.sign.kind) for _, alarm in opened}
        assert not of_alarms(opened, cause)
    opened = alarms_of(development, both, budget=budget, until=34)
    assert all(of_alarms(opened, cause) for cause in causes)


def test_a_few_months_without_drift_bring_no_more_alarms_than_the_budget():
    counts = [counted(alarms_of(*books(seed), budget=AlarmBudget(), until=40)) for seed in range(3)]
    assert sum(counts) <= 1


@pytest.mark.slow
@pytest.mark.parametrize("change", [lambda budget: budget, without_floors], ids=["as shipped", "without floors"])
def test_months_without_drift_hold_the_budget_with_its_interval(change):
    budget = change(AlarmBudget())
    counts = [counted(alarms_of(*books(100 + seed), budget=budget)) for seed in range(12)]
    assert upper_bound(counts) <= budget.false_alarms_per_month, counts


@pytest.mark.slow
def test_a_budget_that_is_used_up_still_holds():
    budget = without_floors(replace(AlarmBudget(), false_alarms_per_month=20.0))
    found = [alarms_of(*books(200 + seed), budget=budget) for seed in range(12)]
    counts = [counted(one) for one in found]
    assert upper_bound(counts) <= 20, counts
    assert sum(counts) > 0  # the watch is not deaf: an ample budget is used
    alarms = [len({alarm.alarm_id for _, alarm in one if alarm.level == Level.ALARM}) for one in found]
    assert sum(alarms) < sum(counts)  # what leaves the score is a notice


@pytest.mark.slow
@pytest.mark.parametrize("drift", DRIFTS)
def test_the_median_delay_of_detection_is_a_day(drift):
    change, cause = DRIFTS[drift]
    delays = []
    for seed in range(7):
        development, days = books(300 + seed, size=1200)
        opened = alarms_of(development, change(days, start=31), budget=AlarmBudget(), until=45)
        named = [day - 31 for day in of_alarms(opened, cause) if day >= 31]
        delays.append(named[0] if named else np.inf)
    assert np.median(delays) <= 1, delays
