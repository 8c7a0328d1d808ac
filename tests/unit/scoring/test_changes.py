"""Why a score is what it is, and why it changed: a portfolio scored under one model, another policy, another model."""

import json
import math
import shutil
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
import yaml

from creditscore.book import TABLES, Book
from creditscore.domain import Colour, Workspace
from creditscore.errors import BundleError, ParameterError, PolicyError, StoreError
from creditscore.policy import load_policy
from creditscore.policy.policy import SHIPPED
from creditscore.scoring import (
    Cause,
    explain_change,
    explain_score,
    open_champion,
    policy_of,
    read_scores,
    read_snapshot,
    recorded_score,
    score_days,
    set_champion,
    write_bundle,
)
from creditscore.scoring.daily import snapshot_path

EARLY, LATE, STRICT, RETRAINED = date(2023, 1, 20), date(2023, 2, 20), date(2023, 2, 21), date(2023, 2, 22)
OTHERS = ("overdue_ratio", "macro_pmi_level", "industry_orders_level", "macro_pmi_surprise_12m", "orders_90d_amount")
INSOLVENT = "C0000003"
ENDED = {Cause.CLIPPING, Cause.DEFAULT}


def insolvency():
    event = {"event_id": "test-1", "customer_id": INSOLVENT, "kind": "insolvency"}
    days = dict.fromkeys(("occurred_on", "known_on"), date(2023, 2, 10))
    schema = TABLES["events"].schema
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | event | days], schema=schema)


@pytest.fixture(scope="module")
def past(template, contents, tmp_path_factory):
    """A portfolio of four scored days; the third has another policy, the fourth also a model of other features."""
    root = tmp_path_factory.mktemp("changes") / "portfolio"
    shutil.copytree(template.root, root)
    workspace = Workspace(root)
    book = Book.open(workspace.book)
    book.write({"events": pa.concat_tables([book.read("events"), insolvency()])})
    score_days(workspace, [EARLY, LATE])
    policy = yaml.safe_load(SHIPPED.read_text("utf-8"))
    policy["version"] = policy["changes"][-1]["version"] = "moved"
    policy["scale"]["safer"]["default_probability"] = 0.02
    policy["colours"]["green"] = 70
    workspace.policy.write_text(yaml.safe_dump(policy, allow_unicode=True), "utf-8")
    score_days(workspace, [STRICT])
    write_bundle(workspace.bundles / "third", contents=contents(6, OTHERS))
    set_champion(workspace, "third")
    score_days(workspace, [RETRAINED])
    return workspace


@pytest.fixture
def copied(past, tmp_path):
    """A copy to do harm to."""
    shutil.copytree(past.root, tmp_path / "copied")
    return Workspace(tmp_path / "copied")


def mover(workspace, before, after):
    """Return the customer that is in default on neither day and whose score moved most, well inside the scale."""
    scores = [read_scores(workspace, as_of=day).set_index("customer_id")["score"] for day in (before, after)]
    inside = [one[(one > 0) & (one < 100)] for one in scores]
    return (inside[1] - inside[0]).dropna().abs().idxmax()


def test_parts_add_up_between_days_of_different_models_and_policies(past):
    for customer in read_scores(past, as_of=EARLY)["customer_id"].iloc[:12]:
        change = explain_change(past, customer, EARLY, RETRAINED)
        assert math.fsum(part.score for part in change.parts) == pytest.approx(change.score, abs=1e-9)
        assert math.fsum(part.log_odds for part in change.parts) == pytest.approx(change.log_odds, abs=1e-9)
        assert math.fsum(part.score for part in change.by_cause.values()) == pytest.approx(change.score, abs=1e-9)


def test_under_one_model_and_policy_only_data_moves_a_score(past):
    customer = mover(past, EARLY, LATE)
    change = explain_change(past, customer, EARLY, LATE)
    assert set(change.by_cause) - ENDED == {Cause.DATA}
    values = [read_snapshot(past, as_of=day).set_index("customer_id").loc[customer] for day in (EARLY, LATE)]
    for part in change.parts:
        assert (part.feature.before, part.feature.after) == pytest.approx(
            tuple(row[part.feature.name] for row in values), nan_ok=True
        )


