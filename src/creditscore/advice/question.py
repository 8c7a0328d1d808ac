"""One request of one customer, asked of one scenario model."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from creditscore.advice.answer import Advice, EndedBy, Most, Provenance, Refusal, Standing
from creditscore.advice.bundle import ScenarioBundle
from creditscore.advice.history import DAYS_IN_MONTH, History
from creditscore.advice.inverse import largest
from creditscore.advice.request import LARGEST_AMOUNT, Request
from creditscore.advice.wording import (
    ASKING,
    LARGE_AMOUNT,
    LONG_TERM,
    POLICY_SUSPENDED,
    POLICY_TERM,
    TOO_LARGE,
    TOO_LONG,
    TOO_RARE,
)
from creditscore.domain import Colour, Purpose, Reason
from creditscore.policy import Action, Policy, decide, log_odds

WORSE = tuple(Colour)  # from best to worst


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request with all that its answer depends on.

    Parameters
    ----------
    customer_id, request, history
        Who asks for what, and what is usual.
    amount, term_days
        What the request asks for, or the usual where it leaves it out.
    base_log_odds, base_reasons, open_amount
        Of the customer without the request.
    scenario, policy, provenance
        What answers.
    """

    customer_id: str
    request: Request
    amount: int
    term_days: int
    history: History
    base_log_odds: float
    base_reasons: tuple[Reason, ...]
    open_amount: int
    scenario: ScenarioBundle
    policy: Policy
    provenance: Provenance

    def answer(self) -> Advice | Refusal:
        """Return the advice, or the refusal where too few comparable requests were granted."""
        unsupported = self.unsupported()
        if unsupported is not None:
            most = self.largest_amount()
            supported = most if most.value is not None else None
            return Refusal(
                customer_id=self.customer_id, reason=unsupported, largest_amount=supported, provenance=self.provenance
            )
        without, under = self.standing(self.base_log_odds), self.standing(self.log_odds(self.amount, self.term_days))
        exposure = self.exposure_amount()
        lost = self.policy.loss.given_default
        pd = under.default_probability
        return Advice(
            customer_id=self.customer_id,
            amount=self.amount,
            term_days=self.term_days,
            without=without,
            under=under,
            action=self.action(under.colour),
            exposure_amount=exposure,
            reserve_amount=self._reserve(under, exposure),
            expected_loss_amount=math.floor(pd * lost * exposure + 0.5),
            break_even_margin_ratio=pd * lost / (1 - pd),
            largest_amount=self.largest_amount(),
            longest_term_days=self.longest_term_days(),
            reasons=(*self.reasons(under), *self.base_reasons),
            comparable_count=self.comparable(self.amount, self.term_days),
            provenance=self.provenance,
        )

    def log_odds(self, amount: int, term_days: int) -> float:
        """Return the log-odds of default under a request."""
        asked = self.history.asked(amount, term_days)
        return float(self.scenario.model.log_odds(asked, base_log_odds=[self.base_log_odds])[0])

    def comparable(self, amount: int, term_days: int) -> int:
        """Return how many comparable granted requests asked for at least as much."""
        return int(self.scenario.support.counts([self.base_log_odds], self.history.asked(amount, term_days))[0])

    def supported(self, amount: int, term_days: int) -> bool:
        """Tell whether the training data support an answer."""
        return self.comparable(amount, term_days) >= self.scenario.support.fewest

    def unsupported(self) -> Reason | None:
        """Return why there is no answer; ``None`` where there is one."""
        if self.supported(self.amount, self.term_days):
            return None
        size, days = self.history.asked(self.amount, self.term_days)[0]
        most_size, most_days = self.scenario.support.bounds()
        if size > most_size:
            return TOO_LARGE
        return TOO_LONG if days > most_days else TOO_RARE

    def standing(self, risk: float) -> Standing:
        """Return what log-odds of default mean under the policy."""
        decisions = decide(self.policy, log_odds=[risk], exposure_amount=[0])
        return Standing(
            default_probability=float(1 / (1 + np.exp(-risk))),
            log_odds=risk,
            score=float(decisions.score[0]),
            grade=str(decisions.grade[0]),
            colour=Colour(str(decisions.colour[0])),
        )

    def action(self, colour: Colour) -> Action:
        """Return what the policy says of a colour."""
        return self.policy.actions.of(colour)

    def exposure_amount(self) -> int:
        """Return what would be open under the request."""
        if self.request.purpose == Purpose.BULK_PURCHASE:
            return self.open_amount + self.amount
        longer = max(self.term_days - self.history.usual_term_days, 0)
        return self.open_amount + math.floor(self.history.monthly_amount / DAYS_IN_MONTH * longer)

    def largest_amount(self) -> Most:
        """Return the largest amount on the same term that keeps."""
        colour = self.standing(self.base_log_odds).colour
        if self._keeps_colour and self.action(colour).limit_factor == 0:
            return Most(None, EndedBy.POLICY)
        seen = max(float(self.scenario.support.bounds()[0]), 0.0) * self.history.monthly_amount
        most = min(math.floor(seen) + 1, LARGEST_AMOUNT)  # beyond it nothing is supported
        return self._most(lambda amount: self.broken_by(amount, self.term_days), least=1, most=most)

    def longest_term_days(self) -> Most:
        """Return the longest term for the same amount that keeps."""
        longest = self.action(self.standing(self.base_log_odds).colour).max_term_days
        seen = max(float(self.scenario.support.bounds()[1]), 0.0)
        most = self.history.usual_term_days + math.floor(seen) + 1

        def broken(days: int) -> EndedBy | None:
            if self._keeps_colour and longest is not None and days > longest:
                return EndedBy.POLICY
            return self.broken_by(self.amount, days)

        return self._most(broken, least=1, most=most)

    def broken_by(self, amount: int, term_days: int) -> EndedBy | None:
        """Return what a request would break: the support, or what the answer shall keep to; ``None`` if nothing."""
        if not self.supported(amount, term_days):
            return EndedBy.SUPPORT
        risk = self.log_odds(amount, term_days)
        if not self._keeps_colour:
            return EndedBy.DEFAULT_PROBABILITY if risk > self._highest_log_odds else None
        worse = WORSE.index(self.standing(risk).colour) > WORSE.index(self.standing(self.base_log_odds).colour)
        return EndedBy.COLOUR if worse else None

    def reasons(self, under: Standing) -> tuple[Reason, ...]:
        """Return what of the request speaks against it, the customer's own reasons left out."""
        nothing, usual = self.log_odds(0, 0), self.history.usual_term_days
        action = self.action(under.colour)
        suspended = action.limit_factor == 0
        shorter = action.max_term_days is not None and self.term_days > action.max_term_days
        told = {
            LARGE_AMOUNT: under.log_odds > self.log_odds(0, self.term_days),
            LONG_TERM: under.log_odds > self.log_odds(self.amount, usual),
            ASKING: nothing > self.base_log_odds,
            POLICY_SUSPENDED: suspended,
            POLICY_TERM: shorter and not suspended,
        }
        return tuple(reason for reason, speaks in told.items() if speaks)

    @property
    def _keeps_colour(self) -> bool:
        return self.request.max_default_probability is None

    @property
    def _highest_log_odds(self) -> float:
        return float(log_odds(self.request.max_default_probability or 0.0))

    def _reserve(self, under: Standing, exposure: int) -> int:
        decisions = decide(self.policy, log_odds=[under.log_odds], exposure_amount=np.array([exposure], np.int64))
        return int(decisions.reserve_amount[0])

    def _most(self, broken: Callable[[int], EndedBy | None], *, least: int, most: int) -> Most:
        value = largest(lambda number: broken(number) is None, least=least, most=most)
        beyond = least if value is None else value + 1
        return Most(value, broken(beyond) or EndedBy.SUPPORT)
