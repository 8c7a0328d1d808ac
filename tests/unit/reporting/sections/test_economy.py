from dataclasses import replace

import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting.sections.economy import economy_section, range_table
from creditscore.reporting.sections.inputs import inputs_section, missing_section, moved_section


@pytest.fixture
def macro(drifted):
    """The same result, its moved feature being a macro series."""
    family = drifted.features["family"].mask(drifted.features["feature"] == "overdue_ratio", "macro")
    return replace(drifted, features=drifted.features.assign(family=family))


def sides(*values):
    return pd.DataFrame({"overdue_ratio": [1.0, 2.0, 3.0, None]}), pd.DataFrame({"overdue_ratio": values})


def test_a_series_within_what_was_learned_passes_and_one_beyond_asks_for_a_review(macro):
    for values, verdict in (((2.5, 2.5), Verdict.PASS), ((3.5, 3.5), Verdict.REVIEW)):
        reference, current = sides(*values)
        assert economy_section(macro, reference=reference, current=current).verdict is verdict


def test_the_share_of_customers_outside_is_counted_at_both_ends(macro):
    reference, current = sides(0.5, 2.0, 2.0, 4.0)
    (row,) = range_table(macro, reference=reference, current=current).to_dict("records")
    assert row["outside_share"] == 0.5
    assert (row["development_lowest"], row["development_highest"]) == (1.0, 3.0)


def test_the_last_bits_of_a_change_do_not_carry_it_outside(macro):
    at_the_edge, learned = 6.9 - 7.7, -0.8  # equal on paper
    assert at_the_edge > learned
    reference = pd.DataFrame({"overdue_ratio": [-3.0, learned]})
    current = pd.DataFrame({"overdue_ratio": [at_the_edge]})
    (row,) = range_table(macro, reference=reference, current=current).to_dict("records")
    assert row["outside_share"] == 0.0


def test_a_model_without_macro_series_leaves_the_question_open(drifted):
    reference, current = sides(1.0)
    assert economy_section(drifted, reference=reference, current=current).verdict is Verdict.UNKNOWN


def test_a_series_that_all_customers_share_raises_no_alarm_among_their_features(macro):
    assert "overdue_ratio" not in inputs_section(macro).table["feature"].tolist()
    assert "overdue_ratio" not in missing_section(macro).table["feature"].tolist()
    assert "overdue_ratio" not in moved_section(macro).table["feature"].tolist()


def test_a_model_of_macro_series_alone_has_no_feature_of_customers_to_compare(drifted):
    only = replace(drifted, features=drifted.features.assign(family="macro"))
    assert missing_section(only).verdict is Verdict.UNKNOWN
    assert moved_section(only).answer == "The model uses no feature that differs from customer to customer."
