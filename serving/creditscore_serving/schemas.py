"""What goes over the wire, in the words of the trade; validated by Pydantic, described by OpenAPI."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from creditscore.domain import Colour, Purpose, pd_column

MOST_ROWS = 10_000
CustomerId = Annotated[str, Field(min_length=1, max_length=200, examples=["C0000042"])]
Real = Annotated[float, Field(allow_inf_nan=False)]


class Strict(BaseModel):
    """A body in which an unknown field is an error, so that a misspelled one is never ignored."""

    model_config = ConfigDict(extra="forbid")


class ScoreRequest(Strict):
    """Ask for the daily score of one customer."""

    customer_id: CustomerId
    as_of: Annotated[date | None, Field(description="Day of the score; the latest scored day if absent.")] = None


class ScoresRequest(Strict):
    """Ask for the daily scores of several customers."""

    customer_ids: Annotated[list[CustomerId], Field(min_length=1, max_length=MOST_ROWS)]
    as_of: Annotated[date | None, Field(description="Day of the scores; the latest scored day if absent.")] = None


class AlertsRequest(Strict):
    """Ask for the history of a customer's receivable alerts."""

    customer_id: CustomerId
    as_of: Annotated[date | None, Field(description="Last day of the history; the latest scored day if absent.")] = None


class AlertChange(BaseModel):
    """One change of an alert; amounts are integers in minor units."""

    invoice_id: str
    as_of: Annotated[date, Field(description="Day scored on which it was seen.")]
    change: str
    level: str
    opened_on: date
    level_since: date
    days_past_due: int
    term_elapsed_ratio: float
    paid_ratio: float
    open_amount: int
    rule: str
    rule_number: float


class AlertsAnswer(BaseModel):
    """The history of a customer's alerts, the first change first."""

    customer_id: str
    as_of: date
    changes: list[AlertChange]
    standing_invoice_ids: Annotated[list[str], Field(description="Invoices whose alert stands on the day.")]
    run_id: str


class ReserveRequest(Strict):
    """Ask for the reserve ledger of a day."""

    as_of: Annotated[date | None, Field(description="The day; the latest scored day if absent.")] = None


class ReserveAnswer(BaseModel):
    """The reserve ledger of a day, in total and by industry and region, in minor units."""

    as_of: date
    closings: list[dict[str, int | str]]
    run_id: str


class ApplicationRequest(Strict):
    """Apply for credit."""

    customer_id: CustomerId
    amount: Annotated[int, Field(ge=1, description="Limit asked for, in minor units.")]
    term_days: Annotated[int, Field(ge=0, description="Payment term asked for.")]
    purpose: Purpose = Purpose.STANDARD
    applied_on: Annotated[
        date | None, Field(description="Day of the application; the latest scored day if absent.")
    ] = None
    disputed_on: Annotated[date | None, Field(description="Day of a dispute about an earlier decision.")] = None


class SnapshotRow(Strict):
    """One customer's features as of one day."""

    customer_id: CustomerId
    as_of: date
    features: Annotated[
        dict[str, Real | None],
        Field(
            description="Every feature of the bundle by name, null where missing. `open_amount` gives the exposure; "
            "`in_default_flag` 1 says that the customer is in default."
        ),
    ]


class RowsRequest(Strict):
    """Ask for the scores of posted snapshot rows; nothing is stored."""

    rows: Annotated[list[SnapshotRow], Field(min_length=1, max_length=MOST_ROWS)]


class ReasonText(BaseModel):
    """A principal reason."""

    code: str
    en: str
    zh: str


class Phrase(BaseModel):
    """A code and what it means."""

    code: str
    en: str
    zh: str


class RuledAmount(BaseModel):
    """An amount in minor units, and what made it; null where it is unknown."""

    amount: int | None
    rule: Annotated[str | None, Field(description="Key of the policy, or the quantity that decides.")]
    number: Annotated[float | None, Field(description="The number that stands there.")]


class RuledTerm(BaseModel):
    """A payment term in days, and what made it; null where it is unknown."""

    days: int | None
    rule: Annotated[str | None, Field(description="Key of the policy, or the quantity that decides.")]
    number: Annotated[float | None, Field(description="The number that stands there.")]


class FreezeReason(BaseModel):
    """Why the credit of a customer is frozen."""

    cause_id: Annotated[str, Field(description="The company with the red alert.")]
    frozen_on: date
    path: Annotated[list[tuple[str, str, str]], Field(description="Links from there: source, kind, target.")]
    en: str
    zh: str


class Decision(BaseModel):
    """What was decided on a customer; amounts are integers in minor units."""

    governed_colour: Annotated[Colour, Field(description="The colour that decides, after margins and dwell.")]
    governed_since: date
    action: Phrase
    limit: RuledAmount
    headroom: RuledAmount
    term: RuledTerm
    freeze: FreezeReason | None
    yellow_alert_count: int
    red_alert_count: int
    held_amount: Annotated[int, Field(description="Reserve held; `reserve_amount` is what the policy requires.")]


class Score(BaseModel):
    """One customer's score; amounts are integers in minor units of the book's currency."""

    customer_id: str
    as_of: date
    score: Annotated[float, Field(ge=0, le=100, description="0 to 100, more is safer.")]
    grade: str
    colour: Colour
    log_odds: Annotated[float, Field(description="Unclipped log-odds of default.")]
    exposure_amount: int | None
    reserve_amount: int | None
    reasons: Annotated[list[ReasonText], Field(description="What pushes most toward default, strongest first.")]
    decision: Annotated[Decision | None, Field(description="Of the daily run; null where posted rows were scored.")]


class Provenance(BaseModel):
    """What an answer rests on."""

    bundle_hash: str
    policy_hash: str
    run_id: Annotated[str | None, Field(description="The daily run; null where posted rows were scored.")]


def answer_models(horizon_months: int) -> tuple[type[BaseModel], type[BaseModel]]:
    """Return the models of an answer with one score and with many.

    The probability of default stands under the name of its horizon, such as ``pd_12m``, which the bundle decides; so
    the models are made when the service starts.
    """
    probability = Annotated[float, Field(ge=0, le=1, description=f"Probability of default in {horizon_months} months.")]
    named: dict[str, Any] = {pd_column(horizon_months): (probability, ...)}
    score = create_model("Score", __base__=Score, __doc__=Score.__doc__, **named)
    one = create_model("ScoreAnswer", __base__=(Provenance, score), __doc__="One score and what it rests on.")
    many = create_model(
        "ScoresAnswer",
        __base__=Provenance,
        __doc__="Scores in the order asked for, and what they rest on.",
        scores=(list[score], ...),  # type: ignore[valid-type]  # made two lines above
        unknown_customer_ids=(list[str], Field(description="Customers without a score on that day.")),
    )
    return one, many
