"""Facts on a disk: one plain file a field, opened without being read."""

import mmap
from pathlib import Path
from typing import Self

import numpy as np

from creditscore.features.daily.shelf import HIGH, LOW, Arrays, Fields, Part, Places, Shelf, latest, nothing_of


class ShelfWriter:
    """Appends facts to the files of a shelf, piece by piece, so that they need not fit into memory.

    Parameters
    ----------
    folder
        Where the files go.
    name
        What their names begin with.
    fields
        Fields of the facts.
    """

    def __init__(self, folder: Path, name: str, fields: Fields) -> None:
        self._files = {field: _path(folder, name, field).open("wb") for field in fields}

    def write(self, facts: Arrays) -> None:
        """Append some facts."""
        for field, file in self._files.items():
            np.ascontiguousarray(facts[field]).tofile(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()


def filled(folder: Path, name: str, fields: Fields) -> Shelf:
    """Return the shelf of files that were just written; of several versions of a fact the latest stands."""
    arrays = _opened(folder, name, fields)
    order = np.argsort(arrays[LOW], kind="stable")
    np.save(folder / f"{name}_order.npy", order)
    base = Part.of(arrays)
    return Shelf(base.without(_outdated(arrays, order)), _order(folder, name), Part.of(nothing_of(fields)))


def opened(folder: Path, name: str, fields: Fields, *, day: Path) -> Shelf:
    """Open the shelf of a day: the files that many days share, and what the day adds to them."""
    base = Part.of(_opened(folder, name, fields)).without(np.load(day / f"{name}_dead.npy"))
    tail = Part.of({field: np.load(day / f"{name}_{field}.npy") for field in fields})
    return Shelf(base, _order(folder, name), tail)


def kept(shelf: Shelf, name: str, *, day: Path) -> None:
    """Write what a day adds to the files that many days share."""
    np.save(day / f"{name}_dead.npy", np.flatnonzero(shelf.base.dead))
    for field, values in shelf.tail.arrays.items():
        np.save(day / f"{name}_{field}.npy", values)


def rewritten(shelf: Shelf, folder: Path, name: str, fields: Fields) -> Shelf:
    """Write all facts that stand into new files, field by field."""
    for field in fields:
        with _path(folder, name, field).open("wb") as file:
            for part in shelf.parts:
                part.arrays[field][part.living].tofile(file)
    return filled(folder, name, fields)


def let_go(shelf: Shelf) -> None:
    """Give the pages of a shelf's files back to the system, which reads them again where they are needed."""
    for values in (*shelf.base.arrays.values(), shelf.order):
        mapped: object = values.base.base if isinstance(values.base, np.memmap) else None
        if isinstance(mapped, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            mapped.madvise(mmap.MADV_DONTNEED)  # nobody writes into a page, so none has anything to lose


def _path(folder: Path, name: str, field: str) -> Path:
    return folder / f"{name}_{field}.bin"


def _opened(folder: Path, name: str, fields: Fields) -> Arrays:
    found = {}
    for field, kind in fields.items():
        path = _path(folder, name, field)
        # Copies on write only say that they may be written, as the kernels demand; nobody does.
        found[field] = np.asarray(np.memmap(path, kind, "c")) if path.stat().st_size else np.empty(0, kind)
    return found


def _order(folder: Path, name: str) -> Places:
    order: Places = np.asarray(np.load(folder / f"{name}_order.npy", mmap_mode="c"))
    return order


def _outdated(arrays: Arrays, order: Places) -> Places:
    """Return where older versions of facts lie that have a later one."""
    lows = arrays[LOW][order]
    again = np.zeros(len(order), np.bool_)
    again[1:] = lows[1:] == lows[:-1]
    again[:-1] |= again[1:]
    places = order[again]
    several = {name: arrays[name][places] for name in (LOW, HIGH, "known_on")} | {"place": places}
    return np.setdiff1d(places, latest(several)["place"])
