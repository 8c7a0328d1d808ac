"""The accuracy report: is the score right, for whom, since when, and how sure can one be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.domain import Text, text
from creditscore.policy import Policy
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.defaulters import DailyDefaulters
from creditscore.reporting.document import Report, Section
from creditscore.reporting.evidence import LIGHTS, Evidence, Lights
from creditscore.reporting.rivals import Rival
from creditscore.reporting.sections.adequacy import adequacy_section
from creditscore.reporting.sections.applications import applications_section
from creditscore.reporting.sections.bands import bands_section
from creditscore.reporting.sections.calibration import grades_section, level_section
from creditscore.reporting.sections.colours import colours_section
from creditscore.reporting.sections.decisions import decisions_section
from creditscore.reporting.sections.failures import failures_section
from creditscore.reporting.sections.ledger import ledger_section
from creditscore.reporting.sections.migrations import migrations_section
from creditscore.reporting.sections.missed import missed_section
from creditscore.reporting.sections.missed_daily import with_daily
from creditscore.reporting.sections.months import months_section, scored_days_section
from creditscore.reporting.sections.origins import bundle_section, populations_section
from creditscore.reporting.sections.ranking import comparison_section, ranking_section
from creditscore.reporting.sections.rivals import rivals_section
from creditscore.reporting.sections.segments import segment_section
from creditscore.reporting.sections.stability import stability_section
from creditscore.reporting.tested import tested_of

if TYPE_CHECKING:  # a report reads a bundle, it need not load what computes scores
    from creditscore.scoring import Bundle


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoredDays:
    """What the daily runs have scored so far.

    Parameters
    ----------
    days
        One row a day: ``as_of``, ``customer_count``.
    judged
        Scores of the last scored day of each month with ``default_flag``, missing while the window has not ended; where
        it is known, ``default_seen_flag`` tells for those days whether a default has been seen so far.
    observed_until
        Last day that the book knows of.
    graded
        The same days as ``judged`` with whoever was in default on them: ``customer_id``, ``as_of``, ``score``,
        ``grade``, ``in_default_flag`` and ``default_flag``; ``None`` where nobody told.
    defaulters
        Those of ``judged`` who defaulted, with what was stored of them; ``None`` where no window has ended.
    """

    days: pd.DataFrame
    judged: pd.DataFrame
    observed_until: date
    graded: pd.DataFrame | None = None
    defaulters: DailyDefaulters | None = None


def accuracy_report(  # noqa: PLR0913 - what a workspace adds to a bundle, each of which may be missing
    bundle: "Bundle",
    *,
    policy: Policy,
    scored: ScoredDays | None = None,
    decided: DecidedDays | None = None,
    rivals: Sequence[Rival] | None = None,
    currency: str | None = None,
    lights: Lights = LIGHTS,
) -> Report:
    """Judge a bundle by the outcomes that are known.

    Parameters
    ----------
    bundle
        The bundle; its evaluation frame is the evidence.
    policy
        The policy of today, for grades and reserve rates.
    scored
        The daily scores and what became of them, where there are any.
    decided
        What was decided on the days scored, where there are any.
    rivals
        The challenger and the former champion, held against the bundle; see :func:`rivals_of`.
    currency
        ISO 4217 code of the amounts.
    lights
        Thresholds between the verdicts.

    Raises
    ------
    ContractError
        If the evaluation frame lacks a column.
    """
    evidence = Evidence(frame=bundle.evaluation(), horizon_months=bundle.horizon_months, lights=lights)
    tested = tested_of(bundle)
    sections = (
        ranking_section(evidence),
        comparison_section(evidence),
        rivals_section(rivals, lights=lights),
        level_section(evidence),
        grades_section(evidence, policy=policy),
        colours_section(evidence, policy=policy),
        decisions_section(decided, policy=policy, currency=currency),
        applications_section(decided, currency=currency),
        ledger_section(decided, currency=currency),
        adequacy_section(decided, policy=policy, currency=currency),
        segment_section(evidence, column="industry_code", noun="industry"),
        segment_section(evidence, column="region", noun="region"),
        bands_section(evidence, policy=policy, currency=currency),
        failures_section(evidence, tested=tested, currency=currency),
        with_daily(
            missed_section(evidence, tested=tested, currency=currency),
            scored.defaulters if scored else None,
            contract=bundle.contract,
            currency=currency,
        ),
        months_section(
            evidence,
            scored=scored.judged if scored else None,
            observed_until=scored.observed_until if scored else None,
        ),
        stability_section(evidence, policy=policy, graded=scored.graded if scored else None),
        migrations_section(scored.graded if scored else None, policy=policy, lights=lights),
        scored_days_section(
            scored.days if scored else None,
            horizon_months=bundle.horizon_months,
            observed_until=scored.observed_until if scored else None,
        ),
        populations_section(evidence),
        bundle_section(bundle, policy=policy),
    )
    return Report(
        title="How accurate is the score?",
        subtitle=_subtitle(sections),
        facts=_facts(bundle, evidence, policy=policy),
        sections=sections,
        currency=currency,
    )


def _subtitle(sections: tuple[Section, ...]) -> Text:
    return text("Out of time: {answer}", answer=sections[0].answer)


def _facts(bundle: "Bundle", evidence: Evidence, *, policy: Policy) -> dict[str, str]:
    return {
        "Model": bundle.name,
        "Bundle": bundle.hash[:12],
        "Policy": f"{policy.version} ({policy.hash[:12]})",
        "Outcome": text(
            "default within {months} months, definition {version}",
            months=bundle.horizon_months,
            version=bundle.definition.version,
        ),
        "Out-of-time period": _period(evidence.test),
        "Out-of-time customers": text(
            "{customers:,}, {defaults:,} of them defaulted",
            customers=len(evidence.cohort),
            defaults=evidence.cohort_defaults,
        ),
    }


def _period(test: pd.DataFrame) -> Text:
    if test.empty:
        return text("none")
    days = test["as_of"]
    return text("{first} to {last}", first=f"{days.min():%Y-%m-%d}", last=f"{days.max():%Y-%m-%d}")
