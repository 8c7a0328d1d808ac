import pytest

from creditscore.domain import Colour
from creditscore.errors import PolicyError
from creditscore.policy import load_policy


def test_each_colour_has_its_action_in_two_languages(policy):
    actions = [policy.actions.of(colour) for colour in Colour]
    assert [action.code for action in actions] == ["trade_normally", "reduce_limit_and_term", "suspend_and_preserve"]
    assert policy.actions.of(Colour.RED).text("en") == "Suspend trade; start preserving the receivables"
    assert policy.actions.of(Colour.RED).text("zh") == "暂停交易，启动债权保全"


@pytest.mark.parametrize(
    ("keys", "value", "found"),
    [
        (["actions", "yellow", "limit_factor"], 1.1, "limit_factor 1.1"),
        (["actions", "yellow", "limit_factor"], 0.70001, "no whole number of basis points"),
        (["actions", "green", "extra_term_days"], -1, "extra_term_days -1"),
        (["actions", "green", "limit_factor"], 0.5, "'reduce_limit_and_term' leaves a larger limit"),
        (["actions", "green", "max_term_days"], 20, "'reduce_limit_and_term' leaves a larger limit or a longer term"),
        (
            ["actions", "yellow", "extra_term_days"],
            31,
            "'reduce_limit_and_term' leaves a larger limit or a longer term",
        ),
        (["actions", "red", "code"], "trade_normally", "Two actions share a code"),
        (["actions", "frozen", "max_term_days"], 10, "A freeze leaves a limit or a term"),
        (["group_limit", "limit_factor"], 1.5, "limit_factor is 1.5"),
        (["group_limit", "links"], ["owns", "owns"], "links repeats a kind"),
    ],
)
def test_actions_and_limits_that_contradict_themselves_are_refused_with_their_line(with_change, keys, value, found):
    with pytest.raises(PolicyError, match=rf"line \d+ of policy .*{found}"):
        load_policy(with_change(keys, value))
