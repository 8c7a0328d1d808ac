"""Scores and what was decided on a customer."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field, create_model

from creditscore.domain import Colour, pd_column
from creditscore_serving.schemas.common import (
    MOST_FEATURES,
    MOST_ROWS,
    Amount,
    CustomerId,
    Day,
    FieldError,
    IsoDay,
    Page,
    Phrase,
    Provenance,
    Real,
    ReasonText,
    Strict,
)


class ScoreRequest(Strict):
    """Ask for the daily score of one customer."""

    customer_id: CustomerId
    as_of: Day = None


class ScoresRequest(Strict):
    """Ask for the daily scores of several customers."""

    customer_ids: Annotated[list[CustomerId], Field(min_length=1, max_length=MOST_ROWS)]
    as_of: Day = None


class SnapshotRow(Strict):
    """One customer's features as of one day."""

    customer_id: CustomerId
    as_of: IsoDay
    features: Annotated[
        dict[str, Real | None],
        Field(
            max_length=MOST_FEATURES,
            description="Every feature of the bundle by name, null where missing. `open_amount` gives the exposure; "
            "`in_default_flag` 1 says that the customer is in default.",
        ),
    ]


class RowsRequest(Strict):
    """Ask for the scores of posted snapshot rows; nothing is stored."""

    rows: Annotated[list[SnapshotRow], Field(min_length=1, max_length=MOST_ROWS)]


class AnyRowsRequest(Strict):
    """The same, whatever the rows are; what is wrong with each of them is told beside the scores of the others."""

    rows: Annotated[list[Any], Field(min_length=1, max_length=MOST_ROWS)]


class RuledAmount(BaseModel):
    """An amount, and what made it."""

    amount: Amount
    rule: Annotated[str | None, Field(description="Key of the policy, or the quantity that decides.")]
    number: Annotated[float | None, Field(description="The number that stands there.")]


class RuledTerm(BaseModel):
    """A payment term in days, and what made it; null where it is unknown."""

    days: int | None
    rule: Annotated[str | None, Field(description="Key of the policy, or the quantity that decides.")]
    number: Annotated[float | None, Field(description="The number that stands there.")]


class FreezeReason(BaseModel):
    """Why the credit of a customer is frozen."""

    cause_id: Annotated[str | None, Field(description="The company with the red alert; null where it is withheld.")]
    frozen_on: date
    path: Annotated[list[tuple[str, str, str]], Field(description="Links from there: source, kind, target.")]
    en: str
    zh: str


class Decision(BaseModel):
    """What was decided on a customer."""

    governed_colour: Annotated[Colour, Field(description="The colour that decides, after margins and dwell.")]
    governed_since: date
    action: Phrase
    limit: RuledAmount
    headroom: RuledAmount
    term: RuledTerm
    freeze: FreezeReason | None
    yellow_alert_count: int
    red_alert_count: int
    held_amount: Annotated[Amount, Field(description="Reserve held; `reserve_amount` is what the policy requires.")]


class Score(BaseModel):
    """One customer's score."""

    customer_id: str
    as_of: date
    score: Annotated[float, Field(ge=0, le=100, description="0 to 100, more is safer.")]
    grade: str
    colour: Colour
    log_odds: Annotated[float, Field(description="Unclipped log-odds of default.")]
    exposure_amount: Amount
    reserve_amount: Amount
    reasons: Annotated[list[ReasonText], Field(description="What pushes most toward default, strongest first.")]
    decision: Annotated[Decision | None, Field(description="Of the daily run; null where posted rows were scored.")]


class RowResult(BaseModel):
    """What came of one posted row; a broken row does not keep the others from being scored."""

    status: Annotated[int, Field(description="200 where the row was scored, 400 where it was refused.")]
    customer_id: str | None
    policy_hash: Annotated[str | None, Field(description="The policy of the row's day; null where it was refused.")]
    errors: list[FieldError]


class FactsResult(RowResult):
    """What came of the posted facts of one customer; broken ones do not keep other customers from being scored."""

    features: Annotated[
        dict[str, float | None] | None,
        Field(description="What the score was made of, by name, null where missing; only with `explain`."),
    ]


class ScoreModels(NamedTuple):
    """The answers that tell a probability of default, which stands under the name of its horizon."""

    one: type[BaseModel]
    many: type[BaseModel]
    history: type[BaseModel]
    rows: type[BaseModel]
    facts: type[BaseModel]


@lru_cache(maxsize=8)
def score_models(horizon_months: int) -> ScoreModels:
    """Return the models of the answers of a bundle with this horizon, with ``pd_12m`` for one of twelve months."""
    probability = Annotated[float, Field(ge=0, le=1, description=f"Probability of default in {horizon_months} months.")]
    named: dict[str, Any] = {pd_column(horizon_months): (probability, ...)}
    score = create_model("Score", __base__=Score, __doc__=Score.__doc__, **named)
    one = create_model("ScoreAnswer", __base__=(Provenance, score), __doc__="One score and what it rests on.")
    many = create_model(
        "ScoresAnswer",
        __base__=Provenance,
        __doc__="Scores in the order asked for, and what they rest on.",
        scores=(list[score], ...),  # type: ignore[valid-type]  # made above
        unknown_customer_ids=(list[str], Field(description="Customers without a score on that day.")),
    )
    history = create_model(
        "HistoryAnswer",
        __base__=Page,
        __doc__="Served scores of a customer, the latest day first; each names what it rests on.",
        customer_id=(str, ...),
        scores=(list[one], ...),  # type: ignore[valid-type]  # made above
    )
    rows = _results("RowsAnswer", RowResult, score)
    return ScoreModels(one, many, history, rows, _results("FactsAnswer", FactsResult, score))


def _results(name: str, base: type[RowResult], score: type[BaseModel]) -> type[BaseModel]:
    """Return the model of an answer with a status and a score for each thing that was posted."""
    perhaps: Any = score | None
    result = create_model(base.__name__, __base__=base, __doc__=base.__doc__, score=(perhaps, ...))
    return create_model(
        name,
        __doc__="What came of each item that was posted, in their order.",
        results=(list[result], ...),  # type: ignore[valid-type]  # made above
        scored_count=(int, ...),
        refused_count=(int, ...),
        currency=(str | None, ...),
        bundle_hash=(str, ...),
        run_id=(None, ...),
    )
