"""The reserve ledger and the provision matrix reproduce the signed-off tables beside this file."""

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from creditscore.decisions import provisions, roll_rates, settle_book
from creditscore.policy import MOVEMENT_KINDS, Loss, load_policy

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


def rows_of(example):
    return [row for row in signed_off("provision_matrix.csv") if row["example"] == example]


def month_end(rows, column, *, later):
    """Return the ageing of one end of a month, from what was in each bucket or what was found in the next."""
    rolling = [row for row in rows if row[column]]
    return pd.DataFrame(
        {
            "customer_id": "C1",
            "bucket": [int(row["bucket"]) + later for row in rolling],
            "open_amount": [int(row[column]) for row in rolling],
        }
    )


@pytest.mark.parametrize("example", ["sales", "own"])
def test_loss_rates_follow_from_the_rolls_as_in_the_signed_off_table(example):
    rows = rows_of(example)
    ends = [month_end(rows, "rolled_from_amount", later=0), month_end(rows, "rolled_to_amount", later=1)]
    loss = Loss(
        given_default=float(rows[0]["given_default"]),
        forward_looking_factor=float(rows[0]["forward_looking_factor"]),
    )
    expected = [float(row["loss_ratio"]) for row in rows]
    assert roll_rates(ends).loss_ratios(loss) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("example", "total"), [("sales", 27_567), ("ie12", 580_000), ("own", 68_200)])
def test_provisions_match_the_signed_off_table(example, total):
    rows = rows_of(example)
    found = provisions(month_end(rows, "open_amount", later=0), [float(row["loss_ratio"]) for row in rows])
    assert found["provision_amount"].tolist() == [int(row["provision_amount"]) for row in rows]
    assert found["provision_amount"].sum() == total
