"""The reserve ledger reproduces the signed-off table beside this file."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd

from creditscore.decisions import settle_book
from creditscore.policy import MOVEMENT_KINDS, load_policy

RATES = load_policy().reserve


def signed_off(table):
    lines = (Path(__file__).parent / table).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def the_day_of(row):
    """Return the book of a day: the one customer, or nobody once it is gone."""
    exposure = int(row["exposure_amount"]) if row["exposure_amount"] else None
    since = pd.to_datetime([row["colour_since"] or None])
    today = pd.DataFrame({"customer_id": ["C1"], "governed_colour": [row["colour"]], "governed_since": since})
    today["exposure_amount"] = pd.array([exposure], dtype="Int64")
    return today[today["governed_colour"] != ""]


def test_a_customer_goes_through_its_days_as_in_the_signed_off_table():
    held, previous = None, None
    for row in signed_off("reserve_ledger.csv"):
        as_of = date.fromisoformat(row["as_of"])
        found = settle_book(RATES, held, the_day_of(row), as_of=as_of, previous_as_of=previous)
        held, previous = found.holdings, as_of
        movements = dict(zip(found.movements["kind"], found.movements["amount"], strict=True))
        assert movements == {kind: int(row[kind]) for kind in MOVEMENT_KINDS if row[kind] != "0"}, row
        assert held["held_amount"].sum() == int(row["held_amount"]), row
        for column in ("held_basis_points", "required_amount"):
            expected = [int(row[column])] if row[column] else []
            assert held[column].dropna().tolist() == expected, row
