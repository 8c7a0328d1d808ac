"""A file that takes the access log while its database is away."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from typing import Protocol

from creditscore_serving.access.entry import Entry


class Appends(Protocol):
    """What keeps entries for good."""

    def append(self, entries: Sequence[Entry], *, again: bool = False) -> int:
        """Add entries, those that are there already once."""
        ...


class Spill:
    """Entries that wait in a file, one JSON object a line; all processes of a workspace share it.

    Parameters
    ----------
    path
        The file; it is there only while something waits, and is its owner's alone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries, and return once they are on the disk.

        Raises
        ------
        OSError
            If the disk does not take them.
        """
        lines = b"".join(json.dumps(asdict(entry)).encode() + b"\n" for entry in entries)
        with self._open() as file:
            size = file.seek(0, os.SEEK_END)
            torn = size > 0 and os.pread(file.fileno(), 1, size - 1) != b"\n"  # by a process that was killed
            try:
                _write(file, (b"\n" if torn else b"") + lines)
            except OSError:
                file.truncate(size)  # what fitted on a full disk would swallow the line that comes next
                raise

    def empty_into(self, store: Appends) -> int:
        """Hand all that waits to the store, then forget it; return how many the store did not know.

        A crash in between leaves the file as it is, and the store leaves out what it has.

        Raises
        ------
        StoreError
            If the store does not take them; they wait on.
        """
        if not self.path.exists() or not self.path.stat().st_size:
            return 0
        with self._open() as file:
            file.seek(0)
            entries = [one for line in file if (one := _entry(line)) is not None]
            added = store.append(entries, again=True) if entries else 0
            file.truncate(0)
        return added

    @contextmanager
    def _open(self) -> Iterator[FileIO]:
        """Open the file as the only process that does."""
        number = os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
        with FileIO(number, "r+") as file:  # without a buffer, whose rest would be written after an error
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _write(file: FileIO, content: bytes) -> None:
    """Write all of it, and return once it is on the disk."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())


def _entry(line: bytes) -> Entry | None:
    """Return the entry of a line; ``None`` for the last one of a process that was killed while it wrote."""
    try:
        content = json.loads(line)
        return Entry(**{**content, "customer_ids": tuple(content["customer_ids"])})
    except (ValueError, TypeError, KeyError):
        return None
