"""The catalogue, its page, its command, and how features are defined and written down."""

from pathlib import Path

import ibis
import pytest
import typer
from typer.testing import CliRunner

from creditscore.book import TABLES
from creditscore.cli.features import register
from creditscore.domain import Family, Reason, Risk
from creditscore.errors import ContractError, ParameterError
from creditscore.features import (
    Profile,
    Receivables,
    catalogue,
    catalogue_page,
    feature,
    from_record,
    industry_change,
    macro_level,
    named,
    to_record,
)
from creditscore.features.catalogue import distinct

ROOT = Path(__file__).parents[3]
REASON = Reason("Z01", en="A reason", zh="原因")
WORDS = {"family": "exposure", "unit": "amount", "risk": "rises"}
CODES = {"behaviour": "B", "exposure": "X", "events": "E", "statements": "S", "profile": "P", "macro": "M"}
INITIALS = {**CODES, "industry": "I"}
UNITS = {"_ratio": "ratio", "_days": "days", "_months": "months", "_years": "years", "_count": "count"}
SUFFIXES = {**UNITS, "_amount": "amount", "_flag": "flag"}


def test_every_family_has_features():
    assert {feature.family for feature in catalogue()} == set(Family)
    assert len(catalogue()) >= 150


@pytest.mark.parametrize("one", catalogue(), ids=lambda one: one.name)
def test_each_feature_has_its_words(one):
    assert one.reason.code[0] == INITIALS[one.family]
    assert one.reason.en
    assert any("一" <= sign <= "鿿" for sign in one.reason.zh)
    assert one.description.endswith(".") or "References" in one.description
    told = [unit for suffix, unit in SUFFIXES.items() if one.name.endswith(suffix)]
    assert not told or told == [one.unit]


def test_directions_become_signs():
    assert named("overdue_ratio").monotone == 1
    assert named("payback_365d_ratio").monotone == -1
    assert named("open_amount").monotone == 0


def test_the_page_is_current():
    assert (ROOT / "docs" / "features.md").read_text("utf-8") == catalogue_page(catalogue())


def test_two_features_of_one_name_or_one_code_are_refused():
    one = named("overdue_ratio")
    with pytest.raises(ParameterError, match="the name overdue_ratio"):
        distinct([one, one])
    twin = macro_level("x", risk="rises", reason=one.reason)
    with pytest.raises(ParameterError, match="the reason code X03"):
        distinct([one, twin])


def test_a_function_becomes_a_feature():
    @feature(**WORDS, reason=REASON)
    def owed_amount(receivables: Receivables) -> ibis.Value:
        """Sum of the open receivables."""
        return receivables.open_amount.sum()

    assert (owed_amount.name, owed_amount.description) == ("owed_amount", "Sum of the open receivables.")
    assert (owed_amount.relation, owed_amount.risk) == (Receivables, Risk.RISES)


def test_a_function_without_words_is_refused():
    def silent_amount(receivables: Receivables) -> ibis.Value:
        return receivables.open_amount.sum()

    with pytest.raises(ParameterError, match="It has no docstring"):
        feature(**WORDS, reason=REASON)(silent_amount)


def test_a_function_of_no_relation_is_refused():
    def loose_amount(receivables) -> ibis.Value:
        """Sum of something."""
        return receivables.open_amount.sum()

    with pytest.raises(ParameterError, match="Give it one parameter, annotated with a relation"):
        feature(**WORDS, reason=REASON)(loose_amount)


@pytest.mark.parametrize("word", WORDS)
def test_an_unknown_word_is_refused(word):
    def owed_amount(receivables: Receivables) -> ibis.Value:
        """Sum of the open receivables."""
        return receivables.open_amount.sum()

    with pytest.raises(ParameterError, match=f"'sideways' is no {word}"):
        feature(**{**WORDS, word: "sideways"}, reason=REASON)(owed_amount)


@pytest.mark.parametrize(
    "one",
    [
        named("overdue_ratio"),
        macro_level("UNRATE", risk="rises", reason=REASON),
        industry_change("value added", months=12, risk="falls", reason=REASON, relative=True),
        named("macro_pmi_surprise_12m"),
    ],
    ids=lambda one: one.name,
)
def test_a_record_gives_the_feature_back(one):
    assert from_record(to_record(one)) == one


def test_a_record_of_another_direction_is_refused():
    with pytest.raises(ContractError, match="Its risk is not the recorded one"):
        from_record({**to_record(named("overdue_ratio")), "risk": "falls"})


@pytest.fixture
def creditscore():
    app = typer.Typer()
    register(app)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def test_the_command_lists_all_features(creditscore):
    told = creditscore().output
    assert all(one.name in told for one in catalogue())
    assert f"{len(catalogue())} features" in told


def test_the_command_explains_one_feature_in_both_languages(creditscore):
    told = creditscore("overdue_ratio").output
    assert all(
        words in told for words in ("Share of the open balance", "risk rises with it", "X03", "逾期金额占未结余额")
    )


def test_the_command_prints_the_page(creditscore):
    assert creditscore("--markdown").output == catalogue_page(catalogue())


def test_the_command_refuses_a_feature_that_is_not_there(creditscore):
    assert isinstance(creditscore("overdue").exception, ParameterError)


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("cooperation_years", ("customers.onboarded_on",)),
        ("company_age_years", ("customers.founded_on",)),
        ("overdue_ratio", ("invoices", "payments")),
        ("since_event_months", ("events",)),
        ("limit_utilization_ratio", ("invoices", "payments", "facilities")),
        ("equity_pledge_to_capital_ratio", ("events", "customers.registered_capital_amount")),
        ("peers_defaulted_365d_ratio", ("events", "customers.industry_code")),
    ],
)
def test_a_feature_names_what_it_rests_on(name, sources):
    assert named(name).sources == sources


def test_every_source_is_a_table_of_the_book_or_a_column_of_it():
    for one in catalogue():
        for source in one.sources:
            table, _, column = source.partition(".")
            assert table in TABLES, one.name
            assert not column or column in TABLES[table].schema.names, one.name


def test_a_relation_of_somebody_elses_columns_rests_on_its_tables():
    class Wider(Profile):
        """A profile with a column that the book does not have."""

        @property
        def rating(self):
            """Rating, from elsewhere."""
            return self.table.rating

    @feature(**WORDS, reason=REASON)
    def rated_amount(wider: Wider):
        """Rating."""
        return wider.rating

    assert rated_amount.sources == ("customers",)
