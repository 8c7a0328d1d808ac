import numpy as np
import pytest


@pytest.mark.parametrize(
    ("score", "colour"),
    [
        (100, "green"),
        (80, "green"),
        (np.nextafter(80, 0), "yellow"),
        (60, "yellow"),
        (np.nextafter(60, 0), "red"),
        (0, "red"),
    ],
)
def test_the_edge_of_a_colour_belongs_to_the_better_colour(policy, score, colour):
    assert policy.colours.of(score) == colour
