"""Feature frames as matrices and as hashes."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.errors import ContractError, some
from creditscore.features.definition import Feature

KEYS = ("customer_id", "as_of")


def feature_matrix(frame: pd.DataFrame, features: Sequence[Feature]) -> npt.NDArray[np.float64]:
    """Return the features of a frame as a matrix of shape (rows, features), in the order of ``features``.

    Raises
    ------
    ContractError
        If the frame lacks a feature.
    """
    names = [feature.name for feature in features]
    lacking = [name for name in names if name not in frame.columns]
    if lacking:
        raise ContractError(
            where="feature frame",
            found=f"{len(lacking)} of {len(names)} features are missing: {some(lacking)}.",
            fix="Make the frame with snapshot, panel or observe for these features.",
        )
    return np.ascontiguousarray(frame[names].to_numpy(np.float64))


class Columns(Protocol):
    """A frame of which one column at a time is looked at, such as one that is too large for the memory."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""

    def __getitem__(self, name: str) -> pd.Series:
        """Return a column."""


def snapshot_hash(frame: pd.DataFrame | Columns) -> str:
    """Return a SHA-256 over ids, days, column names and the bits of every value, in the frame's order.

    Equal snapshots have equal hashes on every machine; all missing values are one value.

    >>> frame = pd.DataFrame({"customer_id": ["C1"], "as_of": np.array(["2024-01-31"], "datetime64[ms]"), "x": [0.5]})
    >>> snapshot_hash(frame)[:12]
    '3c7aeb06afc2'
    """
    names = [name for name in frame.columns if name not in KEYS]
    digest = hashlib.sha256(_joined(names))
    digest.update(_joined(frame["customer_id"]))
    digest.update(frame["as_of"].to_numpy().astype("datetime64[D]").astype("<i8").tobytes())
    for name in names:
        values = frame[name].to_numpy(np.float64)
        digest.update(np.where(np.isnan(values), np.nan, values).astype("<f8", copy=False).data)
    return digest.hexdigest()


def _joined(texts: Iterable[str]) -> bytes:
    return json.dumps(list(texts)).encode()
