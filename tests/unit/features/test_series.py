"""Series of the economy and of industries, computed by hand."""

import math
from datetime import date

import pytest

from creditscore.domain import Reason, month_ends
from creditscore.errors import ContractError, ParameterError
from creditscore.features import (
    from_record,
    industry_change,
    industry_level,
    industry_mean,
    industry_surprise,
    macro_change,
    macro_level,
    macro_surprise,
    snapshot,
    to_record,
)

REASON = Reason("Z01", en="A reason", zh="原因")
ANOTHER = Reason("Z02", en="Another reason", zh="另一原因")
THIRD = Reason("Z03", en="A third reason", zh="第三个原因")
ENDS = month_ends(date(2023, 1, 1), date(2024, 5, 31))


def figures(series, values, lag=20, **others):
    return [
        {"series": series, "period_end_on": end, "value": value, "known_on": date.fromordinal(end.toordinal() + lag)}
        | others
        for end, value in zip(ENDS, values, strict=True)
    ]


def values_of(desk, *features, **tables):
    frame = snapshot(desk.book(**tables), as_of=desk.as_of, features=features)
    return frame.loc[frame["customer_id"] == "C1", [feature.name for feature in features]].iloc[0].tolist()


def test_level_change_and_growth_are_of_the_latest_period(desk):
    level = macro_level("UNRATE", risk="rises", reason=REASON)
    change = macro_change("UNRATE", months=12, risk="rises", reason=ANOTHER)
    growth = macro_change("UNRATE", months=4, risk="rises", reason=THIRD, relative=True)
    macro = figures("UNRATE", [float(n) for n in range(1, 18)]) + figures("PMI", [50.0] * 17)
    assert values_of(desk, level, change, growth, macro=macro) == [17, 12, 17 / 13 - 1]


def test_the_shipped_series_of_the_economy_are_read_under_their_names(desk):
    macro = [
        *figures("output_gap", [2.0, 1.5, 1.0, 0.5, *[0.0] * 12, -1.0]),
        *figures("credit_spread", [1.0] * 4 + [1.25] + [2.0] * 11 + [3.0]),
        *figures("interest_rate", [4.0] * 5 + [3.5] * 12),
        *figures("pmi", [50.0] * 10 + [52.0] * 6 + [49.0]),
        *figures("ppi", [float(-n) for n in range(17)]),
    ]
    levels = ("macro_output_gap_level", "macro_credit_spread_level", "macro_interest_rate_level")
    assert desk.features(*levels, "macro_pmi_level", "macro_ppi_level", macro=macro) == [-1, 3, 3.5, 49, -16]
    names = ("macro_output_gap_change_12m", "macro_credit_spread_change_12m", "macro_interest_rate_change_12m")
    # The latest month is the 17th, so twelve months before is the 5th, six months before the 11th.
    assert desk.features(*names, "macro_pmi_change_6m", macro=macro) == [-1 - 0, 3 - 1.25, 3.5 - 4, 49 - 52]


def test_the_shipped_series_of_industries_are_read_under_their_names(desk):
    customers = [{"customer_id": "C1", "known_on": desk.ago(50), "industry_code": "A"}]
    industry = [
        *figures("prosperity", [90.0] * 4 + [100.0] * 12 + [112.0], industry_code="A"),
        *figures("orders", [100.0] * 10 + [104.0] * 6 + [97.0], industry_code="A"),
    ]
    names = ("industry_prosperity_level", "industry_prosperity_change_12m")
    more = ("industry_orders_level", "industry_orders_change_6m")
    found = desk.features(*names, *more, customers=customers, industry=industry)
    assert found == [112, 112 - 100, 97, 97 - 104]


