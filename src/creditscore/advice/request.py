"""What a customer asks for."""

from dataclasses import dataclass

from creditscore.domain import Purpose
from creditscore.errors import ParameterError

SCENARIOS = (Purpose.BULK_PURCHASE, Purpose.TERM_EXTENSION)
LARGEST_AMOUNT = 2**53 - 1  # integers up to here are exact in a float


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A bulk purchase or a longer payment term, and what the answer shall keep to.

    Parameters
    ----------
    purpose
        ``bulk_purchase`` or ``term_extension``.
    amount
        What is asked for, in minor units of the book's currency, 1 or more. ``None`` in a term extension stands for a
        month of the customer's usual turnover.
    term_days
        Payment term asked for, 0 or more. ``None`` in a bulk purchase stands for the customer's usual term.
    max_default_probability
        Highest probability of default that the largest amount and the longest term may reach, in (0, 1); ``None`` to
        keep the colour that the customer has without the request.

    Raises
    ------
    ParameterError
        If the purpose is no scenario, what it asks for is not told, or a number is out of range.

    Examples
    --------
    >>> Request(purpose="bulk_purchase", amount=2_500_000).term_days is None
    True
    >>> Request(purpose="term_extension", amount=2_500_000)
    Traceback (most recent call last):
    creditscore.errors.ParameterError: Request: A term_extension without term_days asks for nothing. Give term_days.
    """

    purpose: Purpose
    amount: int | None = None
    term_days: int | None = None
    max_default_probability: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "purpose", checked_purpose(self.purpose))
        wanted = "amount" if self.purpose == Purpose.BULK_PURCHASE else "term_days"
        if getattr(self, wanted) is None:
            raise ParameterError(
                where="Request",
                found=f"A {self.purpose} without {wanted} asks for nothing.",
                fix=f"Give {wanted}.",
            )
        _check_whole("amount", self.amount, least=1, most=LARGEST_AMOUNT)
        _check_whole("term_days", self.term_days, least=0, most=LARGEST_AMOUNT)
        most = self.max_default_probability
        if most is not None and not 0 < most < 1:
            raise ParameterError(
                where="Request", found=f"max_default_probability is {most}.", fix="Give a share between 0 and 1."
            )


def checked_purpose(purpose: str) -> Purpose:
    """Return the purpose of a scenario.

    Raises
    ------
    ParameterError
        If it is none.
    """
    if purpose not in SCENARIOS:
        raise ParameterError(
            where="purpose", found=f"{str(purpose)!r} is no scenario.", fix=f"Use {' or '.join(SCENARIOS)}."
        )
    return Purpose(purpose)


def _check_whole(name: str, value: int | None, *, least: int, most: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ParameterError(
            where="Request",
            found=f"{name} is a {type(value).__name__} or out of range.",
            fix=f"Give a whole number from {least}, below 2^53.",
        )
