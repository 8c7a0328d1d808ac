"""What many questions and answers share."""

import re
from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

MOST_ROWS = 10_000
MOST_FEATURES = 2_000  # of a row; a bundle has some hundred
LONGEST_ID = 200
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WITHOUT_ZERO = r"^[^\x00]*$"  # which PostgreSQL does not take
CustomerId = Annotated[str, Field(min_length=1, max_length=LONGEST_ID, pattern=WITHOUT_ZERO, examples=["C0000042"])]
Real = Annotated[float, Field(allow_inf_nan=False, strict=True)]


def _written_out(value: object) -> object:
    """Refuse what Pydantic would take for seconds since 1970."""
    if value is None or isinstance(value, date) or (isinstance(value, str) and ISO_DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("iso_day", "Give a day as YYYY-MM-DD.")


IsoDay = Annotated[date, BeforeValidator(_written_out)]
Day = Annotated[IsoDay | None, Field(description="A scored day; the latest if absent.", examples=["2024-12-31"])]
Amount = Annotated[int | None, Field(description="Minor units of `currency`; null where unknown.")]


class Strict(BaseModel):
    """A question in which an unknown field is an error, so that a misspelled one is never ignored."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Strict):
    """A question without parameters."""


class DayQuery(Strict):
    """A question about one day."""

    as_of: Day = None


class PageQuery(Strict):
    """A question for one page of a list."""

    limit: Annotated[int, Field(ge=1, le=1000, description="Entries of a page at most.")] = 100
    cursor: Annotated[str | None, Field(max_length=500, description="`next_cursor` of the page before.")] = None


class Page(BaseModel):
    """One page of a list."""

    next_cursor: Annotated[str | None, Field(description="Ask with it for the next page; null on the last one.")]


class Provenance(BaseModel):
    """What an answer rests on."""

    currency: Annotated[str | None, Field(description="ISO 4217 code of all amounts; null where the book is absent.")]
    bundle_hash: str
    policy_hash: str
    run_id: Annotated[str | None, Field(description="The daily run; null where posted rows were scored.")]


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


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: Annotated[str, Field(examples=["rows.0.features.overdue_ratio"])]
    message: str


class Problem(BaseModel):
    """A problem document, RFC 9457."""

    type: Annotated[str, Field(examples=["about:blank"])]
    title: Annotated[str, Field(examples=["Not Found"])]
    status: Annotated[int, Field(examples=[404])]
    detail: Annotated[str, Field(examples=["customer_id: This customer has no score on that day."])]
    request_id: Annotated[str, Field(description="Also in the header `X-Request-Id`; name it when you ask for help.")]
    errors: Annotated[list[FieldError], Field(description="Each field at fault; empty where none is.")]
