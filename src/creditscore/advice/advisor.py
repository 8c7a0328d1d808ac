"""Advice: the base score, what the request adds to it, and how far it may go."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from creditscore.advice.answer import Advice, Provenance, Refusal
from creditscore.advice.bundle import ScenarioBundle, open_scenario
from creditscore.advice.history import FIRST_ORDER, History, history_features
from creditscore.advice.question import Question
from creditscore.advice.request import Request
from creditscore.advice.wording import IN_DEFAULT, NO_HISTORY
from creditscore.book import Book
from creditscore.domain import Purpose, Reason, Workspace
from creditscore.errors import ParameterError
from creditscore.features import Feature, observe
from creditscore.policy import Policies, Policy
from creditscore.scoring import EXPOSURE, Bundle, code_version, open_champion, score_rows
from creditscore.scoring import IN_DEFAULT as IN_DEFAULT_COLUMN
from creditscore.scoring.daily import check_days, check_knowledge
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.explanation import REASON_COLUMNS
from creditscore.scoring.snapshots import daily_features

DAY_UNIT = "ms"


@dataclass(frozen=True)
class Advisor:
    """Answers requests as of one day; opened once, it answers many.

    Parameters
    ----------
    workspace
        The portfolio.
    book, base, policy
        Its book, the bundle that decides, its policy.
    as_of
        Last day whose information may be used.
    """

    workspace: Workspace
    book: Book
    base: Bundle
    policy: Policy
    as_of: date

    @classmethod
    def open(
        cls,
        workspace: Workspace,
        *,
        as_of: date | None = None,
        features: Sequence[Feature] = (),
        base: Bundle | None = None,
        policies: Policies | None = None,
    ) -> Self:
        """Open the book, the champion and the policy of a workspace.

        Parameters
        ----------
        workspace
            The portfolio.
        as_of
            Last day whose information may be used; by default the last on which the book learned of an invoice or a
            facility.
        features
            Features of the recipe's own that the shipped catalogue does not know.
        base, policies
            The bundle that decides and the policies, where they are open already.

        Raises
        ------
        ContractError, BundleError, PolicyError
            If there is no book, no champion, or the policy is broken.
        ParameterError
            If the day lies in the future, or before the last day whose facts the champion learned from.
        """
        book = Book.open(workspace.book)
        day = as_of or book.known_days()[1]
        check_days([day])
        base = open_champion(workspace, features=features) if base is None else base
        check_knowledge(base, day)
        return cls(workspace, book, base, (policies or Policies.of(workspace)).on(day), day)

    def advise(self, customer_id: str, request: Request) -> Advice | Refusal:
        """Answer a request of a customer, or refuse with the reason where the data say too little.

        Raises
        ------
        ParameterError
            If the customer is not known on the day, or the scenario model learned from later facts.
        BundleError
            If no scenario model of this purpose stands on the champion.
        """
        scenario = self.scenario(request.purpose)
        frame = self._observed(customer_id)
        if frame[IN_DEFAULT_COLUMN].iloc[0] == 1.0:
            return self._refused(customer_id, scenario, IN_DEFAULT)
        history = History.of(frame.iloc[0], min_days=scenario.min_history_days)
        if history is None:
            return self._refused(customer_id, scenario, NO_HISTORY)
        return self._question(frame, history, scenario, request).answer()

    def look_up(self, customers: Sequence[str]) -> None:
        """Read what the answers to some customers are made of, all at once; further questions about them cost little.

        Raises
        ------
        ParameterError
            If a customer is not known on the day, or is named twice.
        """
        pairs = pd.DataFrame({"customer_id": list(customers), "as_of": pd.Timestamp(self.as_of)})
        wanted = {feature.name: feature for feature in (*daily_features(self.base), *history_features())}
        frame = observe(self.book, pairs, features=tuple(wanted.values()))
        frame = frame.assign(as_of=frame["as_of"].dt.as_unit(DAY_UNIT))  # astype would tear the frame's columns apart
        frame = with_default_flag(self.book, self.base, frame)
        self._seen.update({str(row.customer_id): frame.iloc[[place]] for place, row in enumerate(frame.itertuples())})

    def scenario(self, purpose: Purpose) -> ScenarioBundle:
        """Open the scenario model that answers requests of a purpose.

        Raises
        ------
        BundleError, ParameterError
            As :meth:`advise` does.
        """
        if purpose not in self._opened:
            bundle = open_scenario(self.workspace, purpose, base_bundle_hash=self.base.hash)
            _check_learned(bundle, self.as_of)
            self._opened[purpose] = bundle
        return self._opened[purpose]

    @cached_property
    def _opened(self) -> dict[Purpose, ScenarioBundle]:
        return {}

    @cached_property
    def _seen(self) -> dict[str, pd.DataFrame]:
        return {}

    def _observed(self, customer_id: str) -> pd.DataFrame:
        if customer_id not in self._seen:
            self.look_up([customer_id])
        return self._seen[customer_id]

    def _question(self, frame: pd.DataFrame, history: History, scenario: ScenarioBundle, request: Request) -> Question:
        scored = score_rows(self.base, self.policy, frame.drop(columns=FIRST_ORDER)).iloc[0]
        told = [scored[column] for column in REASON_COLUMNS]
        amount = max(math.floor(history.monthly_amount), 1) if request.amount is None else request.amount
        term = history.usual_term_days if request.term_days is None else request.term_days
        open_amount = frame[EXPOSURE].iloc[0]
        return Question(
            customer_id=str(scored["customer_id"]),
            request=request,
            amount=amount,
            term_days=term,
            history=history,
            base_log_odds=float(scored["log_odds"]),
            base_reasons=tuple(self.base.reasons[code] for code in told if isinstance(code, str)),
            open_amount=0 if np.isnan(open_amount) else int(open_amount),
            scenario=scenario,
            policy=self.policy,
            provenance=self._provenance(scenario),
        )

    def _refused(self, customer_id: str, scenario: ScenarioBundle, reason: Reason) -> Refusal:
        provenance = self._provenance(scenario)
        return Refusal(customer_id=customer_id, reason=reason, largest_amount=None, provenance=provenance)

    def _provenance(self, scenario: ScenarioBundle) -> Provenance:
        return Provenance(
            as_of=self.as_of,
            horizon_months=self.base.horizon_months,
            base_bundle_hash=self.base.hash,
            scenario_bundle_hash=scenario.hash,
            policy_hash=self.policy.hash,
            code_version=code_version(),
        )


def _check_learned(bundle: ScenarioBundle, as_of: date) -> None:
    """Refuse to answer on a day before the last one whose facts the scenario model learned from."""
    if bundle.learned_until is not None and as_of < bundle.learned_until:
        raise ParameterError(
            where="as_of",
            found=f"{as_of} lies before {bundle.learned_until}, the last day whose facts the scenario model used.",
            fix="Ask as of that day or a later one, or train with `--as-of` an earlier day.",
        )


def advise(
    workspace: Workspace,
    customer_id: str,
    request: Request,
    *,
    as_of: date | None = None,
    features: Sequence[Feature] = (),
) -> Advice | Refusal:
    """Answer one request: what it does to the customer's score, and how far it may go.

    Parameters
    ----------
    workspace
        The portfolio, with a champion and a scenario model of the purpose.
    customer_id
        Who asks.
    request
        What is asked for.
    as_of, features
        As for :meth:`Advisor.open`.

    Returns
    -------
    Advice or Refusal
        The answer; or why the data do not support one, which is no error.

    Raises
    ------
    ContractError, BundleError, PolicyError, ParameterError
        As :meth:`Advisor.open` and :meth:`Advisor.advise` do.
    """
    return Advisor.open(workspace, as_of=as_of, features=features).advise(customer_id, request)
