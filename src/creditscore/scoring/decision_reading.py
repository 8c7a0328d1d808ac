"""What the store's tables of decisions say of the runs that are served."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa

from creditscore.decisions import CLOSING_COLUMNS
from creditscore.decisions.reserves import TOTAL
from creditscore.scoring.schema import publications, reserve_closings, scores

CLOSINGS = {name: "str" if name in {"dimension", "value"} else "int64" for name in CLOSING_COLUMNS}
LEDGER = {"as_of": "datetime64[ms]"} | CLOSINGS
EXPOSURES = {"customer_id": "str", "as_of": "datetime64[ms]", "colour": "str", "exposure_amount": "Int64"}


def served_ledger(connection: sa.Connection) -> pd.DataFrame:
    """Return the closing figures of the run that is served for each day; see :meth:`ScoreStore.reserve_ledger`."""
    query = (
        sa.select(publications.c.as_of, *(reserve_closings.c[name] for name in CLOSING_COLUMNS))
        .join(reserve_closings, reserve_closings.c.run_id == publications.c.run_id)
        .where(is_served())
    )
    rows = [tuple(row) for row in connection.execute(query)]
    frame = pd.DataFrame(rows, columns=list(LEDGER), dtype=object).astype(LEDGER)
    ordered = frame.assign(part=frame["dimension"] != TOTAL).sort_values(["as_of", "part", "dimension", "value"])
    return ordered[list(LEDGER)].reset_index(drop=True)


def served_exposures(connection: sa.Connection, days: Sequence[date]) -> pd.DataFrame:
    """Return what was owed by whom in which governed colour; see :meth:`ScoreStore.exposures`."""
    wanted = scores.c.customer_id, scores.c.as_of, scores.c.governed_colour, scores.c.exposure_amount
    query = (
        sa.select(*wanted)
        .join(publications, publications.c.run_id == scores.c.run_id)
        .where(is_served(), publications.c.as_of.in_(days))
    )
    rows = [tuple(row) for row in connection.execute(query)]
    frame = pd.DataFrame(rows, columns=list(EXPOSURES), dtype=object).astype(EXPOSURES)
    return frame.sort_values(["as_of", "customer_id"], ignore_index=True)


def is_served() -> sa.ColumnElement[bool]:
    """Tell whether a publication is the last one of its day."""
    last = sa.select(sa.func.max(publications.c.sequence)).group_by(publications.c.as_of)
    return publications.c.sequence.in_(last)
