import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from creditscore.errors import ParameterError, StoreError
from creditscore.scoring.connection import connected, writing
from creditscore_serving.access import AccessStore, Caller, Permission, Rate, Units
from creditscore_serving.access.entry import Entry

READER = Caller("erp", frozenset({Permission.SCORES_READ}))


@pytest.fixture
def store(store_url):
    with AccessStore(store_url) as opened:
        yield opened


def entry(number, *customer_ids, caller="erp", asked_at=1_790_000_000.0):
    return Entry(
        entry_id=f"e{number}",
        asked_at=asked_at + number,
        caller=caller,
        key_id="00ff00ff00ff",
        action="POST /v1/scores",
        customer_ids=customer_ids,
        status=200,
        request_id=f"r{number}",
    )


def test_a_key_comes_back_as_it_was_made_and_its_secret_is_not_kept(store):
    caller = Caller(
        "erp",
        frozenset({Permission.SCORES_READ, Permission.SCORES_COMPUTE}),
        units=Units.parse(["region=North East", "industry_code=C39"]),
        rate=Rate.parse("50/s"),
    )
    key_id, text = store.create_key(caller, expires_on=date(2999, 1, 1))
    (key,) = store.every_key()
    assert (key.key_id, key.caller.name, key.caller.scopes) == (key_id, "erp", caller.scopes)
    assert (key.caller.units, key.caller.rate, key.expires_on) == (caller.units, caller.rate, date(2999, 1, 1))
    assert key.holds(text, now=datetime.now(UTC).timestamp())
    assert abs(datetime.now(UTC) - key.created_at) < timedelta(minutes=1)
    secret = text.rpartition("_")[2]
    engine = connected(store.url, busy_seconds=5)
    with writing(engine) as connection:
        kept = connection.execute(sa.text("SELECT * FROM api_keys")).all()
    engine.dispose()
    assert key_id in str(kept)
    assert secret not in str(kept)


def test_a_key_holds_to_the_end_of_its_last_day_and_no_longer(store):
    today = datetime.now(UTC).date()
    _, text = store.create_key(READER, expires_on=today)
    (key,) = store.every_key()
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp() + 86_400
    assert key.holds(text, now=midnight - 0.001)
    assert not key.holds(text, now=midnight)


def test_a_revoked_key_stays_in_the_list_and_is_good_no_more(store):
    key_id, text = store.create_key(READER)
    store.create_key(READER)
    with pytest.raises(ParameterError, match="2 keys"):
        store.revoke("erp")
    store.revoke(key_id)
    store.revoke("erp")
    assert [key.revoked_at is not None for key in store.every_key()] == [True, True]
    assert not store.every_key()[0].holds(text, now=0.0)
    with pytest.raises(ParameterError, match="0 keys"):
        store.revoke(key_id)


def test_the_last_use_of_a_key_is_kept(store):
    key_id, _ = store.create_key(READER)
    store.note_use({key_id: 1_790_000_000.0})
    store.note_use({})
    assert store.every_key()[0].last_used_at.timestamp() == 1_790_000_000.0


@pytest.mark.parametrize(
    ("caller", "expires_on"),
    [(Caller("erp"), None), (Caller(" ", READER.scopes), None), (READER, date(2020, 1, 1))],
)
def test_a_key_that_could_do_nothing_is_not_made(store, caller, expires_on):
    with pytest.raises(ParameterError, match="key"):
        store.create_key(caller, expires_on=expires_on)
    assert store.every_key() == []


def test_asking_an_empty_store_makes_nothing(tmp_path):
    with AccessStore(f"sqlite:///{tmp_path / 'access.db'}") as store:
        assert store.every_key() == []
        assert store.entries() == []
    assert not list(tmp_path.iterdir())


def test_the_file_is_its_owners_alone(tmp_path):
    with AccessStore(f"sqlite:///{tmp_path / 'access.db'}") as store:
        store.create_key(READER)
        assert {one.stat().st_mode & 0o077 for one in tmp_path.iterdir()} == {0}


def test_a_store_of_another_version_is_refused(tmp_path):
    file = tmp_path / "access.db"
    with AccessStore(f"sqlite:///{file}") as store:
        store.create_key(READER)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE access_version SET version = 99")
    connection.close()
    with AccessStore(f"sqlite:///{file}") as store, pytest.raises(StoreError, match="version 99"):
        store.every_key()


def test_the_log_answers_who_asked_about_a_customer(store):
    store.append([entry(1, "C1", "C2"), entry(2, "C2", caller="desk"), entry(3)])
    assert [one.entry_id for one in store.entries()] == ["e3", "e2", "e1"]
    assert store.entries(customer_id="C2") == [entry(2, "C2", caller="desk"), entry(1, "C1", "C2")]
    assert [one.entry_id for one in store.entries(caller="desk")] == ["e2"]
    assert [one.entry_id for one in store.entries(most=1)] == ["e3"]
    second = datetime.fromtimestamp(1_790_000_002.0, UTC)
    assert [one.entry_id for one in store.entries(since=second)] == ["e3", "e2"]
    assert [one.entry_id for one in store.entries(until=second)] == ["e1"]


def test_an_entry_that_is_there_is_not_added_again(store):
    assert store.append([entry(1, "C1", "C1")]) == 1
    assert store.append([entry(1, "C1"), entry(2)], again=True) == 1
    assert len(store.entries()) == 2


@pytest.mark.parametrize("table", ["access_log", "access_log_customers"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET entry_id = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_log(store, table, verb):
    store.append([entry(1, "C1")])
    engine = connected(store.url, busy_seconds=5)
    with pytest.raises(StoreError), writing(engine) as connection:
        connection.execute(sa.text(verb.format(table)))
    engine.dispose()
    assert store.entries() == [entry(1, "C1")]


def test_a_large_question_is_logged_whole(store):
    ids = tuple(f"C{number:07}" for number in range(10_000))
    store.append([entry(1, *ids)])
    assert store.entries()[0].customer_ids == ids
    assert len(store.entries(customer_id=ids[-1])) == 1
