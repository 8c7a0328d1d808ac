"""Nothing that became known after ``as_of`` moves what was decided on it; what was known by then does."""

import shutil
from dataclasses import asdict, replace
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from creditscore.book import TABLES, Book
from creditscore.decisions import standing_alerts
from creditscore.scoring import ScoreStore, read_scores, score_days
from creditscore.scoring.carried import read_applicant, read_carried

EVE, AS_OF, LATER = (date(2023, 1, 31) + timedelta(days=days) for days in (-1, 0, 1))
LONG_AGO = AS_OF - timedelta(days=200)
STRANGER = "a company that nobody knew"

# How a later version of every fact in a table differs from the one that was known.
REWRITTEN = {
    "customers": {"industry_code": "Z", "region": "elsewhere", "group_id": "all in one"},
    "invoices": {"amount": 1, "due_on": LONG_AGO},
    "payments": {"amount": 1, "paid_on": LONG_AGO},
    "facilities": {"limit_amount": 1, "term_days": 1},
    "events": {"kind": "insolvency", "occurred_on": LONG_AGO},
    "links": {"until_on": EVE},
    "statements": {"value": -1.0},
    "macro": {"value": 0.0},
    "industry": {"value": 0.0},
}


@pytest.fixture(scope="module")
def scored(template, tmp_path_factory):
    """Score both days in a workspace of its own, whose book is what is made of the simulated one.

    They are scored one after the other, as a daily run does, or together with further days.
    """

    def score(make, *further):
        workspace = replace(template, root=tmp_path_factory.mktemp("scored") / "portfolio")
        shutil.copytree(template.root, workspace.root)
        make(Book.open(workspace.book))
        for days in [[EVE, AS_OF, *further]] if further else [[EVE], [AS_OF]]:
            score_days(workspace, days)
        return workspace

    return score


@pytest.fixture(scope="module")
def today(scored):
    """Return a workspace whose book ends on the day itself."""
    return scored(forget)


@pytest.fixture(scope="module")
def actors(today):
    """Name a customer for each fact that could still be learned, such that each fact concerns another decision."""
    scores, links = read_scores(today, as_of=AS_OF), Book.open(today.book).read("links")
    linked = {*links["source_id"].to_pylist(), *links["target_id"].to_pylist()}
    quiet = scores[(scores["governed_colour"] != "red") & (scores["red_alert_count"] == 0)]
    alone = iter(quiet.loc[~quiet["customer_id"].isin(linked) & quiet["limit_amount"].notna(), "customer_id"])
    alerts = standing_alerts(carried(today).alerts)
    yellow = alerts[(alerts["level"] == "yellow") & alerts["customer_id"].isin(quiet["customer_id"])]
    paid, voided = yellow.drop_duplicates("customer_id").to_dict("records")[:2]
    return {
        **{name: next(alone) for name in ("invoices", "limits", "links", "customers", "insolvencies")},
        "payments": paid["customer_id"],
        "paid": paid["invoice_id"],
        "credit notes": voided["customer_id"],
        "voided": voided["invoice_id"],
        "red": scores.loc[scores["red_alert_count"] > 0, "customer_id"].iloc[0],
    }


@pytest.fixture(scope="module")
def in_time(scored, actors):
    """Return a workspace whose book has learned something of each kind on the day itself."""
    return scored(lambda book: add(forget(book), facts(actors, known_on=AS_OF)))


def forget(book):
    """Forget all that became known later."""
    tables = {name: book.read(name) for name in book.files}
    return book.write({name: table.filter(pc.field("known_on") <= AS_OF) for name, table in tables.items()})


def add(book, learned):
    """Add facts to a book, as an ingest does."""
    added = {name: pa.Table.from_pylist(rows, TABLES[name].schema) for name, rows in learned.items()}
    grown = {name: pa.concat_tables([book.read(name), rows]) for name, rows in added.items()}
    return book.write(grown, added=added)


def facts(actors, *, known_on):
    """Return a fact of each kind that concerns a day's decisions."""
    bill = {"issued_on": LONG_AGO, "due_on": LONG_AGO + timedelta(days=60), "currency": "CNY"}
    learned = {
        "invoices": [
            bill | {"invoice_id": "new", "customer_id": actors["invoices"], "amount": 10**9},
            bill | {"invoice_id": actors["voided"], "customer_id": actors["credit notes"], "amount": 0},
            bill | {"invoice_id": "note", "customer_id": STRANGER, "amount": -(10**6)},
        ],
        "payments": [{"payment_id": "new", "invoice_id": actors["paid"], "paid_on": AS_OF, "amount": 10**12}],
        "facilities": [
            {
                "facility_id": "new",
                "customer_id": actors["limits"],
                "granted_on": EVE,
                "limit_amount": 777,
                "term_days": 9,
                "purpose": "standard",
            }
        ],
        "links": [
            {"source_id": actors["red"], "target_id": actors["links"], "kind": "controls", "since_on": LONG_AGO},
        ],
        "customers": [{"customer_id": actors["customers"], "region": "Atlantis", "group_id": "new"}],
        "events": [
            {"event_id": "new", "customer_id": actors["insolvencies"], "kind": "insolvency", "occurred_on": EVE},
        ],
    }
    return {
        name: [dict.fromkeys(TABLES[name].schema.names) | row | {"known_on": known_on} for row in rows]
        for name, rows in learned.items()
    }


