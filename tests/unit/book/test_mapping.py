import re
from pathlib import Path

import pytest

from creditscore.book import load_mapping
from creditscore.book.intake.merging import APPEARS_ONCE, ARRIVES_LATER, CONCERNS_THE_LATEST
from creditscore.book.mapping import Condition, Expression, Melt, SourceMapping, TableMapping, parse_mapping
from creditscore.book.rules import GENERAL, RULES
from creditscore.errors import ContractError

MINIMAL = """
currency: USD
sources:
  list: {file: "*.csv", true_words: [Yes, on], false_words: [No]}
tables:
  customers:
    from: list
    columns: {customer_id: id}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_yes_and_no_are_words_and_a_single_feed_needs_no_list(written):
    mapping = load_mapping(written(MINIMAL))
    assert mapping.sources["list"].true_words == ("Yes", "on")
    assert mapping.tables["customers"][0].columns["customer_id"].column == "id"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("file:", "fle:", r"key sources.list.fle: No such key. Did you mean `file`\?"),
        ("currency: USD\n", "", "key currency: The key is missing. Add it"),
        ("currency: USD", "currency: dollar", "key currency: String should match pattern"),
        ("customers:", "clients:", "There is no table 'clients'; the book has customers, invoices"),
        ("customer_id: id", "name: id", "Table customers requires customer_id; map it under `columns`"),
        ("customer_id: id", "customer_id: id, nme: x", "Table customers has no column 'nme'; it has customer_id, name"),
        ("from: list", "from: lists", "comes from 'lists', but the sources are list"),
        (
            "customer_id: id",
            "customer_id: {column: id, constant: 1}",
            "exactly one of column, constant, .*; this has 2",
        ),
        ("customer_id: id", "customer_id: {column: id, otherwise: x}", "give `values` too"),
        ("customer_id: id", "customer_id: {column: id, plus_days: 1}", "customers.customer_id is no day"),
        ("customer_id: id", "customer_id: {column: id, scale: 2}", "customers.customer_id is no number"),
        ("customer_id: id", "customer_id: {group_min: id}", "say with `one_row_per`"),
        ("customer_id: id", "customer_id: {template: x}", "use `constant` instead"),
        (
            "customer_id: id",
            "customer_id: id, known_on: {constant: soon}",
            "customers.known_on has a constant that is no day",
        ),
        ("from: list", "from: list\n    currency: EUR", "Table customers is in EUR, for which `rates` has no rate"),
        ('"*.csv"', '"/in/*.csv"', "write it without the leading slash"),
        ('"*.csv"', '"*.csv", table: x', "exactly one of `file`, `table` or `query`"),
        ('"*.csv"', '"*.csv", encoding: gkb', "Python knows no encoding 'gkb'"),
        ('"*.csv"', '"*.csv", thousands: "."', "are the same sign"),
        ('"*.csv"', '"*.csv", melt: {keep: day, names_to: s, values_to: v}', "uses id, which `melt` turns into rows"),
        ("currency: USD", "currency: USD\nrates: {EUR: 0}", "key rates.EUR: Input should be greater than 0"),
        ("tables:", "tables: [", "It is no YAML at line"),
        ("tables:", "currency: EUR\ntables:", "the key currency is given twice"),
    ],
)
def test_a_mistake_in_a_mapping_is_named_with_its_key(written, old, new, said):
    assert old in MINIMAL
    with pytest.raises(ContractError, match=said):
        load_mapping(written(MINIMAL.replace(old, new)))


def test_the_currency_of_invoices_is_no_column_of_the_mapping():
    with pytest.raises(ContractError, match=r"give invoices.currency beside `columns`"):
        parse_mapping(
            {
                "currency": "USD",
                "sources": {"a": {"file": "a"}},
                "tables": {"invoices": {"from": "a", "columns": {"currency": "x"}}},
            }
        )


def test_a_mapping_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ContractError, match="cannot be read as UTF-8 text"):
        load_mapping(tmp_path / "none.yaml")


def test_an_empty_mapping_is_refused(written):
    with pytest.raises(ContractError, match="whole file"):
        load_mapping(written(""))


def test_the_example_of_the_documentation_is_a_mapping(written):
    page = (Path(__file__).parents[3] / "docs" / "ingest.md").read_text("utf-8")
    mapping = load_mapping(written(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1]))
    assert list(mapping.tables) == ["customers", "invoices", "payments", "macro"]


def test_the_documentation_names_every_key_and_every_rule():
    page = (Path(__file__).parents[3] / "docs" / "ingest.md").read_text("utf-8")
    keys = {"currency", "rates", *SourceMapping.model_fields, *Condition.model_fields, *Melt.model_fields}
    keys |= {field.alias or name for model in (TableMapping, Expression) for name, field in model.model_fields.items()}
    rules = {rule.__name__ for rule in (*GENERAL, *(rule for rules in RULES.values() for rule in rules))}
    rules |= {APPEARS_ONCE, ARRIVES_LATER, CONCERNS_THE_LATEST}
    assert [word for word in sorted(keys | rules) if not re.search(rf"\b{word}\b", page)] == []
