"""Facts that are posted to be scored; their fields are the columns of the book's tables, made from its contracts."""

from datetime import date
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, create_model
from pydantic_core import PydanticCustomError

from creditscore.book import TABLES, Column, Kind, TableContract
from creditscore.scoring import POSTED_TABLES
from creditscore_serving.schemas.common import LONGEST_ID, CustomerId, IsoDay, Real, Strict

MOST_CUSTOMERS = 100
MOST_FACTS = 50_000
MOST_DAYS = 5
FIRST_DAY = date(1900, 1, 1)
LARGEST = 2**53  # integers up to here are exact in a float
LONGEST_TEXT = 1_000
WHOLE = Annotated[int, Field(strict=True, ge=-LARGEST, le=LARGEST)]
TYPES: dict[Kind, Any] = {
    Kind.KEY: Annotated[str, Field(min_length=1, max_length=LONGEST_ID)],
    Kind.TEXT: Annotated[str, Field(max_length=LONGEST_TEXT)],
    Kind.DAY: IsoDay,
    Kind.MONEY: WHOLE,
    Kind.WHOLE: WHOLE,
    Kind.REAL: Real,
    Kind.FLAG: Annotated[bool, Field(strict=True)],
}
MEANT = {Kind.MONEY: "; minor units of the book's currency"}
KNOWN_ON = "known_on"
# The day of a fact, which is taken for the day it was known where nothing is said; of other facts it is `as_of`.
OWN_DAY = {"invoices": "issued_on", "payments": "paid_on", "facilities": "granted_on", "events": "occurred_on"}
SAID = {  # columns that an item says itself, and what they are where a row does not repeat them
    "customer_id": "the item's if absent",
    "currency": "the book's if absent",
}


def _field(contract: TableContract, column: Column) -> tuple[Any, Any]:
    kind = TYPES[column.kind]
    told = f"{column.meaning}{MEANT.get(column.kind, '')}"
    if column.name == KNOWN_ON:
        own = OWN_DAY.get(contract.name)
        told += f"; if absent, {f'`{own}` where it is given, else ' if own else ''}the item's `as_of`"
    elif column.name in SAID:
        told += f"; {SAID[column.name]}"
    elif column.required:
        return Annotated[kind, Field(description=f"{told}.")], ...
    return Annotated[kind | None, Field(description=f"{told}.")], None


def _row(contract: TableContract) -> type[BaseModel]:
    """Return the model of a row of a table."""
    fields: dict[str, Any] = {column.name: _field(contract, column) for column in contract.columns}
    return create_model(
        f"{contract.name.capitalize()}Fact", __base__=Strict, __doc__=f"One row of the table {contract.name}.", **fields
    )


def _facts() -> type[BaseModel]:
    tables: dict[str, Any] = {}
    for name in POSTED_TABLES:
        rows: Any = list[_row(TABLES[name])]  # type: ignore[misc]  # made here
        tables[name] = (rows, Field(default_factory=partial(list), description=f"Rows of the table {name}."))
    return create_model("Facts", __base__=Strict, __doc__="All that is known of one customer itself.", **tables)


Facts = _facts()


def _late_enough(day: date) -> date:
    if day < FIRST_DAY:
        raise PydanticCustomError("first_day", "Give a day from 1900-01-01 on.")
    return day


class FactsItem(Strict):
    """One customer and its facts, to be scored as of one day."""

    customer_id: CustomerId
    as_of: Annotated[
        IsoDay, AfterValidator(_late_enough), Field(description="The last day whose information is used; from 1900 on.")
    ]
    facts: Facts  # type: ignore[valid-type]  # made above


class FactsEnvelope(Strict):
    """A question about posted facts whose items are looked at one by one."""

    items: Annotated[list[Any], Field(min_length=1, max_length=MOST_CUSTOMERS)]
    explain: Annotated[bool, Field(strict=True, description="Whether to tell the features of each customer.")] = False


class FactsRequest(FactsEnvelope):
    """Ask for the scores of customers whose facts are posted; nothing is stored."""

    items: Annotated[
        list[FactsItem],
        Field(
            min_length=1,
            max_length=MOST_CUSTOMERS,
            description=f"At most {MOST_CUSTOMERS} customers, {MOST_FACTS:,} facts and {MOST_DAYS} different days.",
        ),
    ]
