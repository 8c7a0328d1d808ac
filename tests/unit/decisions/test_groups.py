"""Groups of customers: who belongs together by a common group or by links, and who does not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.decisions.groups import group_labels

OWNS = ("owns",)
COMPANIES = [f"C{number}" for number in range(6)]
STRANGERS = ["X1", "X2"]
LINK = st.tuples(
    st.sampled_from([*COMPANIES, *STRANGERS]),
    st.sampled_from(["owns", "controls", "supplies"]),
    st.sampled_from([*COMPANIES, *STRANGERS]),
)
NAMED = st.dictionaries(st.sampled_from(COMPANIES), st.sampled_from(["G1", "G2", "C0", None]))


def links(*told):
    return pd.DataFrame([one.split() for one in told], columns=["source_id", "kind", "target_id"], dtype="str")


def grouped(named, *told, kinds=OWNS):
    """Return the customers that belong together, each group and all groups in the customers' order."""
    customers, groups = pd.Series(list(named), dtype="str"), pd.Series(list(named.values()), dtype="str")
    labels = group_labels(customers, group_ids=groups, affiliations=links(*told), kinds=kinds)
    assert labels.dtype == np.int64
    return [customers[labels == label].tolist() for label in range(len(set(labels)))]


def alone(*names):
    return dict.fromkeys(names)


def test_customers_that_name_the_same_group_belong_together():
    named = {"C1": "G", "C2": None, "C3": "G", "C4": "H"}
    assert grouped(named) == [["C1", "C3"], ["C2"], ["C4"]]


def test_customers_that_name_no_group_are_not_a_group():
    assert grouped(alone("C1", "C2")) == [["C1"], ["C2"]]


@pytest.mark.parametrize("told", ["C1 owns C3", "C3 owns C1"])
def test_a_link_joins_its_ends_whichever_way_it_points(told):
    assert grouped(alone("C1", "C2", "C3"), told) == [["C1", "C3"], ["C2"]]


def test_only_links_of_the_kinds_asked_for_join():
    told = ("C1 owns C2", "C2 supplies C3", "C3 controls C4")
    assert grouped(alone("C1", "C2", "C3", "C4"), *told) == [["C1", "C2"], ["C3"], ["C4"]]
    both = grouped(alone("C1", "C2", "C3", "C4"), *told, kinds=["owns", "controls"])
    assert both == [["C1", "C2"], ["C3", "C4"]]
    assert grouped(alone("C1", "C2"), "C1 owns C2", kinds=()) == [["C1"], ["C2"]]


def test_customers_belong_together_over_companies_that_are_no_customers():
    assert grouped(alone("C1", "C2", "C3"), "X1 owns C1", "X1 owns X2", "X2 owns C3") == [["C1", "C3"], ["C2"]]


def test_a_group_and_a_company_of_the_same_name_are_two_things():
    assert grouped({"C1": "C2", "C2": None, "C3": "C2"}) == [["C1", "C3"], ["C2"]]


def test_a_chain_over_links_groups_and_strangers_worked_by_hand():
    """C1 owns C2; C2 and C4 name G; X owns C4 and C6, and C6 and C7 name H: so six of eight belong together.

    C5 supplies C1, which is no belonging, and C8 only names a group that nobody else names.
    """
    named = {"C1": None, "C2": "G", "C3": None, "C4": "G", "C5": None, "C6": "H", "C7": "H", "C8": "J"}
    told = ("C1 owns C2", "X owns C4", "X owns C6", "C5 supplies C1", "C3 owns C7")
    assert grouped(named, *told) == [["C1", "C2", "C3", "C4", "C6", "C7"], ["C5"], ["C8"]]


def test_a_link_to_itself_joins_nobody_and_one_told_many_times_joins_once():
    assert grouped(alone("C1", "C2"), "C1 owns C1") == [["C1"], ["C2"]]
    assert grouped(alone("C1", "C2", "C3"), *["C1 owns C3"] * 256) == [["C1", "C3"], ["C2"]]


def test_without_customers_there_is_no_group_and_without_links_each_is_its_own():
    assert grouped({}) == grouped({}, "X1 owns X2") == []
    assert grouped(alone("C1")) == [["C1"]]


def test_labels_count_the_groups_in_the_order_of_the_customers_whatever_the_index_of_the_frames():
    customers = pd.Series(["C3", "C1", "C2"], index=[7, 7, 0], dtype="str")
    groups = pd.Series([None, "G", "G"], index=[1, 2, 3], dtype="str")
    told = links("C3 supplies C2", "C3 owns C4")[1:]  # its index begins at 1
    assert group_labels(customers, group_ids=groups, affiliations=told, kinds=OWNS).tolist() == [0, 1, 1]


@settings(deadline=None, max_examples=60)
@given(NAMED, st.lists(LINK, max_size=8), st.permutations(COMPANIES), st.randoms(use_true_random=False))
def test_groups_are_those_of_a_slow_reading_whatever_the_order_of_the_rows(named, told, order, shuffler):
    shuffled = shuffler.sample(told, len(told))
    found = grouped({name: named.get(name) for name in order}, *map(" ".join, shuffled), kinds=["owns", "controls"])
    assert {frozenset(group) for group in found} == slowly_grouped(named, told)


def slowly_grouped(named, told):
    """Merge the sets of two companies for each link and each pair of a common group, until nothing is left to merge."""
    of = {name: {name} for name in [*COMPANIES, *STRANGERS]}
    joined = [(source, target) for source, kind, target in told if kind != "supplies"]
    joined += [(one, other) for one in named for other in named if named[one] and named[one] == named[other]]
    for one, other in joined:
        merged = of[one] | of[other]
        of |= dict.fromkeys(merged, merged)
    return {frozenset(group & set(COMPANIES)) for group in of.values()} - {frozenset()}
