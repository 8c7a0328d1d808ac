"""From feature rows to scores: the one path of the daily run, the endpoint and the notebook."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Progress, pd_column, silent
from creditscore.errors import ContractError, some
from creditscore.features import catalogue
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.defaulted import IN_DEFAULT, defaulted
from creditscore.scoring.explanation import REASON_COLUMNS, codes_at
from creditscore.scoring.matrix import score_matrix

KEYS = ("customer_id", "as_of")
EXPOSURE = "open_amount"
EXACT = 2.0**53  # integers up to here are exact in a float
ROWS_AT_ONCE = 20_480  # rows that a thread scores at once: whole blocks of attributions, and bounded memory
MOST_THREADS = 4  # more would wait for one another, and each needs memory


def score_rows(bundle: Bundle, policy: Policy, frame: pd.DataFrame, *, progress: Progress = silent) -> pd.DataFrame:
    """Score feature rows; a row alone and the same row among a million get the same bits.

    Many rows are scored piece by piece, on as many threads as there are processors, four at most.

    Parameters
    ----------
    bundle
        The model and its contract.
    policy
        From log-odds to score, grade, colour and reserve.
    frame
        One row a customer: ``customer_id``, ``as_of`` and every feature of the bundle; missing values are missing.
        Other features of the catalogue are ignored but for ``open_amount``, the exposure in minor units. A customer
        whose ``in_default_flag`` is 1 is not forecast: its PD is 1, its score 0, its first reason the default.
    progress
        Told after each piece.

    Returns
    -------
    pandas.DataFrame
        Rows in the order of ``frame``: ``customer_id``, ``as_of``, ``pd_{h}m``, ``log_odds`` of default, ``score``
        0-100, ``grade``, ``colour``, ``exposure_amount`` and ``reserve_amount`` (minor units, missing where the open
        amount is), and ``reason_1`` to ``reason_3``: codes of the features that push most toward default, missing
        where fewer do.

    Raises
    ------
    ContractError
        If a column is missing, unknown, or holds something else than finite numbers and missing values.
    """
    _check_columns(bundle, frame)
    done, scored = 0, []
    for scores in _scored_pieces(bundle, policy, frame):
        scored.append(scores)
        done += len(scores)
        progress("customers scored", done, len(frame))
    return pd.concat(scored, ignore_index=True) if len(scored) > 1 else scored[0]


def _scored_pieces(bundle: Bundle, policy: Policy, frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give the scores of each piece of the frame, in order."""
    if len(frame) <= ROWS_AT_ONCE:
        yield _scored(bundle, policy, frame)
        return
    pieces = [frame.iloc[start : start + ROWS_AT_ONCE] for start in range(0, len(frame), ROWS_AT_ONCE)]
    _ = bundle.model, bundle.contract  # read once, before the threads need them
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS)) as threads:
        yield from threads.map(lambda piece: _scored(bundle, policy, piece), pieces)


def _scored(bundle: Bundle, policy: Policy, frame: pd.DataFrame) -> pd.DataFrame:
    keys, exposure = _keys(frame), _exposure(frame)
    found = score_matrix(
        bundle,
        policy,
        matrix_of(frame, bundle.feature_names),
        exposure_amount=exposure.fillna(0).to_numpy(np.int64),
        certain=defaulted(frame),
    )
    return keys.assign(
        **{pd_column(bundle.horizon_months): found.default_probability},
        log_odds=found.log_odds,
        score=found.score,
        grade=pd.Series(found.grade, dtype="str"),
        colour=pd.Series(found.colour, dtype="str"),
        exposure_amount=exposure,
        reserve_amount=pd.Series(found.reserve_amount, dtype="Int64").mask(exposure.isna()),
        **dict(zip(REASON_COLUMNS, codes_at(bundle.contract, found.reasons), strict=True)),
    )


def _check_columns(bundle: Bundle, frame: pd.DataFrame) -> None:
    wanted = (*KEYS, *bundle.feature_names)
    lacking = [name for name in wanted if name not in frame.columns]
    if lacking:
        raise ContractError(
            where="feature row",
            found=f"{len(lacking)} of {len(wanted)} columns are missing: {some(lacking)}.",
            fix="Give every feature of the bundle; an unknown value is missing, not left out.",
        )
    known = {*wanted, EXPOSURE, IN_DEFAULT, *(feature.name for feature in catalogue())}
    strange = [name for name in frame.columns if name not in known]
    if strange:
        raise ContractError(
            where="feature row",
            found=f"{some(strange)} is no feature of the bundle or the catalogue.",
            fix="Correct the name, or leave the column out.",
        )


def _keys(frame: pd.DataFrame) -> pd.DataFrame:
    try:
        days = pd.to_datetime(frame["as_of"]).astype("datetime64[ms]")
    except (ValueError, TypeError):
        days = pd.Series(pd.NaT, index=frame.index)
    missing = [name for name, column in (("customer_id", frame["customer_id"]), ("as_of", days)) if column.isna().any()]
    if missing:
        raise ContractError(
            where=f"feature row, column {missing[0]!r}",
            found="A value is missing or of another kind.",
            fix="Give a text as customer_id and a day as as_of.",
        )
    return pd.DataFrame({"customer_id": frame["customer_id"].astype("str"), "as_of": days}).reset_index(drop=True)


def matrix_of(frame: pd.DataFrame, names: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return features of a frame as a matrix of floats, refusing what is neither a finite number nor missing."""
    matrix = np.empty((len(frame), len(names)), dtype=np.float64)
    for place, name in enumerate(names):
        matrix[:, place] = _numbers(frame[name])
    return matrix


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    try:
        numbers = column if column.dtype == np.float64 else pd.to_numeric(column)
        values = numbers.to_numpy(np.float64, na_value=np.nan)
    except (ValueError, TypeError):
        values = np.array([np.inf])
    if np.isinf(values).any():
        raise ContractError(
            where=f"feature row, column {column.name!r}",
            found="It holds something else than finite numbers and missing values.",
            fix="Give a number, or a missing value where it is unknown.",
        )
    return values


def _exposure(frame: pd.DataFrame) -> pd.Series:
    if EXPOSURE not in frame.columns:
        return pd.Series(pd.NA, index=range(len(frame)), dtype="Int64")
    values = _numbers(frame[EXPOSURE])
    if not np.all(np.isnan(values) | ((values == np.rint(values)) & (np.abs(values) <= EXACT))):
        raise ContractError(
            where=f"feature row, column {EXPOSURE!r}",
            found="It holds fractions of minor units, or more than a float keeps exactly.",
            fix="Give whole minor units of the currency, below 2^53.",
        )
    return pd.Series(values).astype("Int64")
