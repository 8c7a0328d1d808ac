"""What goes over the wire, in the words of the trade; validated by Pydantic, described by OpenAPI."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from creditscore.domain import Colour, pd_column

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
