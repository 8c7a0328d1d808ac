"""What counts as drift: numbers of policy, beside the ones that sampling gives."""

from dataclasses import dataclass

from creditscore.errors import PolicyError


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftLimits:
    """Limits above which a column raises an alarm.

    Parameters
    ----------
    psi
        Population stability index that is tolerated. 0.25 is a custom of the trade, not a result; a policy may differ.
    chance_multiple
        The index is also tolerated up to this multiple of what sampling alone would give, so that small samples do not
        cry wolf.
    missing_p_value
        Probability of any false alarm about missing values over all columns together (Bonferroni).
    missing_difference_ratio
        Difference of missing shares that is tolerated, however significant.
    """

    psi: float = 0.25
    chance_multiple: float = 3.0
    missing_p_value: float = 0.01
    missing_difference_ratio: float = 0.02

    def __post_init__(self) -> None:
        """Refuse limits that no column or every column would break."""
        fits = self.psi > 0 and self.chance_multiple >= 1
        if not (fits and 0 < self.missing_p_value < 1 and 0 <= self.missing_difference_ratio < 1):
            raise PolicyError(
                where="DriftLimits",
                found=f"{self} leaves no alarm to raise, or nothing to tolerate.",
                fix="Give psi > 0, chance_multiple >= 1, 0 < missing_p_value < 1, 0 <= missing_difference_ratio < 1.",
            )

    def tolerated_psi(self, expected: float) -> float:
        """Return the index that is tolerated when sampling alone would give ``expected``.

        >>> DriftLimits().tolerated_psi(0.001), DriftLimits().tolerated_psi(0.2)
        (0.25, 0.6000000000000001)
        """
        return max(self.psi, self.chance_multiple * expected)
