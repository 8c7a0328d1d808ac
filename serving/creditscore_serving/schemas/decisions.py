"""Alerts, the reserve ledger, the portfolio, applications, advice, and why a score changed."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from creditscore.domain import Purpose
from creditscore_serving.schemas.common import (
    Amount,
    CustomerId,
    Day,
    IsoDay,
    Page,
    PageQuery,
    Phrase,
    Provenance,
    Strict,
)


class AlertNow(BaseModel):
    """The alert of a receivable as it stands on a day."""

    invoice_id: str
    change: Annotated[str, Field(description="opened, escalated, eased, closed or, in the list of a day, stands.")]
    level: str
    opened_on: date
    level_since: date
    days_past_due: int
    term_elapsed_ratio: float
    paid_ratio: float
    open_amount: Amount
    rule: str
    rule_number: float


class AlertChange(AlertNow):
    """One change of an alert."""

    as_of: Annotated[date, Field(description="Day scored on which it was seen.")]


class CustomerAlertsAnswer(Provenance):
    """The history of a customer's alerts, the first change first."""

    customer_id: str
    as_of: date
    changes: list[AlertChange]
    standing_invoice_ids: Annotated[list[str], Field(description="Invoices whose alert stands on the day.")]


class AlertsQuery(PageQuery):
    """Ask for the alerts of the latest scored day."""

    level: Annotated[Literal["yellow", "red"] | None, Field(description="Only alerts of this level.")] = None


class Alert(AlertNow):
    """An alert and whose it is."""

    customer_id: str


class AlertsAnswer(Page, Provenance):
    """Alerts that stand on a day, by invoice. All pages of one list are of one run."""

    as_of: date
    alerts: list[Alert]


class ReserveAnswer(Provenance):
    """The reserve ledger of a day, in total and by industry and region, in minor units."""

    as_of: date
    closings: list[dict[str, int | str | None]]


class PortfolioAnswer(Provenance):
    """The portfolio on a scored day, as the daily run summed it up."""

    as_of: date
    customer_count: int
    colours: Annotated[dict[str, int], Field(description="Customers of each colour, straight from the score.")]
    governed_colours: Annotated[dict[str, int], Field(description="Customers of each colour that decides.")]
    exposure_amount: Amount
    reserve_amount: Annotated[Amount, Field(description="Reserve that the policy requires.")]
    held_amount: Annotated[Amount, Field(description="Reserve held.")]
    yellow_alert_count: int
    red_alert_count: int
    frozen_count: int


class ApplicationRequest(Strict):
    """Apply for credit."""

    customer_id: CustomerId
    amount: Annotated[int, Field(ge=1, lt=2**53, description="Limit asked for, in minor units.")]
    term_days: Annotated[int, Field(ge=0, le=36_500, description="Payment term asked for.")]
    purpose: Purpose = Purpose.STANDARD
    applied_on: Annotated[
        IsoDay | None, Field(description="Day of the application; the latest scored day if absent.")
    ] = None
    disputed_on: Annotated[IsoDay | None, Field(description="Day of a dispute about an earlier decision.")] = None


class ApplicationAnswer(BaseModel):
    """The decision record of an application; docs/approval.md tells its parts."""

    model_config = ConfigDict(extra="allow")
    record_id: str


class AdviceRequest(Strict):
    """Ask what a bulk purchase or a longer payment term does to a customer's score."""

    customer_id: CustomerId
    purpose: Literal["bulk_purchase", "term_extension"]
    amount: Annotated[
        int | None, Field(ge=1, lt=2**53, description="Minor units; in a term extension a usual month if absent.")
    ] = None
    term_days: Annotated[int | None, Field(ge=0, le=36_500, description="Days; the usual term if absent.")] = None
    max_default_probability: Annotated[
        float | None, Field(gt=0, lt=1, description="To stay at or below; the colour is kept if absent.")
    ] = None
    as_of: Day = None


class MostAnswer(BaseModel):
    """The most that keeps, and what one more would break."""

    value: int | None
    ended_by: str


class AdviceProvenance(BaseModel):
    """What an advice was made of."""

    as_of: date
    horizon_months: int
    base_bundle_hash: str
    scenario_bundle_hash: str
    policy_hash: str
    code_version: str


class AdviceAnswer(BaseModel):
    """The answer to a request; or, with ``answered`` false, why the data do not support one."""

    answered: bool
    customer_id: str
    amount: int | None = None
    term_days: int | None = None
    without: Annotated[dict[str, Any] | None, Field(description="Score without the request.")] = None
    under: Annotated[dict[str, Any] | None, Field(description="Score under the request.")] = None
    action: Phrase | None = None
    exposure_amount: Amount = None
    reserve_amount: Amount = None
    expected_loss_amount: Amount = None
    break_even_margin_ratio: float | None = None
    largest_amount: MostAnswer | None
    longest_term_days: MostAnswer | None = None
    reasons: list[Phrase]
    comparable_count: int | None = None
    currency: str | None
    provenance: AdviceProvenance


class ChangesQuery(Strict):
    """Ask why a score changed between two scored days."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    from_day: Annotated[
        IsoDay | None, Field(alias="from", description="The earlier day; the one scored before `to` if absent.")
    ] = None
    to_day: Annotated[
        IsoDay | None, Field(alias="to", description="The later day; the latest scored one if absent.")
    ] = None


class ChangesAnswer(BaseModel):
    """The change of a served score in parts that add up to it."""

    model_config = ConfigDict(extra="allow")
    customer_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    score: Annotated[float, Field(description="Change of the score.")]
    log_odds: Annotated[float, Field(description="Change of the log-odds.")]
    parts: list[dict[str, Any]]
    by_cause: dict[str, dict[str, float]]
    text: Annotated[dict[str, str], Field(description="The change in words, `en` and `zh`.")]
    currency: str


class EditionAnswer(BaseModel):
    """What is served, whether it is the newest, and why it is not."""

    ready: bool
    edition: str | None
    bundle_hash: str | None
    bundle_name: str | None
    run_id: str | None
    as_of: date | None
    policy_hashes: list[str]
    age_seconds: Annotated[int, Field(description="Since what is served was last known to be the newest.")]
    refused: Annotated[list[str], Field(description="Why something newer is not served.")]
    worker: int
