"""Whether the portfolio has moved away from the one that the model learned from."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from creditscore.errors import ContractError, ParameterError, some
from creditscore.monitoring.comparison import (
    Described,
    alarm_reasons,
    colour_ratios,
    feature_row,
    grade_drift,
    score_drift,
)
from creditscore.monitoring.evidently_run import Columns, distances
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.result import FEATURE_COLUMNS, DriftResult
from creditscore.validation import psi

SHIPPED_LIMITS = DriftLimits()


def drift(  # noqa: PLR0913 - two frames and what to compare in them; the other four have defaults
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    features: Sequence[Described],
    limits: DriftLimits = SHIPPED_LIMITS,
    detail: Path | None = None,
    sample: int = 5000,
    seed: int = 0,
) -> DriftResult:
    """Compare the current snapshot with the reference that the model learned from.

    The credit index, with missing values as a bin of their own, and the missing shares use every row; Evidently's
    distance uses a sample of each side. A feature raises an alarm if its index exceeds the larger of ``limits.psi`` and
    a multiple of what sampling alone would give, or if its missing share changed by more than is tolerated and by more
    than chance explains (pooled z-test, Bonferroni over the features).

    Parameters
    ----------
    reference, current
        One row a customer, features as columns; ``score``, ``grade`` and ``colour`` are compared where present.
    features
        Features to compare, or what a bundle says of them.
    limits
        Limits of the alarms.
    detail
        Path to write Evidently's own HTML page of the sample to; it opens offline.
    sample
        Most rows of each side that Evidently sees.
    seed
        Seed of that sample.

    Returns
    -------
    DriftResult
        Tables of what moved, and the alarms.

    Raises
    ------
    ContractError
        If a frame is empty or lacks a feature.
    ParameterError
        If ``sample`` is below 1, or Evidently is not installed.

    Examples
    --------
    >>> from creditscore.features import catalogue
    >>> drift(pd.DataFrame(), pd.DataFrame(), features=catalogue()[:1])
    Traceback (most recent call last):
    creditscore.errors.ContractError: reference: It has no row. Pass at least one customer.
    """
    _check(reference, current, features=features, sample=sample)
    measured = distances(
        _sampled(reference, sample, seed),
        _sampled(current, sample, seed),
        columns=_columns(reference, current, features=features, limits=limits),
        page=detail,
    )
    indices = {feature.name: psi(reference[feature.name], current[feature.name]) for feature in features}
    rows = [
        feature_row(feature, reference, current, index=indices[feature.name], distance=measured[feature.name])
        for feature in features
    ]
    table = pd.DataFrame(rows, columns=list(FEATURE_COLUMNS))
    table["alarm_reason"] = pd.Series(alarm_reasons(table, limits), dtype=object)
    table["alarm_flag"] = table["alarm_reason"] != ""
    return DriftResult(
        reference_count=len(reference),
        current_count=len(current),
        features=table,
        feature_psi=indices,
        score=score_drift(reference, current, distance=measured.get("score", float("nan")), limits=limits),
        grade=grade_drift(reference, current, limits=limits),
        colours=colour_ratios(reference, current),
        limits=limits,
        detail=detail,
    )


def _columns(
    reference: pd.DataFrame, current: pd.DataFrame, *, features: Sequence[Described], limits: DriftLimits
) -> Columns:
    shared = reference.columns.intersection(current.columns)
    return Columns(
        numeric=(*(name for name in ("score",) if name in shared), *(feature.name for feature in features)),
        categorical=tuple(name for name in ("grade", "colour") if name in shared),
        categorical_threshold=limits.psi,
    )


def _sampled(frame: pd.DataFrame, sample: int, seed: int) -> pd.DataFrame:
    return frame.sample(n=sample, random_state=seed) if len(frame) > sample else frame


def _check(reference: pd.DataFrame, current: pd.DataFrame, *, features: Sequence[Described], sample: int) -> None:
    if sample < 1:
        raise ParameterError(where="sample", found=f"It is {sample}.", fix="Give at least 1 row; 5000 is enough.")
    for side, frame in (("reference", reference), ("current", current)):
        if frame.empty:
            raise ContractError(where=side, found="It has no row.", fix="Pass at least one customer.")
        absent = [feature.name for feature in features if feature.name not in frame]
        if absent:
            raise ContractError(
                where=side,
                found=f"It lacks {len(absent)} of {len(features)} features: {some(absent)}.",
                fix="Compute the snapshot with the features of the bundle.",
            )
