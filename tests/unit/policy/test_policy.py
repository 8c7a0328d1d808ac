import pytest

from creditscore.errors import PolicyError
from creditscore.policy import Policy, load_policy
from creditscore.policy.policy import SHIPPED


def test_the_shipped_policy_holds_every_number_of_the_trade(policy):
    assert (policy.colours.green, policy.colours.yellow) == (80, 60)
    assert policy.colours.governance.margins == (0, 2)
    assert policy.colours.governance.downgrade_dwell_days == 0
    assert policy.colours.governance.upgrade_dwell_days == 30
    assert policy.reserve.best_first == (0.03, 0.08, 0.15)
    assert policy.reserve.top_up_on_downgrade
    assert policy.reserve.release_after_days == 30
    assert (policy.actions.yellow.limit_factor, policy.actions.yellow.max_term_days) == (0.7, 30)
    assert (policy.actions.green.limit_factor, policy.actions.green.max_term_days) == (1, None)
    assert (policy.actions.red.limit_factor, policy.actions.red.max_term_days) == (0, 0)
    assert (policy.alerts.yellow.term_elapsed_ratio, policy.alerts.yellow.paid_below_ratio) == (0.5, 0.8)
    assert (policy.alerts.red.days_past_due_above, policy.alerts.red.freeze_affiliates) == (30, True)
    assert policy.alerts.red.freeze_links == ("owns", "controls", "affiliated", "guarantees")
    assert policy.approval.industry_risks.other == "medium"
    assert (policy.approval.cooperation_years.low_risk_above, policy.approval.cooperation_years.high_risk_below) == (
        3,
        1,
    )
    assert (policy.approval.payback_ratio.low_risk_from, policy.approval.payback_ratio.high_risk_below) == (0.95, 0.85)
    assert policy.approval.green_channel.working_days == 1
    assert (policy.approval.committee.max_levels, policy.approval.committee.dispute_working_days) == (3, 1)
    assert (policy.targets.bad_debt_ratio_below, policy.targets.overdue_ratio_below) == (0.03, 0.05)
    assert policy.targets.data_accuracy_ratio_from == 0.98
    assert len(policy.master_scale.grades) == 15


def test_without_a_file_the_shipped_policy_holds(policy, tmp_path):
    assert load_policy(tmp_path / "policy.yaml").hash == policy.hash


def test_a_copy_with_other_comments_and_order_has_the_same_hash(policy, with_change):
    assert load_policy(with_change(["version"], policy.version)).hash == policy.hash


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["changes", 0, "en"], "Why"),
        (["validity", "first_on"], "2026-01-01"),
        (["scale", "safer", "default_probability"], 0.031),
        (["reserve", "red"], 0.16),
        (["alerts", "red", "days_past_due_above"], 31),
        (["targets", "overdue_ratio_below"], 0.06),
        (["actions", "red", "zh"], "暂停"),
    ],
)
def test_any_changed_value_changes_the_hash(policy, with_change, keys, value):
    assert load_policy(with_change(keys, value)).hash != policy.hash


def test_a_whole_number_is_the_same_number_as_its_float(policy, with_change):
    assert load_policy(with_change(["colours", "green"], 80.0)).hash == policy.hash


def test_a_policy_is_built_again_from_its_text(policy):
    again = Policy.from_text(policy.text)
    assert again == policy
    assert again.hash == policy.hash


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("{", "", "It is no JSON"),
        ('"green":80.0', '"green":55.0', "ColourBands"),
        ('"version":', '"revision":', "version missing"),
    ],
)
def test_a_text_is_read_as_strictly_as_a_file(policy, old, new, found):
    assert old in policy.text
    with pytest.raises(PolicyError, match=found):
        Policy.from_text(policy.text.replace(old, new))


