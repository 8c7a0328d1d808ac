"""What the service is asked and answers: generated from its description, not written by hand."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from creditscore_client.answer import Answer, Question, ScoredAnswer

Colour = Literal["green", "yellow", "red"]


class ReasonText(Answer):
    """A principal reason."""

    code: str
    en: str
    zh: str


class Phrase(Answer):
    """A code and what it means."""

    code: str
    en: str
    zh: str


class RuledAmount(Answer):
    """An amount, and what made it."""

    amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    rule: str | None = Field(description="Key of the policy, or the quantity that decides.")
    number: float | None = Field(description="The number that stands there.")


class RuledTerm(Answer):
    """A payment term in days, and what made it; null where it is unknown."""

    days: int | None
    rule: str | None = Field(description="Key of the policy, or the quantity that decides.")
    number: float | None = Field(description="The number that stands there.")


class FreezeReason(Answer):
    """Why the credit of a customer is frozen."""

    cause_id: str | None = Field(description="The company with the red alert; null where it is withheld.")
    frozen_on: date
    path: list[tuple[str, str, str]] = Field(description="Links from there: source, kind, target.")
    en: str
    zh: str


class Decision(Answer):
    """What was decided on a customer."""

    governed_colour: Colour = Field(description="The colour that decides, after margins and dwell.")
    governed_since: date
    action: Phrase
    limit: RuledAmount
    headroom: RuledAmount
    term: RuledTerm
    freeze: FreezeReason | None
    yellow_alert_count: int
    red_alert_count: int
    held_amount: int | None = Field(description="Reserve held; `reserve_amount` is what the policy requires.")


class ScoreAnswer(ScoredAnswer):
    """One score and what it rests on."""

    customer_id: str
    as_of: date
    score: float = Field(description="0 to 100, more is safer.")
    grade: str
    colour: Colour
    log_odds: float = Field(description="Unclipped log-odds of default.")
    exposure_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    reserve_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    reasons: list[ReasonText] = Field(description="What pushes most toward default, strongest first.")
    decision: Decision | None = Field(description="Of the daily run; null where posted rows were scored.")
    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")


class ScoreRequest(Question):
    """Ask for the daily score of one customer."""

    customer_id: str
    as_of: date | None = Field(default=None, description="A scored day; the latest if absent.")


class ScoresRequest(Question):
    """Ask for the daily scores of several customers."""

    customer_ids: list[str]
    as_of: date | None = Field(default=None, description="A scored day; the latest if absent.")


class Score(ScoredAnswer):
    """One customer's score."""

    customer_id: str
    as_of: date
    score: float = Field(description="0 to 100, more is safer.")
    grade: str
    colour: Colour
    log_odds: float = Field(description="Unclipped log-odds of default.")
    exposure_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    reserve_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    reasons: list[ReasonText] = Field(description="What pushes most toward default, strongest first.")
    decision: Decision | None = Field(description="Of the daily run; null where posted rows were scored.")


class ScoresAnswer(Answer):
    """Scores in the order asked for, and what they rest on."""

    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")
    scores: list[Score]
    unknown_customer_ids: list[str] = Field(description="Customers without a score on that day.")


class HistoryAnswer(Answer):
    """Served scores of a customer, the latest day first; each names what it rests on."""

    next_cursor: str | None = Field(description="Ask with it for the next page; null on the last one.")
    customer_id: str
    scores: list[ScoreAnswer]


class SnapshotRow(Question):
    """One customer's features as of one day."""

    customer_id: str
    as_of: date
    features: dict[str, float | None] = Field(
        description="Every feature of the bundle by name, null where missing. `open_amount` gives the exposure; `in_default_flag` 1 says that the customer is in default."
    )


class RowsRequest(Question):
    """Ask for the scores of posted snapshot rows; nothing is stored."""

    rows: list[SnapshotRow]


class FieldError(Answer):
    """What is wrong with one field."""

    field: str
    message: str


class RowResult(Answer):
    """What came of one posted row; a broken row does not keep the others from being scored."""

    status: int = Field(description="200 where the row was scored, 400 where it was refused.")
    customer_id: str | None
    policy_hash: str | None = Field(description="The policy of the row's day; null where it was refused.")
    errors: list[FieldError]
    score: Score | None


class RowsAnswer(Answer):
    """What came of each item that was posted, in their order."""

    results: list[RowResult]
    scored_count: int
    refused_count: int
    currency: str | None
    bundle_hash: str
    run_id: None


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


class FactsRequest(Question):
    """Ask for the scores of customers whose facts are posted; nothing is stored."""

    items: list[FactsItem] = Field(description="At most 100 customers, 50,000 facts and 5 different days.")
    explain: bool = Field(default=False, description="Whether to tell the features of each customer.")


class FactsResult(Answer):
    """What came of the posted facts of one customer; broken ones do not keep other customers from being scored."""

    status: int = Field(description="200 where the row was scored, 400 where it was refused.")
    customer_id: str | None
    policy_hash: str | None = Field(description="The policy of the row's day; null where it was refused.")
    errors: list[FieldError]
    features: dict[str, float | None] | None = Field(
        description="What the score was made of, by name, null where missing; only with `explain`."
    )
    score: Score | None


class FactsAnswer(Answer):
    """What came of each item that was posted, in their order."""

    results: list[FactsResult]
    scored_count: int
    refused_count: int
    currency: str | None
    bundle_hash: str
    run_id: None


