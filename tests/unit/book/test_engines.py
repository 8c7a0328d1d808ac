"""One protocol, two engines: what is asked of Spark is what DuckDB is asked, in Spark's words."""

import os
from datetime import date
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from ibis.common.exceptions import UnsupportedOperationError

from creditscore.book import TABLES, Book, DuckDB, Spark
from creditscore.book.engines.dialect import spark_schema, spark_sql
from creditscore.book.engines.spark import has_java
from creditscore.errors import ParameterError

FACTS = ibis.table(
    {"row": "string", "amount": "int64", "days": "int32", "share": "float64", "due_on": "date", "paid_on": "date"},
    name="facts",
)


class Elsewhere:
    """An engine that only remembers which book it opened."""

    def relations(self, book):
        return ("elsewhere", book.folder)


def said(**columns):
    return spark_sql(FACTS.group_by("row").agg(**columns))


def test_long_integers_are_summed_in_halves_and_refused_where_they_do_not_fit():
    sql = said(whole=FACTS.amount.sum())
    assert "SUM(SHIFTRIGHT(CAST(`t0`.`amount` AS BIGINT), 32))" in sql
    assert "SUM(CAST(`t0`.`amount` AS BIGINT) & 4294967295)" in sql
    assert sql.startswith("SELECT CAST(`row` AS STRING) AS `row`, CAST(`whole` AS BIGINT) AS `whole`")


def test_small_integers_are_summed_as_they_are():
    assert "CAST(SUM(`t0`.`days`) AS DECIMAL(38, 0))" in said(whole=FACTS.days.sum())


def test_a_window_sums_by_one_function():
    running = FACTS.amount.sum().over(ibis.cumulative_window(group_by="row", order_by="paid_on"))
    assert "SUM(CAST(`t0`.`amount` AS DECIMAL(38, 0))) OVER" in spark_sql(FACTS.mutate(running=running))


def test_a_window_of_floats_stays_one_of_floats():
    running = FACTS.share.sum().over(group_by="row")
    assert "SUM(`t0`.`share`) OVER" in spark_sql(FACTS.mutate(running=running))


def test_a_quotient_is_one_of_floats_and_a_zero_is_divided_by():
    sql = said(part=FACTS.days.sum() / FACTS.days.max())
    assert "IF(CAST(MAX(`t0`.`days`) AS DOUBLE) = 0" in sql
    assert "CAST('Inf' AS DOUBLE)" in sql


@pytest.mark.parametrize("divisor", [FACTS.days.max().nullif(0), ibis.literal(30.4375)])
def test_a_divisor_that_is_never_zero_is_not_asked_whether_it_is(divisor):
    assert "Inf" not in said(part=FACTS.days.sum() / divisor)


def test_a_float_is_no_decimal():
    assert "CAST(0.5 AS DOUBLE)" in said(half=FACTS.days.max() * 0.5)


def test_what_is_not_a_number_is_not_missing():
    assert "ISNAN" not in said(known=FACTS.share.notnull().any(), unknown=FACTS.share.isnull().any())


def test_nothing_that_meets_a_condition_is_counted_as_none():
    assert "COUNT_IF(`t0`.`days` > 3)" in said(count=FACTS.count(where=FACTS.days > 3))
    assert "COUNT(*)" in said(count=FACTS.count())


def test_days_are_counted_in_long_integers():
    assert "CAST(DATEDIFF(`t0`.`paid_on`, `t0`.`due_on`) AS BIGINT)" in said(
        days=FACTS.paid_on.delta(FACTS.due_on, unit="day").max()
    )


def test_months_are_refused_because_spark_counts_them_in_another_way():
    with pytest.raises(UnsupportedOperationError, match="Count days"):
        said(months=FACTS.paid_on.delta(FACTS.due_on, unit="month").max())


def test_the_tables_of_the_book_have_a_schema_in_sparks_words():
    words = spark_schema(ibis.Schema.from_pyarrow(TABLES["invoices"].schema))
    assert words.startswith("`invoice_id` STRING, `customer_id` STRING, `issued_on` DATE")
    assert "`amount` BIGINT" in words
    assert "`disputed_flag` BOOLEAN" in words


@pytest.fixture
def book(tmp_path):
    row = dict.fromkeys(TABLES["customers"].schema.names) | {"customer_id": "C1", "known_on": date(2024, 1, 1)}
    customers = pa.Table.from_pylist([row], TABLES["customers"].schema)
    return Book.create(tmp_path, currency="CNY").write({"customers": customers})


def test_a_book_is_computed_where_it_is_told_and_keeps_that_when_it_is_written(book):
    moved = book.on(Elsewhere())
    assert moved.relations() == ("elsewhere", book.folder)
    assert moved.write({"customers": book.read("customers")}).relations() == ("elsewhere", book.folder)
    assert moved == book
    with moved.relations(DuckDB()) as relations:
        assert relations.table("customers").count().to_pyarrow().as_py() == 1


def test_what_is_kept_stays_and_what_the_book_lacks_is_empty(book):
    with book.relations() as relations:
        kept = relations.keep("some", relations.table("customers").select("customer_id"))
        assert relations.fetch(kept).to_pylist() == [{"customer_id": "C1"}]
        assert relations.fetch(relations.table("events")).num_rows == 0


def test_executors_find_a_path_where_this_process_does():
    assert Spark(session=None).uri(Path("/data/as_of=2024-06-30")) == "file:///data/as_of=2024-06-30"


def test_executors_find_a_shared_folder_at_its_location(tmp_path):
    engine = Spark(session=None, location="s3a://bucket/portfolio/", root=tmp_path)
    assert engine.uri(tmp_path / "book" / "events.parquet") == "s3a://bucket/portfolio/book/events.parquet"


def test_a_path_outside_the_shared_folder_is_refused(tmp_path):
    engine = Spark(session=None, location="s3a://bucket/portfolio", root=tmp_path / "portfolio")
    with pytest.raises(ParameterError, match=r"shared with the executors as `root`"):
        engine.uri(tmp_path / "elsewhere")


def test_without_java_spark_is_not_started(monkeypatch, tmp_path):
    pytest.importorskip("pyspark")
    for name in ("JAVA_HOME", "PYSPARK_GATEWAY_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert not has_java()
    with pytest.raises(ParameterError, match="Install Java 17"):
        Spark.started()
