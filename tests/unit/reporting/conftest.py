"""A made-up champion whose truth is known: log-odds are exact, so that every section has a right answer."""

from dataclasses import replace
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from creditscore.decisions import closings, settle_book
from creditscore.monitoring import DriftLimits, DriftResult, GradeDrift, ScoreDrift
from creditscore.monitoring.comparison import alarm_reasons
from creditscore.policy import load_policy
from creditscore.reporting import Comparison, DecidedDays, Evidence, ScoredDays, language_of, with_colours
from creditscore.reporting.tested import KeptFeatures
from creditscore.reporting.translation import translated
from creditscore.validation import Psi, psi, psi_categorical

MONTHS = {
    "development": pd.date_range("2022-01-31", periods=6, freq="ME"),
    "calibration": pd.date_range("2023-01-31", periods=2, freq="ME"),
    "test": pd.date_range("2023-06-30", periods=4, freq="ME"),
}


def features_of(frame: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Return two features of each out-of-time customer when first observed, in no relation to any default."""
    rng = np.random.default_rng(seed)
    test = frame[frame["split"] == "test"].sort_values(["as_of", "customer_id"]).drop_duplicates("customer_id")
    return test[["customer_id", "as_of"]].assign(
        drawn_flag=True,
        overdue_ratio=rng.uniform(0, 1, len(test)),
        open_amount=np.where(rng.random(len(test)) < 0.2, np.nan, test["exposure_amount"]),
    )


def made_up(*, customers: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Customers whose default probability is known; ``shift`` is how far, in log-odds, the PD lies below the truth."""
    rng = np.random.default_rng(seed)
    policy = load_policy()
    quality = rng.normal(-3.2, 1.4, customers)
    industry = rng.choice(["C17", "C25", "F51", "F52", "G54"], customers, p=[0.35, 0.25, 0.2, 0.15, 0.05])
    region = rng.choice(["north", "south", "华东"], customers)
    years = np.random.default_rng(seed + 1000).uniform(0.1, 8.0, customers)
    parts = []
    for split, days in MONTHS.items():
        for day in days:
            log_odds = quality + rng.normal(0, 0.3, customers)
            truth = 1 / (1 + np.exp(-(log_odds + shift)))
            parts.append(
                pd.DataFrame(
                    {
                        "customer_id": [f"C{number:05d}" for number in range(customers)],
                        "as_of": day,
                        "split": split,
                        "default_flag": (rng.random(customers) < truth).astype(float),
                        "log_odds": log_odds,
                        "exposure_amount": rng.integers(0, 50_000_000, customers),
                        "pd_logistic": 1 / (1 + np.exp(-(log_odds + rng.normal(0, 1.0, customers)))),
                        "pd_single": 1 / (1 + np.exp(-(log_odds + rng.normal(0, 2.5, customers)))),
                        "industry_code": industry,
                        "region": region,
                        "cooperation_years": years + (day - MONTHS["development"][0]).days / 365.25,
                    }
                )
            )
    frame = pd.concat(parts, ignore_index=True).sort_values(["customer_id", "as_of"], ignore_index=True)
    frame["pd_12m"] = 1 / (1 + np.exp(-frame["log_odds"]))
    frame["score"] = policy.scale.score(frame["log_odds"].to_numpy())
    frame["grade"] = np.array(policy.master_scale.labels)[policy.master_scale.ranks(frame["log_odds"].to_numpy())]
    frame["colour"] = np.array(["green", "yellow", "red"])[policy.colours.ranks(frame["score"].to_numpy())]
    frame["as_of"] = frame["as_of"].astype("datetime64[ms]")
    months = pd.to_timedelta(frame["customer_id"].str[-1].astype(int) * 30 + 30, unit="D")
    frame["default_on"] = (frame["as_of"] + months).where(frame["default_flag"] == 1).astype("datetime64[ms]")
    return frame


@pytest.fixture(scope="session")
def still_english():
    """What of a section or a report stays English when it is said in Chinese."""
    place = spec_from_file_location("languages", Path(__file__).with_name("test_languages.py"))
    languages = module_from_spec(place)
    place.loader.exec_module(languages)  # test modules have no package to import each other from
    return lambda thing: languages.english(translated(thing, language_of("zh")))


@pytest.fixture(scope="session")
def policy():
    return load_policy()


@pytest.fixture(scope="session")
def frame():
    return made_up(customers=3000, seed=11)


@pytest.fixture(scope="session")
def evidence(frame):
    return Evidence(frame=frame, horizon_months=12)


@pytest.fixture(scope="session")
def understated():
    """A model that says half the odds that are true."""
    return Evidence(frame=made_up(customers=3000, seed=12, shift=0.7), horizon_months=12)


@pytest.fixture(scope="session")
def sparse():
    """Too few customers to answer anything."""
    return Evidence(frame=made_up(customers=40, seed=13), horizon_months=12)


@pytest.fixture(scope="session")
def bundle(frame, policy, stand_in_bundle):
    return stand_in_bundle(frame=frame, policy_hash=policy.hash)


@pytest.fixture(scope="session")
def tested(bundle, frame):
    """Features of the out-of-time customers that have nothing to do with their defaults."""
    features = features_of(frame, seed=3)
    return KeptFeatures(replace(bundle, features=features), features)


@pytest.fixture(scope="session")
def scored(frame):
    """Two scored months after the test period, of which the first has an outcome."""
    known = frame[frame["as_of"] == "2023-09-30"].assign(as_of=pd.Timestamp("2023-10-31").as_unit("ms"))
    waiting = known.assign(as_of=pd.Timestamp("2024-11-30").as_unit("ms"), default_flag=np.nan)
    days = pd.DataFrame({"as_of": pd.to_datetime(["2023-10-30", "2023-10-31", "2024-11-30"]), "customer_count": 3000})
    judged = pd.concat([known, waiting])[["customer_id", "as_of", "default_flag", "pd_12m"]]
    return ScoredDays(days=days, judged=judged, observed_until=date(2024, 12, 31))


def _index(name: str, *, moved: bool, rows: int = 2000) -> Psi:
    rng = np.random.default_rng(len(name))
    return psi(rng.normal(0, 1, rows), rng.normal(1.5 if moved else 0, 1, rows))


@pytest.fixture(scope="session")
def drifted():
    """Four features, of which ``overdue_ratio`` has moved and ``open_amount`` went missing."""
    names = ("open_amount", "overdue_ratio", "years_known", "litigation_count")
    indices = {name: _index(name, moved=name == "overdue_ratio") for name in names}
    table = pd.DataFrame(
        [
            {
                "feature": name,
                "family": "behaviour",
                "unit": "ratio",
                "reason_code": f"B{place:02d}",
                "method": "wasserstein",
                "distance": 0.1,
                "psi": index.value,
                "psi_expected": index.expected,
                "psi_p_value": index.p_value,
                "missing_reference_ratio": 0.01,
                "missing_current_ratio": 0.2 if name == "open_amount" else 0.01,
                "missing_difference_ratio": 0.19 if name == "open_amount" else 0.0,
                "missing_p_value": 1e-9 if name == "open_amount" else 1.0,
            }
            for place, (name, index) in enumerate(indices.items(), start=1)
        ]
    )
    table["alarm_reason"] = pd.Series(alarm_reasons(table, DriftLimits()), dtype=object)
    table["alarm_flag"] = table["alarm_reason"] != ""
    return DriftResult(
        reference_count=2000,
        current_count=2000,
        features=table,
        feature_psi=indices,
        score=ScoreDrift(_index("score", moved=False), "wasserstein", 0.01, 78.0, 77.5, ""),
        grade=GradeDrift(psi_categorical([120, 150, 110], [105, 185, 87]), ""),
        colours=pd.DataFrame(
            {
                "colour": ["green", "yellow", "red"],
                "reference_ratio": [0.6, 0.3, 0.1],
                "current_ratio": [0.5, 0.35, 0.15],
            }
        ),
        limits=DriftLimits(),
        detail=None,
    )


@pytest.fixture(scope="session")
def comparison(drifted, frame, policy):
    """Two sides whose grades are those of the made-up champion."""
    sides = [frame[frame["split"] == split][["score", "grade"]] for split in ("development", "test")]
    reference, current = (with_colours(side, policy) for side in sides)
    return Comparison(as_of=date(2024, 12, 31), reference=reference, current=current, result=drifted)


@pytest.fixture(scope="session")
def decided(policy):
    """Five customers of the last of two days; a ledger of two of them; nothing said of the reserve's adequacy."""
    scores = pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4", "C5"],
            "colour": ["green", "green", "green", "red", "yellow"],
            "governed_colour": ["green", "green", "yellow", "red", "yellow"],
            "frozen_by": pd.array([None, None, None, None, "C4"], dtype="str"),
            "exposure_amount": pd.array([5_000_000, None, 1_800_000, 2_200_000, 1_000_000], dtype="Int64"),
            "limit_amount": pd.array([9_000_000, None, 1_800_000, 0, 0], dtype="Int64"),
            "headroom_amount": pd.array([4_000_000, None, None, 0, 0], dtype="Int64"),
            "yellow_alert_count": [1, 0, 2, 0, 0],
            "red_alert_count": [0, 0, 0, 2, 0],
        }
    )
    return DecidedDays(
        as_of=date(2024, 11, 30),
        policy_hash=policy.hash,
        scores=scores,
        open_amounts=pd.DataFrame({"customer_id": ["C1"], "bucket": [0], "open_amount": [5_000_000]}),
        ledger=_two_days(policy),
        applications=_four_applications(),
        adequacy="Nothing was compared.",
    )


