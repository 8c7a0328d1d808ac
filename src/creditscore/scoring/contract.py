"""What a bundle says of each of its features, and how that meets the features of today."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.errors import BundleError, some
from creditscore.features import Feature, catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContract:
    """A feature as the model was trained on it; enough to score a row of numbers and to give reasons.

    Parameters
    ----------
    name, family, unit, risk
        As of :class:`creditscore.features.Feature`; they must not change under a trained model.
    reason
        Principal reason, in the words of the day of training.
    """

    name: str
    family: Family
    unit: Unit
    risk: Risk
    reason: Reason

    @classmethod
    def of(cls, feature: Feature) -> Self:
        """Describe a feature."""
        return cls(
            name=feature.name, family=feature.family, unit=feature.unit, risk=feature.risk, reason=feature.reason
        )

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        """Read the description back from a manifest."""
        return cls(
            name=entry["name"],
            family=Family(entry["family"]),
            unit=Unit(entry["unit"]),
            risk=Risk(entry["risk"]),
            reason=Reason(**entry["reason"]),
        )

    def entry(self) -> dict[str, Any]:
        """Return the description as the manifest keeps it."""
        return asdict(self)

    def admits(self, feature: Feature) -> bool:
        """Tell whether a feature of today is still the one described; its texts may have been improved."""
        return (self.name, self.family, self.unit, self.risk, self.reason.code) == (
            feature.name,
            feature.family,
            feature.unit,
            feature.risk,
            feature.reason.code,
        )


def resolved(contract: Sequence[FeatureContract], *, offered: Sequence[Feature], where: str) -> tuple[Feature, ...]:
    """Find the features of a contract, among those offered and then in the shipped catalogue.

    Raises
    ------
    BundleError
        If one is unknown, or differs from its description.
    """
    known = {feature.name: feature for feature in (*catalogue(), *offered)}
    unknown = [entry.name for entry in contract if entry.name not in known]
    if unknown:
        raise BundleError(
            where=where,
            found=f"The features {some(unknown)} are neither offered nor in the catalogue.",
            fix="Pass the recipe's own features as `features=`, or use the version that trained the bundle.",
        )
    changed = [entry.name for entry in contract if not entry.admits(known[entry.name])]
    if changed:
        raise BundleError(
            where=where,
            found=f"The features {some(changed)} have another family, unit, direction or reason than in training.",
            fix="Train again, or use the version that trained the bundle.",
        )
    return tuple(known[entry.name] for entry in contract)
