"""The champion's record, its bundle and the registry are lost, altered, and given back while a real server serves."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from creditscore.domain import Workspace

CREDITSCORE = Path(sys.executable).with_name("creditscore")
CUSTOMER = "/v1/customers/C0000001/score"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(scored, serving):
    with serving(scored) as started:
        yield started


def altered(folder):
    """Alter a file of a bundle, of the same length; return what it was."""
    file = next(folder.glob("trees*"))
    sound = file.read_bytes()
    file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    return file, sound


def refused(server):
    return server.client.get("/readyz").json()["refused"]


def test_without_the_registry_all_is_answered(server, scored):
    registry = scored.root / "mlruns"
    registry.mkdir()
    registry.rename(scored.root / "aside")
    assert server.client.get(CUSTOMER).status_code == 200
    assert refused(server) == []


def test_a_lost_record_of_the_champion_is_told_and_the_last_good_bundle_is_served_on(server, scored):
    before = server.client.get(CUSTOMER)
    record = scored.bundles / "champion.json"
    record.rename(scored.root / "champion.aside")
    try:
        assert "No bundle decides yet" in server.wait_until(lambda: refused(server))[0]
        server.wait_until(lambda: int(server.client.get(CUSTOMER).headers["x-edition-age"]) >= 2)
        assert server.client.get(CUSTOMER).json() == before.json()
        assert server.client.get("/readyz").status_code == 200
    finally:
        (scored.root / "champion.aside").rename(record)
    server.wait_until(lambda: not refused(server) and server.client.get("/readyz").json()["age_seconds"] == 0)


def test_a_bundle_that_is_altered_is_told_and_what_was_verified_is_served_on(server, scored):
    before = server.client.get(CUSTOMER)
    file, sound = altered(scored.bundles / "first")
    try:
        said = server.wait_until(lambda: refused(server))
        assert "is not the file that was written" in said[0]
        assert "Not taken up, the last good one is served on: bundle 'first'" in server.log
        after = server.client.get(CUSTOMER)
        assert after.json() == before.json()
        assert server.client.get("/v1/customers/C0000001/changes").status_code == 503  # reads the folder
        assert after.headers["x-edition"] == before.headers["x-edition"]
    finally:
        file.write_bytes(sound)
    server.wait_until(lambda: not refused(server))


def test_a_server_does_not_start_with_a_bundle_that_was_altered(scored_template, tmp_path):
    place = Workspace(tmp_path / "portfolio")
    shutil.copytree(scored_template.root, place.root)
    altered(place.bundles / "first")
    command = [CREDITSCORE, "serve", "--workspace", place.root]
    answer = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 1
    assert "is not the file that was written" in answer.stderr
