"""Statements: the lines of the latest financial statement that was known."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import days_between
from creditscore.features.relations.base import Relation, View

MONTHS_IN_YEAR = 12


class Statements(Relation):
    """One row a line of a financial statement, as known on ``as_of``; ``item`` picks from the latest one."""

    needs: ClassVar[tuple[str, ...]] = ("statements",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the lines to the observations and mark the latest period of each."""
        seen = view.known("statements")
        return cls(seen.mutate(last_on=seen.period_end_on.max().over(group_by="row")))

    @property
    def age_days(self) -> ir.IntegerScalar:
        """Days since the end of the latest period."""
        return days_between(self.as_of, self.table.last_on).min()

    def item(self, name: str) -> ir.FloatingScalar:
        """Return a line of the latest statement; missing where it does not have it."""
        return self._picked(name, self.table.period_end_on == self.table.last_on)

    def annual(self, name: str) -> ir.FloatingScalar:
        """Return a flow of the latest statement as of a whole year.

        Flows of interim statements are taken to run from the start of the calendar year, so that the figure of a
        period that ends in June is doubled.
        """
        return self.item(name) * MONTHS_IN_YEAR / self.table.last_on.month().max()

    def item_year_before(self, name: str) -> ir.FloatingScalar:
        """Return a line of the statement for the period that ended twelve months before the latest."""
        end, last = self.table.period_end_on, self.table.last_on
        months = (last.year() - end.year()) * MONTHS_IN_YEAR + last.month() - end.month()
        return self._picked(name, months == MONTHS_IN_YEAR)

    def _picked(self, name: str, period: ir.BooleanColumn) -> ir.FloatingScalar:
        # At most one row is picked, so the maximum is that row and its bits.
        return (period & (self.table.item == name)).ifelse(self.table.value, ibis.null("float64")).max()
