"""A grading table that contradicts itself is refused, at the line at fault."""

import re

import pytest

from creditscore.errors import PolicyError
from creditscore.policy import ApprovalCondition, ApprovalLevel, approval_page, load_policy
from creditscore.policy.policy import SHIPPED

ALL_LEVELS = "[account_manager, credit_manager, credit_committee]"


@pytest.fixture
def refused(tmp_path):
    """Change the lines of one rule of the shipped policy; return what is said, and the line that it names."""

    def load(code, *changes):
        text = SHIPPED.read_text("utf-8")
        before, mark, after = text.partition(f"    - code: {code}\n")
        rule, following, rest = after.partition("\n    - code: ")
        for old, new in changes:
            assert rule.count(old) == 1
            rule = rule.replace(old, new)
        path = tmp_path / "policy.yaml"
        path.write_text(before + mark + rule + following + rest, "utf-8")
        with pytest.raises(PolicyError) as caught:
            load_policy(path)
        said = str(caught.value)
        number = int(re.match(r"line (\d+) of policy 'policy.yaml'\.approval\.rules", said)[1])
        return said, path.read_text("utf-8").splitlines()[number - 1].strip()

    return load


def test_a_hole_is_refused_with_the_combination(refused):
    said, line = refused("yellow_one_high", ("payback: [low, medium, high]", "payback: [low, medium]"))
    assert "No rule covers industry low, cooperation low, payback high, colour yellow; 4 of 81" in said
    assert line == "rules:"


def test_a_rule_that_is_never_reached_is_refused_with_those_before_it(refused):
    said, line = refused(
        "green_no_high",
        ("cooperation: [low, medium]", "cooperation: [low]"),
        ("payback: [low, medium]", "payback: [low]"),
    )
    assert "rules[5]: It is never reached: rules[4] decide all that it covers." in said
    assert line == "- code: green_no_high"


def test_an_easier_way_on_more_risk_is_refused_with_the_pair(refused):
    said, line = refused(
        "yellow_no_high",
        ("route: standard", "route: green_channel"),
        ("levels: [account_manager, credit_manager]", "levels: []"),
    )
    assert "easier on industry low, cooperation low, payback medium, colour yellow (green_channel, 0 levels)" in said
    assert (
        "than rules[5] is on industry low, cooperation low, payback medium, colour green (standard, 1 levels)" in said
    )
    assert "though the colour is worse" in said
    assert line == "- code: yellow_no_high"


def test_fewer_levels_of_one_route_on_more_risk_are_refused_too(refused):
    said, line = refused("industry_and_cooperation_high", (f"levels: {ALL_LEVELS}", "levels: [credit_committee]"))
    assert "easier on industry high, cooperation high, payback low, colour yellow (committee, 1 levels)" in said
    assert "than rules[8] is on industry medium, cooperation high, payback low, colour yellow (committee, 3 le" in said
    assert "though the industry is worse" in said
    assert line == "- code: industry_and_cooperation_high"


@pytest.mark.parametrize(
    ("code", "old", "new", "found"),
    [
        ("low_risk", "colour: [green]", "colour: [green, red]", "The green channel is given to a red customer"),
        ("low_risk", "industry: [low, medium]", "industry: [low, high]", "The green channel is given to high risk"),
        ("low_risk", "payback: [low]", "payback: [low, high]", "The green channel is given to high risk"),
        ("low_risk", "levels: []", "levels: [account_manager]", "The green channel names who approves"),
        ("red", f"levels: {ALL_LEVELS}", "levels: []", "Nobody approves by committee"),
        ("red", f"levels: {ALL_LEVELS}", "levels: [account_manager]", "The route is committee, and the levels say"),
        ("green_no_high", "levels: [account_manager]", f"levels: {ALL_LEVELS}", "The route is standard, and the lev"),
        ("green_one_high", "[account_manager, credit_manager]", "[credit_manager, account_manager]", "do not rise"),
        ("green_one_high", "[account_manager, credit_manager]", "[account_manager, chairman]", "chairman is not liste"),
        ("green_one_high", "conditions: [short_term]", "conditions: [prayer]", "prayer is not listed"),
        ("red", "colour: [red]", "colour: []", "It is empty or repeats a value"),
        ("red", "colour: [red]", "colour: [red, red]", "It is empty or repeats a value"),
        ("red", "route: committee", "route: express", "'express' is unknown. Give one of green_channel, standard, com"),
    ],
)
def test_a_rule_that_contradicts_itself_is_refused_at_its_own_line(refused, code, old, new, found):
    said, line = refused(code, (old, new))
    assert found in said
    assert line == new or line.endswith(new)


def test_more_levels_than_the_committee_allows_are_refused(with_change):
    with pytest.raises(PolicyError, match=r"rules\[0\]\.levels: 3 levels are more than committee\.max_levels, 2"):
        load_policy(with_change(["approval", "committee", "max_levels"], 2))


def test_a_frozen_customer_can_never_have_the_green_channel(with_change):
    with pytest.raises(PolicyError, match="Customers of this colour have a green channel, so frozen ones would"):
        load_policy(with_change(["approval", "frozen_as"], "green"))


def test_each_combination_is_decided_by_the_first_rule_that_covers_it(policy):
    approval = policy.approval
    places = approval.rule_places(industry=[0, 1, 0], cooperation=[0, 1, 0], payback=[0, 0, 0], colour=[0, 0, 1])
    assert [approval.rules[place].code for place in places] == ["low_risk", "green_no_high", "yellow_no_high"]


def test_words_carry_their_number_and_both_languages(policy):
    short = policy.approval.conditions[2]
    assert short.text("en") == "Payment term at most 60 days"
    assert short.text("zh") == "账期不超过60天"
    assert policy.approval.levels[0].text("zh") == "客户经理"
    assert policy.approval.rules[0].text("en") == "A red customer goes to the committee"


def test_a_level_or_a_condition_without_days_is_refused():
    with pytest.raises(PolicyError, match="working_days: It is 0"):
        ApprovalLevel(code="a", working_days=0, en="A", zh="A")
    with pytest.raises(PolicyError, match="max_term_days: It is 0"):
        ApprovalCondition(code="a", max_term_days=0, en="A", zh="A")


def test_the_page_has_a_line_for_each_of_81_gradings(policy):
    lines = approval_page(policy).splitlines()
    assert len(lines) == 2 + 81
    assert lines[2] == "| green | low | low | low | green_channel | nobody | none | 4 low_risk |"
