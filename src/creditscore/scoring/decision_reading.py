"""What the store's tables of decisions say of the runs that are served."""

import pandas as pd
import sqlalchemy as sa

from creditscore.decisions import CLOSING_COLUMNS
from creditscore.scoring.schema import publications, reserve_closings

CLOSINGS = {name: "str" if name in {"dimension", "value"} else "int64" for name in CLOSING_COLUMNS}
LEDGER = {"as_of": "datetime64[ms]"} | CLOSINGS
TOTAL = "total"


def served_ledger(connection: sa.Connection) -> pd.DataFrame:
    """Return the closing figures of the run that is served for each day; see :meth:`ScoreStore.reserve_ledger`."""
    last = sa.select(sa.func.max(publications.c.sequence)).group_by(publications.c.as_of)
    query = (
        sa.select(publications.c.as_of, *(reserve_closings.c[name] for name in CLOSING_COLUMNS))
        .join(reserve_closings, reserve_closings.c.run_id == publications.c.run_id)
        .where(publications.c.sequence.in_(last))
    )
    rows = [tuple(row) for row in connection.execute(query)]
    frame = pd.DataFrame(rows, columns=list(LEDGER), dtype=object).astype(LEDGER)
    ordered = frame.assign(part=frame["dimension"] != TOTAL).sort_values(["as_of", "part", "dimension", "value"])
    return ordered[list(LEDGER)].reset_index(drop=True)
