from datetime import date

import pytest
import yaml

from creditscore.domain import Workspace
from creditscore.errors import PolicyError
from creditscore.policy import Validity, load_policy, policy_in_force
from creditscore.policy.policy import SHIPPED


@pytest.fixture
def workspace(tmp_path):
    return Workspace(tmp_path)


@pytest.fixture
def lay(workspace):
    """Lay a policy that holds from one day to another into the workspace."""

    def write(name, first_on, last_on, version="2026.1"):
        content = yaml.safe_load(SHIPPED.read_text("utf-8"))
        content["validity"] = {"first_on": first_on, "last_on": last_on}
        content["version"] = content["changes"][-1]["version"] = version
        (workspace.root / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")

    return write


def test_without_a_file_the_shipped_policy_decides_every_day(workspace, policy):
    assert policy_in_force(workspace).hash == policy.hash
    assert policy_in_force(workspace, date(1990, 1, 1)).hash == policy.hash


def test_each_day_is_decided_by_the_policy_that_holds_on_it(workspace, lay):
    lay("policy.yaml", "2026-07-01", None, version="new")
    lay("policy-old.yaml", None, "2026-06-30", version="old")
    assert policy_in_force(workspace, date(2026, 6, 30)).version == "old"
    assert policy_in_force(workspace, date(2026, 7, 1)).version == "new"
    assert policy_in_force(workspace).version == "new"


def test_a_day_that_no_policy_decides_is_refused(workspace, lay):
    lay("policy.yaml", "2026-07-01", None)
    with pytest.raises(PolicyError, match=r"None of 1 decides 2026-06-30\. Widen `validity`"):
        policy_in_force(workspace, date(2026, 6, 30))


def test_two_policies_for_one_day_are_refused_by_their_names(workspace, lay):
    lay("policy.yaml", "2026-07-01", None)
    lay("policy-old.yaml", None, "2026-07-01")
    with pytest.raises(PolicyError, match=r"policies 'policy.yaml' and 'policy-old.yaml': Both decide some days"):
        policy_in_force(workspace, date(2026, 8, 1))


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((None, None), (None, None), True),
        ((None, date(2026, 1, 1)), (date(2026, 1, 1), None), True),
        ((None, date(2026, 1, 1)), (date(2026, 1, 2), None), False),
        ((date(2026, 1, 2), date(2026, 1, 3)), (None, date(2026, 1, 1)), False),
    ],
)
def test_validities_overlap_where_they_share_a_day(one, other, overlap):
    first, second = (Validity(first_on=start, last_on=end) for start, end in (one, other))
    assert first.overlaps(second) is overlap
    assert second.overlaps(first) is overlap


def test_a_validity_that_ends_before_it_begins_is_refused():
    with pytest.raises(PolicyError, match="It ends on 2026-01-01, before it begins on 2026-01-02"):
        Validity(first_on=date(2026, 1, 2), last_on=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ([], "The last entry of `changes` is not version '2026.1'"),
        ([("2025.1", "2025-01-01")], "The last entry of `changes` is not version '2026.1'"),
        ([("2026.1", "2025-01-01"), ("2026.1", "2026-01-01")], "repeats a version"),
        ([("2025.1", "2026-01-02"), ("2026.1", "2026-01-01")], "not in the order of the days"),
    ],
)
def test_a_change_log_that_does_not_lead_to_the_version_is_refused(with_change, changes, found):
    log = [{"version": version, "decided_on": day, "en": "Why", "zh": "原因"} for version, day in changes]
    with pytest.raises(PolicyError, match=found):
        load_policy(with_change(["changes"], log))


def test_a_day_is_read_as_yaml_and_as_json_write_it(policy, with_change):
    path = with_change(["validity", "first_on"], date(2026, 3, 1))
    assert load_policy(path).validity.first_on == date(2026, 3, 1)
    again = type(policy).from_text(load_policy(path).text)
    assert again == load_policy(path)


@pytest.mark.parametrize("value", ["first of March", 20260301, True])
def test_what_is_no_day_is_refused_with_its_key(with_change, value):
    with pytest.raises(PolicyError, match=r"validity.first_on: It holds .* Give a day such as 2026-01-31"):
        load_policy(with_change(["validity", "first_on"], value))
