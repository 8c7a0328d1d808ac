"""How long, on which folds and within which limits an estimator is tuned."""

from dataclasses import dataclass, field

from creditscore.errors import ParameterError
from creditscore.models import RankingEstimator
from creditscore_training.folds import FoldPlan
from creditscore_training.tuning.space import Space, held, space_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """A search for better parameters of a recipe's estimator.

    Parameters
    ----------
    trials
        Parameters that are tried in all, those of sessions before included; the first are the recipe's own.
    timeout_seconds
        No trial is begun after so many seconds of a session.
    folds
        How the development period is cut.
    space
        What is tried, by parameter; ``None`` takes what is declared for the estimator's class.
    most_shift
        Highest population stability index of the rates between training and validation of a fold; above 0.25 a
        distribution is commonly called shifted.
    seed
        Seed of the draws. The next trial follows from it and from the trials before, in whichever session they ran.

    Raises
    ------
    ParameterError
        If a number lies outside its range.
    """

    trials: int = 50
    timeout_seconds: float = 600.0
    folds: FoldPlan = field(default_factory=FoldPlan)
    space: Space | None = None
    most_shift: float = 0.25
    seed: int = 0

    def __post_init__(self) -> None:
        if self.trials < 1 or self.timeout_seconds <= 0 or self.most_shift <= 0 or self.seed < 0:
            raise ParameterError(
                where="Tuning",
                found=f"{self.trials} trials in {self.timeout_seconds} seconds, a shift of at most {self.most_shift} "
                f"and the seed {self.seed} are no search.",
                fix="Give 1 trial or more, a time and a shift above 0, and a seed of 0 or more.",
            )

    def space_for(self, estimator: RankingEstimator) -> Space:
        """Return what is tried of an estimator.

        Raises
        ------
        ParameterError
            If the plan has no space and none is declared for its class, or it has none of the parameters.
        """
        if self.space is None:
            return space_of(estimator)
        space = held(self.space, estimator)
        if set(space) != set(self.space) or not space:
            raise ParameterError(
                where="Tuning.space",
                found=f"{type(estimator).__name__} lacks some of its parameters, or there is none.",
                fix="Name parameters of the recipe's estimator.",
            )
        return space
