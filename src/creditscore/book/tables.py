"""The nine tables of the book."""

from types import MappingProxyType

from creditscore.book.contract import Column, Kind, TableContract

KNOWN_ON = Column("known_on", Kind.DAY, "day the fact reached us", required=True)

CUSTOMERS = TableContract(
    "customers",
    (
        Column("customer_id", Kind.KEY, "the customer", required=True),
        Column("name", Kind.TEXT, "registered name; never a feature, never in a log"),
        Column("registration_number", Kind.TEXT, "number in the companies register"),
        Column("industry_code", Kind.TEXT, "industry, in the code of the industry table"),
        Column("region", Kind.TEXT, "region or country"),
        Column("founded_on", Kind.DAY, "day the company was founded"),
        Column("onboarded_on", Kind.DAY, "day the company became a customer"),
        Column("registered_capital_amount", Kind.MONEY, "registered capital"),
        Column("group_id", Kind.TEXT, "corporate group"),
        KNOWN_ON,
    ),
    key=("customer_id",),
)

INVOICES = TableContract(
    "invoices",
    (
        Column("invoice_id", Kind.KEY, "the invoice", required=True),
        Column("customer_id", Kind.KEY, "who owes it", required=True),
        Column("issued_on", Kind.DAY, "day of issue", required=True),
        Column("due_on", Kind.DAY, "day it falls due", required=True),
        Column(
            "amount",
            Kind.MONEY,
            "amount owed; negative for a credit note, 0 once it is void",
            required=True,
        ),
        Column("currency", Kind.TEXT, "ISO 4217 code; the book's currency after ingest", required=True),
        Column("disputed_flag", Kind.FLAG, "the customer disputes it"),
        KNOWN_ON,
    ),
    key=("invoice_id",),
    clustered_by=("customer_id",),
)

PAYMENTS = TableContract(
    "payments",
    (
        Column("payment_id", Kind.KEY, "the payment", required=True),
        Column("invoice_id", Kind.KEY, "the invoice it settles, in part or in full", required=True),
        Column("paid_on", Kind.DAY, "day the money came", required=True),
        Column("amount", Kind.MONEY, "amount paid", required=True),
        KNOWN_ON,
    ),
    key=("payment_id",),
    clustered_by=("invoice_id",),
)

FACILITIES = TableContract(
    "facilities",
    (
        Column("facility_id", Kind.KEY, "the facility or the request for one", required=True),
        Column("customer_id", Kind.KEY, "who asked for it", required=True),
        Column("granted_on", Kind.DAY, "day it was granted; missing while it is not"),
        Column("expires_on", Kind.DAY, "last day it can be used"),
        Column("limit_amount", Kind.MONEY, "limit granted"),
        Column("term_days", Kind.WHOLE, "payment term granted"),
        Column("purpose", Kind.TEXT, "standard, bulk_purchase or term_extension", required=True),
        Column("requested_amount", Kind.MONEY, "limit asked for"),
        Column("requested_term_days", Kind.WHOLE, "payment term asked for"),
        KNOWN_ON,
    ),
    key=("facility_id",),
    clustered_by=("customer_id",),
)

EVENTS = TableContract(
    "events",
    (
        Column("event_id", Kind.KEY, "the event", required=True),
        Column("customer_id", Kind.KEY, "whom it concerns", required=True),
        Column("occurred_on", Kind.DAY, "day it happened", required=True),
        Column("kind", Kind.TEXT, "default, write_off, litigation, broken_promise, ...", required=True),
        Column("amount", Kind.MONEY, "amount at stake"),
        Column("severity", Kind.REAL, "0 harmless to 1 grave"),
        KNOWN_ON,
    ),
    key=("event_id",),
    clustered_by=("customer_id",),
)

LINKS = TableContract(
    "links",
    (
        Column("source_id", Kind.KEY, "who guarantees, owns, controls or supplies", required=True),
        Column("target_id", Kind.KEY, "for or of whom", required=True),
        Column("kind", Kind.TEXT, "guarantees, owns, controls, affiliated or supplies", required=True),
        Column("share_ratio", Kind.REAL, "share held, 0 to 1"),
        Column("amount", Kind.MONEY, "amount guaranteed or supplied"),
        Column("since_on", Kind.DAY, "first day of the link", required=True),
        Column("until_on", Kind.DAY, "last day of the link; missing while it lasts"),
        KNOWN_ON,
    ),
    key=("source_id", "target_id", "kind", "since_on"),
)

STATEMENTS = TableContract(
    "statements",
    (
        Column("customer_id", Kind.KEY, "whose statement", required=True),
        Column("period_end_on", Kind.DAY, "last day of the period", required=True),
        Column("item", Kind.TEXT, "line of the statement, such as total_assets", required=True),
        Column("value", Kind.REAL, "value of the line, in units of the book's currency", required=True),
        KNOWN_ON,
    ),
    key=("customer_id", "period_end_on", "item"),
)

MACRO = TableContract(
    "macro",
    (
        Column("series", Kind.KEY, "name of the series", required=True),
        Column("period_end_on", Kind.DAY, "last day of the period", required=True),
        Column("value", Kind.REAL, "value of the period, in this vintage", required=True),
        KNOWN_ON,
    ),
    key=("series", "period_end_on"),
)

INDUSTRY = TableContract(
    "industry",
    (
        Column("industry_code", Kind.KEY, "the industry", required=True),
        Column("series", Kind.KEY, "name of the series", required=True),
        Column("period_end_on", Kind.DAY, "last day of the period", required=True),
        Column("value", Kind.REAL, "value of the period, in this vintage", required=True),
        KNOWN_ON,
    ),
    key=("industry_code", "series", "period_end_on"),
)

TABLES = MappingProxyType(
    {
        contract.name: contract
        for contract in (CUSTOMERS, INVOICES, PAYMENTS, FACILITIES, EVENTS, LINKS, STATEMENTS, MACRO, INDUSTRY)
    }
)
