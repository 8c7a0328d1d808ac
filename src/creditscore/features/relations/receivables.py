"""Receivables: invoices and what has been paid on them, as known on each day."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import amount_where, days_between
from creditscore.features.relations.base import Relation, View


class Receivables(Relation):
    """One row an invoice or credit note, with its payments, as known on ``as_of``.

    A payment counts from the day it became known; the money that it brought is dated by ``paid_on``. An invoice is
    *settled* when the known payments reach its amount. Credit notes, which have negative amounts, owe nothing, and are
    not set off against what is open.
    """

    needs: ClassVar[tuple[str, ...]] = ("invoices", "payments")

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
    def paid_amount(self) -> ir.IntegerColumn:
        """Amount paid, as known on ``as_of``."""
        return self.table.paid_amount

    @property
    def paid_by_due_amount(self) -> ir.IntegerColumn:
        """Amount that was paid on the due day or before, at most the amount of the invoice."""
        return ibis.least(self.table.paid_by_due_amount, self.amount)

    @property
    def open_amount(self) -> ir.IntegerColumn:
        """Amount not yet paid."""
        return ibis.greatest(self.table.amount - self.table.paid_amount, 0)

    @property
    def open_flag(self) -> ir.BooleanColumn:
        """Something of the invoice is not yet paid."""
        return self.table.amount > self.table.paid_amount

    @property
    def settled_flag(self) -> ir.BooleanColumn:
        """The invoice is paid in full."""
        return (self.table.amount > 0) & (self.table.amount <= self.table.paid_amount)

    @property
    def disputed_flag(self) -> ir.BooleanColumn:
        """The customer disputes the invoice."""
        return self.table.disputed_flag.fill_null(False)  # noqa: FBT003 - the value to fill with

    @property
    def term_days(self) -> ir.IntegerColumn:
        """Payment term agreed: days from issue to due day."""
        return days_between(self.table.due_on, self.table.issued_on)

    @property
    def days_past_due(self) -> ir.IntegerColumn:
        """Days since the due day of an open invoice; 0 where it is settled or not yet due."""
        late = ibis.greatest(days_between(self.as_of, self.table.due_on), 0)
        return self.open_flag.ifelse(late, 0)

    @property
    def overdue_amount(self) -> ir.IntegerColumn:
        """Open amount whose due day has passed."""
        return amount_where(self.days_past_due > 0, self.open_amount)

    @property
    def delay_days(self) -> ir.IntegerColumn:
        """Days from the due day to the last payment of a settled invoice, negative if early; missing while open."""
        return self.settled_flag.ifelse(days_between(self.table.last_paid_on, self.table.due_on), ibis.null("int64"))

    @property
    def paying_days(self) -> ir.IntegerColumn:
        """Days from the issue to the last payment of a settled invoice; missing while it is open."""
        return self.settled_flag.ifelse(days_between(self.table.last_paid_on, self.table.issued_on), ibis.null("int64"))

    @property
    def last_paid_on(self) -> ir.DateColumn:
        """Day of the last payment on the invoice; missing where there is none."""
        return self.table.last_paid_on

    @property
    def payment_count(self) -> ir.IntegerColumn:
        """Number of payments on the invoice."""
        return self.table.payment_count

    def issued_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the invoice was issued in the ``days`` days that end with ``as_of``."""
        return days_between(self.as_of, self.table.issued_on).between(0, days - 1)

    def due_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the invoice fell due in the ``days`` days before ``as_of``."""
        return self.due_between(1, days)

    def due_between(self, first: int, last: int) -> ir.BooleanColumn:
        """Tell whether the invoice fell due ``first`` to ``last`` days before ``as_of``."""
        return days_between(self.as_of, self.table.due_on).between(first, last)

    def paid_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the last payment on the invoice came in the ``days`` days that end with ``as_of``."""
        return days_between(self.as_of, self.table.last_paid_on).between(0, days - 1)

    def settled_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether the payment that settled the invoice came in the ``days`` days that end with ``as_of``."""
        return self.settled_flag & self.paid_within(days)

    def open_before(self, days: int) -> ir.BooleanColumn:
        """Tell whether the invoice was issued and not settled ``days`` days before ``as_of``, as is known today."""
        issued = days_between(self.as_of, self.table.issued_on) >= days
        return issued & (~self.settled_flag | self.settled_within(days))

    def overdue_between(self, first: int, last: int | None = None) -> ir.BooleanColumn:
        """Tell whether the invoice is open and ``first`` to ``last`` days past due; no upper end by default."""
        return self.days_past_due >= first if last is None else self.days_past_due.between(first, last)


class OpenReceivables(Receivables):
    """One row an open invoice, as known on ``as_of``: what is owed.

    Few invoices are open on a day, so features of what is owed are computed anew each day from these rows alone.
    """

    @classmethod
    def build(cls, view: View) -> Self:
        """Keep the rows of :class:`Receivables` of which something is not yet paid."""
        return cls(view.join(view.facts.open_receivables))