class AlertChange(Answer):
    """One change of an alert."""

    invoice_id: str
    change: str = Field(description="opened, escalated, eased, closed or, in the list of a day, stands.")
    level: str
    opened_on: date
    level_since: date
    days_past_due: int
    term_elapsed_ratio: float
    paid_ratio: float
    open_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    rule: str
    rule_number: float
    as_of: date = Field(description="Day scored on which it was seen.")


class CustomerAlertsAnswer(Answer):
    """The history of a customer's alerts, the first change first."""

    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")
    customer_id: str
    as_of: date
    changes: list[AlertChange]
    standing_invoice_ids: list[str] = Field(description="Invoices whose alert stands on the day.")


class Alert(Answer):
    """An alert and whose it is."""

    invoice_id: str
    change: str = Field(description="opened, escalated, eased, closed or, in the list of a day, stands.")
    level: str
    opened_on: date
    level_since: date
    days_past_due: int
    term_elapsed_ratio: float
    paid_ratio: float
    open_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    rule: str
    rule_number: float
    customer_id: str


class AlertsAnswer(Answer):
    """Alerts that stand on a day, by invoice. All pages of one list are of one run."""

    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")
    next_cursor: str | None = Field(description="Ask with it for the next page; null on the last one.")
    as_of: date
    alerts: list[Alert]


class PortfolioAnswer(Answer):
    """The portfolio on a scored day, as the daily run summed it up."""

    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")
    as_of: date
    customer_count: int
    colours: dict[str, int] = Field(description="Customers of each colour, straight from the score.")
    governed_colours: dict[str, int] = Field(description="Customers of each colour that decides.")
    exposure_amount: int | None = Field(description="Minor units of `currency`; null where unknown.")
    reserve_amount: int | None = Field(description="Reserve that the policy requires.")
    held_amount: int | None = Field(description="Reserve held.")
    yellow_alert_count: int
    red_alert_count: int
    frozen_count: int


class ReserveAnswer(Answer):
    """The reserve ledger of a day, in total and by industry and region, in minor units."""

    currency: str | None = Field(description="ISO 4217 code of all amounts; null where the book is absent.")
    bundle_hash: str
    policy_hash: str
    run_id: str | None = Field(description="The daily run; null where posted rows were scored.")
    as_of: date
    closings: list[dict[str, int | str | None]]


Purpose = Literal["standard", "bulk_purchase", "term_extension"]


class ApplicationRequest(Question):
    """Apply for credit."""

    customer_id: str
    amount: int = Field(description="Limit asked for, in minor units.")
    term_days: int = Field(description="Payment term asked for.")
    purpose: Purpose = Field(default="standard")
    applied_on: date | None = Field(
        default=None, description="Day of the application; the latest scored day if absent."
    )
    disputed_on: date | None = Field(default=None, description="Day of a dispute about an earlier decision.")


class ApplicationAnswer(Answer):
    """The decision record of an application; docs/approval.md tells its parts."""

    record_id: str


class AdviceRequest(Question):
    """Ask what a bulk purchase or a longer payment term does to a customer's score."""

    customer_id: str
    purpose: Literal["bulk_purchase", "term_extension"]
    amount: int | None = Field(default=None, description="Minor units; in a term extension a usual month if absent.")
    term_days: int | None = Field(default=None, description="Days; the usual term if absent.")
    max_default_probability: float | None = Field(
        default=None, description="To stay at or below; the colour is kept if absent."
    )
    as_of: date | None = Field(default=None, description="A scored day; the latest if absent.")


class MostAnswer(Answer):
    """The most that keeps, and what one more would break."""

    value: int | None
    ended_by: str


class AdviceProvenance(Answer):
    """What an advice was made of."""

    as_of: date
    horizon_months: int
    base_bundle_hash: str
    scenario_bundle_hash: str
    policy_hash: str
    code_version: str


class AdviceAnswer(Answer):
    """The answer to a request; or, with ``answered`` false, why the data do not support one."""

    answered: bool
    customer_id: str
    amount: int | None = Field(default=None)
    term_days: int | None = Field(default=None)
    without: dict[str, Any] | None = Field(default=None, description="Score without the request.")
    under: dict[str, Any] | None = Field(default=None, description="Score under the request.")
    action: Phrase | None = Field(default=None)
    exposure_amount: int | None = Field(default=None, description="Minor units of `currency`; null where unknown.")
    reserve_amount: int | None = Field(default=None, description="Minor units of `currency`; null where unknown.")
    expected_loss_amount: int | None = Field(default=None, description="Minor units of `currency`; null where unknown.")
    break_even_margin_ratio: float | None = Field(default=None)
    largest_amount: MostAnswer | None
    longest_term_days: MostAnswer | None = Field(default=None)
    reasons: list[Phrase]
    comparable_count: int | None = Field(default=None)
    currency: str | None
    provenance: AdviceProvenance


class ChangesAnswer(Answer):
    """The change of a served score in parts that add up to it."""

    customer_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    score: float = Field(description="Change of the score.")
    log_odds: float = Field(description="Change of the log-odds.")
    parts: list[dict[str, Any]]
    by_cause: dict[str, dict[str, float]]
    text: dict[str, str] = Field(description="The change in words, `en` and `zh`.")
    currency: str


class EditionAnswer(Answer):
    """What is served, whether it is the newest, and why it is not."""

    ready: bool
    edition: str | None
    bundle_hash: str | None
    bundle_name: str | None
    run_id: str | None
    as_of: date | None
    policy_hashes: list[str]
    age_seconds: int = Field(description="Since what is served was last known to be the newest.")
    refused: list[str] = Field(description="Why something newer is not served.")
    worker: int
