import numpy as np

from creditscore.domain import Colour
from creditscore.policy import reserve_amounts


def test_reserves_match_the_signed_off_table(policy, signed_off):
    for row in signed_off("reserve_amounts.csv"):
        points = policy.reserve.basis_points[list(Colour).index(Colour(row["colour"]))]
        amount = reserve_amounts(np.array([int(row["exposure_amount"])]), basis_points=np.array([points]))
        assert amount.tolist() == [int(row["reserve_amount"])], row


def test_each_colour_has_its_rate(policy):
    assert [policy.reserve.of(colour) for colour in Colour] == [0.03, 0.08, 0.15]
    assert policy.reserve.basis_points == (300, 800, 1500)
