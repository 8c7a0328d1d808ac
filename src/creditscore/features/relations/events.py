"""Events: what the world tells of a customer."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import count_where, days_between, total
from creditscore.features.relations.base import Relation, View

DEFAULT_KINDS = ("default", "write_off", "insolvency")
DECAY_STEPS = 1_000_000  # a decayed count is summed in whole millionths, so that its sum is exact in any order


class Events(Relation):
    """One row an event of the customer, as known on ``as_of``."""

    needs: ClassVar[tuple[str, ...]] = ("events",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the events to the observations."""
        return cls(view.known("events"))

    @property
    def age_days(self) -> ir.IntegerColumn:
        """Days since the event happened; negative for one that is announced."""
        return days_between(self.as_of, self.table.occurred_on)

    @property
    def amount(self) -> ir.IntegerColumn:
        """Amount at stake; 0 where none is known."""
        return self.table.amount.fill_null(0)

    @property
    def severity(self) -> ir.FloatingColumn:
        """Severity, 0 harmless to 1 grave; missing where none is known."""
        return self.table.severity

    @property
    def default_flag(self) -> ir.BooleanColumn:
        """It is a default, a write-off or an insolvency."""
        return self.table.kind.isin(DEFAULT_KINDS)

    def of(self, *kinds: str) -> ir.BooleanColumn:
        """Tell whether the event is of one of these kinds."""
        return self.table.kind.isin(kinds)

    def within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the event happened in the ``days`` days that end with ``as_of``, or is announced."""
        return self.age_days < days

    def since_days(self, condition: ir.BooleanColumn) -> ir.IntegerScalar:
        """Return the days since the last event that meets the condition; 0 where one is announced."""
        return condition.ifelse(ibis.greatest(self.age_days, 0), ibis.null("int64")).min()

    def decayed_count(self, condition: ir.BooleanColumn, *, half_life_days: int) -> ir.FloatingScalar:
        """Count the events that meet the condition, each halved for every ``half_life_days`` of its age."""
        age = ibis.greatest(self.age_days, 0)
        weight = ((age * -1.0 / half_life_days) * ibis.literal(2.0).ln()).exp() * DECAY_STEPS
        return total(condition.ifelse(weight.round().cast("int64"), 0)) / DECAY_STEPS

    def customers_where(self, condition: ir.BooleanColumn) -> ir.IntegerScalar:
        """Count the different customers with an event that meets the condition."""
        return condition.ifelse(self.table.customer_id, ibis.null("string")).nunique()

    def kinds_where(self, condition: ir.BooleanColumn) -> ir.IntegerScalar:
        """Count the different kinds of the events that meet the condition."""
        return condition.ifelse(self.table.kind, ibis.null("string")).nunique()

    def count_of(self, *kinds: str, within: int) -> ir.IntegerScalar:
        """Count the events of these kinds in the ``within`` days that end with ``as_of``."""
        return count_where(self.of(*kinds) & self.within(within))
