"""A fact is keyed and dated, never duplicated."""

from datetime import date

OPEN = "1,A,1/2/2013,2/1/2013,10,No,"
CORRECTED = "1,A,1/2/2013,2/1/2013,12,No,"


def versions(desk, table="invoices"):
    return [(row["amount"], row["known_on"]) for row in desk.rows(table)]


def test_the_same_source_twice_leaves_the_book_as_it_is(desk):
    path = desk.ledger("1,A,1/2/2013,2/1/2013,10,No,1/9/2013", "2,B,1/2/2013,2/1/2013,0,No,")
    first = desk.ingest(path)
    again = desk.ingest(path, received_on=date(2014, 5, 5))
    assert again.fingerprint == first.fingerprint
    assert [table.rows_accepted for table in again.tables] == [0, 0, 0]
    assert len(desk.held()) == 1


def test_a_correction_is_a_new_version_known_on_the_day_of_receipt(desk):
    desk.ingest(desk.ledger(OPEN))
    summary = desk.ingest(desk.ledger(CORRECTED), received_on=date(2014, 3, 1))
    assert summary.of("invoices").corrections == 1
    assert versions(desk) == [(1000, date(2013, 1, 2)), (1200, date(2014, 3, 1))]


def test_neither_the_corrected_nor_the_old_file_changes_anything_when_it_comes_again(desk):
    desk.ingest(desk.ledger(OPEN))
    corrected = desk.ingest(desk.ledger(CORRECTED), received_on=date(2014, 3, 1))
    again = desk.ingest(desk.ledger(CORRECTED), received_on=date(2014, 3, 2))
    old = desk.ingest(desk.ledger(OPEN), received_on=date(2014, 3, 3))
    assert corrected.fingerprint == again.fingerprint == old.fingerprint


def test_two_corrections_on_one_day_cannot_both_be_dated_so_the_second_is_quarantined(desk):
    desk.ingest(desk.ledger(OPEN))
    desk.ingest(desk.ledger(CORRECTED), received_on=date(2014, 3, 1))
    desk.ingest(desk.ledger("1,A,1/2/2013,2/1/2013,13,No,"), received_on=date(2014, 3, 1))
    assert desk.broken_rules() == {("invoices", "a_correction_arrives_after_what_it_corrects", "1", 2)}


def test_an_additional_file_adds_facts_and_does_not_move_the_day_a_customer_came(desk):
    desk.ingest(desk.ledger(OPEN))
    summary = desk.ingest(desk.ledger("2,A,5/2/2013,6/1/2013,10,No,", name="may.csv"))
    assert summary.of("invoices").facts_new == 1
    assert [(row["onboarded_on"], row["known_on"]) for row in desk.rows("customers")] == [(date(2013, 1, 2),) * 2]


def macro(desk, *lines):
    mapping = {
        "currency": "USD",
        "sources": {"series": {"file": "*.csv"}},
        "tables": {
            "macro": {
                "from": "series",
                "columns": {"series": "s", "period_end_on": "period", "value": "v", "known_on": "known"},
            }
        },
    }
    return desk.ingest(desk.receive("series.csv", "\n".join(["s,period,v,known", *lines])), mapping)


def test_two_vintages_in_one_source_are_two_versions_and_an_unrevised_figure_is_none(desk):
    lines = ("a,2013-01-31,1,2013-03-01", "a,2013-01-31,2,2013-04-01", "a,2013-01-31,2,2013-05-01")
    first = macro(desk, *lines)
    assert (first.of("macro").facts_new, first.of("macro").versions_new, first.of("macro").rows_unchanged) == (1, 1, 1)
    assert [row["value"] for row in desk.rows("macro")] == [1, 2]
    assert macro(desk, *lines).fingerprint == first.fingerprint


def test_a_figure_that_returns_to_an_older_value_is_a_version_and_stays_one(desk):
    lines = ("a,2013-01-31,1,2013-03-01", "a,2013-01-31,2,2013-04-01", "a,2013-01-31,1,2013-05-01")
    first = macro(desk, *lines)
    assert [row["value"] for row in desk.rows("macro")] == [1, 2, 1]
    assert macro(desk, *reversed(lines)).fingerprint == first.fingerprint


def test_a_correction_of_a_version_that_its_own_source_replaces_is_quarantined(desk):
    macro(desk, "a,2013-01-31,1,2013-03-01")
    macro(desk, "a,2013-01-31,7,2013-03-01", "a,2013-01-31,2,2013-04-01")
    assert [row["value"] for row in desk.rows("macro")] == [1, 2]
    assert {row["rule"] for row in desk.held()} == {"a_correction_concerns_the_latest_version_in_its_source"}


def test_facts_without_a_knowledge_day_are_known_on_the_day_of_receipt(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    del mapping["tables"]["invoices"]["columns"]["known_on"]
    desk.ingest(desk.ledger(OPEN), mapping)
    desk.ingest(desk.ledger(CORRECTED), mapping, received_on=date(2014, 2, 28))
    assert versions(desk) == [(1000, date(2014, 1, 31)), (1200, date(2014, 2, 28))]
