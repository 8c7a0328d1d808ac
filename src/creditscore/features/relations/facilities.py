"""Facilities: what was asked for, what was granted."""

from typing import ClassVar, Self

import ibis
import ibis.expr.types as ir

from creditscore.features.relations.arithmetic import days_between
from creditscore.features.relations.base import Facts, Relation, View


class Facilities(Relation):
    """One row a facility or a request for one, as known on ``as_of``."""

    needs: ClassVar[tuple[str, ...]] = ("facilities",)

    @classmethod
    def build(cls, view: View) -> Self:
        """Join the facilities to the observations and mark each one's latest request."""
        seen = view.join(view.facts.keep("facilities_asked", _asked(view.facts)))
        last_asked_on = _where_asked(seen, seen.asked_on).max().over(group_by="row")
        return cls(seen.mutate(last_asked_on=last_asked_on))

    @property
    def granted_flag(self) -> ir.BooleanColumn:
        """It is granted."""
        return self.table.granted_on.notnull() & (self.table.granted_on <= self.as_of)

    @property
    def in_force_flag(self) -> ir.BooleanColumn:
        """It is granted and has not expired."""
        return self.granted_flag & (self.table.expires_on.isnull() | (self.table.expires_on >= self.as_of))

    @property
    def requested_flag(self) -> ir.BooleanColumn:
        """An amount or a term was asked for."""
        return self.table.requested_amount.notnull() | self.table.requested_term_days.notnull()

    @property
    def latest_flag(self) -> ir.BooleanColumn:
        """It was asked for on the day of the customer's latest request."""
        return self.requested_flag & (self.table.asked_on == self.table.last_asked_on)

    @property
    def limit_amount(self) -> ir.IntegerColumn:
        """Limit granted; 0 where none is known."""
        return self.table.limit_amount.fill_null(0)

    @property
    def term_days(self) -> ir.IntegerColumn:
        """Payment term granted."""
        return self.table.term_days

    @property
    def requested_amount(self) -> ir.IntegerColumn:
        """Limit asked for."""
        return self.table.requested_amount

    @property
    def requested_term_days(self) -> ir.IntegerColumn:
        """Payment term asked for."""
        return self.table.requested_term_days

    @property
    def asked_days(self) -> ir.IntegerColumn:
        """Days since the facility or the request first became known."""
        return days_between(self.as_of, self.table.asked_on)

    def of(self, purpose: str) -> ir.BooleanColumn:
        """Tell whether it serves this purpose."""
        return self.table.purpose == purpose

    def asked_within(self, days: int) -> ir.BooleanColumn:
        """Tell whether it was asked for in the ``days`` days that end with ``as_of``."""
        return self.requested_flag & (self.asked_days < days)


def _asked(facts: Facts) -> ir.Table:
    """Return the versions of the facilities with the day on which their first version became known."""
    known = facts.known("facilities")
    first = known.known_on.min().over(group_by="facility_id")
    return facts.dated(known.mutate(asked_on=first), "facilities")


def _where_asked(seen: ir.Table, day: ir.DateColumn) -> ir.DateColumn:
    asked = seen.requested_amount.notnull() | seen.requested_term_days.notnull()
    return asked.ifelse(day, ibis.null("date"))
