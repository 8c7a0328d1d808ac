"""The disk of a running server fills up, and has room again."""

import os
import shutil
import subprocess

import pytest

from creditscore.domain import Workspace
from creditscore.scoring import DecisionStore
from creditscore_serving.access import AccessStore, Caller, Permission

SCORE = "/v1/customers/C0000001/score"
ASKED = 100  # fewer than a key may ask in a second
DISK_BYTES = 64 * 2**20
APPLICATION = {"customer_id": "C0000001", "amount": 5_000_000, "term_days": 60}

pytestmark = pytest.mark.slow


@pytest.fixture
def disk(tmp_path):
    """Mount a small disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("Only root may mount a small disk, and only where the system lets it.")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def place(scored_template, disk):
    """Return a scored workspace on that disk."""
    shutil.copytree(scored_template.root, disk / "portfolio")
    return Workspace(disk / "portfolio")


@pytest.fixture
def key(place):
    with AccessStore(place.access_url) as store:
        caller = Caller("erp", frozenset(Permission(one) for one in ("scores:read", "amounts:read", "decisions:write")))
        return {"authorization": f"Bearer {store.create_key(caller)[1]}"}


def fill(disk):
    """Fill the disk to the last byte."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return ballast


def kept(place):
    with DecisionStore(place.store_url) as store:
        return store.applications()


def test_scores_go_on_applications_wait_and_nothing_is_half_written(place, disk, key, serving):
    with serving(place) as server:
        ask = server.client
        ask.headers.update(key)
        before = ask.get(SCORE).json()
        ballast = fill(disk)
        for _ in range(20):
            answer = ask.post("/v1/applications", json=APPLICATION)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
            assert answer.headers["content-type"] == "application/problem+json"
            assert ask.get(SCORE).json() == before
        server.wait_until(lambda: "The access log cannot be written" in server.log)
        ballast.unlink()
        record = server.wait_until(lambda: ask.post("/v1/applications", json=APPLICATION).json().get("record_id"))
        assert ask.get("/readyz").json()["refused"] == []
    assert [one["record_id"] for one in kept(place)] == [record]
    with AccessStore(place.access_url) as store:
        entries = store.entries(caller="erp", most=10_000)
    asked = [(entry.action.split()[0], entry.status) for entry in entries]
    assert asked.count(("GET", 200)) == 21
    assert asked.count(("POST", 503)) >= 20
    assert asked.count(("POST", 200)) == 1
    assert not place.access_spill.exists() or place.access_spill.read_bytes() == b""
    assert "Traceback" not in server.log


def test_the_access_log_goes_to_a_file_while_the_disk_of_its_database_is_full(scored_template, disk, tmp_path, serving):
    place = Workspace(tmp_path / "portfolio")
    shutil.copytree(scored_template.root, place.root)
    url = f"sqlite:///{disk / 'access.db'}"
    with AccessStore(url) as store:
        key = store.create_key(Caller("erp", frozenset({Permission("scores:read")})))[1]
    with serving(place, environment={"CREDITSCORE_ACCESS_STORE": url}) as server:
        server.client.headers.update({"authorization": f"Bearer {key}"})
        ballast = fill(disk)
        for _ in range(ASKED):
            assert server.client.get(SCORE).status_code == 200
        server.wait_until(
            lambda: place.access_spill.exists() and place.access_spill.read_bytes().count(b"\n") > ASKED // 2
        )
        ballast.unlink()
        server.wait_until(lambda: place.access_spill.read_bytes() == b"")
    with AccessStore(url) as store:
        assert len(store.entries(caller="erp", most=10_000)) == ASKED
