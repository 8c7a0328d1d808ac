"""How ``creditscore serve`` begins: what it waits for, and for how long."""

import time

import pytest

from creditscore.errors import BundleError
from creditscore_serving import commands
from creditscore_serving.commands import patiently


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr(commands, "LOOK_EVERY_SECONDS", 0.01)


def test_a_server_waits_for_what_it_serves_and_says_each_reason_once(capsys):
    reasons = [BundleError(where="champion", found=found, fix="Train.") for found in ("None.", "None.", "Altered.")]

    def look():
        if reasons:
            raise reasons.pop(0)
        return "bundle"

    assert patiently(look, seconds=60) == "bundle"
    said = capsys.readouterr().out.splitlines()
    assert said == ["Waiting. champion: None. Train.", "Waiting. champion: Altered. Train."]


def test_a_server_does_not_wait_for_ever_nor_at_all_unless_told(capsys):
    looks = []

    def look():
        looks.append(time.monotonic())
        raise BundleError(where="champion", found="None.", fix="Train.")

    with pytest.raises(BundleError):
        patiently(look, seconds=0)
    assert (len(looks), capsys.readouterr().out) == (1, "")
    with pytest.raises(BundleError):
        patiently(look, seconds=0.1)
    assert len(looks) > 2
    assert looks[-1] - looks[1] < 0.1
