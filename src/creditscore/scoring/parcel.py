"""A bundle and a policy on their way to another process."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pandas as pd

from creditscore.errors import BundleError
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.rows import score_rows


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle and a policy on their way to an executor.

    Parameters
    ----------
    bundle_hash
        Hash of the bundle.
    policy
        The policy.
    files
        Content of each file of the bundle.
    """

    bundle_hash: str
    policy: Policy = field(compare=False)
    files: dict[str, bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, bundle: Bundle, policy: Policy) -> Self:
        """Pack a bundle."""
        return cls(bundle.hash, policy, {path.name: path.read_bytes() for path in sorted(bundle.folder.iterdir())})

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Score feature rows by what is in the parcel."""
        return score_rows(_unpacked(self), self.policy, frame)


@lru_cache(maxsize=1)
def _unpacked(parcel: Parcel) -> Bundle:
    """Open the bundle of a parcel, once a process."""
    with TemporaryDirectory(prefix="creditscore-") as folder:
        for name, content in parcel.files.items():
            Path(folder, name).write_bytes(content)
        bundle = Bundle.open(Path(folder))
        _ = bundle.model, bundle.contract  # read while its files are there
    if bundle.hash != parcel.bundle_hash:
        raise BundleError(where="bundle", found="It is not the one that was sent to the executors.", fix="Run again.")
    return bundle
