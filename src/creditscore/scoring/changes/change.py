"""Why a customer's score changed between two days."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Colour, Workspace
from creditscore.features import Feature, observe
from creditscore.scoring.changes.parts import Cause, ChangePart, ScoredDay, plain, total_of
from creditscore.scoring.changes.steps import Standing, parts_between
from creditscore.scoring.changes.telling import WORDS, cause_lines, change_title
from creditscore.scoring.changes.vintages import news_between
from creditscore.scoring.defaulted import defaulted
from creditscore.scoring.recorded import RecordedScore, recorded_score
from creditscore.scoring.wording import Telling, check_language


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreChange:
    """The change of a customer's score from one day to another, in parts that add up to it.

    Parameters
    ----------
    customer_id
        The customer.
    before, after
        The two days, as they were served.
    parts
        The parts, by cause and within a cause the largest first. Their scores add up to the change of the served score,
        and their log-odds to that of the served log-odds.
    bands_moved
        Whether the score of the later day would have had another colour under the bands of the earlier policy.
    currency
        Currency of amounts.
    """

    customer_id: str
    before: ScoredDay
    after: ScoredDay
    parts: tuple[ChangePart, ...]
    bands_moved: bool
    currency: str

    @property
    def score(self) -> float:
        """Change of the served score."""
        return self.after.score - self.before.score

    @property
    def log_odds(self) -> float:
        """Change of the served log-odds of default."""
        return self.after.log_odds - self.before.log_odds

    @property
    def by_cause(self) -> Mapping[Cause, ChangePart]:
        """The sum of the parts of each cause that has any."""
        return {cause: whole for cause in Cause if (whole := total_of(self.parts, cause)) is not None}

    def telling(self, language: str = "en") -> Telling:
        """Return the change in lines, in ``"en"`` or ``"zh"``.

        Raises
        ------
        ParameterError
            If the language is unknown.
        """
        check_language(language)
        said = {
            "same": not self.parts,
            "both": self.before.in_default and self.after.in_default,
            "bands": self.bands_moved,
        }
        return Telling(
            title=change_title(self.customer_id, self.before, self.after, language=language),
            lines=tuple(cause_lines(self.parts, currency=self.currency, language=language)),
            notes=tuple(WORDS[language][name] for name, holds in said.items() if holds),
        )

    def text(self, language: str = "en") -> str:
        """Return the change in words, in ``"en"`` or ``"zh"``.

        Raises
        ------
        ParameterError
            If the language is unknown.
        """
        return self.telling(language).text

    def as_record(self) -> dict[str, Any]:
        """Return everything in types that JSON knows; missing values are ``None``."""
        totals = {str(cause): {"log_odds": one.log_odds, "score": one.score} for cause, one in self.by_cause.items()}
        content = asdict(self) | {"score": self.score, "log_odds": self.log_odds, "by_cause": totals}
        return dict(plain(content))


def explain_change(
    workspace: Workspace, customer_id: str, before: date, after: date, *, features: Sequence[Feature] = ()
) -> ScoreChange:
    """Split the change of a customer's served score between two days into parts that add up to it.

    Both scores are made again from the snapshot, the bundle and the policy of their day, and must come out to the bit
    before anything is explained. The steps have one order: the features under the earlier model, then the later model's
    ranking, then its calibration, then the scale of the later policy, the ends of the scale, and the rule for who is in
    default.

    Parameters
    ----------
    workspace
        The portfolio.
    customer_id
        The customer.
    before, after
        Two days that were scored; the change is told from the first to the second.
    features
        Features of the recipe's own that the shipped catalogue does not know.

    Raises
    ------
    StoreError
        If a day was not scored, or does not give its recorded score any more.
    ParameterError
        If the customer was not scored on a day.
    BundleError, PolicyError, ContractError
        If the bundle or the policy of a day, or the book, is gone or altered.
    """
    first = recorded_score(workspace, customer_id, as_of=before, features=features)
    last = recorded_score(workspace, customer_id, as_of=after, features=features)
    book = Book.open(workspace.book)
    news = news_between(book, first.bundle.contract, customer_id=customer_id, days=(before, after))
    parts = parts_between(_standing(first, first.row), _standing(last, _completed(book, last, first)), news=news)
    bands = first.policy.colours
    return ScoreChange(
        customer_id=customer_id,
        before=scored_day(first),
        after=scored_day(last),
        parts=parts,
        bands_moved=bands.of(last.score["score"]) != last.score["colour"],
        currency=book.currency,
    )


def scored_day(recorded: RecordedScore) -> ScoredDay:
    """Return a recorded score as it was served."""
    return ScoredDay(
        as_of=recorded.run.as_of,
        score=recorded.score["score"],
        log_odds=recorded.score["log_odds"],
        colour=Colour(recorded.score["colour"]),
        in_default=bool(defaulted(recorded.row)[0]),
        run_id=recorded.run.run_id,
        bundle_hash=recorded.run.bundle_hash,
        policy_hash=recorded.run.policy_hash,
    )


def _standing(recorded: RecordedScore, row: pd.DataFrame) -> Standing:
    return Standing(
        bundle=recorded.bundle,
        policy=recorded.policy,
        row=row,
        log_odds=recorded.score["log_odds"],
        score=recorded.score["score"],
    )


def _completed(book: Book, last: RecordedScore, first: RecordedScore) -> pd.DataFrame:
    """Return the later row with the features that only the earlier bundle has, from the book as of that day."""
    if set(first.bundle.feature_names) <= set(last.row.columns):
        return last.row
    lacking = [one for one in first.bundle.features if one.name not in last.row.columns]
    found = observe(book, last.row[["customer_id", "as_of"]], features=lacking)
    return last.row.assign(**{one.name: found[one.name].to_numpy() for one in lacking})
