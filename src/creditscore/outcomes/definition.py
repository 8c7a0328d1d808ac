"""What counts as a default: a versioned definition, so that a label always says by which rule it was made."""

import hashlib
import json
from dataclasses import asdict, dataclass

from creditscore.errors import ParameterError

LASTING = ("insolvency", "write_off")  # nobody recovers from these: the customer stays in default
LONGEST_MONTHS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDefinition:
    """When a customer is in default, and how far ahead a label looks.

    A customer enters default on the first day on which its invoices that are at least ``days_past_due`` days past due
    are together open for ``material_amount`` or more, and on the day of each event of a kind in ``events``.

    Parameters
    ----------
    version
        Name of this definition, such as ``"2024-1"``; part of its hash.
    days_past_due
        Whole days after ``due_on`` from which an invoice counts; ``None`` leaves the ledger out, for books in which
        only events tell of a default.
    material_amount
        Open amount that matters, in minor units of the book's currency; with 0 or 1 any open amount matters.
    events
        Kinds of events that are defaults; with ``()`` only the ledger counts.
    horizon_months
        Length of the outcome window ``(as_of, as_of + horizon_months]``, in months.
    cure_months
        Months for which a customer counts as in default after an event; insolvency and write-off last for ever.

    Raises
    ------
    ParameterError
        If a number is out of range, a kind is empty or named twice, or neither the ledger nor an event counts.

    Examples
    --------
    >>> DefaultDefinition(version="2024-1", material_amount=10_000).hash[:12]
    'a426f401e2fe'
    >>> DefaultDefinition(version="2024-1", days_past_due=None, events=())
    Traceback (most recent call last):
    creditscore.errors.ParameterError: DefaultDefinition: Neither days past due nor an event makes a default. \
Give days_past_due, events, or both.
    """

    version: str
    days_past_due: int | None = 90
    material_amount: int = 0
    events: tuple[str, ...] = ("default", "write_off", "insolvency")
    horizon_months: int = 12
    cure_months: int = 12

    def __post_init__(self) -> None:
        _demand(bool(self.version), "The version is empty.", "Name the definition, such as '2024-1'.")
        _demand(
            self.days_past_due is None or _whole(self.days_past_due, 0, 3_650),
            f"days_past_due is {self.days_past_due}.",
            "Give whole days between 0 and 3650, or None to leave the ledger out.",
        )
        _demand(_whole(self.material_amount, 0, 2**53), "material_amount is no amount.", "Give minor units, 0 or more.")
        _demand(
            isinstance(self.events, tuple) and all(self.events) and len(set(self.events)) == len(self.events),
            "events is not a tuple of different kinds.",
            "Give each kind of event once, such as ('default', 'write_off').",
        )
        for name, months in (("horizon_months", self.horizon_months), ("cure_months", self.cure_months)):
            _demand(
                _whole(months, 1, LONGEST_MONTHS),
                f"{name} is {months}.",
                f"Give whole months between 1 and {LONGEST_MONTHS}.",
            )
        _demand(
            self.days_past_due is not None or bool(self.events),
            "Neither days past due nor an event makes a default.",
            "Give days_past_due, events, or both.",
        )

    @property
    def hash(self) -> str:
        """SHA-256 of the definition as canonical JSON; the order of ``events`` does not matter."""
        content = {**asdict(self), "events": sorted(self.events)}
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _demand(holds: bool, found: str, fix: str) -> None:  # noqa: FBT001 - reads as the sentence it is
    if not holds:
        raise ParameterError(where="DefaultDefinition", found=found, fix=fix)
