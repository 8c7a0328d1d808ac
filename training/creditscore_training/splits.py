"""Development, calibration and out-of-time test: periods that follow each other, never random folds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from creditscore.domain import add_months
from creditscore.errors import ParameterError

DEVELOPMENT, CALIBRATION, TEST = SPLITS = ("development", "calibration", "test")
HASHED_BYTES = 8
UNSEEN_SHARE = "unseen_share"  # what a bundle calls the share of the customers that its model never met


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Where the periods end, by the day of observation.

    Parameters
    ----------
    development_until, calibration_until, test_until
        Last day of observation of each period; where ``None``, the bound follows from the shares below. What is
        observed after ``test_until`` is left out.
    development_share, calibration_share
        Shares of the days of observation, by time, in (0, 1); the test has the rest.
    unseen_share
        Share of the customers, in [0, 1), who are kept out of development and calibration, so that the test can say how
        well the model ranks customers it has never met.
    min_defaults
        Fewest defaults, and fewest non-defaults, without which a period is of no use.

    Raises
    ------
    ParameterError
        If a share lies outside its range or the days do not follow each other.
    """

    development_until: date | None = None
    calibration_until: date | None = None
    test_until: date | None = None
    development_share: float = 0.55
    calibration_share: float = 0.20
    unseen_share: float = 0.20
    min_defaults: int = 10

    def __post_init__(self) -> None:
        shares = (self.development_share, self.calibration_share, 1 - self.development_share - self.calibration_share)
        if min(shares) <= 0 or not 0 <= self.unseen_share < 1 or self.min_defaults < 1:
            raise ParameterError(
                where="Periods",
                found=f"Shares {self.development_share}, {self.calibration_share} with {self.unseen_share} unseen and "
                f"at least {self.min_defaults} defaults leave a period empty.",
                fix="Give shares above 0 that add up to less than 1, an unseen share in [0, 1), 1 default or more.",
            )
        _refuse_disorder([day for day in (self.development_until, self.calibration_until, self.test_until) if day])

    def resolved(self, days: Sequence[date]) -> "Periods":
        """Return the periods with every bound a day, the missing ones by their shares of ``days``.

        Parameters
        ----------
        days
            The distinct days of observation whose outcomes are known, ascending.

        Raises
        ------
        ParameterError
            If there are fewer than three days, or the bounds do not follow each other.

        Examples
        --------
        >>> Periods().resolved([date(2023, month, 1) for month in range(1, 13)]).calibration_until
        datetime.date(2023, 9, 1)
        """
        if len(days) < len(SPLITS):
            raise ParameterError(
                where="Periods",
                found=f"There are {len(days)} days of observation with a known outcome.",
                fix="Give at least three: one each for development, calibration and test.",
            )
        calibration_end = self.development_share + self.calibration_share
        bounds = (
            self.development_until or _day_at(days, self.development_share),
            self.calibration_until or _day_at(days, calibration_end),
            self.test_until or days[-1],
        )
        _refuse_disorder(bounds)
        return replace(self, development_until=bounds[0], calibration_until=bounds[1], test_until=bounds[2])


def assign(panel: pd.DataFrame, periods: Periods) -> pd.DataFrame:
    """Return the panel with the columns ``split`` and ``unseen_flag``.

    Rows after the test, and the rows that held-out customers have before the test, are left out. ``unseen_flag`` is
    true for the test rows of customers who have no row in development or calibration: those held out, and newcomers.

    Parameters
    ----------
    panel
        Labelled observations with ``customer_id``, ``as_of`` and ``default_flag``.
    periods
        Periods whose bounds are resolved, see :meth:`Periods.resolved`.

    Raises
    ------
    ParameterError
        If a period has too few defaults or too few non-defaults.
    """
    ends = np.array([periods.development_until, periods.calibration_until, periods.test_until], dtype="datetime64[ms]")
    position = np.searchsorted(ends, panel["as_of"].to_numpy(dtype="datetime64[ms]"))
    held_out = held_out_customers(panel["customer_id"], share=periods.unseen_share)
    kept = (position < len(SPLITS)) & ~((position < SPLITS.index(TEST)) & held_out)
    rows = panel.loc[kept].assign(split=np.array([*SPLITS, "later"])[position[kept]])
    seen = set(rows.loc[rows["split"] != TEST, "customer_id"])
    rows["unseen_flag"] = (rows["split"] == TEST) & ~rows["customer_id"].isin(seen)
    _refuse_thin_periods(rows, periods.min_defaults)
    return rows.reset_index(drop=True)


