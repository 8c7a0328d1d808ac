"""Candidates for a calibration, judged on rows that they did not learn from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.base import clone

from creditscore.errors import ParameterError
from creditscore.models.calibration.customers import Codes, Mask
from creditscore.models.calibration.protocol import Calibration
from creditscore.models.calibration.scores import CandidateScore, brier_score, clustered_error, log_losses
from creditscore.models.checks import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rates and labels of the calibration period, and the customer of each row."""

    rates: Floats
    y: Floats
    codes: Codes


def judge(
    candidates: Sequence[Calibration], rows: Rows, sides: Sequence[tuple[Mask, Mask]]
) -> tuple[CandidateScore, ...]:
    """Return the score of each candidate, the first of those that count as the best marked as chosen.

    Parameters
    ----------
    candidates
        Unfitted calibrations, the simplest first.
    rows
        The calibration period.
    sides
        Rows to learn from and rows to judge by, fold after fold; no row is judged twice.

    Raises
    ------
    ParameterError
        If every candidate refuses some fold: with the words of the simplest.
    """
    judged = np.logical_or.reduce([held for _, held in sides])
    losses: dict[int, Floats] = {}
    scores: list[CandidateScore] = []
    refusals: list[ParameterError] = []
    for index, candidate in enumerate(candidates):
        kind = kind_of(candidate)
        try:
            said = _forecast(candidate, rows, sides)[judged]
        except ParameterError as refusal:
            refusals.append(refusal)
            scores.append(CandidateScore(kind=kind, remark=f"Not judged: {refusal.found}"))
            continue
        y = rows.y[judged]
        losses[index] = log_losses(said, y)
        scores.append(CandidateScore(kind=kind, log_loss=float(losses[index].mean()), brier=brier_score(said, y)))
    if not losses:
        raise refusals[0]
    return _marked(scores, losses, rows.codes[judged])


def kind_of(candidate: Calibration) -> str:
    """Return the family's name: its ``kind``, or that of its class."""
    return str(getattr(candidate, "kind", type(candidate).__name__))


def _forecast(candidate: Calibration, rows: Rows, sides: Sequence[tuple[Mask, Mask]]) -> Floats:
    """Return the candidate's log-odds for the rows that are judged, each fitted without its customer."""
    said = np.full(len(rows.y), np.nan)
    for learned, held in sides:
        fitted = clone(candidate).fit(rows.rates[learned], rows.y[learned], groups=rows.codes[learned])
        said[held] = fitted.log_odds(rows.rates[held])
    return said


def _marked(scores: list[CandidateScore], losses: dict[int, Floats], codes: Codes) -> tuple[CandidateScore, ...]:
    best = min(losses, key=lambda index: scores[index].log_loss)
    for index, loss in losses.items():
        behind = loss - losses[best]
        error = clustered_error(behind, codes)
        scores[index] = replace(scores[index], behind=float(behind.mean()), behind_error=error)
    chosen = next(index for index in losses if scores[index].behind <= scores[index].behind_error)
    why = "The best." if chosen == best else "The simplest that is no worse than the best by more than noise."
    scores[chosen] = replace(scores[chosen], chosen_flag=True, remark=why)
    return tuple(scores)
