"""What would raise a customer's score, in terms of what can be done today."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from creditscore.book import Book
from creditscore.domain import Colour, Workspace
from creditscore.features import Feature
from creditscore.policy.colours import BEST_FIRST
from creditscore.scoring.customer_facts import facts_of_customer
from creditscore.scoring.defaulted import defaulted
from creditscore.scoring.improvements.remedies import attempts, open_invoices
from creditscore.scoring.improvements.results import Counterfactual, Outcome
from creditscore.scoring.improvements.search import Tried, first_amounts, smallest_to_better_colour
from creditscore.scoring.improvements.telling import WORDS, enough_sentence, remedy_line, title
from creditscore.scoring.improvements.trial import Trial
from creditscore.scoring.recorded import recorded_score
from creditscore.scoring.wording import Telling, check_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactuals:
    """The remedies that would raise a customer's score.

    Parameters
    ----------
    customer_id, as_of
        Whose score, and of which day.
    now
        The score as it was served.
    in_default
        Whether the customer is in default, so that its score is 0 by rule.
    remedies
        Those that raise it, the most points for the amount first.
    next_colour
        The smallest collection found that gives a better colour; ``None`` where the colour is the best, or none does.
    currency
        Currency of amounts.
    """

    customer_id: str
    as_of: date
    now: Outcome
    in_default: bool
    remedies: tuple[Counterfactual, ...]
    next_colour: Counterfactual | None
    currency: str

    def telling(self, language: str = "en") -> Telling:
        """Return the remedies in lines, in ``"en"`` or ``"zh"``.

        Raises
        ------
        ParameterError
            If the language is unknown.
        """
        check_language(language)
        words = WORDS[language]
        said = {"default": self.in_default, "none": not self.remedies}
        enough = enough_sentence(self.next_colour, self.now, currency=self.currency, language=language)
        return Telling(
            title=title(self.customer_id, self.as_of, self.now, language=language),
            lines=tuple(remedy_line(one, currency=self.currency, language=language) for one in self.remedies),
            notes=(*(words[name] for name, holds in said.items() if holds), enough),
        )

    def text(self, language: str = "en") -> str:
        """Return the remedies in words, in ``"en"`` or ``"zh"``."""
        return self.telling(language).text

    def as_record(self) -> dict[str, Any]:
        """Return everything in types that JSON knows."""
        return asdict(self) | {"as_of": self.as_of.isoformat()}


def counterfactuals(
    workspace: Workspace, customer_id: str, as_of: date | None = None, *, features: Sequence[Feature] = ()
) -> Counterfactuals:
    """Try the remedies of the catalogue on a customer's score and tell those that raise it.

    Each remedy is a set of facts that could become known today: overdue or other open invoices are paid, disputes are
    settled, guarantees for others end. The customer's features are computed again with these facts by the ordinary
    engine, and scored by the bundle and the policy of the day. The book itself is only read, the past stays as it is,
    and no remedy asks for more than is open.

    Parameters
    ----------
    workspace
        The portfolio.
    customer_id
        The customer.
    as_of
        A day that was scored; the latest by default.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    StoreError
        If the day was not scored, or the customer's facts do not give its stored features or score any more.
    ParameterError
        If the customer was not scored on the day.
    BundleError, PolicyError, ContractError
        If the bundle or the policy of the day, or the book, is gone or altered.
    """
    recorded = recorded_score(workspace, customer_id, as_of=as_of, features=features)
    book = Book.open(workspace.book)
    facts = facts_of_customer(book, customer_id, as_of=recorded.run.as_of)
    now = Outcome(recorded.score["score"], recorded.score["log_odds"], Colour(recorded.score["colour"]))
    tried, enough = _tried(Trial(book, recorded, facts), now) if facts.has_ledger else ([], None)
    raising = [_told(one, now) for one in tried if one[1].score > now.score]
    return Counterfactuals(
        customer_id=customer_id,
        as_of=recorded.run.as_of,
        now=now,
        in_default=bool(defaulted(recorded.row)[0]),
        remedies=tuple(sorted(raising, key=lambda one: -one.gain / max(one.amount, 1))),
        next_colour=None if enough is None else _told(enough, now),
        currency=book.currency,
    )


def _tried(trial: Trial, now: Outcome) -> tuple[list[Tried], Tried | None]:
    """Try the catalogue and, where there is a better colour, growing amounts, all in one batch; then finer amounts."""
    catalogued, invoices = attempts(trial.facts), open_invoices(trial.facts)
    growing = () if now.colour is BEST_FIRST[0] else first_amounts(trial, invoices)
    if not catalogued:
        return [], None
    outcomes = trial.outcomes([one.added for one in (*catalogued, *growing)])
    tried = list(zip(catalogued, outcomes[: len(catalogued)], strict=True))
    first = list(zip(growing, outcomes[len(catalogued) :], strict=True))
    return tried, smallest_to_better_colour(trial, invoices, first, now=now)


def _told(tried: Tried, now: Outcome) -> Counterfactual:
    attempt, outcome = tried
    return Counterfactual(remedy=attempt.remedy, amount=attempt.amount, count=attempt.count, before=now, after=outcome)
