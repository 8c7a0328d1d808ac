"""Where the champion comes from: its populations, and what the bundle says of itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import SPLITS, Evidence
from creditscore.reporting.sections.wording import counted

if TYPE_CHECKING:  # a report reads a bundle, it need not load what computes scores
    from creditscore.scoring import Bundle

MOST_BARS = 15


def populations_section(evidence: Evidence) -> Section:
    """Answer how the development, calibration and test populations were made."""
    table = population_table(evidence)
    apart = _in_order(table)
    return Section(
        question="How were the development, calibration and test populations made?",
        verdict=Verdict.PASS if apart else Verdict.FAIL,
        answer=_split(table, apart=apart),
        table=table,
        method=(
            "The forest is fitted on the development period, its level on the calibration period, and everything in "
            "this report is judged on the test period, which neither has seen."
        ),
        note=(
            "Outcome windows are longer than the gaps between the periods, so the same default may be seen from two "
            "periods; no feature may use a fact that was learned after its own day."
        ),
    )


def _split(table: pd.DataFrame, *, apart: bool) -> Text:
    days = {"first": f"{table['first_on'].min():%Y-%m-%d}", "last": f"{table['last_on'].max():%Y-%m-%d}"}
    if not apart:
        return text("Split by time, from {first} to {last}: the periods overlap or lack one.", **days)
    return text("Split by time, from {first} to {last}: each period begins after the one before it ended.", **days)


def population_table(evidence: Evidence) -> pd.DataFrame:
    """Return one row a split with counts, rates and days."""
    rows = []
    for split in SPLITS:
        own = evidence.frame[evidence.frame["split"] == split]
        if own.empty:
            continue
        known = own["default_flag"].notna()
        rows.append(
            {
                "population": split,
                "first_on": own["as_of"].min(),
                "last_on": own["as_of"].max(),
                "observation_count": len(own),
                "customer_count": own["customer_id"].nunique(),
                "outcome_known_count": int(known.sum()),
                "default_count": int(own["default_flag"].sum()),
                "default_rate": float(own["default_flag"].mean()),
                "mean_pd": float(own[evidence.pd_name].mean()),
            }
        )
    return pd.DataFrame(rows)


def bundle_section(bundle: "Bundle", *, policy: Policy) -> Section:
    """Answer which bundle is judged, and whether today's policy is the one it was judged under."""
    same = bundle.policy_hash == policy.hash
    entries = _entries(bundle, policy)
    return Section(
        question="Which bundle is this, and does today's policy still fit it?",
        verdict=Verdict.PASS if same else Verdict.REVIEW,
        answer=joined(
            [
                text(
                    "Bundle {name}, {hash}, with {features}.",
                    name=bundle.name,
                    hash=bundle.hash[:12],
                    features=counted(len(bundle.feature_names), "feature"),
                ),
                "The policy is the one it was trained under." if same else "The policy has changed since training.",
            ]
        ),
        # As objects, or the table would keep a sentence's letters alone.
        table=pd.DataFrame({"entry": entries.keys(), "value": pd.Series([*entries.values()], dtype=object)}),
        method="Read from the bundle's manifest, whose hash covers every file of the bundle.",
        figure=_importance_figure(bundle.importances),
    )


def _entries(bundle: "Bundle", policy: Policy) -> dict[str, str]:
    definition = bundle.definition
    return {
        "name": bundle.name,
        "bundle hash": bundle.hash,
        "horizon": counted(bundle.horizon_months, "month"),
        "default definition": text("{version}, hash {hash}", version=definition.version, hash=definition.hash),
        "policy at training": bundle.policy_hash,
        "policy today": text("{version}, hash {hash}", version=policy.version, hash=policy.hash),
        "features": counted(len(bundle.feature_names), "feature"),
        **{name.replace("_", " "): value for name, value in sorted(bundle.training.items())},
    }


def _in_order(table: pd.DataFrame) -> bool:
    if table["population"].tolist() != list(SPLITS):
        return False
    return bool((table["first_on"].iloc[1:].to_numpy() > table["last_on"].iloc[:-1].to_numpy()).all())


def _importance_figure(importances: Mapping[str, float]) -> Figure | None:
    if not importances:
        return None
    names = list(importances)[:MOST_BARS]
    heights = [importances[name] for name in names]
    places = [float(place) for place in range(len(names))]
    chart = Chart(
        title="What the forest looks at most",
        description=text(
            "Importance of the {count} features that the forest uses most, largest first.", count=len(names)
        ),
        x=Axis(label="Mean push in log-odds, out of time", low=0),
        y=Axis(label="", ticks=names),
        layers=(Bars(x=places, height=heights, width=0.6, along="x"),),
    )
    return Figure(charts=(chart,))
