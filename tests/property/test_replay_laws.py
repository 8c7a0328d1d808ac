"""Whatever reaches the book after a run, a replay gives the recorded bits."""

import shutil
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.book import TABLES, Book
from creditscore.domain import Workspace
from creditscore.scoring import replay, score_days

EVE, DAY = date(2023, 1, 30), date(2023, 1, 31)
# What a later version, or a new fact, may say otherwise; no table of the book is left out but the two of series.
SAID = {
    "invoices": {
        "amount": st.integers(-(10**6), 10**9),
        "due_on": st.integers(-300, 60),
        "disputed_flag": st.booleans(),
    },
    "payments": {"amount": st.integers(1, 10**9), "paid_on": st.integers(-300, 0)},
    "facilities": {"limit_amount": st.integers(1, 10**9), "term_days": st.integers(0, 180)},
    "events": {"kind": st.sampled_from(["default", "insolvency", "litigation"]), "occurred_on": st.integers(-300, 0)},
    "links": {"until_on": st.integers(-300, 300)},
    "customers": {"industry_code": st.sampled_from(["Z", "Y"]), "group_id": st.sampled_from(["one", "two"])},
    "statements": {"value": st.floats(-1e9, 1e9)},
}


def day(offset):
    return DAY + timedelta(days=offset)


@st.composite
def later_facts(draw):
    """Draw what a book learns after the run: the place of a fact, what it says now, whether it is new, known when."""
    name = draw(st.sampled_from(list(SAID)))
    said = {column: draw(strategy) for column, strategy in SAID[name].items()}
    said |= {column: day(said[column]) for column in said if column.endswith("_on")}
    known_on = day(draw(st.one_of(st.integers(-40, 0), st.integers(1, 40))))
    return name, draw(st.integers(0, 10**6)), said | {"known_on": known_on}, draw(st.booleans())


def learn(book, facts):
    """Add facts to the book as one ingest does; a fact has one version a day of knowledge."""
    added = {}
    for number, (name, place, said, is_new) in enumerate(facts):
        known = book.read(name)
        row = known.slice(place % known.num_rows, 1).to_pylist()[0] | said
        key = TABLES[name].key
        if is_new and name in {"invoices", "payments", "facilities", "events"}:
            row[key[0]] = f"late {number}"
        same = pc.field("known_on") == row["known_on"]
        for column in key:
            same &= pc.field(column) == row[column]
        mine = added.setdefault(name, {})
        if known.filter(same).num_rows == 0:
            mine[tuple(row[column] for column in (*key, "known_on"))] = row
    tables = {
        name: pa.Table.from_pylist(list(rows.values()), TABLES[name].schema) for name, rows in added.items() if rows
    }
    return book.write({name: pa.concat_tables([book.read(name), rows]) for name, rows in tables.items()}, added=tables)


@pytest.fixture(scope="module")
def past(template, tmp_path_factory):
    root = tmp_path_factory.mktemp("replayed") / "portfolio"
    shutil.copytree(template.root, root)
    score_days(Workspace(root), [EVE, DAY])
    return Workspace(root)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ingests=st.lists(st.lists(later_facts(), min_size=1, max_size=12), min_size=1, max_size=3))
def test_a_replay_gives_the_recorded_bits_whatever_reached_the_book_since(past, tmp_path_factory, ingests):
    root = tmp_path_factory.mktemp("later") / "portfolio"
    shutil.copytree(past.root, root)
    for facts in ingests:
        learn(Book.open(root / "book"), facts)
    found = replay(Workspace(root))
    shutil.rmtree(root)
    assert found.is_identical, (found.summary, found.findings)
    assert {finding.code for finding in found.findings} <= {"book_grew"}
