import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import Evidence
from creditscore.reporting.sections.months import month_table, months_section, scored_days_section


def test_a_month_without_an_outcome_has_a_pd_and_no_rate(evidence, scored):
    table = month_table(evidence, scored=scored.judged).set_index("month")
    waiting = table.loc["2024-11"]
    assert waiting["outcome"] == "not known yet"
    assert waiting["mean_pd"] > 0
    assert pd.isna(waiting["default_rate"])
    assert table.loc["2023-10", "default_rate"] == pytest.approx(table.loc["2023-09", "default_rate"])


def test_a_month_with_a_single_open_window_is_not_judged(frame):
    last = frame.index[frame["as_of"] == frame["as_of"].max()][0]
    frame = frame.assign(default_flag=frame["default_flag"].mask(frame.index == last))
    table = month_table(Evidence(frame=frame, horizon_months=12)).set_index("month")
    assert table.loc["2023-09", "outcome"] == "not known yet"
    assert table.loc["2023-08", "outcome"] == "known"


def test_immature_months_are_named_in_the_answer(evidence, scored):
    assert "1 month (2024-11) without an outcome yet" in months_section(evidence, scored=scored.judged).answer


def test_development_months_are_no_proof(understated, evidence):
    assert months_section(evidence).verdict is Verdict.PASS
    assert months_section(understated).verdict is Verdict.REVIEW
    early = Evidence(frame=understated.frame[understated.frame["split"] == "development"], horizon_months=12)
    assert months_section(early).verdict is Verdict.UNKNOWN


def test_scored_days_say_when_they_mature(scored):
    section = scored_days_section(scored.days, horizon_months=12, observed_until=scored.observed_until)
    table = section.table.set_index("month")
    assert f"{table.loc['2024-11', 'last_matures_on']}" == "2025-11-30"
    assert table.loc["2023-10", "day_count"] == 2
    assert "3 days scored in 2 months; 1 of these months has fully matured by 2024-12-31." in section.answer


def test_the_first_day_to_mature_is_announced(scored):
    section = scored_days_section(scored.days.tail(1), horizon_months=12, observed_until=scored.observed_until)
    assert section.answer.endswith("The first outcome will be known on 2025-11-30.")
    assert section.verdict is Verdict.UNKNOWN


def with_open_windows(scored):
    waiting = scored.assign(default_flag=float("nan"))
    early = (waiting.index % 5 == 0).astype(float)
    return waiting.assign(defaulted_flag=early, observed_days=30.0 + 60 * (1 - early))


def test_an_open_month_shows_what_is_expected_and_what_was_seen_apart_from_what_is_known(evidence, scored):
    table = month_table(evidence, scored=with_open_windows(scored.judged))
    waiting = table[(table["source"] == "daily score") & (table["observation_count"] >= 60)]
    assert len(waiting)
    assert waiting["auc"].isna().all()
    assert waiting["censored_auc"].between(0, 1).all()
    assert table["expected_auc"].between(0.5, 1).all()


def test_an_open_month_of_which_nothing_is_said_has_no_concordance(evidence, scored):
    assert month_table(evidence, scored=scored.judged)["censored_auc"].isna().all()


def test_what_is_not_known_yet_is_drawn_dashed_and_hollow(evidence, scored):
    section = months_section(evidence, scored=with_open_windows(scored.judged))
    layers = {layer.label: layer for layer in section.figure.charts[1].layers}
    assert layers["expected from the PDs"].dashed
    assert layers["open windows, so far"].hollow
    assert not layers["later, never seen in training"].hollow
