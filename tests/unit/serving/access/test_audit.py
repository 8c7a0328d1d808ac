import pytest

from creditscore.errors import StoreError
from creditscore_serving.access import AuditLog, Caller
from creditscore_serving.access import spill as spill_module
from creditscore_serving.access.spill import Spill

ERP = Caller("erp", key_id="00ff00ff00ff")


class Shelf:
    """A store that is away when a test says so."""

    def __init__(self):
        self.entries = {}
        self.calls = 0
        self.away = False

    def append(self, entries, *, again=False):
        self.calls += 1
        if self.away:
            raise StoreError(where="score store", found="It cannot be reached.", fix="Wait.")
        fresh = {entry.entry_id: entry for entry in entries if entry.entry_id not in self.entries}
        assert again or len(fresh) == len(entries)
        self.entries |= fresh
        return len(fresh)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def spill(tmp_path):
    return Spill(tmp_path / "access-spill.jsonl")


def ask(log, count, *customer_ids):
    for _ in range(count):
        log.record(ERP, "POST /v1/scores", customer_ids, outcome=200, request_id="r1")


def test_entries_are_written_together(shelf, spill):
    log = AuditLog(shelf, spill, clock=lambda: 7.0)
    ask(log, 50, "C1")
    assert shelf.calls == 0
    log.write()
    assert shelf.calls == 1
    assert {(one.caller, one.customer_ids, one.asked_at) for one in shelf.entries.values()} == {("erp", ("C1",), 7.0)}
    assert len(shelf.entries) == 50


def test_nothing_is_lost_when_it_is_closed_in_order(shelf, spill):
    log = AuditLog(shelf, spill)
    log.start()
    log.start()
    ask(log, 1000)
    log.close()
    assert len(shelf.entries) == 1000


def test_while_the_store_is_away_a_file_takes_the_entries_and_gives_them_back(shelf, spill):
    log = AuditLog(shelf, spill)
    shelf.away = True
    ask(log, 3, "C1", "C2")
    log.write()
    assert shelf.entries == {}
    assert spill.path.stat().st_mode & 0o077 == 0
    assert len(spill.path.read_text().splitlines()) == 3
    shelf.away = False
    ask(log, 1)
    log.write()
    assert len(shelf.entries) == 4
    assert sorted(one.customer_ids for one in shelf.entries.values()) == [(), *[("C1", "C2")] * 3]
    assert spill.path.read_text() == ""


def test_another_process_takes_over_what_a_killed_one_left_in_the_file(shelf, spill):
    shelf.away = True
    left = AuditLog(shelf, spill)
    ask(left, 2)
    left.write()
    with spill.path.open("a") as file:
        file.write('{"entry_id": "half')
    shelf.away = False
    AuditLog(shelf, spill).write()
    assert len(shelf.entries) == 2


def test_a_file_that_was_handed_over_and_not_emptied_adds_nothing_twice(shelf, spill):
    shelf.away = True
    log = AuditLog(shelf, spill)
    ask(log, 2)
    log.write()
    text = spill.path.read_text()
    shelf.away = False
    log.write()
    spill.path.write_text(text)
    log.write()
    assert len(shelf.entries) == 2


def test_when_disk_and_store_are_away_it_says_that_it_is_full_and_later_loses_nothing(shelf, tmp_path):
    log = AuditLog(shelf, Spill(tmp_path / "no such folder" / "spill"), most_waiting=10)
    shelf.away = True
    ask(log, 4, "C1")
    log.write()
    assert not log.is_full
    ask(log, 1, "C1")
    assert log.is_full
    log.write()
    assert log.is_full
    shelf.away = False
    log.write()
    assert not log.is_full
    assert len(shelf.entries) == 5
    ids = [int(entry_id.partition("-")[2], 16) for entry_id in shelf.entries]
    assert ids == sorted(ids)


def test_what_no_database_takes_is_made_storable(shelf, spill):
    log = AuditLog(shelf, spill)
    ask(log, 1, "C\x00", chr(0xD800), "x" * 500)
    log.write()
    (entry,) = shelf.entries.values()
    assert entry.customer_ids == ("C?", "?", "x" * 200)


def test_a_disk_that_fills_up_while_the_file_is_written_costs_no_entry(shelf, spill, monkeypatch):
    log = AuditLog(shelf, spill)
    shelf.away = True
    ask(log, 3, "C0000001")
    log.write()
    whole = spill.path.read_bytes()

    def fill(file, content):
        file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(spill_module, "_write", fill)
        ask(log, 2, "C0000002")
        log.write()
    assert spill.path.read_bytes() == whole
    log.write()
    shelf.away = False
    log.write()
    assert len(shelf.entries) == 5


def test_a_line_that_a_killed_process_left_unfinished_swallows_no_other(shelf, spill):
    log = AuditLog(shelf, spill)
    spill.path.write_bytes(b'{"entry_id": "half a li')
    shelf.away = True
    ask(log, 2, "C0000001")
    log.write()
    shelf.away = False
    log.write()
    assert len(shelf.entries) == 2
