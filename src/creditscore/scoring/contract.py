"""What a bundle says of each of its features, and how that meets the features of today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from creditscore.domain import Family, Reason, Risk, Unit
from creditscore.errors import BundleError, ContractError
from creditscore.features import Feature, from_record


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureContract:
    """A feature as the model was trained on it; enough to score a row of numbers and to give reasons.

    Parameters
    ----------
    name, family, unit, risk
        As of :class:`creditscore.features.Feature`; they must not change under a trained model.
    reason
        Principal reason, in the words of the day of training.
    record
        The feature's record in the manifest, from which the feature itself is found again.
    """

    name: str
    family: Family
    unit: Unit
    risk: Risk
    reason: Reason
    record: Mapping[str, Any]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Read the contract from a record of :func:`creditscore.features.to_record`."""
        return cls(
            name=record["name"],
            family=Family(record["family"]),
            unit=Unit(record["unit"]),
            risk=Risk(record["risk"]),
            reason=Reason(**record["reason"]),
            record=record,
        )

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
    """Find the features of a contract: among those offered, in the shipped catalogue, or made anew from a record.

    Raises
    ------
    BundleError
        If one is unknown, or differs from its description.
    """
    own = {feature.name: feature for feature in offered}
    return tuple(_resolved(entry, own.get(entry.name), where=where) for entry in contract)


def _resolved(entry: FeatureContract, own: Feature | None, *, where: str) -> Feature:
    try:
        feature = own or from_record(entry.record)
    except ContractError as error:
        raise BundleError(
            where=where,
            found=f"The feature {entry.name} is not the one of training, or unknown here.",
            fix="Pass a recipe's own features as `features=`, or use the version that trained the bundle.",
        ) from error
    if not entry.admits(feature):
        raise BundleError(
            where=where,
            found=f"The feature {entry.name} has another family, unit, direction or reason than in training.",
            fix="Train again, or use the version that trained the bundle.",
        )
    return feature
