import numpy as np
import pytest

from creditscore.domain import Colour


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


def test_each_colour_has_its_action_in_two_languages(policy):
    actions = [policy.actions.of(colour) for colour in Colour]
    assert [action.code for action in actions] == ["trade_normally", "reduce_limit_and_term", "suspend_and_preserve"]
    assert policy.actions.of(Colour.RED).text("en") == "Suspend trade; start preserving the receivables"
    assert policy.actions.of(Colour.RED).text("zh") == "暂停交易，启动债权保全"
