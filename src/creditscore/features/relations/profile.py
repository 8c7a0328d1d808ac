"""Profile: who the customer is."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.book import TABLES
from creditscore.features.relations.arithmetic import days_between
from creditscore.features.relations.base import RowRelation, View
from creditscore.features.relations.lineage import Function, columns_read


class Profile(RowRelation):
    """One row a customer, as known on ``as_of``."""

    needs: ClassVar[tuple[str, ...]] = ("customers",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the customers to the observations."""
        return cls(view.known("customers"))

    @classmethod
    def sources(cls, function: Function) -> tuple[str, ...]:
        """Return the columns of the customers that a function reads; each is a fact of its own."""
        columns = dict(ibis.Schema.from_pyarrow(TABLES["customers"].schema))
        read = columns_read(cls, function, columns | {"as_of": "date"})
        return tuple(f"customers.{name}" for name in read if name in columns) or cls.needs

    @property
    def age_days(self) -> ir.IntegerColumn:
        """Days since the company was founded."""
        return days_between(self.as_of, self.table.founded_on)

    @property
    def tenure_days(self) -> ir.IntegerColumn:
        """Days since it became a customer."""
        return days_between(self.as_of, self.table.onboarded_on)

    @property
    def registered_capital_amount(self) -> ir.IntegerColumn:
        """Registered capital."""
        return self.table.registered_capital_amount

    @property
    def industry_code(self) -> ir.StringColumn:
        """Industry, in the code of the industry table."""
        return self.table.industry_code

    @property
    def region(self) -> ir.StringColumn:
        """Region or country."""
        return self.table.region

    @property
    def group_flag(self) -> ir.BooleanColumn:
        """It belongs to a corporate group."""
        return self.table.group_id.notnull()
