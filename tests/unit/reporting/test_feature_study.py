"""A study says what the features, the outcomes and the metrics say, of one feature on some days."""

from datetime import date

import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.domain import Verdict, month_ends
from creditscore.errors import ParameterError
from creditscore.features import named, panel, snapshot
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.reporting import language_of, save_report, study
from creditscore.validation import auc, default_rates_by_value

DEFINITION = DefaultDefinition(version="quarter", days_past_due=30, horizon_months=3)
DAYS = month_ends(date(2022, 6, 1), date(2022, 11, 30))
KEYS = ["customer_id", "as_of"]


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


@pytest.fixture(scope="module")
def found(book):
    return study(named("overdue_ratio"), book, as_of=DAYS, definition=DEFINITION)


def test_the_values_are_those_of_the_panel(book, found):
    expected = panel(book, days=DAYS, features=[named("overdue_ratio")]).set_index(KEYS)["overdue_ratio"]
    pd.testing.assert_series_equal(found.values, expected, check_exact=True)
    assert found.days == DAYS


def test_one_day_needs_no_list(book):
    alone = study(named("open_amount"), book, as_of=DAYS[0])
    expected = snapshot(book, as_of=DAYS[0], features=[named("open_amount")])["open_amount"]
    assert alone.values.tolist() == expected.tolist()  # noqa: PD011 - a study, no frame


def test_the_summary_counts_what_is_there_and_what_is_missing(found):
    summary, values = found.summary, found.values  # noqa: PD011 - a study, no frame
    assert summary["observation_count"] == len(values)
    assert summary["missing_share"] == values.isna().mean() > 0
    assert summary["different_count"] == values.nunique()
    assert summary["median"] == values.median()
    assert (summary["smallest"], summary["largest"]) == (values.min(), values.max())


def test_rates_and_auc_are_those_of_validation_on_customers_who_were_not_in_default(book, found):
    labels = outcomes(book, found.rows[KEYS], definition=DEFINITION)
    rows = found.rows[[*KEYS, "value"]].merge(labels, on=KEYS)
    rows = rows[rows["default_flag"].notna() & ~rows["in_default_flag"]]
    assert 0 < len(rows) < len(found.rows)
    expected = default_rates_by_value(rows["default_flag"], rows["value"], bins=5)
    pd.testing.assert_frame_equal(found.rates, pd.DataFrame(expected), check_exact=True)
    assert found.rates["default_count"].sum() == rows["default_flag"].sum()
    valued = rows.dropna(subset="value")
    assert found.area == auc(valued["default_flag"], valued["value"], customers=valued["customer_id"])


def test_a_feature_that_lowers_risk_is_turned_round_so_that_more_than_a_half_is_as_declared(book):
    payback = study(named("payback_365d_ratio"), book, as_of=DAYS, definition=DEFINITION)
    rows = payback.judged.dropna(subset="value")
    assert payback.area.value == pytest.approx(1 - auc(rows["default_flag"], rows["value"]).value)
    assert payback.area.value > 0.5


def test_without_a_definition_only_the_values_are_looked_at(book):
    alone = study(named("overdue_ratio"), book, as_of=DAYS[0])
    assert (alone.bins, alone.area, alone.agreement) == ((), None, Verdict.UNKNOWN)
    assert alone.rates.empty
    assert [section.question for section in alone.report().sections] == ["How are its values spread?"]


def test_a_day_whose_windows_have_not_ended_has_values_and_no_rates(book):
    today = study(named("overdue_ratio"), book, as_of=date(2023, 2, 28), definition=DEFINITION)
    assert today.values.notna().any()  # noqa: PD011 - a study, no frame
    assert today.judged.empty
    _, follows, _ = today.report().sections
    assert follows.verdict is Verdict.UNKNOWN
    assert "have not ended" in follows.answer


def test_a_notebook_shows_the_study_in_words_tables_and_drawings(found):
    page = found._repr_html_()  # what Jupyter asks for
    assert page.count("<svg") == 2
    assert page.count("<table>") == 2
    assert "Does risk move as declared?" in page
    assert "<style" not in page


def test_two_studies_on_one_page_share_no_identifier(book, found):
    other = study(named("open_amount"), book, as_of=DAYS, definition=DEFINITION)
    identifiers = [set(pd.Series(one._repr_html_()).str.findall(r'\bid="([^"]+)"')[0]) for one in (found, other)]
    assert all(identifiers)
    assert not identifiers[0] & identifiers[1]


def test_the_plot_is_one_drawing_that_a_notebook_shows_and_that_can_be_saved(found, tmp_path):
    drawing = found.plot()
    assert drawing._repr_png_().startswith(b"\x89PNG")  # what Jupyter asks for
    drawing.savefig(tmp_path / "study.svg")
    assert "Default rate along the values" in (tmp_path / "study.svg").read_text("utf-8")


def test_a_study_can_be_saved_as_a_page(found, tmp_path):
    page = save_report(found.report(), tmp_path / "overdue.html").read_text("utf-8")
    assert "overdue_ratio on 6 days to 2022-11-30" in page


def test_a_study_of_no_day_is_refused(book):
    with pytest.raises(ParameterError, match="each day once"):
        study(named("overdue_ratio"), book, as_of=[])


def test_a_notebook_shows_the_study_in_chinese_with_the_same_drawings(found):
    page = found.said_in(language_of("zh"))._repr_html_()
    assert page.count("<svg") == 2
    assert "风险是否按声明的方向变化？" in page
    assert "声明方向：<b>风险随之上升</b>" in page
    for identifier in (
        "overdue_ratio-on-6-days-to-2022-11-30-1-1-title",
        "overdue_ratio-on-6-days-to-2022-11-30-2-1-title",
    ):
        assert identifier in page
        assert identifier in found._repr_html_()


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")  # where the machine has no Chinese letters
def test_the_plot_of_a_study_in_chinese_is_drawn_and_can_be_saved(found, tmp_path):
    drawing = found.said_in(language_of("zh")).plot()
    assert drawing._repr_png_().startswith(b"\x89PNG")
    drawing.savefig(tmp_path / "study.png")
