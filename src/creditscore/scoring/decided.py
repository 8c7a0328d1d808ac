"""Scores of a day with what was decided on each customer."""

from dataclasses import dataclass

import pandas as pd

from creditscore.decisions import DECIDED_COLUMNS, DayOfDecisions
from creditscore.scoring.explanation import REASON_COLUMNS


@dataclass(frozen=True, slots=True)
class DecidedScores:
    """The scores of a day and its decisions.

    Parameters
    ----------
    scores
        Columns of :func:`creditscore.scoring.score_rows` and ``DECIDED_COLUMNS``, one row a customer.
    day
        The decisions.
    """

    scores: pd.DataFrame
    day: DayOfDecisions


def with_decisions(scores: pd.DataFrame, day: DayOfDecisions) -> pd.DataFrame:
    """Put what was decided between scores and their reasons; the reserve is that of the governed colour."""
    said = scores.drop(columns=["reserve_amount", *REASON_COLUMNS]).reset_index(drop=True)
    reasons = scores[list(REASON_COLUMNS)].reset_index(drop=True)
    return pd.concat([said, day.customers[list(DECIDED_COLUMNS)], reasons], axis=1)