def test_a_revision_counts_from_the_day_it_was_published(desk):
    revised = [{"series": "gdp", "period_end_on": ENDS[-1], "value": 99.0, "known_on": desk.ago(0)}]
    later = [{"series": "gdp", "period_end_on": ENDS[-1], "value": 7.0, "known_on": desk.ago(-1)}]
    level = macro_level("gdp", risk="falls", reason=REASON)
    assert values_of(desk, level, macro=figures("gdp", [1.0] * 17) + revised + later) == [99]


def test_a_series_that_ended_long_ago_has_no_level(desk):
    old = [{"series": "old", "period_end_on": date(2020, 1, 31), "value": 3.0, "known_on": date(2020, 2, 20)}]
    level = macro_level("old", risk="falls", reason=REASON)
    assert math.isnan(values_of(desk, level, macro=figures("new", [1.0] * 17) + old)[0])


def test_an_industry_is_the_one_that_was_known_of_the_customer(desk):
    customers = [
        {"customer_id": "C1", "known_on": desk.ago(50), "industry_code": "A"},
        {"customer_id": "C1", "known_on": desk.ago(-1), "industry_code": "B"},
    ]
    industry = figures("orders", range(17), industry_code="A") + figures("orders", [99.0] * 17, industry_code="B")
    level = industry_level("orders", risk="falls", reason=REASON)
    change = industry_change("orders", months=6, risk="falls", reason=ANOTHER)
    assert values_of(desk, level, change, customers=customers, industry=industry) == [16, 6]


def test_a_quarterly_series_changes_over_whole_quarters(desk):
    ends = [date(2023, 3, 31), date(2023, 6, 30), date(2024, 3, 31)]
    macro = [
        {"series": "gdp", "period_end_on": end, "value": value, "known_on": date(2024, 5, 1)}
        for end, value in zip(ends, (2.0, 3.0, 9.0), strict=True)
    ]
    change = macro_change("gdp", months=12, risk="falls", reason=REASON)
    assert values_of(desk, change, macro=macro) == [7]


def test_a_mean_is_taken_over_the_months_to_the_latest_and_a_silent_month_repeats_the_one_before(desk):
    customers = [{"customer_id": "C1", "known_on": desk.ago(50), "industry_code": "A"}]
    returns = figures("return", [float(n) for n in range(17)], industry_code="A")
    mean = industry_mean("return", months=3, risk="falls", reason=REASON)
    whole = industry_mean("return", months=17, risk="falls", reason=ANOTHER)
    longer = industry_mean("return", months=18, risk="falls", reason=THIRD)
    found = values_of(desk, mean, whole, longer, customers=customers, industry=returns)
    assert found[:2] == [15, 8]
    assert math.isnan(found[2])
    assert values_of(desk, mean, customers=customers, industry=returns[:-2] + returns[-1:]) == [(16 + 14 + 14) / 3]


def published(values, *, series, **others):
    """Return figures that tend from 46 in April 2023 to 52 in April 2024, then one for May, with later revisions."""
    before = figures(series, [46.0] * 15 + [52.0, values["may"]], **others)
    revised = {"series": series, "value": values["revised"], **others}
    # On the 20th of June the figure of May came, and with it a revision of April; it was revised itself later.
    april = revised | {"period_end_on": ENDS[-2], "known_on": date(2024, 6, 20)}
    may = revised | {"period_end_on": ENDS[-1], "known_on": date(2024, 6, 25)}
    return [*before, april, may]


def test_a_surprise_is_the_first_figure_less_what_the_vintage_of_the_day_before_led_to_expect(desk):
    macro = [
        *published({"may": 50.0, "revised": 60.0}, series="pmi"),
        *published({"may": 53.0, "revised": 60.0}, series="ppi"),
        *published({"may": 52.5, "revised": 60.0}, series="output_gap"),
        *published({"may": 40.0, "revised": 60.0}, series="credit_spread"),
    ]
    expected = 52 + (52 - 46) / 12  # the value of April, moved on by a month of its mean change
    names = ("macro_pmi_surprise_12m", "macro_ppi_surprise_12m", "macro_output_gap_surprise_12m")
    found = desk.features(*names, "macro_credit_spread_surprise_12m", macro=macro)
    assert found == [50 - expected, 53 - expected, 0, 40 - expected]