def test_another_scale_is_a_part_of_its_own_and_moves_no_log_odds(past):
    change = explain_change(past, mover(past, LATE, STRICT), LATE, STRICT)
    policy = change.by_cause[Cause.POLICY]
    assert policy.log_odds == 0 != policy.score
    assert not {Cause.MODEL, Cause.CALIBRATION} & set(change.by_cause)


def test_the_earlier_day_keeps_its_own_policy(past, policy):
    assert recorded_score(past, mover(past, EARLY, LATE), as_of=EARLY).policy == policy
    assert recorded_score(past, mover(past, EARLY, LATE), as_of=STRICT).policy.version == "moved"


def test_another_model_of_other_features_is_told_apart_from_its_calibration(past):
    change = explain_change(past, mover(past, STRICT, RETRAINED), STRICT, RETRAINED)
    assert {Cause.MODEL, Cause.CALIBRATION} <= set(change.by_cause)
    assert change.before.bundle_hash != change.after.bundle_hash == open_champion(past).hash
    names = {part.feature.name for part in change.parts if part.feature}
    assert names <= set(recorded_score(past, change.customer_id, as_of=STRICT).bundle.feature_names)


def test_entering_default_is_a_part_of_its_own(past):
    change = explain_change(past, INSOLVENT, EARLY, LATE)
    assert (change.before.in_default, change.after.in_default, change.after.score) == (False, True, 0)
    assert change.by_cause[Cause.DEFAULT].score < 0 < change.by_cause[Cause.DEFAULT].log_odds
    assert "In default: 0 points by rule" in change.text()


def test_in_default_on_both_days_the_score_stays_by_rule(past):
    change = explain_change(past, INSOLVENT, LATE, RETRAINED)
    assert change.score == 0 == pytest.approx(math.fsum(part.score for part in change.parts), abs=1e-9)
    assert "in default on both days" in change.text("en")
    assert "客户在两日均处于违约状态" in change.text("zh")


def test_a_colour_that_only_the_edges_moved_is_told_as_such(past):
    scores = read_scores(past, as_of=STRICT)
    between = scores[scores["score"].between(70, 79.99)]["customer_id"].iloc[0]
    above = scores[scores["score"] > 80]["customer_id"].iloc[0]
    assert explain_change(past, between, LATE, STRICT).bands_moved
    assert "moved the edges of the colours" in explain_change(past, between, LATE, STRICT).text()
    assert not explain_change(past, above, LATE, STRICT).bands_moved


def test_a_day_against_itself_has_no_parts_and_says_so(past):
    change = explain_change(past, mover(past, EARLY, LATE), LATE, LATE)
    assert change.parts == ()
    assert "Nothing that the score depends on changed." in change.text("en")
    assert "评分所依据的内容均未变化。" in change.text("zh")


def test_the_economy_and_the_industry_are_told_apart_from_the_customers_own_data(copied):
    set_champion(copied, "third")
    score_days(copied, [EARLY])
    families = {Cause.DATA: {"exposure", "behaviour"}, Cause.MACRO: {"macro"}, Cause.INDUSTRY: {"industry"}}
    customers = read_scores(copied, as_of=EARLY)["customer_id"].iloc[:100]
    changes = [explain_change(copied, customer, EARLY, RETRAINED) for customer in customers]
    told = [part for change in changes for part in change.parts if part.feature]
    assert {part.cause for part in told} == set(families)
    assert all(part.feature.family in families[part.cause] for part in told)
    assert {part.feature.news is None for part in told if part.cause is Cause.DATA} == {True}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["points", "The customer's own data", "Another policy", "Another model", "Another calibration"]),
        ("zh", ["变动", "客户自身数据", "策略变更", "模型变更", "校准变更"]),
    ],
)
def test_a_change_is_told_in_both_languages_with_the_reasons_of_the_catalogue(past, language, said):
    change = explain_change(past, mover(past, EARLY, RETRAINED), EARLY, RETRAINED)
    text = change.text(language)
    assert all(words in text for words in said)
    largest = next(part for part in change.parts if part.feature)
    assert largest.feature.reason.text(language) in text


def test_a_language_that_the_catalogue_does_not_speak_is_refused(past):
    with pytest.raises(ParameterError, match="'fr'"):
        explain_score(past, mover(past, EARLY, LATE)).text("fr")


