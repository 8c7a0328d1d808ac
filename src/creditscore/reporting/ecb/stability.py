"""Whether customers stay where they are: section 2.5.5 of the instructions."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from creditscore.domain import Text, text
from creditscore.errors import ParameterError
from creditscore.reporting.ecb.inputs import OUTSIDE, EcbInputs, Migrations
from creditscore.reporting.sheets import Sheet
from creditscore.validation import concentration, migration_bandwidth, migration_z
from creditscore.validation.inputs import Floats

MIGRATIONS, NEIGHBOURS, CROWDED = "ECB 2019, 2.5.5.1", "ECB 2019, 2.5.5.2", "ECB 2019, 2.5.5.3"
BANDWIDTHS = (
    "Upper bandwidth: sum over j > i of |i - j| n_ij, divided by sum over i < K of max(|i - K|, |i - 1|) times the "
    "customers of grade i that went to a worse grade; lower bandwidth likewise with j < i. Both lie in [0, 1]; 0/0 is "
    "empty. The matrix has a row for each grade at the start and counts where its customers were at the end."
)
NEIGHBOURING = (
    "Each cell off the diagonal against its neighbour towards the diagonal: z = (q - p) / sqrt((p (1 - p) + q (1 - q) "
    "+ 2 p q) / N_i) and p-value = Phi(z), with p the share of the cell, q that of the neighbour and N_i all customers "
    "of the row. A small p-value says that the farther migration is the more likely one. Undefined cells are empty."
)
CROWDING = (
    "CV = sqrt(K sum (R_i - 1/K)^2) with R_i the share of grade i among K grades; HI = 1 + ln((CV^2 + 1)/K) / ln K; "
    "p = 1 - Phi(sqrt(K - 1) (CV current - CV initial) / sqrt(CV current^2 (0.5 + CV current^2))). A small p-value "
    "says that customers crowd into fewer grades than at the initial validation."
)


def migrations_sheet(inputs: EcbInputs) -> Sheet:
    """Return the migration matrix of a year and its bandwidths."""
    matrix = migration_table(inputs)
    return Sheet(
        name="2.5.5.1 Customer migrations",
        title="2.5.5.1 Stability: customer migrations",
        parts=(BANDWIDTHS, bandwidth_table(inputs), "Migration matrix, number of customers", matrix),
    )


def bandwidth_table(inputs: EcbInputs) -> pd.DataFrame:
    """Return one row: both bandwidths, or why there are none."""
    found = inputs.migrations
    if isinstance(found, str):
        row = {"upper_bandwidth": math.nan, "lower_bandwidth": math.nan, "customer_count": None, "period": None}
        return _row(row, reason=_unavailable(found), source=MIGRATIONS)
    width = migration_bandwidth(found.counts)
    row = {"upper_bandwidth": width.upper, "lower_bandwidth": width.lower, "customer_count": int(found.counts.sum())}
    return _row({**row, "period": found.period}, reason=None, source=MIGRATIONS)


def migration_table(inputs: EcbInputs) -> pd.DataFrame:
    """Return the K x (K + 3) matrix of counts, or why there is none."""
    found = inputs.migrations
    if isinstance(found, str):
        return _row({"grade": None}, reason=_unavailable(found), source=MIGRATIONS)
    columns = [*(f"to_{grade}_customers_count" for grade in inputs.grades), *OUTSIDE]
    table = pd.DataFrame(found.counts, columns=columns)
    table.insert(0, "grade", inputs.grades)
    return table.assign(all_customers_count=found.counts.sum(axis=1), source=MIGRATIONS)


def neighbours_sheet(inputs: EcbInputs) -> Sheet:
    """Return the z-tests of neighbouring cells of the migration matrix."""
    statistic, p_value = neighbour_tables(inputs)
    return Sheet(
        name="2.5.5.2 Migration matrix",
        title="2.5.5.2 Stability of the migration matrix",
        parts=(NEIGHBOURING, "z statistics", statistic, "p-values", p_value),
    )


def neighbour_tables(inputs: EcbInputs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the K x K z statistics and p-values, or why there are none."""
    found = inputs.migrations
    if isinstance(found, str):
        told = _row({"grade": None}, reason=_unavailable(found), source=NEIGHBOURS)
        return told, told
    tests = migration_z(found.counts)
    size = found.counts.sum(axis=1)
    return (
        _matrix(inputs, found, tests.statistic, suffix="z").assign(all_customers_count=size, source=NEIGHBOURS),
        _matrix(inputs, found, tests.p_value, suffix="p_value").assign(all_customers_count=size, source=NEIGHBOURS),
    )


def concentration_sheet(inputs: EcbInputs) -> Sheet:
    """Return whether customers crowd into fewer grades than at the initial validation."""
    return Sheet(
        name="2.5.5.3 Concentration",
        title="2.5.5.3 Concentration in rating grades",
        parts=(CROWDING, concentration_table(inputs), "Customers by grade", shares_table(inputs)),
    )


def concentration_table(inputs: EcbInputs) -> pd.DataFrame:
    """Return one row: HI and CV of both populations, statistic and p-value; where there are none, why."""
    names = ("current_hi", "initial_hi", "current_cv", "initial_cv", "statistic", "p_value")
    empty = dict.fromkeys(names, math.nan)
    own = {"rating_grade_count": len(inputs.grades)}
    if isinstance(inputs.initial, str):
        return _row({**own, **empty}, reason=_unavailable(inputs.initial), source=CROWDED)
    try:
        found = concentration(inputs.current["customer_count"], inputs.initial["customer_count"])
    except ParameterError as error:
        return _row({**own, **empty}, reason=_unavailable(error.found), source=CROWDED)
    values = (
        found.current,
        found.initial,
        *(_variation(index, len(inputs.grades)) for index in (found.current, found.initial)),
        found.statistic,
        found.p_value,
    )
    return _row({**own, **dict(zip(names, values, strict=True))}, reason=None, source=CROWDED)


def shares_table(inputs: EcbInputs) -> pd.DataFrame:
    """Return customers and shares of each grade, now and at the initial validation."""
    current = inputs.current["customer_count"].to_numpy(dtype=float)
    empty = np.full(len(current), math.nan)
    initial = empty if isinstance(inputs.initial, str) else inputs.initial["customer_count"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "grade": inputs.grades,
            "current_customers_count": current,
            "current_share": current / (current.sum() or math.nan),
            "initial_customers_count": initial,
            "initial_share": initial / (initial.sum() or math.nan),
            "source": CROWDED,
        }
    )


def _matrix(inputs: EcbInputs, found: Migrations, cells: Floats, *, suffix: str) -> pd.DataFrame:
    width = len(found.counts)
    table = pd.DataFrame(cells[:, :width], columns=[f"to_{grade}_{suffix}" for grade in inputs.grades])
    table.insert(0, "grade", inputs.grades)
    return table


def _variation(index: float, grade_count: int) -> float:
    """Return the coefficient of variation behind a Herfindahl index: ``(CV^2 + 1)/K = K^(HI - 1)``."""
    return math.sqrt(max(grade_count**index - 1, 0.0))


def _unavailable(why: str) -> Text:
    return text("Not available: {why}", why=why)


def _row(values: Mapping[str, object], *, reason: str | None, source: str) -> pd.DataFrame:
    """Return a table of one row, whose sentences can still be said in another language."""
    row = {**values, "reason": reason, "source": source}
    return pd.DataFrame(
        {name: pd.Series([value], dtype=object if isinstance(value, str) else None) for name, value in row.items()}
    )
