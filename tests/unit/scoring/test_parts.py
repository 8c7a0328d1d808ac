"""A folder of Parquet files reads like the one file of the embedded run."""

import pandas as pd
import pytest

from creditscore.features import snapshot_hash
from creditscore.scoring import score_rows
from creditscore.scoring.files import is_whole
from creditscore.scoring.parts import Parts


@pytest.fixture
def scores(bundle, policy, snapshot_rows):
    return score_rows(bundle, policy, snapshot_rows)


@pytest.fixture
def folder(tmp_path, scores):
    """Return the scores in two files that split the customers out of order."""
    for number, rows in enumerate((scores.iloc[1::2], scores.iloc[::2])):
        plain = rows.assign(as_of=rows["as_of"].dt.date)
        plain.to_parquet(tmp_path / f"part-{number}.parquet", index=False)
    return tmp_path


def test_all_rows_are_those_of_the_frame(folder, scores):
    pd.testing.assert_frame_equal(Parts(folder).frame(), scores, check_exact=True)


def test_the_hash_is_that_of_the_frame_although_one_column_is_read_at_a_time(tmp_path, snapshot_rows):
    for number, rows in enumerate((snapshot_rows.iloc[1::2], snapshot_rows.iloc[::2])):
        rows.assign(as_of=rows["as_of"].dt.date).to_parquet(tmp_path / f"part-{number}.parquet", index=False)
    assert snapshot_hash(Parts(tmp_path)) == snapshot_hash(snapshot_rows)


def test_a_folder_is_whole_when_it_was_written_to_its_end(folder):
    assert not is_whole(folder)
    (folder / "_SUCCESS").touch()
    assert is_whole(folder)
    assert is_whole(folder / "part-0.parquet")
