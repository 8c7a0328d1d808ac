"""Governed colours match the table that was worked by hand."""

import csv
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from creditscore.policy import ColourBands, Governance, govern

NAMES = ["green", "yellow", "red"]
BANDS = ColourBands(
    green=80,
    yellow=60,
    governance=Governance(downgrade_margin=1, upgrade_margin=2, downgrade_dwell_days=3, upgrade_dwell_days=10),
)


def signed_off():
    lines = Path(__file__).with_name("governed_colours.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return [(name, list(days)) for name, days in groupby(rows, key=lambda row: row["customer"])]


@pytest.mark.parametrize(("customer", "days"), signed_off())
def test_each_day_of_a_customer_has_the_colour_that_was_worked_by_hand(customer, days):
    rank, since = np.array([-1]), np.array([0])
    for row in days:
        found = govern(
            BANDS,
            score=np.array([float(row["score"])]),
            on=int(row["day"]),
            previous_rank=rank,
            previous_since=since,
            certain=np.array([row["certain"] == "1"]),
        )
        rank, since = found.rank, found.since
        told = NAMES[rank[0]], int(since[0])
        assert told == (row["governed"], int(row["since"])), f"{customer}, day {row['day']}: {row['reason']}"
        assert BANDS.of(float(row["score"])) == row["raw"]
