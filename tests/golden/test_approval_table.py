"""The grading table of the shipped policy against the one that was signed off; its header says by which sentences."""

import csv
from collections import Counter
from pathlib import Path

from creditscore.policy import approval_table


def signed_off():
    lines = Path(__file__).with_name("approval.csv").read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_every_grading_leads_where_the_signed_off_table_says(policy):
    rows = {(row.colour, row.industry, row.cooperation, row.payback): row for row in approval_table(policy)}
    table = signed_off()
    assert len(table) == len(rows) == 81
    for line in table:
        row = rows[line["colour"], line["industry"], line["cooperation"], line["payback"]]
        expected = (line["route"], int(line["levels"]), line["conditions"])
        assert (row.route, len(row.levels), " ".join(row.conditions)) == expected


def test_the_signed_off_table_counts_what_its_header_says():
    ways = Counter((line["route"], line["levels"]) for line in signed_off())
    assert ways == {("committee", "3"): 53, ("standard", "2"): 20, ("standard", "1"): 6, ("green_channel", "0"): 2}
