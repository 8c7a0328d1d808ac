"""A feature looked at by itself: its values on some days, and what became of the customers who had them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.domain import ENGLISH, Language, Risk, Verdict
from creditscore.features import Feature, panel
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.reporting.document import Report
from creditscore.validation import Estimate, ValueBin, auc, default_rates_by_value

if TYPE_CHECKING:
    from creditscore.reporting.figures import Sheet

KEYS = ["customer_id", "as_of"]
QUANTILES = {"smallest": 0.0, "q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95, "largest": 1.0}
CHANCE = 0.5  # the AUC of a coin


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FeatureStudy:
    """What a feature is on some days, and how defaults follow it. A notebook shows it in words, tables and drawings.

    Parameters
    ----------
    feature
        The feature.
    rows
        ``customer_id``, ``as_of``, ``value``, and ``in_default_flag`` and ``default_flag`` as
        :func:`creditscore.outcomes.outcomes` gives them; all outcomes are missing without a definition of default.
    currency
        Currency of the book.
    definition
        What counts as a default; ``None`` where it was not asked.
    bins
        Default rates along the values; none where no outcome is known.
    area
        AUC of the values, turned round where risk is declared to fall, so that more than 0.5 is as declared; ``None``
        without a default or a non-default that has a value.
    language
        What it is told in; :meth:`said_in` gives it in another one.
    """

    feature: Feature
    rows: pd.DataFrame
    currency: str
    definition: DefaultDefinition | None
    bins: tuple[ValueBin, ...]
    area: Estimate | None
    language: Language = ENGLISH

    @property
    def values(self) -> "pd.Series[float]":
        """The values, by customer and day."""
        values: pd.Series[float] = self.rows.set_index(KEYS)["value"].rename(self.feature.name)
        return values

    @property
    def days(self) -> list[date]:
        """The days, ascending."""
        return [day.date() for day in sorted(self.rows["as_of"].unique())]

    @property
    def missing_share(self) -> float:
        """Share of the observations without a value."""
        return float(self.rows["value"].isna().mean())

    @property
    def summary(self) -> "pd.Series[float]":
        """Counts, the share that is missing, the mean, and quantiles of the values."""
        present = self.rows["value"].dropna()
        counts = {"observation_count": len(self.rows), "different_count": present.nunique()}
        shape = {name: present.quantile(share) for name, share in QUANTILES.items()}
        found = {**counts, "missing_share": self.missing_share, "mean": present.mean(), **shape}
        return pd.Series(found, name=self.feature.name, dtype="float64")

    @property
    def judged(self) -> pd.DataFrame:
        """Rows whose outcome is known, without customers who were in default already: they cannot enter it."""
        return judged_of(self.rows)

    @property
    def rates(self) -> pd.DataFrame:
        """Default rate along the values: one row a bin, lowest values first, missing ones last."""
        names = [field.name for field in fields(ValueBin)]
        return pd.DataFrame([asdict(one) for one in self.bins], columns=names)

    @property
    def against(self) -> tuple[tuple[ValueBin, ValueBin], ...]:
        """Neighboring bins between which the rate moves against the declared direction, their intervals apart."""
        present = [one for one in self.bins if not one.missing_flag]
        return tuple((lower, upper) for lower, upper in pairwise(present) if _apart(lower, upper, self.feature.risk))

    @property
    def agreement(self) -> Verdict:
        """Whether risk moves as declared: by the interval of the AUC, and then from bin to bin."""
        if self.area is None or not self.area.known:
            return Verdict.UNKNOWN
        if self.feature.risk is Risk.EITHER:
            return Verdict.PASS
        if self.area.high < CHANCE:
            return Verdict.FAIL
        if self.area.low <= CHANCE:
            return Verdict.UNKNOWN
        return Verdict.REVIEW if self.against else Verdict.PASS

    def said_in(self, language: Language) -> "FeatureStudy":
        """Return the study in another language: the same numbers, told otherwise in a notebook, a page or a drawing.

        Parameters
        ----------
        language
            Such as :func:`creditscore.reporting.language_of` gives it.
        """
        return replace(self, language=language)

    def report(self) -> Report:
        """Return the study as questions with their answers, to read here or to save as a page."""
        from creditscore.reporting.sections.feature import feature_report  # noqa: PLC0415 - it asks the study

        return feature_report(self).said_in(self.language)

    def plot(self) -> "Sheet":
        """Return distribution and default rates as one drawing, which a notebook shows and ``savefig`` saves."""
        from creditscore.reporting.figures import sheet  # noqa: PLC0415 - brings matplotlib

        figures = [section.figure for section in self.report().sections if section.figure]
        return sheet([chart for figure in figures for chart in figure.charts])

    def __repr__(self) -> str:
        return f"<study of {self.feature.name}: {len(self.rows):,} observations, {self.agreement} as declared>"

    def _repr_html_(self) -> str:
        from creditscore.reporting.html import render_fragment  # noqa: PLC0415 - brings matplotlib

        return render_fragment(self.report())


def study(
    feature: Feature,
    book: Book,
    *,
    as_of: date | Sequence[date],
    definition: DefaultDefinition | None = None,
    bins: int = 5,
) -> FeatureStudy:
    """Compute a feature on one day or several, and see how defaults follow it.

    Parameters
    ----------
    feature
        The feature, of the catalogue or one's own.
    book
        The book.
    as_of
        The day or the days, each seen with what was known on it. One day has few defaults: give month ends for more.
    definition
        What counts as a default; without it only the values are looked at.
    bins
        Equally filled bins to aim at.

    Raises
    ------
    ParameterError
        If there is no day, a day twice, a day before the book's first fact, or less than two bins.
    """
    days = [as_of] if isinstance(as_of, date) else list(as_of)
    frame = panel(book, days=days, features=[feature]).rename(columns={feature.name: "value"})
    rows = _with_outcomes(frame, book, definition)
    known = judged_of(rows)
    rates = default_rates_by_value(known["default_flag"], known["value"], bins=bins) if len(known) else ()
    return FeatureStudy(
        feature=feature,
        rows=rows,
        currency=book.currency,
        definition=definition,
        bins=rates,
        area=_area(known, feature.risk),
    )


def judged_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose outcome is known, of customers who were not in default on the day."""
    return rows[rows["default_flag"].notna() & ~rows["in_default_flag"]]


def _with_outcomes(frame: pd.DataFrame, book: Book, definition: DefaultDefinition | None) -> pd.DataFrame:
    if definition is None:
        return frame.assign(in_default_flag=False, default_flag=np.nan)
    labels = outcomes(book, frame[KEYS], definition=definition)
    return frame.merge(labels[[*KEYS, "in_default_flag", "default_flag"]], on=KEYS, validate="1:1")


def _area(known: pd.DataFrame, risk: Risk) -> Estimate | None:
    valued = known[known["value"].notna()]
    if valued["default_flag"].nunique() < 2:  # noqa: PLR2004 - defaults and others
        return None
    ranking = -valued["value"] if risk is Risk.FALLS else valued["value"]
    return auc(valued["default_flag"], ranking, customers=valued["customer_id"])


def _apart(lower: ValueBin, upper: ValueBin, risk: Risk) -> bool:
    """Tell whether the rate surely moves against the declared direction from one bin to the next."""
    fallen, risen = upper.rate_high < lower.rate_low, upper.rate_low > lower.rate_high
    return {Risk.RISES: fallen, Risk.FALLS: risen, Risk.EITHER: False}[risk]
