"""The last step: features from totals, in the SQL of the embedded engine, so that every path has the same bits."""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from creditscore.features.ledger.kernels import NOTHING, Whole
from creditscore.features.ledger.plan import KEY, TOTALS, Kind, Plan, Total
from creditscore.features.ledger.times import AS_OF, Days
from creditscore.features.ledger.totals import Totals

Values = dict[str, np.ndarray[Any, np.dtype[np.float64]]]


def finished(plan: Plan, totals: Totals, *, days: Days) -> Values:
    """Return the features, each of shape (customers, days), missing where undefined.

    Sums enter as 128-bit integers, as the engine's own sums are, so no product of two of them overflows.
    """
    if not plan.finals:
        return {}
    customers = len(next(iter(totals.values())))
    shape = customers, len(days)
    table = pa.table(
        {
            KEY: pa.array(np.arange(customers * len(days))),
            AS_OF: pa.array(np.tile(days, customers), pa.int32()).cast(pa.date32()),
            **{total.name: _column(total, totals[total.name]) for total in plan.totals},
        }
    )
    with duckdb.connect() as connection:
        connection.register("narrow", table)
        wide = ", ".join(f"{total.name}::HUGEINT AS {total.name}" for total in plan.totals if total.kind is Kind.SUM)
        replaced = f" REPLACE ({wide})" if wide else ""
        connection.execute(f"CREATE TEMP VIEW {TOTALS} AS SELECT *{replaced} FROM narrow")  # noqa: S608 - own names
        found = connection.sql(plan.sql).fetchnumpy()
    order = np.argsort(found[KEY])
    return {name: _floats(found[name])[order].reshape(shape) for name in plan.finals}


def _column(total: Total, values: Whole) -> pa.Array:
    flat = values.ravel()
    if total.kind is Kind.SUM:
        return pa.array(flat)
    signed = -flat if total.kind is Kind.SMALLEST else flat
    nothing = flat == NOTHING
    if total.day_flag:
        return pa.array(np.where(nothing, 0, signed).astype(np.int32), pa.int32(), mask=nothing).cast(pa.date32())
    return pa.array(signed, mask=nothing)


def _floats(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    if isinstance(values, np.ma.MaskedArray):
        return values.filled(np.nan).astype(np.float64)
    return np.asarray(values, dtype=np.float64)
