"""Gates: what a model must reach to become champion, each with a sentence that says why it passed or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from creditscore.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """What the out-of-time test must show.

    Parameters
    ----------
    min_auc
        Lowest area under the ROC curve, in [0, 1).
    beats_logistic
        Whether the forest must be no worse than the logistic regression: it may have the smaller AUC only if the paired
        DeLong test does not call the difference significant.
    significance
        Level of that test, in (0, 1).
    calibration_slope
        Lowest and highest slope of the observed log odds on the predicted ones; 1 is perfect.
    min_defaults
        Fewest defaults without which the test says too little.
    certified
        Whether the certificate must prove that no directed feature ever moves the risk against its direction, and that
        withholding a value never beats the worst value it may hide, unless the recipe is lenient.

    Raises
    ------
    ParameterError
        If a number lies outside its range.
    """

    min_auc: float = 0.70
    beats_logistic: bool = True
    significance: float = 0.05
    calibration_slope: tuple[float, float] = (0.75, 1.33)
    min_defaults: int = 30
    certified: bool = True

    def __post_init__(self) -> None:
        low, high = self.calibration_slope
        if not (0 <= self.min_auc < 1 and 0 < self.significance < 1 and low < high and self.min_defaults >= 0):
            raise ParameterError(
                where="Gates",
                found=f"min_auc {self.min_auc}, significance {self.significance}, calibration_slope {low} to {high}, "
                f"min_defaults {self.min_defaults} cannot all be met.",
                fix="Give rates in (0, 1), a slope from low to high, and a count that is not negative.",
            )


@dataclass(frozen=True, slots=True)
class GateResult:
    """What one gate found.

    Parameters
    ----------
    name
        Name of the gate.
    passed
        Whether the model may pass.
    sentence
        What was found and what was asked for.
    """

    name: str
    passed: bool
    sentence: str


def judge(gates: Gates, metrics: Mapping[str, float]) -> tuple[GateResult, ...]:
    """Hold the metrics of the out-of-time test against every gate.

    Parameters
    ----------
    gates
        What is asked for.
    metrics
        What was found, see :func:`creditscore_training.evaluation.measure`.

    Examples
    --------
    >>> found = {"auc_test": 0.8, "auc_test_logistic": 0.7, "delong_p_logistic": 0.01,
    ...          "calibration_slope_test": 1.5, "default_count_test": 90.0,
    ...          "worst_monotone_step": 0.0, "withheld_riskier_share": 0.0}
    >>> for result in judge(Gates(), found):
    ...     print(result.name, result.passed)
    enough_defaults True
    ranks_well_enough True
    no_worse_than_logistic True
    calibrated False
    keeps_its_word True
    """
    always = (enough_defaults(gates, metrics), ranks_well_enough(gates, metrics))
    compared = (no_worse_than_logistic(gates, metrics),) if gates.beats_logistic else ()
    proven = (keeps_its_word(metrics),) if gates.certified else ()
    return (*always, *compared, calibrated(gates, metrics), *proven)


def enough_defaults(gates: Gates, metrics: Mapping[str, float]) -> GateResult:
    """Ask whether the test has the defaults that it takes to say anything."""
    found = int(metrics["default_count_test"])
    sentence = f"The out-of-time test has {found:,} defaults; at least {gates.min_defaults:,} are asked for."
    return GateResult("enough_defaults", found >= gates.min_defaults, sentence)


def ranks_well_enough(gates: Gates, metrics: Mapping[str, float]) -> GateResult:
    """Ask whether the model ranks well out of time."""
    found = metrics["auc_test"]
    sentence = f"The AUC out of time is {found:.3f}; at least {gates.min_auc:.3f} is asked for."
    return GateResult("ranks_well_enough", found >= gates.min_auc, sentence)


def no_worse_than_logistic(gates: Gates, metrics: Mapping[str, float]) -> GateResult:
    """Ask whether a logistic regression on the same rows would have been the better choice."""
    forest, logistic, p_value = metrics["auc_test"], metrics["auc_test_logistic"], metrics["delong_p_logistic"]
    sentence = (
        f"The AUC out of time is {forest:.3f} against {logistic:.3f} of the logistic regression "
        f"(paired DeLong p = {p_value:.3f}); it must not be significantly lower."
    )
    # The p-value is missing where both rank every pair alike; then neither is worse.
    significantly_worse = forest < logistic and p_value < gates.significance
    return GateResult("no_worse_than_logistic", not significantly_worse, sentence)


def calibrated(gates: Gates, metrics: Mapping[str, float]) -> GateResult:
    """Ask whether the probabilities spread as much as the defaults do."""
    low, high = gates.calibration_slope
    found = metrics["calibration_slope_test"]
    sentence = f"The calibration slope out of time is {found:.2f}; {low:.2f} to {high:.2f} is asked for."
    return GateResult("calibrated", low <= found <= high, sentence)


def keeps_its_word(metrics: Mapping[str, float]) -> GateResult:
    """Ask whether the certificate proves that directions hold everywhere and that withholding does not pay."""
    step, hidden = metrics["worst_monotone_step"], metrics["withheld_riskier_share"]
    sentence = (
        f"The worst step against a declared direction is {step:.2g}, and at most {hidden:.1%} of the values that a "
        "missing one may hide are riskier than what it counts as; both must be 0."
    )
    return GateResult("keeps_its_word", step == 0 and hidden == 0, sentence)
