import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.errors import ContractError
from creditscore.policy import log_odds
from creditscore.scoring import score_rows

COLUMNS = [
    "customer_id", "as_of", "pd_12m", "log_odds", "score", "grade", "colour", "exposure_amount", "reserve_amount",
    "reason_1", "reason_2", "reason_3",
]  # fmt: skip


@pytest.fixture
def scores(bundle, policy, snapshot_rows):
    return score_rows(bundle, policy, snapshot_rows)


def test_each_row_gets_its_score_in_the_order_given(scores, snapshot_rows):
    assert list(scores.columns) == COLUMNS
    pd.testing.assert_frame_equal(scores[["customer_id", "as_of"]], snapshot_rows[["customer_id", "as_of"]])


def test_probability_score_grade_colour_and_reserve_agree(scores, policy):
    np.testing.assert_allclose(log_odds(scores["pd_12m"]), scores["log_odds"], rtol=1e-12)
    for row in scores.itertuples():
        assert row.score == policy.scale.score(row.log_odds)
        assert row.grade == policy.master_scale.grade(row.pd_12m)
        assert row.colour == policy.colours.of(row.score)
        points = round(policy.reserve.of(policy.colours.of(row.score)) * 10_000)
        assert row.reserve_amount == (max(row.exposure_amount, 0) * points + 5_000) // 10_000
    assert set(scores["colour"]) == {"green", "yellow", "red"}


def test_the_exposure_is_the_open_amount(scores, snapshot_rows):
    assert scores["exposure_amount"].tolist() == snapshot_rows["open_amount"].astype(int).tolist()
    assert scores["exposure_amount"].sum() > 0


def test_reasons_are_the_largest_pushes_toward_default(scores, bundle, snapshot_rows):
    pushes = bundle.model.contributions(snapshot_rows[list(bundle.feature_names)].to_numpy(float))
    for told, row in zip(scores[["reason_1", "reason_2", "reason_3"]].to_numpy(), pushes, strict=True):
        ranked = sorted(range(len(row)), key=lambda place: (-row[place], place))[:3]
        expected = [bundle.contract[place].reason.code for place in ranked if row[place] > 0]
        assert [code for code in told if isinstance(code, str)] == expected
    assert scores["reason_1"].notna().any()
    assert scores["reason_3"].isna().any()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_rows_in_any_order_get_the_same_bits_as_the_whole_batch(scores, bundle, policy, snapshot_rows, data):
    picked = data.draw(st.lists(st.integers(0, len(scores) - 1), min_size=1, max_size=5, unique=True))
    pd.testing.assert_frame_equal(
        score_rows(bundle, policy, snapshot_rows.iloc[picked]),
        scores.iloc[picked].reset_index(drop=True),
        check_exact=True,
    )


def test_a_row_as_an_application_posts_it_gets_the_same_bits(scores, bundle, policy, snapshot_rows):
    posted = snapshot_rows.iloc[[7]].astype(object).where(snapshot_rows.iloc[[7]].notna(), None)
    posted["as_of"] = ["2023-01-31"]
    again = score_rows(bundle, policy, pd.DataFrame(posted.to_dict("records")))
    pd.testing.assert_frame_equal(again, scores.iloc[[7]].reset_index(drop=True), check_exact=True)


def test_features_may_come_in_any_column_order(scores, bundle, policy, snapshot_rows):
    pd.testing.assert_frame_equal(score_rows(bundle, policy, snapshot_rows[snapshot_rows.columns[::-1]]), scores)


def test_no_rows_give_no_scores_of_the_same_kinds(scores, bundle, policy, snapshot_rows):
    nobody = score_rows(bundle, policy, snapshot_rows[:0])
    pd.testing.assert_frame_equal(nobody, scores[:0])


def test_a_customer_of_whom_nothing_is_known_is_scored(bundle, policy, snapshot_rows):
    blank = snapshot_rows[:1].assign(**dict.fromkeys(bundle.feature_names, np.nan))
    assert 0 < score_rows(bundle, policy, blank)["pd_12m"][0] < 1


@pytest.mark.parametrize("without", ["column", "value"])
def test_an_unknown_exposure_gives_a_score_and_no_reserve(bundle, policy, snapshot_rows, without):
    lacking = (
        snapshot_rows.drop(columns="open_amount") if without == "column" else snapshot_rows.assign(open_amount=np.nan)
    )
    scores = score_rows(bundle, policy, lacking)
    assert scores["score"].notna().all()
    assert scores["exposure_amount"].isna().all()
    assert scores["reserve_amount"].isna().all()


def test_other_features_of_the_catalogue_are_ignored(scores, bundle, policy, snapshot_rows):
    pd.testing.assert_frame_equal(score_rows(bundle, policy, snapshot_rows.assign(overdue_count=3.0)), scores)


@pytest.mark.parametrize(
    ("break_it", "named"),
    [
        (lambda frame: frame.drop(columns="overdue_ratio"), "1 of 7 columns are missing: overdue_ratio"),
        (lambda frame: frame.drop(columns="customer_id"), "missing: customer_id"),
        (lambda frame: frame.assign(overdu_ratio=0.1), "overdu_ratio is no feature"),
        (lambda frame: frame.assign(overdue_ratio="much"), "'overdue_ratio'.*finite numbers"),
        (lambda frame: frame.assign(overdue_ratio=np.inf), "'overdue_ratio'.*finite numbers"),
        (lambda frame: frame.assign(open_amount=0.5), "'open_amount'.*fractions"),
        (lambda frame: frame.assign(open_amount=2.0**60), "'open_amount'.*more than a float keeps"),
        (lambda frame: frame.assign(customer_id=None), "'customer_id'.*missing"),
        (lambda frame: frame.assign(as_of="2023-02-30"), "'as_of'.*missing or of another kind"),
        (lambda frame: frame.assign(as_of=pd.NaT), "'as_of'.*missing or of another kind"),
    ],
)
def test_a_wrong_column_is_refused_by_name(bundle, policy, snapshot_rows, break_it, named):
    with pytest.raises(ContractError, match=named):
        score_rows(bundle, policy, break_it(snapshot_rows))
