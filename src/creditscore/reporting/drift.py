"""The drift report: whether the portfolio has moved away from the one that the model learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.domain import Colour, Text, text
from creditscore.monitoring import AlarmGroup, DriftResult
from creditscore.policy import Policy
from creditscore.reporting.document import Report, Section
from creditscore.reporting.sections.economy import economy_section
from creditscore.reporting.sections.inputs import inputs_section, missing_section, moved_section
from creditscore.reporting.sections.outputs import colours_moved_section, grades_moved_section
from creditscore.reporting.sections.watch import watch_section

if TYPE_CHECKING:  # a report reads a bundle, it need not load what computes scores
    from creditscore.scoring import Bundle


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """A day's snapshot beside the reference that the model learned from.

    Parameters
    ----------
    as_of
        The day.
    reference, current
        Features with ``score``, ``grade`` and ``colour``, one row a customer.
    result
        What moved between them.
    in_default_count
        Customers of the day who were in default already, as none of the reference is, and so were left out.
    watched
        What the watch raised on the day; ``None`` where the day was not watched.
    """

    as_of: date
    reference: pd.DataFrame
    current: pd.DataFrame
    result: DriftResult
    in_default_count: int = 0
    watched: Sequence[AlarmGroup] | None = None


def drift_report(bundle: "Bundle", comparison: Comparison, *, policy: Policy, detail: str | None = None) -> Report:
    """Tell what moved since the model was developed.

    Parameters
    ----------
    bundle
        The bundle whose reference was compared.
    comparison
        The two sides and what moved.
    policy
        Gives the order of the grades.
    detail
        Relative address of Evidently's own page, where it lies beside the report.
    """
    result = comparison.result
    sections = (
        inputs_section(result),
        *(() if comparison.watched is None else (watch_section(comparison.watched),)),
        moved_section(result),
        missing_section(result),
        economy_section(result, reference=comparison.reference, current=comparison.current),
        grades_moved_section(result, reference=comparison.reference, current=comparison.current, policy=policy),
        colours_moved_section(result),
    )
    return Report(
        title="Has the portfolio moved?",
        subtitle=_subtitle(comparison.as_of, sections),
        facts={
            "Day": f"{comparison.as_of:%Y-%m-%d}",
            "Customers that day": text(
                "{compared:,}, and {in_default:,} in default left out",
                compared=result.current_count,
                in_default=comparison.in_default_count,
            ),
            "Reference": text("{count:,} observations of the development period", count=result.reference_count),
            "Model": bundle.name,
            "Bundle": bundle.hash[:12],
            "Policy": f"{policy.version} ({policy.hash[:12]})",
        },
        sections=sections,
        link=(detail, "every feature in detail, drawn by Evidently") if detail else None,
    )


def with_colours(frame: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Add the colour that the policy gives to each score.

    >>> from creditscore.policy import load_policy
    >>> with_colours(pd.DataFrame({"score": [90.0, 70.0, 10.0]}), load_policy())["colour"].tolist()
    ['green', 'yellow', 'red']
    """
    names = [str(colour) for colour in Colour]
    return frame.assign(colour=[names[rank] for rank in policy.colours.ranks(frame["score"].to_numpy(dtype=float))])


def _subtitle(as_of: date, sections: tuple[Section, ...]) -> Text:
    return text("On {day}: {answer}", day=f"{as_of:%Y-%m-%d}", answer=sections[0].answer)
