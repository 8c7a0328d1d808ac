import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.decisions import FOLLOWED_FREEZE_COLUMNS, FREEZE_COLUMNS, follow_freezes, freeze_text, freezes
from creditscore.decisions.reach import reach
from creditscore.errors import ContractError, ParameterError
from creditscore.policy import load_policy

RED = load_policy().alerts.red
ALONE = replace(RED, freeze_affiliates=False, freeze_links=())
FIRST, SECOND, THIRD = date(2024, 1, 10), date(2024, 1, 11), date(2024, 2, 1)


def alerts(*customers, level="red", change="stands"):
    return pd.DataFrame({"customer_id": pd.Series(customers, dtype="str"), "level": level, "change": change})


def links(*told):
    return pd.DataFrame([one.split() for one in told], columns=["source_id", "kind", "target_id"], dtype="str")


def frozen(found):
    return dict(zip(found["customer_id"], found["cause_id"], strict=True))


def path_to(found, customer):
    return json.loads(found.set_index("customer_id")["path"][customer])


def test_the_company_with_the_red_alert_is_frozen_itself():
    assert freezes(alerts("C1"), links(), red=RED).to_numpy().tolist() == [["C1", "C1", 0, "[]"]]


@pytest.mark.parametrize("kind", ["owns", "controls", "affiliated", "guarantees"])
@pytest.mark.parametrize("ends", ["C1 {} C2", "C2 {} C1"])
def test_a_freeze_follows_each_kind_of_the_policy_in_either_direction(kind, ends):
    link = ends.format(kind)
    found = freezes(alerts("C1"), links(link), red=RED)
    assert frozen(found) == {"C1": "C1", "C2": "C1"}
    assert path_to(found, "C2") == [link.split()]


def test_who_only_trades_with_the_company_is_not_frozen():
    assert frozen(freezes(alerts("C1"), links("C2 supplies C1"), red=RED)) == {"C1": "C1"}


def test_a_freeze_goes_on_over_any_number_of_links_and_tells_each():
    chain = [f"C{n} owns C{n + 1}" for n in range(1, 9)]
    found = freezes(alerts("C5"), links(*chain), red=RED)
    assert frozen(found) == {f"C{n}": "C5" for n in range(1, 10)}
    assert path_to(found, "C7") == [["C5", "owns", "C6"], ["C6", "owns", "C7"]]
    assert path_to(found, "C3") == [["C4", "owns", "C5"], ["C3", "owns", "C4"]]


def test_a_ring_of_companies_ends_the_search():
    ring = links("C1 owns C2", "C2 owns C3", "C3 owns C1")
    assert freezes(alerts("C1"), ring, red=RED)["distance"].tolist() == [0, 1, 1]


def test_yellow_and_closed_alerts_freeze_nobody():
    both = pd.concat([alerts("C1", level="yellow"), alerts("C2", change="closed")])
    assert freezes(both, links("C1 owns C2"), red=RED).empty


def test_several_red_alerts_of_a_company_freeze_it_once():
    assert len(freezes(alerts("C1", "C1"), links(), red=RED)) == 1


def test_the_nearest_red_alert_is_the_cause_and_of_two_as_near_the_smaller_id():
    near = links("C1 owns C2", "C2 owns C3", "C3 owns C4")
    assert frozen(freezes(alerts("C1", "C4"), near, red=RED)) == {"C1": "C1", "C2": "C1", "C3": "C4", "C4": "C4"}
    even = links("C9 owns C5", "C1 owns C5")
    assert frozen(freezes(alerts("C9", "C1"), even, red=RED))["C5"] == "C1"


def test_of_two_ways_as_short_the_one_by_the_smaller_id_is_told():
    found = freezes(alerts("C1"), links("C1 owns C3", "C1 owns C2", "C3 owns C4", "C2 owns C4"), red=RED)
    assert path_to(found, "C4") == [["C1", "owns", "C2"], ["C2", "owns", "C4"]]


def test_of_two_links_between_two_companies_the_kind_that_the_policy_names_first_is_told():
    both = links("C1 guarantees C2", "C2 owns C1", "C1 owns C2")
    assert path_to(freezes(alerts("C1"), both, red=RED), "C2") == [["C1", "owns", "C2"]]
    guarantees_first = replace(RED, freeze_links=("guarantees", "owns"))
    assert path_to(freezes(alerts("C1"), both, red=guarantees_first), "C2") == [["C1", "guarantees", "C2"]]


