"""The same definitions on Spark give what they give on the embedded engine."""

from datetime import date

import ibis
import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.domain import Reason, Unit, month_ends
from creditscore.errors import ParameterError
from creditscore.features import (
    Receivables,
    catalogue,
    distributed_panel,
    feature,
    observe,
    panel,
    snapshot,
    write_snapshot,
)
from creditscore.outcomes import DefaultDefinition, outcomes

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]  # sockets of py4j

EXACT = {Unit.COUNT, Unit.AMOUNT, Unit.FLAG}
DAYS = {
    "simulated": [date(2022, 9, 30), date(2023, 3, 31), date(2023, 8, 15)],
    "corrected": [date(2024, 6, 10), date(2024, 6, 30), date(2024, 7, 31)],
    "vast": [date(2024, 6, 30), date(2024, 11, 30)],
}


@pytest.fixture(params=sorted(DAYS))
def case(request):
    return request.getfixturevalue(request.param), DAYS[request.param]


def differing(found, expected):
    """Return the features that differ: at all if they are counted, by more than rounding if they are divided."""
    pd.testing.assert_frame_equal(found[["customer_id", "as_of"]], expected[["customer_id", "as_of"]])
    assert list(found.columns) == list(expected.columns)
    units = {one.name: one.unit for one in catalogue()}
    return [
        name
        for name in expected.columns[2:]
        if not np.allclose(
            found[name], expected[name], rtol=0.0 if units[name] in EXACT else 1e-12, atol=0.0, equal_nan=True
        )
    ]


def test_every_feature_of_a_panel_agrees(case, spark):
    book, days = case
    expected = panel(book, days=days)
    assert set(expected.columns[2:]) == {one.name for one in catalogue()}
    assert differing(panel(book, days=days, engine=spark), expected) == []


def test_every_feature_of_a_snapshot_agrees_without_a_prepared_ledger(case, spark, tmp_path):
    book, days = case
    bare = Book.create(tmp_path, currency=book.currency).write({name: book.read(name) for name in book.files})
    found = snapshot(bare, as_of=days[0], engine=spark)
    assert not (tmp_path / "prepared").exists()
    assert differing(found, snapshot(book, as_of=days[0])) == []


def test_observations_on_days_of_their_own_agree(simulated, spark):
    asked = pd.DataFrame({"customer_id": ["C0000003", "C0000007", "C0000003"], "as_of": DAYS["simulated"]})
    found = observe(simulated.on(spark), asked)
    assert differing(found, observe(simulated, asked)) == []


def test_a_feature_whose_table_the_book_lacks_is_missing_on_both(simulated, spark, tmp_path):
    fewer = {name: simulated.read(name) for name in ("customers", "invoices")}
    book = Book.create(tmp_path, currency=simulated.currency).write(fewer)
    day = DAYS["simulated"][1]
    found = snapshot(book, as_of=day, engine=spark)
    assert differing(found, snapshot(book, as_of=day)) == []
    assert found["payback_365d_ratio"].isna().all()


def test_ones_own_feature_divides_by_zero_and_rounds_alike(simulated, spark):
    @feature(family="behaviour", unit="ratio", risk="either", reason=Reason("Z01", en="One", zh="一"))
    def unguarded_ratio(receivables: Receivables) -> ibis.Value:
        """Open over overdue amount, also where nothing is overdue."""
        return receivables.open_amount.sum() / receivables.overdue_amount.sum()

    @feature(family="behaviour", unit="level", risk="either", reason=Reason("Z02", en="Two", zh="二"))
    def scaled_level(receivables: Receivables) -> ibis.Value:
        """Open amount times a factor that no decimal of Spark holds."""
        return receivables.open_amount.sum() * 0.123456789012345678

    own = (unguarded_ratio, scaled_level)
    day = DAYS["simulated"][1]
    found, expected = (snapshot(simulated, as_of=day, features=own, engine=engine) for engine in (spark, None))
    assert np.isinf(expected["unguarded_ratio"]).any()
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12, atol=0.0)


def test_a_written_snapshot_holds_the_rows_of_the_snapshot(simulated, spark, tmp_path):
    day = DAYS["simulated"][1]
    write_snapshot(simulated, as_of=day, out=tmp_path / "rows", engine=spark)
    written = pd.read_parquet(tmp_path / "rows").sort_values("customer_id", ignore_index=True)
    written = written.astype({"as_of": "datetime64[ms]"})
    assert differing(written, snapshot(simulated, as_of=day)) == []


def test_a_folder_with_other_files_is_not_overwritten(simulated, spark, tmp_path):
    (tmp_path / "diary.txt").write_text("mine", "utf-8")
    few = catalogue()[:1]
    with pytest.raises(ParameterError, match="diary"):
        write_snapshot(simulated, as_of=DAYS["simulated"][1], out=tmp_path, engine=spark, features=few)
    assert (tmp_path / "diary.txt").read_text("utf-8") == "mine"


def test_a_day_before_the_first_fact_is_refused(simulated, spark):
    with (
        pytest.raises(ParameterError, match="first fact"),
        distributed_panel(simulated, days=[date(1999, 1, 1)], engine=spark),
    ):
        pass


def test_the_users_session_keeps_its_settings_and_tables(simulated, spark):
    with distributed_panel(simulated, days=DAYS["simulated"], engine=spark, features=catalogue()[:1]) as rows:
        assert rows.count() == len(panel(simulated, days=DAYS["simulated"], features=catalogue()[:1]))
        assert rows.sparkSession.conf.get("spark.sql.session.timeZone") == "UTC"
    assert spark.session.catalog.listTables() == []
    assert spark.session.conf.get("spark.sql.join.preferSortMergeJoin") == "true"


@pytest.mark.parametrize("name", ["simulated", "corrected", "vast"])
def test_outcomes_agree(name, request, spark):
    book, days = request.getfixturevalue(name), DAYS[name]
    observed = panel(book, days=[*days[:1], *month_ends(days[0], days[-1])[1:]], features=catalogue()[:1])
    definition = DefaultDefinition(version="1", days_past_due=30, horizon_months=3, material_amount=100)
    found = outcomes(book.on(spark), observed, definition=definition)
    pd.testing.assert_frame_equal(found, outcomes(book, observed, definition=definition), check_exact=True)
