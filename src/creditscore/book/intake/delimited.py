"""Delimited text in any encoding, read as text; a line that cannot be read is set aside with its number."""

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from creditscore.book.intake.rows import BrokenLine, Index, Rows
from creditscore.book.mapping import SourceMapping
from creditscore.errors import ContractError, some

BLOCK = 1 << 24
OF_SEVERAL_BYTES = ("utf-16", "utf-32", "utf_16", "utf_32")  # their lines cannot be told apart before decoding


def read_delimited(path: Path, formats: SourceMapping) -> Rows:
    """Read a delimited file, gzipped or not, with every column as text.

    Raises
    ------
    ContractError
        If the file is empty, has no header, names a column twice, or cannot be read as delimited text.
    """
    text, undecodable = _decoded(_content(path), path.name, formats.encoding)
    text = _trimmed(text, formats, path.name)
    lines = _line_numbers(text)
    names = formats.header or _header(text, path.name, formats.delimiter)
    table, ragged = _parsed(text, names, formats.delimiter, path.name)
    count = table.num_rows + len(ragged)
    known = lines if lines is not None and len(lines) == count else np.arange(1, count + 1)
    broken = [
        *undecodable,
        *(BrokenLine(line.file, int(known[line.number - 1]), line.rule, line.text) for line in ragged),
    ]
    first = 0 if formats.header else 1
    return Rows(
        table=table.slice(first),
        numbers=np.delete(known, [line.number - 1 for line in ragged])[first:],
        files=np.zeros(table.num_rows - first, np.int64),
        names=(path.name,),
        broken=tuple(broken),
    )


def _content(path: Path) -> bytes:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error):
        raise _unreadable(path.name, "It cannot be read.", "Check that it is there, whole and readable.") from None
    if not content.strip():
        raise _unreadable(path.name, "It is empty.", "Export it again; a file without rows still needs its header.")
    return content


def _decoded(content: bytes, name: str, encoding: str) -> tuple[str, list[BrokenLine]]:
    """Decode the whole file at once or, where that fails, line by line; an undecodable line becomes a blank one."""
    try:
        return content.decode(encoding).removeprefix("\ufeff"), []
    except UnicodeDecodeError:
        if encoding.lower().startswith(OF_SEVERAL_BYTES):
            raise _unreadable(name, f"It is not {encoding}.", "Declare its encoding in the mapping.") from None
    lines, broken = [], []
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            lines.append(line.decode(encoding))
        except UnicodeDecodeError:
            lines.append("")
            text = line.decode(encoding, "backslashreplace").rstrip("\r")
            broken.append(BrokenLine(name, number, "each_line_is_in_the_declared_encoding", text))
    return "\n".join(lines).removeprefix("\ufeff"), broken


def _trimmed(text: str, formats: SourceMapping, name: str) -> str:
    """Blank what stands before the header, so that line numbers stay, and cut what follows the block of rows."""
    if formats.skip_lines:
        rest = text.split("\n", formats.skip_lines)
        text = "\n" * formats.skip_lines + (rest[-1] if len(rest) > formats.skip_lines else "")
    if formats.stop_at is not None:
        lines = text.split("\n")
        start = next((index for index, line in enumerate(lines) if line.strip()), 0) + 1
        for index in range(start, len(lines)):
            line = lines[index].strip()
            if line.startswith(formats.stop_at) if formats.stop_at else not line:
                text = "\n".join(lines[:index])
                break
    if not text.strip():
        raise _unreadable(name, "It has no row after the skipped lines.", "Correct `skip_lines` in the mapping.")
    return text


def _line_numbers(text: str) -> Index | None:
    """Return the numbers of the lines that are not blank; None where no line is."""
    if "\n\n" not in text and "\n\r\n" not in text and not text.startswith(("\n", "\r\n")):
        return None
    return np.array([number for number, line in enumerate(text.split("\n"), start=1) if line.strip("\r")], np.int64)


def _header(text: str, name: str, delimiter: str) -> tuple[str, ...]:
    names = [
        column.strip() for column in next(csv.reader([text.lstrip("\r\n").split("\n", 1)[0]], delimiter=delimiter))
    ]
    twice = sorted({column for column in names if names.count(column) > 1})
    if twice:
        raise _unreadable(
            name, f"Its header names {some(twice)} twice.", "Rename one, or give `header` in the mapping."
        )
    return tuple(names)


@dataclass(frozen=True, slots=True)
class _Ragged:
    """Collects the rows that have more or fewer values than the header; the file is then read in one thread."""

    name: str
    lines: list[BrokenLine]

    def __call__(self, row: pa.csv.InvalidRow) -> str:
        self.lines.append(BrokenLine(self.name, row.number, "each_line_has_as_many_values_as_the_header", row.text))
        return "skip"


def _parsed(text: str, names: tuple[str, ...], delimiter: str, file: str) -> tuple[pa.Table, list[BrokenLine]]:
    content = text.encode()
    try:
        return _read(content, names, delimiter, ragged=None), []
    except pa.ArrowInvalid:  # some line is ragged: read again, slower, and set such lines aside
        ragged = _Ragged(file, [])
    try:
        return _read(content, names, delimiter, ragged=ragged), ragged.lines
    except pa.ArrowInvalid:
        raise _unreadable(
            file, "It is no delimited text.", "Check `delimiter`, `encoding` and `skip_lines` in the mapping."
        ) from None


def _read(content: bytes, names: tuple[str, ...], delimiter: str, *, ragged: _Ragged | None) -> pa.Table:
    return pa.csv.read_csv(
        io.BytesIO(content),
        read_options=pa.csv.ReadOptions(use_threads=ragged is None, block_size=BLOCK, column_names=list(names)),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=ragged),
        convert_options=pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    )


def _unreadable(name: str, found: str, fix: str) -> ContractError:
    return ContractError(where=f"file {name!r}", found=found, fix=fix)
