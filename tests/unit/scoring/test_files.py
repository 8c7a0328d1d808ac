import pytest

from creditscore.errors import StoreError
from creditscore.scoring.files import whole_file, whole_folder


def write_half(path, number):
    path.write_bytes(b"half")
    raise OSError(number, "refused")


def test_a_file_is_there_whole_or_as_it_was(tmp_path):
    path = tmp_path / "day" / "scores.parquet"
    with whole_file(path) as draft:
        draft.write_bytes(b"first")
    with pytest.raises(StoreError, match=r"day/scores\.parquet: The disk is full"), whole_file(path) as draft:
        write_half(draft, 28)
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in path.parent.iterdir()] == ["scores.parquet"]


def test_a_folder_is_there_whole_or_not_at_all(tmp_path):
    with pytest.raises(StoreError, match="cannot be written: refused"), whole_folder(tmp_path / "bundle") as draft:
        write_half(draft / "model.json", 13)
    assert list(tmp_path.iterdir()) == []
    with whole_folder(tmp_path / "bundle") as draft:
        (draft / "model.json").write_bytes(b"whole")
    assert (tmp_path / "bundle" / "model.json").read_bytes() == b"whole"
    assert (tmp_path / "bundle").stat().st_mode & 0o777 == 0o755


def test_a_mistake_in_the_block_is_not_taken_for_the_disks(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "scores.parquet") as draft:
        draft.write_bytes(bytes(1 // 0))
    assert list(tmp_path.iterdir()) == []
