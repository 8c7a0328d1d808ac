"""Alerts of receivables, from their ageing; colours belong to customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError, PolicyError, some
from creditscore.policy.scale import FloatArray

ALERT_LEVELS = ("none", "yellow", "red")  # by level: 0, 1, 2
LINK_KINDS = ("owns", "controls", "affiliated", "guarantees", "supplies")  # the kinds of links that a book knows
LevelArray = npt.NDArray[np.int8]


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
        Whether the credit of all affiliated companies is frozen; if not, that of the company itself alone is.
    freeze_links
        Kinds of links that a freeze follows, in either direction; of two links between the same companies the kind that
        stands first here explains the freeze. Empty where affiliated companies are not frozen.

    Raises
    ------
    PolicyError
        If the days are negative, a kind is unknown or stands twice, or kinds and ``freeze_affiliates`` contradict.
    """

    days_past_due_above: int
    freeze_affiliates: bool
    freeze_links: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.days_past_due_above < 0:
            raise PolicyError(
                where="RedAlert",
                found=f"days_past_due_above is {self.days_past_due_above}.",
                fix="Give 0 or more whole days.",
            )
        wrong = [kind for kind in self.freeze_links if kind not in LINK_KINDS or self.freeze_links.count(kind) > 1]
        if wrong:
            raise PolicyError(
                where="RedAlert",
                found=f"freeze_links holds {some(dict.fromkeys(wrong))}, unknown or twice.",
                fix=f"Give each kind once, out of {', '.join(LINK_KINDS)}.",
            )
        if self.freeze_affiliates != bool(self.freeze_links):
            raise PolicyError(
                where="RedAlert",
                found=f"freeze_affiliates is {self.freeze_affiliates}, with {len(self.freeze_links)} freeze_links.",
                fix="Give the kinds of links that a freeze follows if, and only if, affiliated companies are frozen.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The two alerts of a receivable."""

    yellow: YellowAlert
    red: RedAlert


def alert_levels(
    alerts: Alerts, *, term_elapsed_ratio: npt.ArrayLike, paid_ratio: npt.ArrayLike, days_past_due: npt.ArrayLike
) -> LevelArray:
    """Return the alert of each open receivable: 0 none, 1 yellow, 2 red.

    Red: more than so many days past due. Yellow: at least so much of the term has passed (exactly half of it counts),
    and less than so much is paid. What is both is red.

    Parameters
    ----------
    alerts
        The two rules.
    term_elapsed_ratio
        Share of the payment term that has passed; above 1 after the due day.
    paid_ratio
        Share of the amount that is paid.
    days_past_due
        Whole days since the due day; 0 or negative before it.

    Raises
    ------
    ParameterError
        If the three differ in shape, or a number is missing.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> told = {"term_elapsed_ratio": [0.4, 0.5, 2.1], "paid_ratio": [0.0, 0.79, 0.9], "days_past_due": [0, 0, 31]}
    >>> alert_levels(load_policy().alerts, **told).tolist()
    [0, 1, 2]
    """
    elapsed, paid, late = _numbers(
        term_elapsed_ratio=term_elapsed_ratio, paid_ratio=paid_ratio, days_past_due=days_past_due
    )
    yellow = (elapsed >= alerts.yellow.term_elapsed_ratio) & (paid < alerts.yellow.paid_below_ratio)
    red = late > alerts.red.days_past_due_above
    return np.where(red, 2, yellow).astype(np.int8)


def _numbers(**given: npt.ArrayLike) -> list[FloatArray]:
    numbers = {name: np.asarray(values, dtype=np.float64) for name, values in given.items()}
    shapes = {name: values.shape for name, values in numbers.items()}
    if len(set(shapes.values())) > 1:
        raise ParameterError(
            where="alert_levels",
            found=f"The shapes differ: {', '.join(f'{name} {shape}' for name, shape in shapes.items())}.",
            fix="Give one number of each for every receivable.",
        )
    for name, values in numbers.items():
        missing = int(np.isnan(values).sum())
        if missing:
            raise ParameterError(
                where=name,
                found=f"{missing} of {values.size} are missing.",
                fix="Give every open receivable its numbers; a term of no days has passed in full on its first day.",
            )
    return list(numbers.values())