def _four_applications():
    """The machine approved one; the green channel left a dispute to people, and a frozen customer goes further."""
    return pd.DataFrame(
        {
            "applied_on": pd.to_datetime(["2024-11-28", "2024-11-29", "2024-11-30", "2024-11-30"]),
            "route": ["green_channel", "green_channel", "standard", "committee"],
            "outcome": ["approved", "referred", "referred", "referred"],
            "requested_amount": [3_000_000, 2_000_000, 4_000_000, 1_000_000],
            "allowed_amount": [2_000_000, 2_000_000, 2_000_000, 0],
            "disputed_flag": [False, True, False, False],
            "frozen_flag": [False, False, False, True],
        }
    )


def _two_days(policy):
    """C1 and C2 owe 80,000 and 20,000, both green; the day after C1 owes 10,000 less and C2 is red."""
    segments = pd.DataFrame({"customer_id": ["C1", "C2"], "industry": ["C17", "F51"], "region": "north"})
    days = {date(2024, 11, 29): ([8_000_000, 2_000_000], "green"), date(2024, 11, 30): ([7_000_000, 2_000_000], "red")}
    held, before, parts = None, None, []
    for day, (exposure, colour) in days.items():
        today = pd.DataFrame(
            {
                "customer_id": ["C1", "C2"],
                "exposure_amount": pd.array(exposure, dtype="Int64"),
                "governed_colour": ["green", colour],
                "governed_since": day,
            }
        )
        book = settle_book(policy.reserve, held, today, as_of=day, previous_as_of=before)
        summed = closings(book.holdings, book.movements, segments)
        parts.append(summed.assign(as_of=pd.Timestamp(day).as_unit("ms")))
        held, before = book.holdings, day
    return pd.concat(parts, ignore_index=True)
