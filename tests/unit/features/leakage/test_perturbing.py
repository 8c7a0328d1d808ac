"""A perturbed book differs in what was learned later, and in nothing else."""

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from creditscore.book import TABLES, Book
from creditscore.features.leakage.perturbing import LAG_DAYS, perturbed

AS_OF = date(2022, 10, 31)


@pytest.fixture(scope="module")
def tables(template):
    book = Book.open(template.book)
    return {name: book.read(name) for name in TABLES}


@pytest.fixture(scope="module")
def lives(tables):
    return perturbed(tables, as_of=AS_OF, seed=3)


def ordered(table, name):
    return table.sort_by([(column, "ascending") for column in TABLES[name].order])


def facts(table, name):
    return {tuple(row.values()) for row in table.select(list(TABLES[name].key)).to_pylist()}


@pytest.mark.parametrize("name", TABLES)
def test_what_was_known_on_the_day_is_as_it_was(name, tables, lives):
    known = ordered(tables[name].filter(pc.field("known_on") <= AS_OF), name)
    assert ordered(lives[name].stood, name).equals(known)
    assert ordered(lives[name].later.filter(pc.field("known_on") <= AS_OF), name).equals(known)


@pytest.mark.parametrize("name", TABLES)
def test_all_that_was_learned_later_is_altered(name, tables, lives):
    later = tables[name].filter(pc.field("known_on") > AS_OF)
    kept = {str(row) for row in later.to_pylist()} & {str(row) for row in lives[name].later.to_pylist()}
    assert later.num_rows
    assert kept == set()


@pytest.mark.parametrize("name", TABLES)
def test_facts_are_added_and_known_facts_get_other_versions_soon_after(name, lives):
    alteration, stood = lives[name].alteration, facts(lives[name].stood, name)
    learned = lives[name].later.filter(pc.field("known_on") > AS_OF)
    assert alteration.table == name
    assert alteration.version_count == lives[name].stood.num_rows
    assert facts(learned, name) & stood
    assert len(facts(learned, name) - stood) >= alteration.new_count > 0
    first, last = AS_OF + timedelta(days=1), AS_OF + timedelta(days=LAG_DAYS)
    told = learned.filter((pc.field("known_on") >= first) & (pc.field("known_on") <= last))
    assert told.num_rows >= alteration.new_count
    assert pc.sum(pc.equal(told["known_on"], pa.scalar(first))).as_py() > told.num_rows / 4


@pytest.mark.parametrize("name", TABLES)
def test_in_time_the_same_facts_are_known_on_the_day_itself(name, lives):
    in_time = lives[name].in_time
    assert pc.max(in_time["known_on"]).as_py() == AS_OF
    learned = facts(lives[name].later.filter(pc.field("known_on") > AS_OF), name)
    assert facts(in_time.filter(pc.field("known_on") == AS_OF), name) & learned


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("life", ["stood", "later", "in_time"])
def test_every_life_of_a_table_keeps_its_contract(name, life, lives):
    table, contract = getattr(lives[name], life), TABLES[name]
    assert table.schema.equals(contract.schema)
    assert all(table[column].null_count == 0 for column in contract.required)
    versions = table.select([*contract.key, "known_on"]).to_pylist()
    assert len({tuple(row.values()) for row in versions}) == table.num_rows


@pytest.mark.parametrize(
    ("name", "day"),
    [("invoices", "issued_on"), ("payments", "paid_on"), ("events", "occurred_on"), ("macro", "period_end_on")],
)
def test_what_is_learned_later_is_back_dated(name, day, lives):
    """Otherwise a feature that goes by the day of the event instead of the day of knowledge would look innocent."""
    learned = lives[name].later.filter(pc.field("known_on") > AS_OF)
    soon = learned.filter(pc.field("known_on") <= AS_OF + timedelta(days=LAG_DAYS))
    assert pc.sum(pc.less_equal(soon[day], pa.scalar(AS_OF))).as_py() > soon.num_rows / 2


def test_another_version_of_an_invoice_has_another_term(lives):
    """Where all terms are equal, a feature of the term could otherwise not be moved."""
    stood, later = (lives["invoices"].stood, lives["invoices"].later.filter(pc.field("known_on") > AS_OF))
    terms = dict(zip(stood["invoice_id"].to_pylist(), days(stood), strict=True))
    told = zip(later["invoice_id"].to_pylist(), days(later), strict=True)
    longer = [term > terms[invoice] for invoice, term in told if invoice in terms]
    assert sum(longer) > len(longer) / 2


def days(invoices):
    return pc.days_between(invoices["issued_on"], invoices["due_on"]).to_pylist()


def test_equal_seeds_perturb_equally_and_others_otherwise(tables, lives):
    again, other = perturbed(tables, as_of=AS_OF, seed=3), perturbed(tables, as_of=AS_OF, seed=4)
    assert all(again[name].later.equals(lives[name].later) for name in TABLES)
    assert all(not other[name].later.equals(lives[name].later) for name in TABLES)


def test_a_table_without_a_row_is_left_alone(tables):
    empty = TABLES["links"].schema.empty_table()
    assert "links" not in perturbed({**tables, "links": empty}, as_of=AS_OF, seed=0)


def test_a_table_that_is_only_known_later_is_perturbed_too(tables):
    first = pc.min(tables["events"]["known_on"]).as_py()
    life = perturbed(tables, as_of=first - timedelta(days=1), seed=0)["events"]
    assert life.stood.num_rows == 0
    assert life.alteration.new_count > 0
    assert life.alteration.changed_count + life.alteration.removed_count == tables["events"].num_rows
