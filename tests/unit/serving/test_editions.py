"""What is newer is taken up when it is sound, and nothing else is."""

import json
import shutil
from datetime import date

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import champion_of, open_champion, score_days, set_champion
from creditscore_serving.desk.desk import Desk
from creditscore_serving.served import editions as module
from creditscore_serving.served.editions import NotReadyError


@pytest.fixture
def place(scored_template, tmp_path):
    shutil.copytree(scored_template.root, tmp_path / "portfolio")
    return Workspace(tmp_path / "portfolio")


@pytest.fixture
def desk(place):
    desk = Desk(place)
    yield desk
    desk.close()


def test_nothing_is_served_before_an_edition_is_made(desk):
    with pytest.raises(NotReadyError, match="Ask again"):
        desk.editions.take()
    assert desk.editions.refresh()
    assert desk.editions.take() is desk.editions.current


def test_looking_again_changes_nothing(desk):
    desk.editions.refresh()
    edition = desk.editions.current
    assert not desk.editions.refresh()
    assert desk.editions.current is edition


def test_a_promotion_and_a_new_run_are_taken_up_and_an_edition_in_use_stays_as_it_was(desk, place):
    desk.editions.refresh()
    first = desk.editions.current
    set_champion(place, "second")
    assert desk.editions.refresh()
    second = desk.editions.current
    assert second.model.bundle.hash != first.model.bundle.hash
    assert second.day is first.day
    score_days(place, [date(2023, 2, 28)])
    assert desk.editions.refresh()
    third = desk.editions.current
    assert third.day.run.bundle_hash == third.model.bundle.hash == second.model.bundle.hash
    assert third.day.run.run_id != second.day.run.run_id
    assert (first.day.run.run_id, first.day.run.bundle_hash) == (second.day.run.run_id, first.model.bundle.hash)
    assert len({first.id, second.id, third.id}) == 3


def test_a_bundle_that_does_not_verify_is_not_taken_up_and_the_new_run_still_is(desk, place, monkeypatch):
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    desk.editions.refresh()
    first = desk.editions.current
    set_champion(place, "second")
    file = next((place.bundles / "second").glob("trees*"))
    sound = file.read_bytes()
    file.write_bytes(sound[:-1] + b"!")
    desk.editions.refresh()
    assert desk.editions.current is first
    assert any("bundle 'second'" in reason for reason in desk.editions.refused)
    file.write_bytes(sound)
    desk.editions.refresh()
    assert desk.editions.refused == ()
    assert desk.editions.current.model.bundle.hash == open_champion(place).hash


def test_a_damaged_record_of_the_champion_or_a_lost_store_keeps_the_last_good_edition(desk, place, monkeypatch):
    desk.editions.refresh()
    first = desk.editions.current
    record = place.bundles / "champion.json"
    content = record.read_text("utf-8")
    record.write_text("{", "utf-8")
    (place.root / "scores.db").rename(place.root / "aside.db")
    (place.root / "scores.db").write_bytes(b"no database at all, but long enough to be looked at" * 20)
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + 100)
    desk.editions.refresh()
    assert desk.editions.current is first
    assert len(desk.editions.refused) == 2
    assert desk.editions.age_seconds >= 100
    record.write_text(content, "utf-8")
    (place.root / "aside.db").replace(place.root / "scores.db")
    desk.editions.refresh()
    assert desk.editions.refused == ()
    assert desk.editions.age_seconds == 0


def test_a_bundle_that_is_altered_in_its_place_is_told_and_what_was_verified_is_served_on(desk, place, monkeypatch):
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    desk.editions.refresh()
    first = desk.editions.current
    file = next((place.bundles / "first").glob("trees*"))
    sound = file.read_bytes()
    file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    desk.editions.refresh()
    assert desk.editions.current is first
    assert "is not the file that was written" in desk.editions.refused[0]
    file.write_bytes(sound)
    desk.editions.refresh()
    assert desk.editions.refused == ()
    assert desk.editions.current.model.bundle is first.model.bundle


def test_a_look_that_does_not_end_is_told(desk, monkeypatch):
    desk.editions.refresh()
    now = module.time.monotonic()
    seen = []

    def hang(_):
        monkeypatch.setattr(module.time, "monotonic", lambda: now + 100)
        seen.extend(desk.editions.refused)

    monkeypatch.setattr(type(desk.store), "latest_run", hang)
    desk.editions.refresh()
    assert seen == ["The look for something newer has not ended for 100 s: the store hangs."]


def test_a_bundle_put_in_place_of_the_champion_is_refused(desk, place):
    desk.editions.refresh()
    champion = champion_of(place)
    record = {"folder_name": "second", "bundle_hash": champion.bundle_hash, "registry_version": None}
    (place.bundles / "champion.json").write_text(json.dumps(record), "utf-8")
    desk.editions.refresh()
    assert desk.editions.current.model.bundle.folder.name == "first"
    assert desk.editions.refused
