"""The catalogue as a page to read."""

from collections.abc import Sequence
from itertools import groupby

from creditscore.domain import Family
from creditscore.features.definition import Feature
from creditscore.features.wording import direction

OPENING = """# Features

Every feature of the catalogue: one function, one column. This page is written by
`creditscore features --markdown > docs/features.md`; change the functions, not the page.

A fact counts from the day it became known. A ratio is a share, never a percentage; an amount is in minor units of the
book's currency; a level is in the units of its series. Over no fact a count is 0 and a mean is missing, and where the
book lacks a table all features that need it are missing.
"""


def catalogue_page(features: Sequence[Feature]) -> str:
    """Return the features as Markdown, one table a family, in the order of their families."""
    order = list(Family)
    ordered = sorted(features, key=lambda feature: order.index(feature.family))
    families = groupby(ordered, key=lambda feature: feature.family)
    return "\n".join([OPENING, *(_family_section(family, list(members)) for family, members in families)])


def summary(feature: Feature) -> str:
    """Return the first sentence of the feature's description."""
    return feature.description.splitlines()[0]


def _family_section(family: Family, members: Sequence[Feature]) -> str:
    head = [f"## {family.capitalize()} ({len(members)})", "", "| feature | what it is | unit | direction | reason |"]
    return "\n".join([*head, "|---|---|---|---|---|", *(_row(feature) for feature in members), ""])


def _row(feature: Feature) -> str:
    reason = f"{feature.reason.code}: {feature.reason.en} · {feature.reason.zh}"
    return f"| `{feature.name}` | {summary(feature)} | {feature.unit} | {direction(feature)} | {reason} |"
