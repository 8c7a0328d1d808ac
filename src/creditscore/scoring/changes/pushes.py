"""Why a customer's score is what it is on one day."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from creditscore.book import Book
from creditscore.domain import Workspace, pd_column
from creditscore.features import Feature
from creditscore.scoring.changes.change import scored_day
from creditscore.scoring.changes.parts import Push, ScoredDay, plain
from creditscore.scoring.changes.telling import WORDS, push_lines, score_title
from creditscore.scoring.recorded import recorded_score
from creditscore.scoring.rows import matrix_of
from creditscore.scoring.wording import Telling, check_language


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreExplanation:
    """A customer's score of one day, and what makes it.

    Parameters
    ----------
    customer_id
        The customer.
    day
        The score as it was served.
    grade
        Its grade.
    default_probability, horizon_months
        Probability of default within so many months, as it was served.
    start
        Unclipped score from which the pushes start: that of the model's average.
    pushes
        Every feature that pushes, most toward default first. Their scores and ``start`` add up to the forecast score
        before it is clipped.
    currency
        Currency of amounts.
    """

    customer_id: str
    day: ScoredDay
    grade: str
    default_probability: float
    horizon_months: int
    start: float
    pushes: tuple[Push, ...]
    currency: str

    @property
    def down(self) -> tuple[Push, ...]:
        """What lowers the score, most first."""
        return tuple(push for push in self.pushes if push.score < 0)

    @property
    def up(self) -> tuple[Push, ...]:
        """What raises the score, most first."""
        return tuple(push for push in reversed(self.pushes) if push.score > 0)

    def telling(self, language: str = "en") -> Telling:
        """Return the explanation in lines, in ``"en"`` or ``"zh"``: the largest pushes of each side by name.

        Raises
        ------
        ParameterError
            If the language is unknown.
        """
        check_language(language)
        words = WORDS[language]
        chance = f"{100 * self.default_probability:.2f} %"
        forecast = {"grade": self.grade, "months": self.horizon_months, "pd": chance}
        sides = {"down": self.down, "up": self.up}
        default = (words["default"],) if self.day.in_default else ()
        return Telling(
            title=score_title(self.customer_id, self.day, forecast, language=language),
            lines=tuple(push_lines(sides, currency=self.currency, language=language)),
            notes=(*default, words["start"].format(start=f"{self.start:.2f}")),
        )

    def text(self, language: str = "en") -> str:
        """Return the explanation in words, in ``"en"`` or ``"zh"``."""
        return self.telling(language).text

    def as_record(self) -> dict[str, Any]:
        """Return everything in types that JSON knows; missing values are ``None``."""
        return dict(plain(asdict(self)))


def explain_score(
    workspace: Workspace, customer_id: str, as_of: date | None = None, *, features: Sequence[Feature] = ()
) -> ScoreExplanation:
    """Tell what makes a customer's served score, after making it again to the bit.

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
    StoreError, ParameterError, BundleError, PolicyError, ContractError
        As :func:`creditscore.scoring.explain_change` does.
    """
    recorded = recorded_score(workspace, customer_id, as_of=as_of, features=features)
    bundle, scale = recorded.bundle, recorded.policy.scale
    values = matrix_of(recorded.row, bundle.feature_names)
    shares = bundle.model.contributions(values)[0]
    point = float(scale.unclipped(1.0) - scale.unclipped(0.0))
    pushes = [
        Push(
            name=entry.name,
            family=entry.family,
            unit=entry.unit,
            reason=entry.reason,
            value=float(value),
            log_odds=float(share),
            score=float(share) * point,
        )
        for entry, value, share in zip(bundle.contract, values[0], shares, strict=True)
        if share
    ]
    return ScoreExplanation(
        customer_id=customer_id,
        day=scored_day(recorded),
        grade=recorded.score["grade"],
        default_probability=recorded.score[pd_column(recorded.run.horizon_months)],
        horizon_months=recorded.run.horizon_months,
        start=float(scale.unclipped(float(bundle.model.log_odds(values)[0] - shares.sum()))),
        pushes=tuple(sorted(pushes, key=lambda push: -push.log_odds)),
        currency=Book.open(workspace.book).currency,
    )
