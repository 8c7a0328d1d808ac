"""The catalogue: every feature of the house, in the order in which the families define them."""

import importlib
from collections.abc import Iterable
from functools import cache

from creditscore.errors import ParameterError, some
from creditscore.features.definition import Feature

SUBJECTS = (
    "payments",
    "delays",
    "orders",
    "rhythm",
    "exposure",
    "rolling",
    "requests",
    "events",
    "links",
    "statements",
    "profile",
    "macro",
    "industry",
    "peers",
)


@cache
def catalogue() -> tuple[Feature, ...]:
    """Return the features of all seven families, in the order of their definition.

    Raises
    ------
    ParameterError
        If two features share a name or a reason code.
    """
    modules = [importlib.import_module(f"creditscore.features.families.{subject}") for subject in SUBJECTS]
    features = [value for module in modules for value in vars(module).values() if isinstance(value, Feature)]
    return distinct(features)


def distinct(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """Return the features if no two share a name or a reason code.

    Raises
    ------
    ParameterError
        If two do.
    """
    collected = tuple(features)
    for what, values in (
        ("name", [one.name for one in collected]),
        ("reason code", [one.reason.code for one in collected]),
    ):
        repeated = sorted({value for value in values if values.count(value) > 1})
        if repeated:
            raise ParameterError(
                where="features",
                found=f"More than one feature has the {what} {some(repeated)}.",
                fix=f"Give each feature its own {what}.",
            )
    return collected
