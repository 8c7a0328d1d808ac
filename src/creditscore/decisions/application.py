"""What an application asks for, and what is known of the one who asks."""

from dataclasses import dataclass
from datetime import date

from creditscore.domain import Colour, Purpose
from creditscore.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A request for credit.

    Parameters
    ----------
    customer_id
        Who asks.
    applied_on
        Day of the application; deadlines are counted from it.
    amount
        Limit asked for, in minor units of the book's currency, 1 or more.
    term_days
        Payment term asked for, 0 or more.
    purpose
        What the credit is for.
    disputed_on
        Day on which the customer disputed an earlier decision on this; ``None`` where it did not.

    Raises
    ------
    ParameterError
        If a number is out of range, or the dispute is older than the application.

    Examples
    --------
    >>> Application(customer_id="C1", applied_on=date(2026, 3, 2), amount=0, term_days=30)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: Application: amount is below 1. Give whole minor units, 1 or more.
    """

    customer_id: str
    applied_on: date
    amount: int
    term_days: int
    purpose: Purpose = Purpose.STANDARD
    disputed_on: date | None = None

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ParameterError(
                where="Application", found="amount is below 1.", fix="Give whole minor units, 1 or more."
            )
        if self.term_days < 0:
            raise ParameterError(where="Application", found="term_days is below 0.", fix="Give 0 or more whole days.")
        if self.disputed_on is not None and self.disputed_on < self.applied_on:
            raise ParameterError(
                where="Application",
                found=f"It is disputed on {self.disputed_on}, before {self.applied_on}.",
                fix="Give the day of the dispute.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """Why a customer's credit is frozen: a red alert of a receivable, its own or an affiliated company's.

    Parameters
    ----------
    cause_id, path
        As the columns of :func:`creditscore.decisions.freezes`: the customer with the alert, and the links from it to
        this one as JSON.
    """

    cause_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is known of a customer as of a day; ``None`` where it is unknown.

    Parameters
    ----------
    customer_id, as_of
        Who, and the last day whose information was used.
    industry_code, cooperation_years, payback_ratio
        What the three dimensions of grading look at.
    colour
        The colour that decides: the governed one where colours are governed.
    score, grade, default_probability, horizon_months
        The score that is served, and the horizon of its probability.
    exposure_amount
        What the customer owes, in minor units.
    limit_amount, agreed_term_days
        The limit and the term that it was granted, before the colour cuts or relaxes them; in minor units and days.
    freeze
        Why its credit is frozen; ``None`` where it is not.
    """

    customer_id: str
    as_of: date
    industry_code: str | None
    cooperation_years: float | None
    payback_ratio: float | None
    colour: Colour
    score: float
    grade: str
    default_probability: float
    horizon_months: int
    exposure_amount: int | None
    limit_amount: int | None
    agreed_term_days: int | None
    freeze: Freeze | None = None
