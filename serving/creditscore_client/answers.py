"""What the service answers: generated from its description, not written by hand."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from creditscore_client.parts import Answer, ScoredAnswer

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


class ApplicationAnswer(Answer):
    """The decision record of an application; docs/approval.md tells its parts."""

    record_id: str


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
