"""The simulated book as a whole."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from creditscore.book import TABLES, Book
from creditscore.book.rules import GENERAL, ROW, RULES
from creditscore.book.simulation import Portfolio, simulate
from creditscore.errors import ContractError, ParameterError


def test_equal_portfolios_give_equal_bytes(tmp_path):
    portfolio = Portfolio(customers=60, months=6, seed=3)
    books = [simulate(portfolio, book=tmp_path / name, truth=tmp_path / f"{name}_truth") for name in "ab"]
    assert books[0].fingerprint == books[1].fingerprint
    truths = [(tmp_path / f"{name}_truth" / "pd_12m.parquet").read_bytes() for name in "ab"]
    assert truths[0] == truths[1]


def test_another_seed_gives_another_book(tmp_path):
    books = [
        simulate(Portfolio(customers=60, months=6, seed=seed), book=tmp_path / str(seed), truth=tmp_path / "truth")
        for seed in (3, 4)
    ]
    assert books[0].fingerprint != books[1].fingerprint


def test_the_ranges_in_which_the_ledger_is_written_leave_no_seam(tmp_path, monkeypatch):
    monkeypatch.setattr("creditscore.book.simulation.ledger_tables.CUSTOMERS_IN_RANGE", 25)
    monkeypatch.setattr("creditscore.book.simulation.writer.ROWS_IN_GROUP", 500)
    book = simulate(Portfolio(customers=60, months=12, seed=3), book=tmp_path / "book", truth=tmp_path / "truth")
    for name in ("invoices", "payments"):
        groups = pq.read_metadata(book.path(name))
        assert {groups.row_group(place).num_rows for place in range(groups.num_row_groups - 1)} == {500}
        stored = book.read(name)
        assert stored.equals(stored.sort_by([(column, "ascending") for column in TABLES[name].order]))
    assert len(set(book.read("invoices")["customer_id"].to_pylist())) > 50


@pytest.mark.parametrize("name", list(TABLES))
def test_each_table_has_its_contract_s_schema_and_order(simulated, name):
    stored = simulated.book.read(name)
    assert stored.schema.equals(TABLES[name].schema)
    assert stored.num_rows > 0
    assert stored.equals(stored.sort_by([(column, "ascending") for column in TABLES[name].order]))


@pytest.mark.parametrize("name", list(TABLES))
def test_no_version_of_a_fact_comes_twice(simulated, name):
    contract = TABLES[name]
    versions = simulated.book.read(name).select([*contract.key, "known_on"])
    assert versions.group_by(versions.column_names).aggregate([]).num_rows == versions.num_rows


@pytest.mark.parametrize("name", list(TABLES))
def test_each_row_keeps_the_rules_of_the_book(simulated, name):
    tables = {other: ibis.memtable(_numbered(simulated.book.read(other))) for other in ("customers", "invoices", name)}
    backend = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
    contract = TABLES[name]
    for rule in (*GENERAL, *RULES[name]):
        wanted = rule.__code__.co_varnames[1 : rule.__code__.co_argcount]
        others = {other: tables[other] for other in wanted}
        kept = rule(tables[name], contract=contract) if rule in GENERAL else rule(tables[name], **others)
        broken = tables[name].mutate(kept=kept).filter(~ibis._.kept).count()
        assert backend.execute(broken) == 0, rule.__name__
    backend.disconnect()


def _numbered(table):
    return table.append_column(ROW, pa.array(np.arange(table.num_rows)))


@pytest.mark.parametrize("name", list(TABLES))
def test_nothing_is_known_after_the_last_day(simulated, frames, name):
    assert frames[name]["known_on"].max() <= pd.Timestamp(simulated.portfolio.last_day)


@pytest.mark.parametrize("name", ["invoices", "facilities", "links", "macro", "industry"])
def test_some_facts_are_corrected_later(frames, name):
    versions = frames[name].groupby(list(TABLES[name].key)).size()
    assert (versions > 1).any()


def test_both_the_due_day_and_the_dispute_of_an_invoice_are_corrected(frames):
    changes = frames["invoices"].groupby("invoice_id")[["due_on", "disputed_flag", "amount"]].nunique()
    assert (changes["due_on"] > 1).any()
    assert (changes["disputed_flag"] > 1).any()
    assert (changes["amount"] == 1).all()


def test_the_macro_series_begin_two_years_before_the_book(frames):
    assert frames["macro"]["period_end_on"].min() == pd.Timestamp(2020, 1, 31)
    assert frames["industry"]["period_end_on"].min() == pd.Timestamp(2020, 1, 31)
    lag = (frames["macro"]["known_on"] - frames["macro"]["period_end_on"]).dt.days
    assert lag.min() >= 14


def test_no_table_of_the_book_holds_the_truth(simulated):
    columns = {column for name in simulated.book.files for column in simulated.book.read(name).column_names}
    assert not [column for column in columns if "pd" in column or "quality" in column or "strain" in column]
    assert simulated.truth.parent != simulated.book.folder
    assert sorted(simulated.book.files) == sorted(TABLES)


def test_the_truth_is_a_probability_of_each_customer_that_lives(simulated, frames):
    truth = pq.read_table(simulated.truth)
    assert truth.schema == pa.schema([("customer_id", pa.string()), ("as_of", pa.date32()), ("pd_12m", pa.float64())])
    rows = truth.to_pandas(date_as_object=False)
    assert rows["pd_12m"].between(0, 1, inclusive="neither").all()
    assert not rows.duplicated(["customer_id", "as_of"]).any()
    lives = frames["customers"].set_index("customer_id")["onboarded_on"]
    failed = frames["events"].query("kind == 'default'").set_index("customer_id")["occurred_on"]
    assert (rows["as_of"] >= rows["customer_id"].map(lives)).all()
    assert not (rows["as_of"] >= rows["customer_id"].map(failed)).any()
    last = rows["as_of"] == rows["as_of"].max()
    assert rows["as_of"].max() == pd.Timestamp(simulated.portfolio.last_day)
    assert last.sum() == len(lives) - (failed <= rows["as_of"].max()).sum() - _not_yet_told(simulated, frames)


def _not_yet_told(simulated, frames):
    """Count the customers that defaulted in the last days, of which the book does not know yet."""
    truth = pq.read_table(simulated.truth).to_pandas(date_as_object=False)
    at_end = set(truth.loc[truth["as_of"] == truth["as_of"].max(), "customer_id"])
    told = set(frames["events"].query("kind == 'default'")["customer_id"])
    missing = set(frames["customers"]["customer_id"]) - at_end - told
    assert len(missing) <= 3
    return len(missing)


def test_a_book_that_stands_there_is_replaced_as_a_whole(tmp_path):
    for seed in (1, 2):
        again = simulate(Portfolio(customers=20, months=3, seed=seed), book=tmp_path / "book", truth=tmp_path / "truth")
    fresh = simulate(Portfolio(customers=20, months=3, seed=2), book=tmp_path / "other", truth=tmp_path / "truth")
    assert again.fingerprint == fresh.fingerprint == Book.open(tmp_path / "book").fingerprint


def test_a_book_in_another_currency_is_refused(tmp_path):
    Book.create(tmp_path / "book", currency="EUR")
    with pytest.raises(ContractError, match="EUR"):
        simulate(Portfolio(customers=5, months=3, seed=1), book=tmp_path / "book", truth=tmp_path / "truth")


@pytest.mark.parametrize(("customers", "months"), [(1, 1), (1, 14), (3, 2)])
def test_the_smallest_portfolios_are_written(tmp_path, customers, months):
    book = simulate(
        Portfolio(customers=customers, months=months, seed=5), book=tmp_path / "book", truth=tmp_path / "truth"
    )
    assert book.read("customers").num_rows == customers


@pytest.mark.parametrize(
    "wrong",
    [{"customers": 0}, {"months": 0}, {"seed": -1}, {"first_month": date(2022, 1, 2)}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_portfolio_out_of_range_is_refused(wrong):
    with pytest.raises(ParameterError, match=next(iter(wrong))):
        Portfolio(**{"customers": 10, "months": 12, "seed": 1, **wrong})


def test_progress_is_told_to_the_end(tmp_path):
    told = []
    simulate(
        Portfolio(customers=10, months=4, seed=1),
        book=tmp_path / "book",
        truth=tmp_path / "truth",
        progress=lambda *step: told.append(step),
    )
    assert ("months lived", 4, 4) in told
    assert told[-1][1] == told[-1][2]
