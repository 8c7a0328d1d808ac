"""Alerts of receivables, from their ageing; colours belong to customers."""

from dataclasses import dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class YellowAlert:
    """Sales and finance form a collection team: the term runs out and too little is paid.

    Parameters
    ----------
    term_elapsed_ratio
        Share of the payment term that has passed.
    paid_below_ratio
        The alert is raised while less than this share is paid.
    """

    term_elapsed_ratio: float
    paid_below_ratio: float

    def __post_init__(self) -> None:
        if not (0 < self.term_elapsed_ratio <= 1 and 0 < self.paid_below_ratio <= 1):
            raise PolicyError(
                where="YellowAlert",
                found=f"term_elapsed_ratio {self.term_elapsed_ratio:g}, paid_below_ratio {self.paid_below_ratio:g}.",
                fix="Give shares of 1.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RedAlert:
    """Legal steps, and affiliated companies lose their credit too.

    Parameters
    ----------
    days_past_due_above
        The alert is raised after more than this many days past due.
    freeze_affiliates
        Whether the credit of all affiliated companies is frozen.
    """

    days_past_due_above: int
    freeze_affiliates: bool

    def __post_init__(self) -> None:
        if self.days_past_due_above < 0:
            raise PolicyError(
                where="RedAlert",
                found=f"days_past_due_above is {self.days_past_due_above}.",
                fix="Give 0 or more whole days.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The two alerts of a receivable."""

    yellow: YellowAlert
    red: RedAlert
