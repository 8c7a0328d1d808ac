"""The panel holds what can teach, and counts what cannot."""

from dataclasses import replace
from datetime import date

import pytest

from creditscore.domain import Reason
from creditscore.errors import ParameterError
from creditscore.features import Receivables, catalogue, feature
from creditscore.outcomes import DefaultDefinition
from creditscore_training.observations import MonthEnds
from creditscore_training.panel import build_panel
from creditscore_training.recipes.trade_credit import RECIPE

DEFINITION = DefaultDefinition(version="test", days_past_due=60, material_amount=1, horizon_months=3)


@feature(family="exposure", unit="amount", risk="rises", reason=Reason("Z01", en="It owes much", zh="欠款多"))
def doubled_open_amount(receivables: Receivables):
    """Twice what is open: a feature of a user's own."""
    return 2 * receivables.open_amount.sum()


@pytest.fixture
def recipe():
    few = tuple(one for one in catalogue() if one.name in {"open_amount", "overdue_ratio"})
    return replace(RECIPE, features=few, definition=DEFINITION, observations=MonthEnds())


def test_every_observation_is_kept_or_counted_with_the_reason_it_was_not(ledger_book, recipe):
    panel = build_panel(ledger_book, recipe)
    left_out = panel.attrition.immature_count + panel.attrition.in_default_count
    assert panel.attrition.observed_count == left_out + panel.attrition.kept_count
    assert len(panel.frame) == panel.attrition.kept_count
    # 14 month ends of A and B, 12 of C; the windows of March, April and May 2023 end after 2023-06-15.
    assert panel.attrition.observed_count == 14 + 14 + 12
    assert panel.attrition.immature_count == 3 * 3


def test_a_feature_of_the_recipes_own_stands_beside_those_of_the_catalogue(ledger_book, recipe):
    frame = build_panel(ledger_book, replace(recipe, features=(doubled_open_amount,))).frame
    outcome = ["default_flag", "default_on"]
    assert list(frame.columns) == ["customer_id", "as_of", *outcome, "doubled_open_amount", "open_amount"]
    assert (frame["doubled_open_amount"] == 2 * frame["open_amount"]).all()
    assert frame["open_amount"].max() > 0


def test_a_customer_in_default_is_left_out_from_the_day_of_its_default(ledger_book, recipe):
    frame = build_panel(ledger_book, recipe).frame
    # B's invoice of 2022-07-15 falls due on 2022-08-14 and is 60 days past due on 2022-10-13.
    of_b = frame[frame["customer_id"] == "B"].set_index("as_of")["default_flag"]
    assert f"{of_b.index.max():%Y-%m-%d}" == "2022-09-30"
    assert frame.loc[frame["default_flag"] == 1, "default_on"].dt.strftime("%Y-%m-%d").unique().tolist() == [
        "2022-10-13"
    ]
    assert of_b[of_b == 1].index.strftime("%Y-%m-%d").tolist() == ["2022-07-31", "2022-08-31", "2022-09-30"]
    assert (frame.loc[frame["customer_id"] != "B", "default_flag"] == 0).all()


def test_a_panel_whose_windows_have_not_ended_is_refused(ledger_book, recipe):
    late = replace(recipe, observations=MonthEnds(first=date(2023, 5, 1)))
    with pytest.raises(
        ParameterError, match="Of 3 observations, 3 have an outcome window of 3 months that has not ended"
    ):
        build_panel(ledger_book, late)


def test_what_happened_after_the_last_day_of_observation_labels_nothing(ledger_book, recipe):
    early = replace(recipe, observed_until=date(2022, 9, 30))
    frame = build_panel(ledger_book, early).frame
    assert f"{frame['as_of'].max():%Y-%m-%d}" == "2022-06-30"
    # A and B on the six month ends from April to September, C on the four from June.
    assert build_panel(ledger_book, early).attrition.observed_count == 6 + 6 + 4
    assert frame["default_flag"].sum() == 0
