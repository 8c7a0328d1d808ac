from dataclasses import replace
from datetime import date

from creditscore.policy import Difference, compare_policies, load_policy


def test_a_policy_does_not_differ_from_itself(policy):
    assert compare_policies(policy, load_policy()) == ()


def test_each_changed_value_is_named_with_both_values_in_the_order_of_the_file(policy):
    grades = list(policy.master_scale.grades)
    grades[3] = replace(grades[3], upper_default_probability=0.004)
    other = replace(
        policy,
        version="2027.1",
        changes=(*policy.changes, replace(policy.changes[0], version="2027.1", decided_on=date(2027, 1, 1))),
        master_scale=replace(policy.master_scale, grades=tuple(grades)),
        actions=replace(policy.actions, green=replace(policy.actions.green, max_term_days=90)),
    )
    assert compare_policies(policy, other) == (
        Difference("version", "2026.1", "2027.1"),
        Difference("master_scale.grades[3].upper_default_probability", 0.0035, 0.004),
        Difference("actions.green.max_term_days", None, 90),
        Difference("changes[1].version", None, "2027.1"),
        Difference("changes[1].decided_on", None, "2027-01-01"),
        Difference("changes[1].en", None, policy.changes[0].en),
        Difference("changes[1].zh", None, policy.changes[0].zh),
    )


def test_a_grade_that_only_one_policy_has_is_a_difference(policy):
    grades = (*policy.master_scale.grades[:13], policy.master_scale.grades[14])
    fewer = replace(policy, master_scale=replace(policy.master_scale, grades=grades))
    keys = [one.key for one in compare_policies(policy, fewer)]
    assert keys == [
        "master_scale.grades[13].label",
        "master_scale.grades[13].upper_default_probability",
        "master_scale.grades[14].label",
    ]


def test_policies_differ_where_and_only_where_their_hashes_do(policy):
    other = replace(policy, reserve=replace(policy.reserve, red=0.2))
    assert other.hash != policy.hash
    assert compare_policies(policy, other) == (Difference("reserve.red", 0.15, 0.2),)
    assert compare_policies(other, policy) == (Difference("reserve.red", 0.2, 0.15),)