def test_a_surprise_of_an_industry_is_read_of_the_customers_own(desk):
    customers = [{"customer_id": "C1", "known_on": desk.ago(50), "industry_code": "A"}]
    own = published({"may": 50.0, "revised": 1.0}, series="prosperity", industry_code="A")
    industry = own + published({"may": 99.0, "revised": 1.0}, series="prosperity", industry_code="B")
    found = desk.features("industry_prosperity_surprise_12m", customers=customers, industry=industry)
    assert found == [50 - 52.5]


def test_until_the_next_figure_comes_the_last_surprise_stands(desk):
    macro = published({"may": 50.0, "revised": 60.0}, series="pmi")
    surprise = macro_surprise("pmi", months=6, risk="falls", reason=REASON)
    book = desk.book(macro=macro)
    on_the_eve = snapshot(book, as_of=date(2024, 6, 19), features=[surprise])
    assert on_the_eve["macro_pmi_surprise_6m"].tolist() == [52 - 46]  # March led to expect that nothing moves


def test_a_quarterly_figure_is_expected_three_months_of_change_ahead(desk):
    values = {date(2023, 3, 31): 2.0, date(2023, 12, 31): 3.5, date(2024, 3, 31): 5.0}
    macro = [
        {"series": "gdp", "period_end_on": end, "value": value, "known_on": date.fromordinal(end.toordinal() + 30)}
        for end, value in values.items()
    ]
    surprise = macro_surprise("gdp", months=9, risk="falls", reason=REASON)
    assert values_of(desk, surprise, macro=macro) == [5 - (3.5 + 3 * (3.5 - 2) / 9)]


def test_what_was_published_all_at_once_or_after_a_long_silence_surprises_nobody(desk):
    surprise = macro_surprise("pmi", months=6, risk="falls", reason=REASON)
    at_once = [figure | {"known_on": date(2024, 6, 1)} for figure in figures("pmi", [50.0] * 17)]
    assert math.isnan(values_of(desk, surprise, macro=at_once)[0])
    ended = [figure | {"period_end_on": figure["period_end_on"].replace(year=2022)} for figure in at_once[:12]]
    silence = [figure | {"known_on": date(2023, 1, 20)} for figure in ended]
    assert math.isnan(values_of(desk, surprise, macro=silence + at_once[-1:])[0])
    within_a_year = [figure | {"period_end_on": date(2023, 12, 31)} for figure in at_once[-1:]]
    assert values_of(desk, surprise, macro=silence + within_a_year) == [0]


def test_a_surprise_is_found_again_from_its_record():
    for make in (macro_surprise, industry_surprise):
        surprise = make("pmi", months=6, risk="falls", reason=REASON)
        assert from_record(to_record(surprise)) == surprise


def test_a_record_that_reads_in_an_unknown_way_is_refused():
    record = to_record(macro_surprise("pmi", risk="falls", reason=REASON))
    with pytest.raises(ContractError, match="read as 'omen', which is unknown here"):
        from_record(record | {"reader": "omen"})


def test_a_mean_is_found_again_from_its_record():
    mean = industry_mean("return", months=12, risk="falls", reason=REASON)
    assert from_record(to_record(mean)) == mean


def test_names_say_what_is_read():
    assert (
        macro_change("S&P 500", months=3, risk="falls", reason=REASON, relative=True).name == "macro_s_p_500_growth_3m"
    )


@pytest.mark.parametrize("months", [0, 61])
@pytest.mark.parametrize("make", [macro_change, industry_mean, macro_surprise, industry_surprise])
def test_a_change_a_mean_or_a_surprise_over_no_or_too_many_months_is_refused(make, months):
    with pytest.raises(ParameterError, match="Give 1 to 60"):
        make("UNRATE", months=months, risk="rises", reason=REASON)