def test_a_change_is_a_record_that_json_knows(past):
    change = explain_change(past, mover(past, EARLY, LATE), EARLY, LATE)
    record = json.loads(json.dumps(change.as_record(), allow_nan=False))
    assert record["score"] == change.score
    assert record["before"]["as_of"] == str(EARLY)
    assert len(record["parts"]) == len(change.parts)


def test_the_pushes_of_a_day_add_up_from_the_average_to_the_score(past):
    found = explain_score(past, mover(past, EARLY, LATE), LATE)
    assert found.start + math.fsum(push.score for push in found.pushes) == pytest.approx(found.day.score, abs=1e-9)
    assert [push.log_odds for push in found.pushes] == sorted((push.log_odds for push in found.pushes), reverse=True)
    assert all(push.score < 0 for push in found.down)
    assert all(push.score > 0 for push in found.up)


def test_the_first_push_down_is_the_first_reason_of_the_score(past):
    scores = read_scores(past, as_of=LATE).set_index("customer_id")
    customer = mover(past, EARLY, LATE)
    assert explain_score(past, customer, LATE).down[0].reason.code == scores.loc[customer, "reason_1"]


def test_without_a_day_the_latest_is_explained(past):
    assert explain_score(past, mover(past, EARLY, LATE)).day.as_of == RETRAINED


def test_a_score_is_told_in_both_languages_with_values_and_units(past):
    found = explain_score(past, INSOLVENT, LATE)
    assert "What lowers the score" in found.text("en")
    assert "The customer is in default" in found.text("en")
    assert "客户处于违约状态" in found.text("zh")
    assert found.day.colour == Colour.RED
    assert found.as_record()["day"]["in_default"] is True


def test_a_day_that_was_not_scored_is_refused(past):
    with pytest.raises(StoreError, match="2023-01-21 was not scored"):
        explain_change(past, mover(past, EARLY, LATE), date(2023, 1, 21), LATE)


def test_a_customer_that_was_not_scored_is_refused(past):
    with pytest.raises(ParameterError, match="'C9': It was not scored as of 2023-01-20"):
        explain_change(past, "C9", EARLY, LATE)


def test_a_bundle_that_is_gone_is_refused_by_its_hash(copied):
    customer = mover(copied, EARLY, LATE)
    gone = recorded_score(copied, customer, as_of=EARLY).bundle
    shutil.rmtree(gone.folder)
    with pytest.raises(BundleError, match=f"bundle {gone.hash[:12]}: No folder of the workspace holds it"):
        explain_change(copied, customer, EARLY, RETRAINED)


def test_a_policy_that_was_not_kept_is_found_among_those_of_today_or_refused(copied, policy):
    today = load_policy(copied.policy)
    for kept in (policy, today):
        (copied.policies / f"{kept.hash}.json").unlink()
        assert policy_of(copied, kept.hash) == kept
    copied.policy.unlink()
    with pytest.raises(PolicyError, match="not kept, and no present policy is that one"):
        policy_of(copied, today.hash)


def test_a_kept_policy_that_was_altered_is_refused(copied, policy):
    path = copied.policies / f"{policy.hash}.json"
    path.write_text(path.read_text("utf-8").replace("60", "61"), "utf-8")
    with pytest.raises(PolicyError, match="not the one that was written"):
        policy_of(copied, policy.hash)


def test_a_snapshot_that_no_longer_gives_the_recorded_bits_is_refused(copied):
    customer = mover(copied, EARLY, LATE)
    path = snapshot_path(copied, LATE)
    rows = pd.read_parquet(path, partitioning=None)
    rows["customer_id"] = rows["customer_id"].to_numpy()[::-1]
    rows.to_parquet(path, index=False)
    with pytest.raises(StoreError, match="to the bit"):
        explain_change(copied, customer, EARLY, LATE)


def test_a_snapshot_that_lies_in_parts_is_read_as_well(copied):
    customer = mover(copied, EARLY, LATE)
    expected = explain_score(copied, customer, LATE)
    path = snapshot_path(copied, LATE)
    rows = pd.read_parquet(path, partitioning=None)
    path.unlink()
    path.mkdir()
    for part, piece in (("0", rows.iloc[:50]), ("1", rows.iloc[50:])):
        piece.to_parquet(path / f"part-{part}.parquet", index=False)
    (path / "_SUCCESS").touch()
    assert explain_score(copied, customer, LATE) == expected
