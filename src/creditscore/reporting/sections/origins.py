"""Where the champion comes from: its populations, and what the bundle says of itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.domain import Verdict
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
    first, last = table["first_on"].min(), table["last_on"].max()
    return Section(
        question="How were the development, calibration and test populations made?",
        verdict=Verdict.PASS if apart else Verdict.FAIL,
        answer=(
            f"Split by time, from {first:%Y-%m-%d} to {last:%Y-%m-%d}: "
            + ("each period begins after the one before it ended." if apart else "the periods overlap or lack one.")
        ),
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
    entries = {
        "name": bundle.name,
        "bundle hash": bundle.hash,
        "horizon": counted(bundle.horizon_months, "month"),
        "default definition": f"{bundle.definition.version}, hash {bundle.definition.hash}",
        "policy at training": bundle.policy_hash,
        "policy today": f"{policy.version}, hash {policy.hash}",
        "features": counted(len(bundle.feature_names), "feature"),
        **{name.replace("_", " "): value for name, value in sorted(bundle.training.items())},
    }
    return Section(
        question="Which bundle is this, and does today's policy still fit it?",
        verdict=Verdict.PASS if same else Verdict.REVIEW,
        answer=(
            f"Bundle {bundle.name}, {bundle.hash[:12]}, with {counted(len(bundle.feature_names), 'feature')}. "
            + ("The policy is the one it was trained under." if same else "The policy has changed since training.")
        ),
        table=pd.DataFrame({"entry": entries.keys(), "value": entries.values()}),
        method="Read from the bundle's manifest, whose hash covers every file of the bundle.",
        figure=_importance_figure(bundle.importances),
    )


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
        description=f"Importance of the {len(names)} features that the forest uses most, largest first.",
        x=Axis(label="Mean push in log-odds, out of time", low=0),
        y=Axis(label="", ticks=names),
        layers=(Bars(x=places, height=heights, width=0.6, along="x"),),
    )
    return Figure(charts=(chart,))
