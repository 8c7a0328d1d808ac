"""Features as records: what a bundle writes down, so that it finds the very same features again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from creditscore.domain import Family, Reason
from creditscore.errors import ContractError, ParameterError
from creditscore.features.catalogue import catalogue
from creditscore.features.definition import Feature
from creditscore.features.series import SeriesReader, SurpriseReader, series_feature

# What a feature reads, by the word that its record says of it; a record that says none is of a plain series.
READERS = {"series": SeriesReader, "surprise": SurpriseReader}


def to_record(feature: Feature) -> dict[str, Any]:
    """Return the feature's contract in plain types, with what it reads where it is a series of a recipe's choice.

    Examples
    --------
    >>> from creditscore.features import macro_level
    >>> rate = macro_level("UNRATE", risk="rises", reason=Reason("Z01", en="High unemployment", zh="失业率偏高"))
    >>> to_record(rate)["reads"]
    {'series': 'UNRATE', 'months': 0, 'relative': False, 'averaged': False}
    >>> from_record(to_record(rate)) == rate
    True
    """
    record: dict[str, Any] = {
        "name": feature.name,
        "family": str(feature.family),
        "unit": str(feature.unit),
        "risk": str(feature.risk),
        "reason": {"code": feature.reason.code, "en": feature.reason.en, "zh": feature.reason.zh},
    }
    if isinstance(feature.function, SeriesReader | SurpriseReader):
        record["reads"] = asdict(feature.function)
    if isinstance(feature.function, SurpriseReader):
        record["reader"] = "surprise"
    return record


def from_record(record: Mapping[str, Any]) -> Feature:
    """Return the feature that a record describes: from the catalogue, or made anew where it reads a named series.

    Raises
    ------
    ContractError
        If no feature has the name, or its unit, family or direction of risk is no longer the recorded one.

    Examples
    --------
    >>> from_record({"name": "no_such_feature"})
    Traceback (most recent call last):
    creditscore.errors.ContractError: feature no_such_feature: The catalogue does not have it. Install its version.
    """
    feature = _remade(record) if "reads" in record else _shipped(record["name"])
    differing = [key for key in ("name", "family", "unit", "risk") if record.get(key) != str(getattr(feature, key))]
    if differing:
        raise ContractError(
            where=f"feature {record['name']}",
            found=f"Its {' and '.join(differing)} is not the recorded one.",
            fix="Train again with this version, or install the version that wrote the record.",
        )
    return feature


def named(name: str) -> Feature:
    """Return the feature of the catalogue with this name.

    Raises
    ------
    ParameterError
        If there is none.
    """
    for feature in catalogue():
        if feature.name == name:
            return feature
    raise ParameterError(
        where=f"feature {name}",
        found="The catalogue does not have it.",
        fix="List the catalogue with `creditscore features`.",
    )


def _shipped(name: str) -> Feature:
    try:
        return named(name)
    except ParameterError as error:
        raise ContractError(where=error.where, found=error.found, fix="Install its version.") from None


def _remade(record: Mapping[str, Any]) -> Feature:
    kind = READERS.get(record.get("reader", "series"))
    if kind is None:
        raise ContractError(
            where=f"feature {record['name']}",
            found=f"It is read as {record['reader']!r}, which is unknown here.",
            fix="Install the version that wrote the record.",
        )
    reason = Reason(**record["reason"])
    return series_feature(Family(record["family"]), kind(**record["reads"]), risk=record["risk"], reason=reason)