def test_a_policy_that_freezes_no_affiliates_freezes_the_company_alone():
    assert frozen(freezes(alerts("C1"), links("C1 owns C2"), red=ALONE)) == {"C1": "C1"}


def test_a_link_of_a_company_to_itself_changes_nothing():
    assert frozen(freezes(alerts("C1"), links("C1 owns C1", "C2 owns C2"), red=RED)) == {"C1": "C1"}


def test_ids_with_quotes_and_chinese_characters_are_told_as_they_are():
    told = pd.DataFrame({"source_id": ['a"b'], "kind": ["owns"], "target_id": ["甲公司"]})
    found = freezes(alerts('a"b'), told, red=RED)
    assert found["path"].tolist() == ["[]", '[["a\\"b","owns","甲公司"]]']


@pytest.mark.parametrize("red", [RED, ALONE])
def test_without_a_red_alert_nobody_is_frozen_and_the_types_are_the_documented_ones(red):
    for known in (links(), links("C1 owns C2")):
        found = freezes(alerts(), known, red=red)
        assert found.empty
        assert found.dtypes.astype(str).to_dict() == FREEZE_COLUMNS


def test_a_link_without_an_end_is_refused():
    broken = pd.DataFrame({"source_id": ["C1", None], "kind": ["owns"] * 2, "target_id": ["C2"] * 2})
    with pytest.raises(ContractError, match="1 of 2 links lack an end"):
        freezes(alerts("C1"), broken, red=RED)


def test_a_freeze_tells_since_when_it_holds_and_when_it_is_lifted():
    first = follow_freezes(freezes(alerts("C1"), links("C1 owns C2"), red=RED), as_of=FIRST)
    assert first["change"].tolist() == ["frozen", "frozen"]
    second = follow_freezes(freezes(alerts("C9"), links("C9 owns C2"), red=RED), as_of=SECOND, standing=first)
    told = {row["customer_id"]: (row["change"], row["frozen_on"].date()) for row in second.to_dict("records")}
    assert told == {"C1": ("lifted", FIRST), "C2": ("stands", FIRST), "C9": ("frozen", SECOND)}
    assert frozen(second) == {"C1": "C1", "C2": "C9", "C9": "C9"}
    none = freezes(alerts(), links("C9 owns C2"), red=RED)
    third = follow_freezes(none, as_of=THIRD, standing=second)
    assert third[["customer_id", "change"]].to_numpy().tolist() == [["C2", "lifted"], ["C9", "lifted"]]
    assert follow_freezes(none, as_of=date(2024, 2, 2), standing=third).empty
    for found in (first, second, third):
        assert found.dtypes.astype(str).to_dict() == FOLLOWED_FREEZE_COLUMNS


def test_freezes_of_a_day_that_does_not_lie_before_are_refused():
    first = follow_freezes(freezes(alerts("C1"), links(), red=RED), as_of=FIRST)
    with pytest.raises(ParameterError, match="knows of 2024-01-10, which does not lie before 2024-01-10"):
        follow_freezes(freezes(alerts("C1"), links(), red=RED), as_of=FIRST, standing=first)


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        ("owns", "C1 owns C2", "C1持有C2的股权"),
        ("controls", "C1 controls C2", "C1控制C2"),
        ("affiliated", "C1 and C2 are affiliated", "C1与C2为关联企业"),
        ("guarantees", "C1 guarantees C2", "C1为C2提供担保"),
        ("supplies", "C1 supplies C2", "C1向C2供货"),
    ],
)
def test_a_freeze_is_told_in_english_and_chinese(kind, english, chinese):
    path = json.dumps([["C1", kind, "C2"]])
    assert freeze_text("C2", path, language="en") == f"A red alert of C2 reaches it: {english}."
    assert freeze_text("C2", path, language="zh") == f"C2的红色预警波及该企业：{chinese}。"


def test_the_own_alert_of_a_company_is_told_as_such():
    assert freeze_text("C1", "[]", language="en") == "C1 has a red alert itself."
    assert freeze_text("C1", "[]", language="zh") == "C1自身存在红色预警。"


def test_a_search_from_nowhere_reaches_nobody():
    nowhere = np.empty(0, np.int64)
    found = reach(nowhere, source=np.array([0]), target=np.array([1]), count=2)
    assert found.distance.tolist() == found.start.tolist() == found.previous.tolist() == found.link.tolist() == [-1, -1]
    assert reach(nowhere, source=nowhere, target=nowhere, count=0).distance.size == 0
