"""A recipe of a scenario model: everything that decides how it is trained."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from creditscore.domain import Purpose
from creditscore.errors import ParameterError
from creditscore.models import ScenarioModel
from creditscore_training.splits import Periods


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioGates:
    """What the out-of-time test must show before a scenario model may answer.

    Parameters
    ----------
    min_defaults
        Fewest defaults among the requests of the test.
    significance
        Level at which the log loss must not be worse than that of the base alone, in (0, 1).
    calibration_slope
        Lowest and highest slope of the observed log-odds on the predicted ones; 1 is perfect.
    min_rise
        Least mean rise in log-odds from the smallest tenth of what is asked to the largest: a model that tells no sizes
        apart has no answer to give.

    Raises
    ------
    ParameterError
        If a number lies outside its range.
    """

    min_defaults: int = 30
    significance: float = 0.05
    calibration_slope: tuple[float, float] = (0.6, 1.6)
    min_rise: float = 0.1

    def __post_init__(self) -> None:
        low, high = self.calibration_slope
        if not (self.min_defaults >= 0 and 0 < self.significance < 1 and low < high and self.min_rise >= 0):
            raise ParameterError(
                where="ScenarioGates",
                found=f"min_defaults {self.min_defaults}, significance {self.significance}, calibration_slope {low} to "
                f"{high}, min_rise {self.min_rise} cannot all be met.",
                fix="Give counts and rises of 0 or more, a level in (0, 1), a slope from low to high.",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRecipe:
    """How to train one scenario model on top of the champion.

    The features, the default definition and the horizon are the champion's.

    Parameters
    ----------
    name
        Name of the experiment.
    purpose
        ``bulk_purchase`` or ``term_extension``.
    periods
        Where development, calibration and test end; no customer is held out. ``None`` for the champion's own periods,
        so that the test holds no day that the champion learned from.
    estimator
        The term; a copy is fitted.
    gates
        What it must reach to answer.
    min_history_days
        Days since the first invoice without which no request is measured.
    min_comparable
        Comparable granted requests without which there is no answer, see :class:`creditscore.models.Support`.
    comparable_width
        How far the log-odds of comparable customers may lie apart.
    observed_until
        Last day whose information may be used; the champion's where ``None``.
    """

    name: str
    purpose: Purpose
    periods: Periods | None = None
    estimator: ScenarioModel = field(default_factory=ScenarioModel)
    gates: ScenarioGates = field(default_factory=ScenarioGates)
    min_history_days: int = 90
    min_comparable: int = 30
    comparable_width: float = 0.75
    observed_until: date | None = None

    def parameters(self) -> Mapping[str, str]:
        """Return every choice as text, named by its path, for the record of the experiment."""
        parts = {
            "estimator": self.estimator.get_params(deep=False),
            "gates": asdict(self.gates),
            "periods": {} if self.periods is None else asdict(self.periods),
        }
        nested = {f"{part}.{name}": str(value) for part, values in parts.items() for name, value in values.items()}
        plain = ("name", "purpose", "min_history_days", "min_comparable", "comparable_width", "observed_until")
        return {**{name: str(getattr(self, name)) for name in plain}, **nested}
