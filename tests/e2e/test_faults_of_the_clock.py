"""The wall clock of a running server jumps by more than a year, forwards and backwards."""

import re
from datetime import date
from pathlib import Path

import pytest

from creditscore.scoring import score_days

SCORE = "/v1/customers/C0000001/score"
DAY = 86_400
JUMPS = (400, -400, 0)  # days from the true time

pytestmark = pytest.mark.slow


@pytest.fixture
def clock(tmp_path):
    """Return a file that says by how much time is shifted, and the environment of a server that obeys it."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if library is None:
        pytest.skip("faketime is not installed; apt-get install -y faketime")
    file = tmp_path / "shift"
    file.write_text("+0d", "ascii")
    environment = {
        "LD_PRELOAD": f"{library}",
        "FAKETIME_TIMESTAMP_FILE": f"{file}",
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as a real clock that is set leaves it alone
        "DONT_FAKE_MONOTONIC": "1",
    }
    return file, environment


def scores_age(server):
    text = server.client.get("/metrics").text
    return float(re.search(r"^creditscore_scores_age_seconds(?:\{.*\})? (\S+)", text, re.MULTILINE)[1])


def test_scores_and_readiness_survive_a_clock_that_is_set(scored, clock, serving):
    file, environment = clock
    with serving(scored, environment=environment) as server:
        before, age = server.client.get(SCORE).json(), scores_age(server)
        for days in JUMPS:
            file.write_text(f"{days:+}d", "ascii")
            expected = max(age + days * DAY, 0.0)
            server.wait_until(lambda wanted=expected: abs(scores_age(server) - wanted) < DAY)  # it did jump
            answer = server.client.get(SCORE)
            assert (answer.status_code, answer.json()) == (200, before)
            assert int(answer.headers["x-edition-age"]) < 60
            told = server.client.get("/readyz").json()
            assert (told["ready"], told["refused"]) == (True, [])
        file.write_text("-400d", "ascii")
        (run,) = score_days(scored, [date(2023, 3, 1)])
        server.wait_until(lambda: server.client.get("/readyz").json()["run_id"] == run.run_id)
    assert "Traceback" not in server.log
