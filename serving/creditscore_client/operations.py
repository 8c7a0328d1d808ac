"""What the service can be asked: generated from its description, not written by hand."""

from abc import ABC, abstractmethod
from datetime import date
from typing import Literal

from creditscore_client.answers import (
    AdviceAnswer,
    AlertsAnswer,
    ApplicationAnswer,
    ChangesAnswer,
    CustomerAlertsAnswer,
    EditionAnswer,
    FactsAnswer,
    HistoryAnswer,
    PortfolioAnswer,
    ReserveAnswer,
    RowsAnswer,
    ScoreAnswer,
    ScoresAnswer,
)
from creditscore_client.asked import Asked, path_of
from creditscore_client.parts import Answered
from creditscore_client.questions import FactsItem, Purpose, SnapshotRow


class Operations(ABC):
    """One method an endpoint."""

    @abstractmethod
    def ask(self, asked: Asked, answer: type[Answered]) -> Answered:
        """Ask, and return the answer."""

    def score(self, customer_id: str, *, as_of: date | None = None) -> ScoreAnswer:
        """The daily score of a customer."""
        return self.ask(
            Asked("GET", path_of("/v1/customers/{customer_id}/score", customer_id=customer_id), query={"as_of": as_of}),
            ScoreAnswer,
        )

    def posted_score(self, *, customer_id: str, as_of: date | None = None) -> ScoreAnswer:
        """The daily score of a customer whose id stands in the body."""
        return self.ask(Asked("POST", "/v1/score", body={"customer_id": customer_id, "as_of": as_of}), ScoreAnswer)

    def scores(self, *, customer_ids: list[str], as_of: date | None = None) -> ScoresAnswer:
        """The daily scores of several customers, and which of them have none."""
        return self.ask(Asked("POST", "/v1/scores", body={"customer_ids": customer_ids, "as_of": as_of}), ScoresAnswer)

    def history(self, customer_id: str, *, limit: int | None = None, cursor: str | None = None) -> HistoryAnswer:
        """The scores that were served for a customer, the latest day first."""
        return self.ask(
            Asked(
                "GET",
                path_of("/v1/customers/{customer_id}/scores", customer_id=customer_id),
                query={"limit": limit, "cursor": cursor},
            ),
            HistoryAnswer,
        )

    def rows(self, *, rows: list[SnapshotRow]) -> RowsAnswer:
        """Scores of posted snapshot rows by the champion; nothing is stored."""
        return self.ask(Asked("POST", "/v1/rows", body={"rows": rows}), RowsAnswer)

    def facts(self, *, items: list[FactsItem], explain: bool | None = None) -> FactsAnswer:
        """Scores of customers from posted facts, at most 100 customers and 50,000 facts; nothing is stored."""
        return self.ask(Asked("POST", "/v1/facts", body={"items": items, "explain": explain}), FactsAnswer)

    def customer_alerts(self, customer_id: str, *, as_of: date | None = None) -> CustomerAlertsAnswer:
        """Every change of the alerts of a customer's receivables up to a day, and which stand on it."""
        return self.ask(
            Asked(
                "GET", path_of("/v1/customers/{customer_id}/alerts", customer_id=customer_id), query={"as_of": as_of}
            ),
            CustomerAlertsAnswer,
        )

    def alerts(
        self, *, limit: int | None = None, cursor: str | None = None, level: Literal["yellow", "red"] | None = None
    ) -> AlertsAnswer:
        """The alerts that stand on the latest scored day, by invoice."""
        return self.ask(
            Asked("GET", "/v1/alerts", query={"limit": limit, "cursor": cursor, "level": level}), AlertsAnswer
        )

    def portfolio(self, *, as_of: date | None = None) -> PortfolioAnswer:
        """The portfolio of a day in sum."""
        return self.ask(Asked("GET", "/v1/portfolio", query={"as_of": as_of}), PortfolioAnswer)

    def reserve(self, *, as_of: date | None = None) -> ReserveAnswer:
        """The reserve ledger of a day: opening, movements, closing, in total, by industry and region."""
        return self.ask(Asked("GET", "/v1/reserve", query={"as_of": as_of}), ReserveAnswer)

    def application(
        self,
        *,
        customer_id: str,
        amount: int,
        term_days: int,
        purpose: Purpose | None = None,
        applied_on: date | None = None,
        disputed_on: date | None = None,
        idempotency_key: str | None = None,
    ) -> ApplicationAnswer:
        """Decide on an application for credit; the decision record is kept."""
        return self.ask(
            Asked(
                "POST",
                "/v1/applications",
                body={
                    "customer_id": customer_id,
                    "amount": amount,
                    "term_days": term_days,
                    "purpose": purpose,
                    "applied_on": applied_on,
                    "disputed_on": disputed_on,
                },
                key=idempotency_key,
                records=True,
            ),
            ApplicationAnswer,
        )

    def advice(
        self,
        *,
        customer_id: str,
        purpose: Literal["bulk_purchase", "term_extension"],
        amount: int | None = None,
        term_days: int | None = None,
        max_default_probability: float | None = None,
        as_of: date | None = None,
    ) -> AdviceAnswer:
        """What a bulk purchase or a longer term does to a customer's score, and how far it may go."""
        return self.ask(
            Asked(
                "POST",
                "/v1/advice",
                body={
                    "customer_id": customer_id,
                    "purpose": purpose,
                    "amount": amount,
                    "term_days": term_days,
                    "max_default_probability": max_default_probability,
                    "as_of": as_of,
                },
            ),
            AdviceAnswer,
        )

    def changes(self, customer_id: str, *, from_: date | None = None, to: date | None = None) -> ChangesAnswer:
        """Why a customer's score changed between two scored days, in parts that add up to the change."""
        return self.ask(
            Asked(
                "GET",
                path_of("/v1/customers/{customer_id}/changes", customer_id=customer_id),
                query={"from": from_, "to": to},
            ),
            ChangesAnswer,
        )

    def readiness(self) -> EditionAnswer:
        """Whether scores can be answered, and what is served."""
        return self.ask(Asked("GET", "/readyz"), EditionAnswer)
