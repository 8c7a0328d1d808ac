"""Who defaulted after a daily score, within its window, and what that day's score said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from creditscore.domain import Workspace, text
from creditscore.scoring import read_scores
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.explanation import REASON_COLUMNS, reasons_coded

KEYS = ["customer_id", "as_of"]
STORED = ["score", "grade", "colour", "exposure_amount", *REASON_COLUMNS]


@dataclass(frozen=True, slots=True, eq=False)
class DailyDefaulters:
    """Customers who defaulted within the window of a daily score that has ended, each once.

    Parameters
    ----------
    frame
        One row a defaulter: ``customer_id``, ``as_of`` (the first judged day whose window holds the default),
        ``default_on``, the probability, and of that day's stored scores ``score``, ``grade``, ``colour``,
        ``exposure_amount`` and the codes ``reason_1`` to ``reason_3``.
    days
        The judged days whose windows have ended, ascending.
    """

    frame: pd.DataFrame
    days: tuple[date, ...]

    def reasons(self, contract: Sequence[FeatureContract]) -> pd.Series:
        """Return the stored reasons of each defaulter as a list of texts, which another language can say too.

        The strongest stands first.
        """
        codes = self.frame[list(REASON_COLUMNS)].itertuples(index=False, name=None)
        told = [
            [text("{reason}", reason=reason) for reason in reasons_coded(list(row), contract=contract)] for row in codes
        ]
        return pd.Series(told, index=self.frame.index, dtype=object)


def daily_defaulters(workspace: Workspace, judged: pd.DataFrame, *, pd_name: str) -> DailyDefaulters | None:
    """Read what was stored of those who defaulted, and of nobody else: a book may have a million customers.

    Parameters
    ----------
    workspace
        The portfolio.
    judged
        Scores of customers not in default when scored, with ``default_flag``, missing while the window has not ended,
        and where it is 1 ``default_on``.
    pd_name
        Name of the column of the probability of default.

    Returns
    -------
    DailyDefaulters or None
        ``None`` where no window has ended.
    """
    ended = judged.loc[judged["default_flag"].notna(), "as_of"].unique()
    if not len(ended):
        return None
    rows = judged.loc[judged["default_flag"] == 1, [*KEYS, "default_on"]]
    first = rows.sort_values(["as_of", "customer_id"]).drop_duplicates("customer_id")
    columns = ["customer_id", *STORED, pd_name]
    parts = [_with_stored(workspace, own, columns) for _, own in first.groupby("as_of")]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*KEYS, "default_on", *columns[1:]])
    return DailyDefaulters(frame, tuple(day.date() for day in pd.DatetimeIndex(ended).sort_values()))


def _with_stored(workspace: Workspace, own: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Add to the defaulters of one day what was stored of them."""
    day = own["as_of"].iloc[0].date()
    stored = read_scores(workspace, as_of=day, columns=columns, customers=own["customer_id"].tolist())
    return own.merge(stored, on="customer_id", validate="one_to_one")
