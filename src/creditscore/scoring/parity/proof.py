"""What a proof of parity found."""

from dataclasses import asdict, dataclass
from typing import Any

from creditscore.errors import StoreError, some
from creditscore.scoring.bits import Difference
from creditscore.scoring.run import DailyRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PathResult:
    """What one path gave, beside what the daily run recorded.

    Parameters
    ----------
    path
        The path, in words.
    customer_count
        Customers compared.
    column_count
        Columns compared.
    differing_count
        Customers of whom a bit differs, or that only one of the two knows.
    differences
        Columns that differ.
    note
        What else is to be known: another bundle answered, say.
    """

    path: str
    customer_count: int
    column_count: int
    differing_count: int = 0
    differences: tuple[Difference, ...] = ()
    note: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether every bit is the recorded one, of the same bundle and policy."""
        return not self.differences and not self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class ParityProof:
    """One scored day on every path.

    Parameters
    ----------
    run
        The run that is served for the day.
    paths
        The paths, in the order in which they were gone.
    """

    run: DailyRun
    paths: tuple[PathResult, ...]

    @property
    def is_equal(self) -> bool:
        """Whether all paths gave the recorded bits."""
        return all(path.is_equal for path in self.paths)

    @property
    def summary(self) -> str:
        """The result in a sentence."""
        wrong = [path.path for path in self.paths if not path.is_equal]
        day = f"{self.run.customer_count:,} customers of {self.run.as_of}, run {self.run.run_id[:12]}"
        if not wrong:
            return f"{day}: {len(self.paths)} paths, the same bits on each."
        return f"{day}: {len(wrong)} of {len(self.paths)} paths give other bits: {some(wrong)}."

    def as_record(self) -> dict[str, Any]:
        """Return all of it as plain content for JSON."""
        paths = [asdict(path) | {"is_equal": path.is_equal} for path in self.paths]
        for path in paths:
            path["differences"] = [one | {"examples": list(one["examples"])} for one in path["differences"]]
        return {
            "run_id": self.run.run_id,
            "as_of": str(self.run.as_of),
            "bundle_hash": self.run.bundle_hash,
            "policy_hash": self.run.policy_hash,
            "is_equal": self.is_equal,
            "paths": paths,
        }

    def demand(self) -> None:
        """Raise unless all paths gave the recorded bits.

        Raises
        ------
        StoreError
            If one did not.
        """
        if self.is_equal:
            return
        notes = dict.fromkeys(path.note for path in self.paths if path.note)
        raise StoreError(
            where=f"parity of {self.run.as_of}",
            found=self.summary,
            fix=" ".join(notes) or "`creditscore replay` tells what moved since the run.",
        )
