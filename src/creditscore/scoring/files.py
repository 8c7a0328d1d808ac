"""Files that are there whole or not at all."""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from creditscore.errors import StoreError

LOCK = ".lock"
ROW_GROUP = 131_072  # rows of a Parquet file that an engine reads at once
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name beside ``path`` to write to, and take it as ``path`` in one step if the block ends well.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written; ``path`` is then as it was.
    """
    with _speaking_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.parent / f".{path.name}.{os.getpid()}"
        try:
            yield draft
            _flush(draft)
            if path.is_dir():  # a cluster wrote the day before
                shutil.rmtree(path)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process at a time change the records of a folder; the others wait.

    The system takes the lock back from a process that dies.

    Raises
    ------
    StoreError
        If the folder cannot be written.
    """
    with _speaking_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    with lock:
        with _speaking_of(folder):  # some network disks know no locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame of one row a customer as a Parquet file that is there whole or not at all.

    Raises
    ------
    StoreError
        As :func:`whole_file` does.
    """
    # Ids and most numbers differ from row to row: a dictionary of them would take time and space.
    codes = [name for name in frame.columns if frame[name].dtype == "str" and name != "customer_id"]
    with whole_file(path) as draft:
        frame.to_parquet(draft, index=False, compression="zstd", row_group_size=ROW_GROUP, use_dictionary=codes)


def is_whole(path: Path) -> bool:
    """Tell whether a Parquet file is there, or the folder of such files that a cluster has written to its end."""
    return path.is_file() or (path / "_SUCCESS").is_file()


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``folder`` to fill, and take it as ``folder`` in one step if the block ends well.

    Raises
    ------
    StoreError
        If the disk is full or the parent folder cannot be written; nothing of the new folder then remains.
    """
    with _speaking_of(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            yield draft
            for path in draft.iterdir():
                _flush(path)
            draft.chmod(0o755)  # mkdtemp makes folders that only their owner may read
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _flush(path: Path) -> None:
    """Wait until the file is on the disk, so that a power cut cannot leave its name without its content."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


@contextmanager
def _speaking_of(path: Path) -> Iterator[None]:
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        full = error.errno in FULL
        raise StoreError(
            where=f"{path.parent.name}/{path.name}",
            found="The disk is full." if full else f"It cannot be written: {error.strerror or type(error).__name__}.",
            fix="Free some space and run again; what was there before is untouched."
            if full
            else "Check the folder's permissions and run again.",
        ) from error
