"""Alerts of receivables and freezes are those of the tables beside this file."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from creditscore.decisions import freezes
from creditscore.policy import alert_levels, load_policy

ALERTS = load_policy().alerts
LINKS = [
    ("C1", "guarantees", "C2"),
    ("C2", "owns", "C3"),
    ("C4", "owns", "C3"),
    ("C1", "affiliated", "C3"),
    ("C4", "controls", "C5"),
    ("C6", "supplies", "C1"),
    ("C8", "owns", "C5"),
    ("C8", "owns", "C7"),
    ("C1", "owns", "C7"),
    ("C9", "owns", "C10"),
]


def signed_off(table):
    lines = (Path(__file__).parent / table).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", signed_off("alerts.csv"), ids=lambda row: "-".join(row.values()))
def test_the_alert_of_a_receivable_is_the_signed_off_one(row):
    told = {name: int(value) for name, value in row.items()}
    assert told["days_past_due"] == max(told["elapsed_days"] - told["term_days"], 0)
    found = alert_levels(
        ALERTS,
        term_elapsed_ratio=told["elapsed_days"] / told["term_days"],
        paid_ratio=told["paid_amount"] / told["amount"],
        days_past_due=told["days_past_due"],
    )
    assert found == told["level"]


@pytest.mark.parametrize("backwards", [False, True])
def test_the_freezes_are_the_signed_off_ones(backwards):
    links = pd.DataFrame(LINKS[::-1] if backwards else LINKS, columns=["source_id", "kind", "target_id"])
    alerts = pd.DataFrame({"customer_id": ["C8", "C1"], "level": "red", "change": "stands"})
    found = freezes(alerts, links, red=ALERTS.red).to_dict("records")
    for row in found:
        row["path"] = "; ".join(" ".join(link) for link in json.loads(row["path"]))
        row["distance"] = str(row["distance"])
    assert found == signed_off("freezes.csv")
