"""A recipe: everything that decides how a model is trained, as one frozen object to copy and edit."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from creditscore.domain import Family
from creditscore.errors import ParameterError, some
from creditscore.features import Feature, catalogue
from creditscore.models import Calibration, LogisticCalibration, MonotoneForest, RankingEstimator
from creditscore.outcomes import DefaultDefinition
from creditscore_training.gates import Gates
from creditscore_training.observations import MonthEnds, ObservationPlan
from creditscore_training.role import Role
from creditscore_training.splits import Periods
from creditscore_training.tuning.plan import Tuning

# What moves the model, of all that `Recipe.parameters` tells.
MOVING = ("estimator", "calibration", "rival", "blend_with", "long_run_rate", "lenient_families", "observations")
ADDRESS = " at 0x"  # an object without a text of its own tells where it lies in memory, each time elsewhere
EXPOSURE = "open_amount"  # the feature that tells how much is at stake
# What we keep ourselves or read in the paper cannot be withheld from us.
NOT_WITHHELD = (Family.BEHAVIOUR, Family.EXPOSURE, Family.EVENTS, Family.MACRO, Family.INDUSTRY)
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train one model.

    Parameters
    ----------
    name
        Name of the experiment, of the registered model and of the bundle: small letters, digits, ``_`` and ``-``.
    features
        What the model sees. ``catalogue()`` for all that ship, more by adding to the tuple, fewer by filtering it.
    definition
        What a default is, and within how many months.
    observations
        Which customers are looked at on which days: :class:`MonthEnds` or :class:`ApplicationDates`.
    periods
        Where development, calibration and the out-of-time test end.
    estimator
        What ranks, such as a forest; the pipeline fits a copy of it with the recipe's seed.
    rivals
        Estimators that are fitted beside it and judged on the same rows, by name.
    blend_with
        Name of the rival with which the estimator is blended if that ranks the calibration period significantly
        better; ``None`` keeps the estimator alone.
    lenient_families
        Families of which a missing value counts as one as risky as the customers who lack it. Of all others it counts
        as the riskiest observed value, where the direction of risk is declared: to withhold a statement must not pay.
    calibration
        How the model's probabilities are corrected on the calibration period, such as ``LogisticCalibration()``; a
        copy is fitted.
    long_run_rate
        Default rate of many years, in (0, 1), to which the mean PD of the calibration period is moved; ``None`` keeps
        that period's own level.
    gates
        What the model must reach to become champion.
    tuning
        How ``creditscore tune`` searches for better parameters of the estimator.
    tuned_in
        Storage of the study whose best trial replaces the estimator's parameters, as ``--tuned`` sets it; ``None``
        keeps them.
    seed
        Seed of every random draw of the fit.
    observed_until
        Last day whose information may be used: nobody is observed after it, and no later fact decides an outcome. The
        last day on which the book learned of an invoice or a facility where ``None``.

    role
        ``champion`` if the model shall take the champion's place where it is no worse; ``challenger`` if it shall run
        beside the champion however good it is.

    Raises
    ------
    ParameterError
        If the name is not fit for a folder, there is no feature, a feature is named twice, there is no rival to blend
        with, or the long-run rate lies outside (0, 1).
    """

    name: str
    features: tuple[Feature, ...]
    definition: DefaultDefinition
    observations: ObservationPlan = field(default_factory=MonthEnds)
    periods: Periods = field(default_factory=Periods)
    estimator: RankingEstimator = field(default_factory=MonotoneForest)
    rivals: Mapping[str, RankingEstimator] = field(default_factory=dict)
    blend_with: str | None = None
    lenient_families: tuple[Family, ...] = NOT_WITHHELD
    calibration: Calibration = field(default_factory=LogisticCalibration)
    long_run_rate: float | None = None
    gates: Gates = field(default_factory=Gates)
    tuning: Tuning = field(default_factory=Tuning)
    tuned_in: str | None = None
    seed: int = 0
    observed_until: date | None = None
    role: Role = Role.CHAMPION

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ParameterError(
                where="Recipe.name",
                found=f"{self.name!r} is not fit to name a folder.",
                fix="Use small letters, digits, `_` and `-`, such as trade_credit.",
            )
        names = [feature.name for feature in self.features]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice or not names:
            raise ParameterError(
                where="Recipe.features",
                found=f"{some(twice)} named more than once." if twice else "There is no feature.",
                fix="Give each feature once, such as catalogue().",
            )
        strange = [name for name in (*self.rivals, *filter(None, [self.blend_with])) if not NAME.fullmatch(name)]
        if strange or (self.blend_with is not None and self.blend_with not in self.rivals):
            raise ParameterError(
                where="Recipe.rivals",
                found=f"blend_with is {self.blend_with!r}, the rivals are {some(self.rivals) or 'none'}.",
                fix="Name rivals in small letters, and blend with one of them.",
            )
        if self.long_run_rate is not None and not 0 < self.long_run_rate < 1:
            raise ParameterError(
                where="Recipe.long_run_rate",
                found=f"{self.long_run_rate} is not a default rate.",
                fix="Give a number between 0 and 1, or None for the level of the calibration period.",
            )

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the features, in the order in which the model sees them."""
        return tuple(feature.name for feature in self.features)

    @property
    def monotone(self) -> tuple[int, ...]:
        """Direction of risk of each feature: 1, -1, or 0 where none is declared."""
        return tuple(feature.monotone for feature in self.features)

    @property
    def lenient(self) -> tuple[bool, ...]:
        """Whether each feature is of a lenient family."""
        return tuple(feature.family in self.lenient_families for feature in self.features)

    @property
    def observed_features(self) -> tuple[Feature, ...]:
        """What is computed for each observation: the features, and the exposure even if the model does without."""
        exposure = tuple(one for one in catalogue() if one.name == EXPOSURE and one.name not in self.feature_names)
        return (*self.features, *exposure)

    def with_features(self, *more: Feature) -> Self:
        """Return the same recipe with more features, such as one that was just written in a notebook.

        >>> from creditscore.features import macro_level
        >>> from creditscore.domain import Reason
        >>> from creditscore_training.recipes.trade_credit import RECIPE
        >>> rate = macro_level("UNRATE", risk="rises", reason=Reason("Z01", en="High unemployment", zh="失业率偏高"))
        >>> RECIPE.with_features(rate).feature_names[-1]
        'macro_unrate_level'
        """
        return dataclasses.replace(self, features=(*self.features, *more))

    def hyperparameters(self) -> dict[str, str]:
        """Return the choices that move the model, for its bundle; how many threads fit it is none of them."""
        told = self.parameters()
        moving = [name for name in told if name.startswith(MOVING) and not name.endswith(".threads")]
        return {name: told[name] for name in moving if ADDRESS not in told[name]}

    def parameters(self) -> Mapping[str, str]:
        """Return every choice of the recipe as text, named by its path, for the record of the experiment."""
        parts = {
            "definition": dataclasses.asdict(self.definition),
            "periods": dataclasses.asdict(self.periods),
            "estimator": self.estimator.get_params(deep=False),
            "calibration": self.calibration.get_params(deep=False),
            "gates": dataclasses.asdict(self.gates),
            **{f"rival.{name}": estimator.get_params(deep=False) for name, estimator in self.rivals.items()},
        }
        nested = {f"{part}.{name}": str(value) for part, values in parts.items() for name, value in values.items()}
        return {
            "name": self.name,
            "seed": str(self.seed),
            "observations": repr(self.observations),
            "observed_until": str(self.observed_until),
            "calibration": type(self.calibration).__name__,
            "long_run_rate": str(self.long_run_rate),
            "role": self.role,
            "feature_count": str(len(self.features)),
            "estimator": type(self.estimator).__name__,
            **{f"rival.{name}": type(estimator).__name__ for name, estimator in self.rivals.items()},
            "blend_with": str(self.blend_with),
            "lenient_families": ", ".join(self.lenient_families),
            **nested,
        }
