"""The words of the trade that have a closed list of values."""

from enum import StrEnum


class Colour(StrEnum):
    """Colour of a customer, straight from its score; best first."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class Family(StrEnum):
    """Family of a feature."""

    BEHAVIOUR = "behaviour"
    EXPOSURE = "exposure"
    EVENTS = "events"
    STATEMENTS = "statements"
    PROFILE = "profile"
    MACRO = "macro"
    INDUSTRY = "industry"


class Risk(StrEnum):
    """What happens to the risk of default when a feature rises."""

    RISES = "rises"
    FALLS = "falls"
    EITHER = "either"

    @property
    def monotone(self) -> int:
        """Sign that a model of the default probability must keep: 1, -1, or 0 where it is free."""
        return {"rises": 1, "falls": -1, "either": 0}[self.value]


class Unit(StrEnum):
    """Unit of a feature; ratios are never percentages."""

    RATIO = "ratio"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"
    AMOUNT = "amount"  # minor units of the book's currency
    LEVEL = "level"
    FLAG = "flag"


class Purpose(StrEnum):
    """Purpose of a facility."""

    STANDARD = "standard"
    BULK_PURCHASE = "bulk_purchase"
    TERM_EXTENSION = "term_extension"


class Verdict(StrEnum):
    """Verdict of a report's section."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    REVIEW = "review"
    FAIL = "fail"
    UNKNOWN = "unknown"  # too little data to say