def rewritten(book):
    """Return another version of every fact that the book knows, known on the day after."""
    return {name: versions(book.read(name), key=TABLES[name].key, changed=REWRITTEN[name]) for name in book.files}


def versions(table, *, key, changed):
    last = table.select(key).to_pandas().drop_duplicates(keep="last").index
    return [row | changed | {"known_on": LATER} for row in table.take(pa.array(last)).to_pylist()]


def run_of(workspace, day):
    with ScoreStore(workspace.store_url) as store:
        return store.latest_run(day)


def carried(workspace):
    return read_carried(workspace, run_of(workspace, AS_OF))


def left(workspace, day):
    """Return the bytes of every file that a day left, and its run without its clock."""
    folders = [folder / f"as_of={day}" for folder in (workspace.scores, workspace.snapshots, workspace.decisions)]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    run = asdict(run_of(workspace, day)) | {"started_at": None, "duration_seconds": None}
    return run, {str(path.relative_to(workspace.root)): path.read_bytes() for path in files}


def assert_decided_alike(found, expected, decided, *, days=(EVE, AS_OF)):
    """Refuse any difference in the files, the runs, and the store's scores and tables of decisions."""
    for day in days:
        assert left(found, day) == left(expected, day)
        run_id = run_of(expected, day).run_id
        here, there = (
            {key: rows for key, rows in decided(place).items() if key[0] == run_id} for place in (found, expected)
        )
        assert here == there
        assert len(there) == 4
        with ScoreStore(found.store_url) as one, ScoreStore(expected.store_url) as other:
            pd.testing.assert_frame_equal(one.scores(day), other.scores(day), check_exact=True)


def test_every_table_of_the_book_is_rewritten(today):
    assert set(REWRITTEN) == set(TABLES) == set(Book.open(today.book).files)


def test_what_the_book_goes_on_to_learn_until_a_later_day_that_is_scored_too_moves_nothing(scored, today, decided):
    whole = scored(lambda book: book, date(2023, 2, 28))
    known, all_known = Book.open(today.book).files, Book.open(whole.book).files
    assert {name for name, file in known.items() if file != all_known[name]} >= {"invoices", "payments", "facilities"}
    assert_decided_alike(whole, today, decided)


def test_another_version_of_every_fact_and_new_facts_that_are_learned_later_move_nothing(
    scored, today, actors, decided
):
    def make(book):
        known, new = forget(book), facts(actors, known_on=LATER)
        add(known, {name: [*rows, *new.get(name, [])] for name, rows in rewritten(known).items()})

    assert_decided_alike(scored(make), today, decided)


def test_what_is_learned_on_a_day_does_not_move_the_day_before(in_time, today, decided):
    assert_decided_alike(in_time, today, decided, days=[EVE])
    assert left(in_time, AS_OF) != left(today, AS_OF)


EFFECTS = {
    "invoices": ["red_alert_count", "frozen_by", "action", "exposure_amount"],
    "payments": ["yellow_alert_count", "exposure_amount", "reserve_amount", "held_amount"],
    "credit notes": ["yellow_alert_count", "exposure_amount", "reserve_amount", "held_amount"],
    "limits": ["limit_amount", "headroom_amount", "term_days"],
    "links": ["frozen_by", "action", "limit_amount"],
    "insolvencies": ["governed_colour", "action", "reserve_amount", "held_amount", "reason_1"],
}


@pytest.mark.parametrize("kind", EFFECTS)
def test_the_same_fact_known_on_the_day_moves_the_decision_on_its_customer(kind, in_time, today, actors):
    rows = [read_scores(place, as_of=AS_OF).set_index("customer_id").loc[actors[kind]] for place in (today, in_time)]
    moved = rows[0].fillna("").ne(rows[1].fillna(""))
    assert moved[EFFECTS[kind]].all(), moved[moved].index.tolist()


@pytest.mark.parametrize("invoice", ["paid", "voided"])
def test_what_is_paid_or_voided_by_the_day_closes_its_alert(invoice, in_time, today, actors):
    changes = [carried(place).alerts.set_index("invoice_id")["change"][actors[invoice]] for place in (today, in_time)]
    assert changes[0] != changes[1] == "closed"


def test_a_credit_note_known_on_the_day_makes_its_company_known(in_time, today):
    assert not read_applicant(today, run_of(today, AS_OF), STRANGER)
    assert read_applicant(in_time, run_of(in_time, AS_OF), STRANGER)


def test_a_customer_that_moved_by_the_day_has_its_reserve_in_another_region(in_time, today, decided):
    regions = [
        {row[2] for rows in decided(place).values() for row in rows if row[1] == "region"} for place in (today, in_time)
    ]
    assert regions[1] - regions[0] == {"Atlantis"}
