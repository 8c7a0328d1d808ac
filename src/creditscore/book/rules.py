"""The rules of the book: each is a sentence, and a boolean column that is true where a row keeps it.

A rule's first parameter is the table that it judges; any further one is a table that it looks at, by that table's name,
with the rows already in the book and those that were found fine so far. A rule that has no opinion on a row, because a
value is missing, leaves it unknown, and unknown is fine: that a value is missing is another rule's business.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import ibis
import ibis.expr.types as ir

from creditscore.book.contract import Kind, TableContract
from creditscore.domain import Purpose

ROW = "row_number"
LINK_KINDS = ("guarantees", "owns", "controls", "affiliated", "supplies")

Rule = Callable[..., ir.BooleanValue]


def each_required_value_is_there(table: ir.Table, *, contract: TableContract) -> ir.BooleanValue:
    """Require every value that the contract does."""
    return ibis.and_(*(table[name].notnull() for name in contract.required))


def each_number_is_finite(table: ir.Table, *, contract: TableContract) -> ir.BooleanValue:
    """Require that no number is infinite or not a number."""
    reals = [table[column.name] for column in contract.columns if column.kind is Kind.REAL]
    return ibis.and_(*(~(value.isnan() | value.isinf()) for value in reals)) if reals else ibis.literal(value=True)


def no_company_is_founded_after_it_is_known(customers: ir.Table) -> ir.BooleanValue:
    """Require that a company exists before we know it."""
    return customers.founded_on <= customers.known_on


def no_capital_is_negative(customers: ir.Table) -> ir.BooleanValue:
    """Require a registered capital of zero or more."""
    return customers.registered_capital_amount >= 0


def each_invoice_has_a_known_customer(invoices: ir.Table, customers: ir.Table) -> ir.BooleanValue:
    """Require that whoever owes an invoice is in the book."""
    return invoices.customer_id.isin(customers.customer_id)


def no_invoice_is_zero(invoices: ir.Table) -> ir.BooleanValue:
    """Require that an invoice asks for money, or gives it back as a credit note, unless a later version voids it."""
    return (invoices.amount != 0) | (invoices.known_on > invoices.issued_on)


def no_invoice_is_due_before_it_is_issued(invoices: ir.Table) -> ir.BooleanValue:
    """Require a payment term of zero days or more."""
    return invoices.due_on >= invoices.issued_on


def no_invoice_is_known_before_it_is_issued(invoices: ir.Table) -> ir.BooleanValue:
    """Require that what we know on a day has happened by then: a due date may lie ahead, the issue may not."""
    return invoices.issued_on <= invoices.known_on


def each_payment_has_a_known_invoice(payments: ir.Table, invoices: ir.Table) -> ir.BooleanValue:
    """Require that the invoice which a payment settles is in the book."""
    return payments.invoice_id.isin(invoices.invoice_id)


def each_payment_is_positive(payments: ir.Table) -> ir.BooleanValue:
    """Require that a payment brings money; money given back is a credit note."""
    return payments.amount > 0


def nothing_is_paid_before_it_is_issued(payments: ir.Table, invoices: ir.Table) -> ir.BooleanValue:
    """Require that no payment is older than its invoice, by the earliest issue day that we have of it."""
    issued = invoices.group_by("invoice_id").agg(issued_on=invoices.issued_on.min())
    paired = payments.join(issued, "invoice_id")
    early = paired.filter(paired.paid_on < paired.issued_on)[ROW]
    return payments[ROW].notin(early)


def no_payment_is_known_before_it_is_made(payments: ir.Table) -> ir.BooleanValue:
    """Require that a payment was made: one that was only announced is none."""
    return payments.paid_on <= payments.known_on


def each_facility_has_a_known_customer(facilities: ir.Table, customers: ir.Table) -> ir.BooleanValue:
    """Require that whoever asks for a facility is in the book."""
    return facilities.customer_id.isin(customers.customer_id)


def each_purpose_is_one_of_the_three(facilities: ir.Table) -> ir.BooleanValue:
    """Require that a facility is standard, for a bulk purchase, or for a longer payment term."""
    return facilities.purpose.isin([purpose.value for purpose in Purpose])


def no_facility_expires_before_it_is_granted(facilities: ir.Table) -> ir.BooleanValue:
    """Require that a facility can be used for at least a day."""
    return facilities.expires_on >= facilities.granted_on


def no_facility_is_known_before_it_is_granted(facilities: ir.Table) -> ir.BooleanValue:
    """Require that a grant is known from its day on; until then only the request is."""
    return facilities.granted_on <= facilities.known_on


def no_limit_or_term_is_negative(facilities: ir.Table) -> ir.BooleanValue:
    """Require that what is asked for and what is granted is zero or more."""
    asked_and_granted = ("limit_amount", "term_days", "requested_amount", "requested_term_days")
    return ibis.and_(*(facilities[name] >= 0 for name in asked_and_granted))


def each_event_has_a_known_customer(events: ir.Table, customers: ir.Table) -> ir.BooleanValue:
    """Require that whom an event concerns is in the book."""
    return events.customer_id.isin(customers.customer_id)


def no_event_is_known_before_it_happens(events: ir.Table) -> ir.BooleanValue:
    """Require that events are reported, not foreseen."""
    return events.occurred_on <= events.known_on


def each_severity_lies_between_0_and_1(events: ir.Table) -> ir.BooleanValue:
    """Require a severity from 0, harmless, to 1, grave."""
    return events.severity.between(0, 1)


def each_link_is_of_a_known_kind(links: ir.Table) -> ir.BooleanValue:
    """Require that a link says who guarantees, owns, controls, is affiliated with or supplies whom."""
    return links.kind.isin(LINK_KINDS)


def no_company_is_linked_to_itself(links: ir.Table) -> ir.BooleanValue:
    """Require that a link joins two companies."""
    return links.source_id != links.target_id


def each_share_lies_between_0_and_1(links: ir.Table) -> ir.BooleanValue:
    """Require that a share is a ratio, not a percentage."""
    return links.share_ratio.between(0, 1)


def no_link_ends_before_it_begins(links: ir.Table) -> ir.BooleanValue:
    """Require that the last day of a link is not before its first."""
    return links.until_on >= links.since_on


def each_statement_has_a_known_customer(statements: ir.Table, customers: ir.Table) -> ir.BooleanValue:
    """Require that the company of a statement is in the book."""
    return statements.customer_id.isin(customers.customer_id)


def no_period_is_known_before_it_ends(series: ir.Table) -> ir.BooleanValue:
    """Require that a figure of a period is not known before the period is over."""
    return series.period_end_on <= series.known_on


GENERAL: tuple[Rule, ...] = (each_required_value_is_there, each_number_is_finite)
RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "customers": (no_company_is_founded_after_it_is_known, no_capital_is_negative),
        "invoices": (
            each_invoice_has_a_known_customer,
            no_invoice_is_zero,
            no_invoice_is_due_before_it_is_issued,
            no_invoice_is_known_before_it_is_issued,
        ),
        "payments": (
            each_payment_is_positive,
            each_payment_has_a_known_invoice,
            nothing_is_paid_before_it_is_issued,
            no_payment_is_known_before_it_is_made,
        ),
        "facilities": (
            each_facility_has_a_known_customer,
            each_purpose_is_one_of_the_three,
            no_facility_expires_before_it_is_granted,
            no_facility_is_known_before_it_is_granted,
            no_limit_or_term_is_negative,
        ),
        "events": (
            each_event_has_a_known_customer,
            no_event_is_known_before_it_happens,
            each_severity_lies_between_0_and_1,
        ),
        "links": (
            each_link_is_of_a_known_kind,
            no_company_is_linked_to_itself,
            each_share_lies_between_0_and_1,
            no_link_ends_before_it_begins,
        ),
        "statements": (each_statement_has_a_known_customer, no_period_is_known_before_it_ends),
        "macro": (no_period_is_known_before_it_ends,),
        "industry": (no_period_is_known_before_it_ends,),
    }
)
