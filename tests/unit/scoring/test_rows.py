import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.errors import ContractError
from creditscore.policy import load_policy, log_odds
from creditscore.scoring import open_champion, rows, score_rows

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


@pytest.fixture(scope="module")
def many_rows(template, snapshot_rows):
    """Return a few thousand rows, more than one block of attributions, and their scores from one piece."""
    take = np.arange(3_000) % len(snapshot_rows)
    moved = np.random.default_rng(2).normal(1, 0.1, len(take))
    frame = snapshot_rows.iloc[take].reset_index(drop=True)
    frame["overdue_ratio"] *= moved
    frame["customer_id"] = [f"C{number}" for number in range(len(frame))]
    return frame, score_rows(open_champion(template), load_policy(), frame)


@settings(max_examples=10, deadline=None)
@given(size=st.integers(100, 3_100), threads=st.integers(1, 4))
def test_pieces_of_any_size_on_any_number_of_threads_get_the_same_bits(many_rows, template, size, threads):
    frame, expected = many_rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "ROWS_AT_ONCE", size)
        patch.setattr(rows, "MOST_THREADS", threads)
        found = score_rows(open_champion(template), load_policy(), frame)
    pd.testing.assert_frame_equal(found, expected, check_exact=True)


@settings(max_examples=20, deadline=None)
@given(place=st.integers(0, 2_999))
def test_a_row_alone_gets_the_same_bits_as_among_thousands(many_rows, template, place):
    frame, expected = many_rows
    alone = score_rows(open_champion(template), load_policy(), frame.iloc[[place]])
    pd.testing.assert_frame_equal(alone, expected.iloc[[place]].reset_index(drop=True), check_exact=True)


def test_progress_is_told_after_each_piece(bundle, policy, snapshot_rows, monkeypatch):
    told = []
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 50)
    score_rows(bundle, policy, snapshot_rows[:110], progress=lambda *news: told.append(news))
    assert told == [("customers scored", done, 110) for done in (50, 100, 110)]


def test_a_wrong_value_in_the_last_of_many_pieces_is_refused_as_in_the_first(
    bundle, policy, snapshot_rows, monkeypatch
):
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 10)
    broken = snapshot_rows.assign(overdue_ratio=np.r_[np.zeros(len(snapshot_rows) - 1), np.inf])
    with pytest.raises(ContractError, match=r"'overdue_ratio'.*finite numbers"):
        score_rows(bundle, policy, broken)


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
