"""What a run leaves to the next day is there whole, whoever else leaves it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier

import pandas as pd
import pytest

from creditscore.decisions import Standing
from creditscore.domain import Workspace
from creditscore.errors import StoreError
from creditscore.scoring import carried
from creditscore.scoring.carried import FRAMES, carried_folder, read_applicant, read_carried, write_carried
from creditscore.scoring.run import RunInputs

INPUTS = RunInputs(
    as_of=date(2024, 1, 1),
    snapshot_hash="a",
    accounts_hash="b",
    bundle_hash="c",
    policy_hash="d",
    code_version="e",
    previous_run_id=None,
)
STANDING = Standing(
    as_of=INPUTS.as_of,
    customers=pd.DataFrame({"customer_id": pd.Series(["C1"], dtype="str"), "held_amount": [300]}),
    alerts=pd.DataFrame({"invoice_id": pd.Series(["I1"], dtype="str")}),
    freezes=pd.DataFrame({"customer_id": pd.Series(["C1"], dtype="str")}),
)
APPLICANTS = pd.DataFrame({"customer_id": pd.Series(["C1"], dtype="str"), "limit_amount": [900]})
WRITE = carried.write_frame


@pytest.fixture
def place(tmp_path):
    return Workspace(tmp_path)


def leave(place):
    write_carried(place, INPUTS, STANDING, applicants=APPLICANTS)


def left(place):
    """Return all that lies beside the folder of the run, drafts included, and the bytes within."""
    folder = carried_folder(place, INPUTS)
    return {str(path.relative_to(folder.parent)): path.read_bytes() for path in folder.parent.rglob("*.parquet")}


def test_what_is_left_is_read_back(place):
    leave(place)
    found = read_carried(place, INPUTS)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(found, name), getattr(STANDING, name), check_exact=True)
    assert read_applicant(place, INPUTS, "C1") == {"customer_id": "C1", "limit_amount": 900}


def test_of_two_that_leave_the_same_run_at_once_both_are_done_and_one_folder_is_there(place, monkeypatch):
    """Both have looked and found nothing before either gives its folder the name."""
    met = Barrier(2, timeout=10)

    def write_once_both_have_looked(frame, path):
        if path.name == "customers.parquet":
            met.wait()
        WRITE(frame, path)

    with monkeypatch.context() as meeting, ThreadPoolExecutor(2) as threads:
        meeting.setattr(carried, "write_frame", write_once_both_have_looked)
        for done in [threads.submit(leave, place) for _ in range(2)]:
            done.result()
    both = left(place)
    assert sorted(both) == sorted(f"{INPUTS.run_id}/{name}.parquet" for name in (*FRAMES, "applicants"))
    assert both == left_by_one_alone(place)


def left_by_one_alone(place):
    alone = replace(place, root=place.root / "alone")
    leave(alone)
    return left(alone)


def test_a_folder_that_appears_before_the_name_is_taken_stays_as_it_is(place, monkeypatch):
    def write_after_another_is_done(frame, path):
        monkeypatch.undo()
        leave(place)
        WRITE(frame, path)

    monkeypatch.setattr(carried, "write_frame", write_after_another_is_done)
    leave(place)
    assert left(place) == left_by_one_alone(place)


def test_what_cannot_be_written_is_refused_and_nothing_of_it_remains(place, monkeypatch):
    def refuse(frame, path):
        if path.name == "freezes.parquet":
            raise OSError(28, "refused")
        WRITE(frame, path)

    monkeypatch.setattr(carried, "write_frame", refuse)
    with pytest.raises(StoreError, match="The disk is full"):
        leave(place)
    assert list(carried_folder(place, INPUTS).parent.iterdir()) == []
    with pytest.raises(StoreError, match=rf"is gone\. Run `creditscore score --as-of {INPUTS.as_of}`"):
        read_carried(place, INPUTS)
