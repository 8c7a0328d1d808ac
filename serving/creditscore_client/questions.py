"""Parts of what the service is asked: generated from its description, not written by hand."""

from datetime import date
from typing import Literal

from pydantic import Field

from creditscore_client.parts import Question


class SnapshotRow(Question):
    """One customer's features as of one day."""

    customer_id: str
    as_of: date
    features: dict[str, float | None] = Field(
        description="Every feature of the bundle by name, null where missing. `open_amount` gives the exposure; `in_default_flag` 1 says that the customer is in default."
    )


class CustomersFact(Question):
    """One row of the table customers."""

    customer_id: str | None = Field(default=None, description="the customer; the item's if absent.")
    name: str | None = Field(default=None, description="registered name; never a feature, never in a log.")
    registration_number: str | None = Field(default=None, description="number in the companies register.")
    industry_code: str | None = Field(default=None, description="industry, in the code of the industry table.")
    region: str | None = Field(default=None, description="region or country.")
    founded_on: date | None = Field(default=None, description="day the company was founded.")
    onboarded_on: date | None = Field(default=None, description="day the company became a customer.")
    registered_capital_amount: int | None = Field(
        default=None, description="registered capital; minor units of the book's currency."
    )
    group_id: str | None = Field(default=None, description="corporate group.")
    known_on: date | None = Field(default=None, description="day the fact reached us; if absent, the item's `as_of`.")


class InvoicesFact(Question):
    """One row of the table invoices."""

    invoice_id: str = Field(description="the invoice.")
    customer_id: str | None = Field(default=None, description="who owes it; the item's if absent.")
    issued_on: date = Field(description="day of issue.")
    due_on: date = Field(description="day it falls due.")
    amount: int = Field(
        description="amount owed; negative for a credit note, 0 once it is void; minor units of the book's currency."
    )
    currency: str | None = Field(
        default=None, description="ISO 4217 code; the book's currency after ingest; the book's if absent."
    )
    disputed_flag: bool | None = Field(default=None, description="the customer disputes it.")
    known_on: date | None = Field(
        default=None,
        description="day the fact reached us; if absent, `issued_on` where it is given, else the item's `as_of`.",
    )


class PaymentsFact(Question):
    """One row of the table payments."""

    payment_id: str = Field(description="the payment.")
    invoice_id: str = Field(description="the invoice it settles, in part or in full.")
    paid_on: date = Field(description="day the money came.")
    amount: int = Field(description="amount paid; minor units of the book's currency.")
    known_on: date | None = Field(
        default=None,
        description="day the fact reached us; if absent, `paid_on` where it is given, else the item's `as_of`.",
    )


class FacilitiesFact(Question):
    """One row of the table facilities."""

    facility_id: str = Field(description="the facility or the request for one.")
    customer_id: str | None = Field(default=None, description="who asked for it; the item's if absent.")
    granted_on: date | None = Field(default=None, description="day it was granted; missing while it is not.")
    expires_on: date | None = Field(default=None, description="last day it can be used.")
    limit_amount: int | None = Field(default=None, description="limit granted; minor units of the book's currency.")
    term_days: int | None = Field(default=None, description="payment term granted.")
    purpose: str = Field(description="standard, bulk_purchase or term_extension.")
    requested_amount: int | None = Field(
        default=None, description="limit asked for; minor units of the book's currency."
    )
    requested_term_days: int | None = Field(default=None, description="payment term asked for.")
    known_on: date | None = Field(
        default=None,
        description="day the fact reached us; if absent, `granted_on` where it is given, else the item's `as_of`.",
    )


class EventsFact(Question):
    """One row of the table events."""

    event_id: str = Field(description="the event.")
    customer_id: str | None = Field(default=None, description="whom it concerns; the item's if absent.")
    occurred_on: date = Field(description="day it happened.")
    kind: str = Field(description="default, write_off, litigation, broken_promise, ....")
    amount: int | None = Field(default=None, description="amount at stake; minor units of the book's currency.")
    severity: float | None = Field(default=None, description="0 harmless to 1 grave.")
    known_on: date | None = Field(
        default=None,
        description="day the fact reached us; if absent, `occurred_on` where it is given, else the item's `as_of`.",
    )


class StatementsFact(Question):
    """One row of the table statements."""

    customer_id: str | None = Field(default=None, description="whose statement; the item's if absent.")
    period_end_on: date = Field(description="last day of the period.")
    item: str = Field(description="line of the statement, such as total_assets.")
    value: float = Field(description="value of the line, in units of the book's currency.")
    known_on: date | None = Field(default=None, description="day the fact reached us; if absent, the item's `as_of`.")


class Facts(Question):
    """All that is known of one customer itself."""

    customers: list[CustomersFact] = Field(default=[], description="Rows of the table customers.")
    invoices: list[InvoicesFact] = Field(default=[], description="Rows of the table invoices.")
    payments: list[PaymentsFact] = Field(default=[], description="Rows of the table payments.")
    facilities: list[FacilitiesFact] = Field(default=[], description="Rows of the table facilities.")
    events: list[EventsFact] = Field(default=[], description="Rows of the table events.")
    statements: list[StatementsFact] = Field(default=[], description="Rows of the table statements.")


class FactsItem(Question):
    """One customer and its facts, to be scored as of one day."""

    customer_id: str
    as_of: date = Field(description="The last day whose information is used; from 1900 on.")
    facts: Facts


Purpose = Literal["standard", "bulk_purchase", "term_extension"]
