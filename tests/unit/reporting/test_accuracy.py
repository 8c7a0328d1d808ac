from dataclasses import replace

import numpy as np
import pytest

from creditscore.domain import Verdict
from creditscore.errors import ContractError
from creditscore.reporting import Evidence, accuracy_report


def test_a_sound_model_fails_no_question(bundle, policy, scored):
    report = accuracy_report(bundle, policy=policy, scored=scored)
    assert [section.question for section in report.sections if section.verdict is Verdict.FAIL] == []


def test_the_main_sentence_gives_the_auc_out_of_time(bundle, policy):
    report = accuracy_report(bundle, policy=policy)
    assert report.subtitle.startswith("Out of time: AUC 0.8")


def test_without_scored_days_the_report_says_so(bundle, policy):
    report = accuracy_report(bundle, policy=policy)
    asked = {section.question: section for section in report.sections}
    assert asked["Which scored days have an outcome by now?"].answer.startswith("No day has been scored yet")


def test_another_policy_than_in_training_asks_for_a_review(bundle, policy):
    report = accuracy_report(replace(bundle, policy_hash="0" * 64), policy=policy)
    assert report.sections[-1].verdict is Verdict.REVIEW


def test_too_few_defaults_leave_every_question_of_accuracy_open(bundle, policy, sparse):
    report = accuracy_report(replace(bundle, frame=sparse.frame), policy=policy)
    assert {section.verdict for section in report.sections[:7]} == {Verdict.UNKNOWN}


def test_an_evaluation_frame_without_a_column_is_refused(frame):
    with pytest.raises(ContractError, match="It lacks grade, pd_12m"):
        Evidence(frame=frame.drop(columns=["grade", "pd_12m"]), horizon_months=12)


def test_intervals_take_each_customer_once_when_first_observed(evidence):
    assert evidence.cohort["customer_id"].is_unique
    first = evidence.test.groupby("customer_id")["as_of"].min()
    assert (evidence.cohort.set_index("customer_id")["as_of"] == first).all()


def test_rows_without_an_outcome_are_no_evidence(frame):
    waiting = frame.assign(default_flag=frame["default_flag"].mask(frame["as_of"] == frame["as_of"].max()))
    evidence = Evidence(frame=waiting, horizon_months=12)
    assert not evidence.test["default_flag"].isna().any()
    assert len(evidence.test) == (frame["split"] == "test").sum() - (frame["as_of"] == frame["as_of"].max()).sum()


def test_an_unknown_exposure_counts_as_none_and_breaks_nothing(bundle, policy, frame):
    exposure = frame["exposure_amount"].astype("Int64").mask(np.arange(len(frame)) % 3 == 0)
    report = accuracy_report(replace(bundle, frame=frame.assign(exposure_amount=exposure)), policy=policy)
    (colours,) = (section for section in report.sections if section.question == "How did each colour do?")
    assert colours.table["exposure_amount"].gt(0).all()


def test_a_bundle_with_features_of_its_test_has_every_answer_and_one_without_says_what_it_lacks(bundle, policy, tested):
    whole, older = (
        {section.question: section for section in accuracy_report(one, policy=policy).sections}
        for one in (replace(bundle, features=tested.frame), bundle)
    )
    assert whole["Which customers were missed, and why?"].table["strongest_reasons"].notna().any()
    assert "trained before reasons could be told" in older["Which customers were missed, and why?"].note
    assert "keeps no features of its test" in older["Where does it fail?"].note
    assert "keeps no features of its test" not in whole["Where does it fail?"].note