def held_out_customers(customers: pd.Series, *, share: float) -> np.ndarray:
    """Tell for each row whether its customer is held out of development and calibration.

    The choice depends on nothing but the customer's id, so that it stays the same from month to month and from recipe
    to recipe, and two models are compared on the same strangers.

    Parameters
    ----------
    customers
        Customer ids.
    share
        Expected share of customers held out, in [0, 1).
    """
    codes, names = pd.factorize(customers)
    return np.array([_position(name) < share for name in names], dtype=bool)[codes]


def customer_folds(customers: np.ndarray, *, folds: int) -> np.ndarray:
    """Return for each row the group, 0 to ``folds`` - 1, to which its customer's id belongs, whatever the panel."""
    codes, names = pd.factorize(customers)
    return np.array([int(_position(name) * 1_000 * folds) % folds for name in names], dtype=np.int64)[codes]


def split_table(rows: pd.DataFrame, *, horizon_months: int) -> pd.DataFrame:
    """Describe the periods, and say how far their outcome windows reach into the next one.

    ``defaulter_count`` counts the customers behind the ``default_count`` rows: one default is seen from several days.
    ``overlap_count`` counts the rows whose outcome window ends on or after the first day of observation of the next
    period. Such a window and the next period share calendar time, so a shock in it is present in both; a strictly
    separate test would need a gap as long as the horizon.

    Parameters
    ----------
    rows
        Observations with a ``split``, from :func:`assign`.
    horizon_months
        Length of the outcome window.
    """
    windows = rows.assign(window_end=window_ends(rows["as_of"], months=horizon_months))
    table = windows.groupby("split").agg(
        first_on=("as_of", "min"),
        last_on=("as_of", "max"),
        outcomes_until=("window_end", "max"),
        day_count=("as_of", "nunique"),
        customer_count=("customer_id", "nunique"),
        row_count=("default_flag", "size"),
        default_count=("default_flag", "sum"),
        default_ratio=("default_flag", "mean"),
        unseen_count=("unseen_flag", "sum"),
    )
    table = table.reindex(list(SPLITS)).astype({"default_count": "int64", "unseen_count": "int64"})
    defaulted = windows[windows["default_flag"] == 1].groupby("split")["customer_id"].nunique()
    table["defaulter_count"] = defaulted.reindex(table.index, fill_value=0)
    following = table["first_on"].shift(-1)
    reaching = windows["window_end"] >= windows["split"].map(following)
    table["overlap_count"] = reaching.groupby(windows["split"]).sum().reindex(table.index)
    return table.reset_index()


def window_ends(as_of: pd.Series, *, months: int) -> pd.Series:
    """Return the last day of each outcome window ``(as_of, as_of + months]``."""
    ends = {day: pd.Timestamp(add_months(day.date(), months)) for day in as_of.unique()}
    return as_of.map(ends).astype("datetime64[ms]")


def _day_at(days: Sequence[date], share: float) -> date:
    """Return the last of the first ``share`` of the days, leaving at least one day before and after it free."""
    return days[min(max(round(share * len(days)) - 1, 0), len(days) - 2)]


def _position(customer_id: str) -> float:
    digest = hashlib.sha256(str(customer_id).encode()).digest()
    return int.from_bytes(digest[:HASHED_BYTES], "big") / 2 ** (8 * HASHED_BYTES)


def _refuse_disorder(days: Sequence[date]) -> None:
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ParameterError(
            where="Periods",
            found=f"Their ends {', '.join(str(day) for day in days)} do not follow each other.",
            fix="Give development_until < calibration_until < test_until, each with days of observation before it.",
        )


def _refuse_thin_periods(rows: pd.DataFrame, least: int) -> None:
    for split in SPLITS:
        labels = rows.loc[rows["split"] == split, "default_flag"]
        defaults, others = int(labels.sum()), int((labels == 0).sum())
        if min(defaults, others) < least:
            raise ParameterError(
                where=f"period {split!r}",
                found=f"It has {defaults} defaults and {others} non-defaults; {least} of each are needed.",
                fix="Move the ends of the periods, observe more days, or widen the default definition.",
            )
