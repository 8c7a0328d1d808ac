"""Orders: what a customer was invoiced, whether or not payments are known."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import days_between
from creditscore.features.relations.base import Relation, View


class Orders(Relation):
    """One row an invoice or credit note, as known on ``as_of``; needs no payments."""

    needs: ClassVar[tuple[str, ...]] = ("invoices",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the spans of the invoices to the observations."""
        return cls(view.join(view.facts.receivables))

    @property
    def amount(self) -> ir.IntegerColumn:
        """Amount invoiced; 0 for a credit note."""
        return ibis.greatest(self.table.amount, 0)

    @property
    def credited_amount(self) -> ir.IntegerColumn:
        """Amount of a credit note; 0 for an invoice."""
        return ibis.greatest(-self.table.amount, 0)

    @property
    def invoice_flag(self) -> ir.BooleanColumn:
        """It is an invoice, not a credit note."""
        return self.table.amount > 0

    @property
    def void_flag(self) -> ir.BooleanColumn:
        """It asks for nothing any more: its current version has the amount 0."""
        return self.table.amount == 0

    @property
    def disputed_flag(self) -> ir.BooleanColumn:
        """The customer disputes the invoice."""
        return self.table.disputed_flag.fill_null(False)  # noqa: FBT003 - the value to fill with

    @property
    def issued_on(self) -> ir.DateColumn:
        """Day of issue."""
        return self.table.issued_on

    @property
    def term_days(self) -> ir.IntegerColumn:
        """Payment term agreed: days from issue to due day."""
        return days_between(self.table.due_on, self.table.issued_on)

    @property
    def age_days(self) -> ir.IntegerColumn:
        """Days since the issue."""
        return days_between(self.as_of, self.table.issued_on)

    def issued_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the invoice was issued in the ``days`` days that end with ``as_of``."""
        return self.age_days.between(0, days - 1)

    def issued_between(self, first: int, last: int) -> ir.BooleanColumn:
        """Tell whether the invoice was issued ``first`` to ``last`` days before ``as_of``."""
        return self.age_days.between(first, last)