@pytest.mark.parametrize(
    ("keys", "value", "named"),
    [
        (["colours", "green"], 55, "ColourBands"),
        (["colours", "green"], 100, "ColourBands"),
        (["colours", "green"], "eighty", r"colours\.green"),
        (["colours", "green"], True, r"colours\.green"),
        (["colours", "yellow"], float("nan"), "ColourBands"),
        (["colours", "governance", "upgrade_margin"], 20, "ColourBands"),
        (["colours", "governance", "upgrade_margin"], -1, "Governance"),
        (["colours", "governance", "upgrade_dwell_days"], 2.5, r"governance\.upgrade_dwell_days"),
        (["colours", "governance"], None, r"colours\.governance"),
        (["scale", "safer", "score"], 50, "ScoreScale"),
        (["scale", "safer", "default_probability"], 3, "Anchor"),
        (["master_scale", "grades", 3, "upper_default_probability"], 0.5, "MasterScale"),
        (["master_scale", "grades", 3, "upper_default_probability"], None, "MasterScale"),
        (["master_scale", "grades", 14, "upper_default_probability"], 0.9, "MasterScale"),
        (["master_scale", "grades", 3, "label"], "A1", "MasterScale"),
        (["master_scale", "grades"], [], "MasterScale"),
        (["master_scale", "grades"], "A1 to E3", r"master_scale\.grades"),
        (["reserve", "green"], 0.09, "ReserveRates"),
        (["reserve", "red"], 15, "ReserveRates"),
        (["reserve", "red"], 0.15001, "basis points"),
        (["reserve", "release_after_days"], -1, "release_after_days is -1"),
        (["reserve", "top_up_on_downgrade"], "yes please", r"reserve\.top_up_on_downgrade"),
        (["actions", "yellow", "code"], "trade_normally", "Actions"),
        (["actions", "red", "limit_factor"], 0.9, "Actions"),
        (["actions", "red", "limit_factor"], -1, "limit_factor -1"),
        (["actions", "yellow", "max_term_days"], 30.5, r"actions\.yellow\.max_term_days"),
        (["alerts", "yellow", "paid_below_ratio"], 80, "YellowAlert"),
        (["alerts", "red", "days_past_due_above"], -1, "RedAlert"),
        (["alerts", "red", "freeze_affiliates"], False, "freeze_affiliates is False, with 4 freeze_links"),
        (["alerts", "red", "freeze_links"], [], "freeze_affiliates is True, with 0 freeze_links"),
        (["alerts", "red", "freeze_links"], ["owns", "own"], "freeze_links holds own, unknown or twice"),
        (["alerts", "red", "freeze_links"], ["owns", "owns"], "freeze_links holds owns, unknown or twice"),
        (["approval", "cooperation_years", "high_risk_below"], 4, "CooperationYears"),
        (["approval", "payback_ratio", "low_risk_from"], 95, "PaybackRatio"),
        (["approval", "green_channel", "working_days"], 0, r"green_channel\.working_days: It is 0"),
        (["approval", "committee", "max_levels"], 0, r"committee\.max_levels: It is 0"),
        (["approval", "industry_risks", "low"], ["E"], r"industry_risks \(IndustryRisks\): E stands more than once"),
        (["approval", "industry_risks", "low"], [""], "A code is empty"),
        (["approval", "industry_risks", "other"], "none", r"industry_risks\.other: 'none' is unknown"),
        (["approval", "frozen_as"], "green", r"approval\.frozen_as"),
        (["approval", "frozen_as"], 1, r"frozen_as: It holds a int\. Give one of green, yellow, red"),
        (["approval", "calendar"], "China", r"approval\.calendar"),
        (["approval", "levels", 0, "working_days"], 0, r"levels\[0\]\.working_days"),
        (["approval", "levels"], [], r"approval\.levels: The list is empty"),
        (["approval", "conditions", 2, "max_term_days"], 0, r"conditions\[2\]\.max_term_days"),
        (["approval", "conditions", 2, "code"], "security", r"conditions: security stands more than once"),
        (["approval", "rules"], [], r"approval\.rules"),
        (["targets", "overdue_ratio_below"], 5, "Targets"),
        (["targets"], None, "targets"),
        (["unheard_of"], 1, "unheard_of"),
    ],
)
def test_a_policy_that_contradicts_itself_is_refused_by_name(with_change, keys, value, named):
    with pytest.raises(PolicyError, match=named):
        load_policy(with_change(keys, value))


def test_a_missing_number_is_named(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(SHIPPED.read_text("utf-8").replace("  red: 0.15\n", ""), "utf-8")
    with pytest.raises(
        PolicyError, match=r"reserve: red missing\. Give green, yellow, red, top_up_on_downgrade, release_after_days\."
    ):
        load_policy(path)


def test_a_key_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text(SHIPPED.read_text("utf-8") + "\nversion: other\n", "utf-8")
    with pytest.raises(PolicyError, match="version stands more than once"):
        load_policy(path)


@pytest.mark.parametrize("content", [b"version: [", b"\xff\xfe", b"", b"- a list"])
def test_what_is_no_policy_is_refused(tmp_path, content):
    path = tmp_path / "policy.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError):
        load_policy(path)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("  red: 0.15\n", "  red: 0.05\n", "reserve:"),
        ("  red: 0.15\n", "  red: much\n", "  red: much"),
        ("  red: 0.15\n", "", "reserve:"),
        ("green: 80\n", "green: 50\n", "colours:"),
        ("    low_risk_from: 0.95\n", "    low_risk_from: 0.5\n", "  payback_ratio:"),
        (
            "label: B2, upper_default_probability: 0.006",
            "label: B2, upper_default_probability: low",
            "    - {label: B2",
        ),
        ("label: B2, upper_default_probability: 0.006", "label: B2, upper_default_probability: 1", "master_scale:"),
    ],
)
def test_the_line_at_fault_is_named(tmp_path, old, new, line):
    path = tmp_path / "policy.yaml"
    text = SHIPPED.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    number = 1 + next(n for n, one in enumerate(path.read_text("utf-8").splitlines()) if one.startswith(line))
    with pytest.raises(PolicyError, match=rf"^line {number} of policy 'policy\.yaml'\."):
        load_policy(path)


def test_the_line_is_named_whatever_the_file_is_called(tmp_path):
    path = tmp_path / "policy (2).yaml"
    path.write_text(SHIPPED.read_text("utf-8").replace("  red: 0.15\n", "  red: 0.05\n"), "utf-8")
    with pytest.raises(PolicyError, match=r"^line \d+ of policy 'policy \(2\)\.yaml'\.reserve \(ReserveRates\)"):
        load_policy(path)


def test_a_file_that_leads_back_to_itself_is_refused_like_any_other(tmp_path):
    path = tmp_path / "policy.yaml"
    path.write_text("version: &again [*again]\n", "utf-8")
    with pytest.raises(PolicyError, match="missing"):
        load_policy(path)
