"""What is measured: cases, and for each the engines that answer it. Knows no engine, so that the parent stays small."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MONTH_ENDS = 12
ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "creditscore": "creditscore",
        "pandas": "pandas",
        "polars": "Polars, streaming",
        "duckdb": "DuckDB, SQL by hand",
        "scan-polars": "bare scan, Polars",
        "scan-duckdb": "bare scan, DuckDB",
    }
)


@dataclass(frozen=True, slots=True)
class Case:
    """A question and who answers it.

    Parameters
    ----------
    days
        Which of the last twelve month ends are asked for.
    answers
        Module and function of each engine that is asked.
    """

    days: slice
    answers: Mapping[str, str] = field(hash=False)


FEATURES_OF = {name: f"by_{name}:behaviour" for name in ("creditscore", "pandas", "polars", "duckdb")}
SCANS = {"scan-polars": "bare_scan:with_polars", "scan-duckdb": "bare_scan:with_duckdb"}
CASES: Mapping[str, Case] = MappingProxyType(
    {
        # The last month end but one, so that the files hold facts that are not yet known.
        "snapshot": Case(slice(-2, -1), {**FEATURES_OF, **SCANS}),
        "everything": Case(slice(-2, -1), {"creditscore": "by_creditscore:everything"}),
        "panel": Case(slice(None), FEATURES_OF),
    }
)
