"""Who is counted: the customers of the out-of-time test, and those of the initial validation."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from creditscore.domain import Text, text
from creditscore.errors import ContractError, ParameterError, some
from creditscore.reporting.evidence import Evidence
from creditscore.validation import auc_on_grades

INITIAL: Final = ("calibration", "development")  # the first that has defaults and others
NO_INITIAL: Final = "neither the calibration nor the development period has a default and a customer without one."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """Customers counted once each, by grade.

    Parameters
    ----------
    name
        Name of the period.
    customers
        The rows: each customer when it was first seen with exposure, performing, its outcome known.
    by_grade
        One row for each grade of the master scale, best first: ``grade``, ``mean_pd``, ``customer_count``,
        ``default_count``, ``exposure_amount``.
    idle_count
        Customers left out because they never had exposure.
    """

    name: str
    customers: pd.DataFrame
    by_grade: pd.DataFrame
    idle_count: int

    @property
    def described(self) -> Text:
        """The population in one line."""
        if self.customers.empty:
            return text("{period}: nobody", period=self.name)
        first, last = self.customers["as_of"].min(), self.customers["as_of"].max()
        return text(
            "{period}, {first} to {last}: {customers:,} customers when first seen with exposure, {defaults:,} of them "
            "defaulted; {idle:,} without exposure left out",
            period=self.name,
            first=f"{first:%Y-%m-%d}",
            last=f"{last:%Y-%m-%d}",
            customers=len(self.customers),
            defaults=int(self.customers["default_flag"].sum()),
            idle=self.idle_count,
        )


def population(evidence: Evidence, name: str, *, grades: tuple[str, ...]) -> Population:
    """Count the customers of one period.

    Customers whose exposure is not known stay in: a book without payments knows none.

    Parameters
    ----------
    evidence
        The evaluation frame.
    name
        ``development``, ``calibration`` or ``test``.
    grades
        The grades, best first.

    Raises
    ------
    ContractError
        If a row has another grade.
    """
    frame = evidence.frame
    known = frame[(frame["split"] == name) & frame["default_flag"].notna()]
    _demand_known_grades(known, grades=grades)
    exposed = known[~(known["exposure_amount"] <= 0).fillna(value=False).astype(bool)]
    customers = exposed.sort_values(["as_of", "customer_id"]).drop_duplicates("customer_id")
    return Population(
        name=name,
        customers=customers,
        by_grade=_by_grade(customers, pd_name=evidence.pd_name, grades=grades),
        idle_count=known["customer_id"].nunique() - len(customers),
    )


def initial_population(evidence: Evidence, *, grades: tuple[str, ...]) -> tuple[Population | None, float | str]:
    """Return the population of the initial validation and its AUC on grades; without one, why.

    It is the calibration period, which the fit has not seen; the development period where that has too few.
    """
    for name in INITIAL:
        found = population(evidence, name, grades=grades)
        try:
            area = auc_on_grades(found.by_grade["customer_count"], found.by_grade["default_count"])
        except ParameterError:
            continue
        return found, area.value
    return None, NO_INITIAL


def _demand_known_grades(rows: pd.DataFrame, *, grades: tuple[str, ...]) -> None:
    strange = sorted(set(rows["grade"]) - set(grades))
    if strange:
        raise ContractError(
            where="evaluation frame",
            found=f"It holds the grades {some(strange)}, which the master scale of today does not know.",
            fix="Train the bundle again under the policy of today, or use the policy that it was trained under.",
        )


def _by_grade(customers: pd.DataFrame, *, pd_name: str, grades: tuple[str, ...]) -> pd.DataFrame:
    grouped = customers.astype({"exposure_amount": "Int64"}).groupby("grade", observed=True)
    table = grouped.agg(
        mean_pd=(pd_name, "mean"),
        customer_count=("customer_id", "size"),
        default_count=("default_flag", "sum"),
    )
    table["exposure_amount"] = grouped["exposure_amount"].sum(min_count=1)
    counts = {"customer_count": "int64", "default_count": "int64"}
    whole = table.reindex(list(grades)).fillna(dict.fromkeys(counts, 0)).astype(counts)
    return whole.rename_axis("grade").reset_index()
