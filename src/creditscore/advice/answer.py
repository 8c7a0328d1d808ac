"""The answers: advice, or a refusal that says why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from creditscore.domain import Colour, Reason
from creditscore.policy import Action


class EndedBy(StrEnum):
    """What stands one step beyond the largest amount or the longest term."""

    COLOUR = "colour"
    DEFAULT_PROBABILITY = "default_probability"
    SUPPORT = "support"  # beyond it the training data say too little
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Most:
    """The most that keeps.

    Parameters
    ----------
    value
        The largest whole number that keeps: minor units or days. ``None`` where not even the smallest does.
    ended_by
        What one more would break.
    """

    value: int | None
    ended_by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a probability of default means under the policy.

    Parameters
    ----------
    default_probability, log_odds
        Of default within the horizon.
    score, grade, colour
        What the policy makes of it.
    """

    default_probability: float
    log_odds: float
    score: float
    grade: str
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What an answer was made of.

    Parameters
    ----------
    as_of
        Last day whose information was used.
    horizon_months
        Horizon of the probabilities.
    base_bundle_hash, scenario_bundle_hash, policy_hash, code_version
        What computed it.
    """

    as_of: date
    horizon_months: int
    base_bundle_hash: str
    scenario_bundle_hash: str
    policy_hash: str
    code_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The answer to a request.

    Parameters
    ----------
    customer_id
        Who asked.
    amount, term_days
        What the answer is about; the customer's usual month or term where the request left one out.
    without, under
        Standing without the request, and under it.
    action
        What the policy says of the colour under the request.
    exposure_amount
        What would be open under the request: a bulk purchase adds its amount, a longer term the turnover of the days by
        which it is longer. Minor units, as all amounts.
    reserve_amount
        Reserve on that exposure at the rate of the colour under the request.
    expected_loss_amount
        ``default_probability x loss given default x exposure``, rounded half up; the second is the policy's.
    break_even_margin_ratio
        Margin on the price at which the expected profit of what is asked is 0: ``pd x lgd / (1 - pd)``, for who pays
        brings the margin and who does not costs the loss given default.
    largest_amount
        Largest amount on the same term, in minor units.
    longest_term_days
        Longest term for the same amount.
    reasons
        What speaks against the request, then what speaks against the customer.
    comparable_count
        Granted requests of training, from customers of similar risk, that asked for at least as much.
    provenance
        What the answer was made of.
    """

    customer_id: str
    amount: int
    term_days: int
    without: Standing
    under: Standing
    action: Action
    exposure_amount: int
    reserve_amount: int
    expected_loss_amount: int
    break_even_margin_ratio: float
    largest_amount: Most
    longest_term_days: Most
    reasons: tuple[Reason, ...]
    comparable_count: int
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No answer, because the data say too little; it is no judgement of the customer.

    Parameters
    ----------
    customer_id
        Who asked.
    reason
        Why there is no answer.
    largest_amount
        The largest amount on the same term for which there is an answer that keeps; ``None`` where no amount has one.
    provenance
        What the refusal was made of.
    """

    customer_id: str
    reason: Reason
    largest_amount: Most | None
    provenance: Provenance
