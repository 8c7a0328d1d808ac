"""A bundle and a policy on their way to another process."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import pandas as pd

from creditscore.errors import BundleError, PolicyError
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.rows import score_rows

CHANGED = "It is not the one that was sent to the executors."
AGAIN = "Run again."


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle and a policy on their way to an executor.

    Parameters
    ----------
    bundle_hash, policy_hash
        What the executor must find.
    policy
        Canonical text of the policy. Text and files are checked where they arrive, which an object that was built here
        would escape.
    files
        Content of each file of the bundle.
    """

    bundle_hash: str
    policy_hash: str
    policy: str = field(repr=False, compare=False)
    files: dict[str, bytes] = field(repr=False, compare=False)

    @classmethod
    def of(cls, bundle: Bundle, policy: Policy) -> Self:
        """Pack a bundle."""
        files = {path.name: path.read_bytes() for path in sorted(bundle.folder.iterdir())}
        return cls(bundle.hash, policy.hash, policy.text, files)

    def score(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Score feature rows by what is in the parcel."""
        return score_rows(*_unpacked(self), frame)


@lru_cache(maxsize=1)
def _unpacked(parcel: Parcel) -> tuple[Bundle, Policy]:
    """Open the bundle and build the policy of a parcel, once a process."""
    with TemporaryDirectory(prefix="creditscore-") as folder:
        for name, content in parcel.files.items():
            Path(folder, name).write_bytes(content)
        bundle = Bundle.open(Path(folder))
        _ = bundle.model, bundle.contract  # read while its files are there
    policy = Policy.from_text(parcel.policy)
    if bundle.hash != parcel.bundle_hash:
        raise BundleError(where="bundle", found=CHANGED, fix=AGAIN)
    if policy.hash != parcel.policy_hash:
        raise PolicyError(where="policy", found=CHANGED, fix=AGAIN)
    return bundle, policy
