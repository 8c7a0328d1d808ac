"""What a replay found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from creditscore.errors import StoreError, some
from creditscore.scoring.bits import Difference
from creditscore.scoring.run import DailyRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that explains a difference, or that whoever replays should know.

    Parameters
    ----------
    code
        What it is, for programs.
    text
        A sentence or two.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A run, or some customers of it, made once more and compared with the ledger bit by bit.

    Parameters
    ----------
    run
        The run as the ledger has it.
    customer_ids
        Customers asked for; none means the whole day.
    customer_count
        Customers compared.
    replayed_by
        Version of the code that replayed.
    checked
        Columns compared, by table.
    differences
        What differs; nothing where the replay gives the recorded bits.
    findings
        Why, where it can be told, and what else is to be known.
    """

    run: DailyRun
    customer_ids: tuple[str, ...]
    customer_count: int
    replayed_by: str
    checked: Mapping[str, tuple[str, ...]]
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]

    @property
    def is_identical(self) -> bool:
        """Whether every bit that was compared is the recorded one."""
        return not self.differences

    @property
    def summary(self) -> str:
        """The result in a sentence."""
        columns = sum(map(len, self.checked.values()))
        what = f"{self.customer_count:,} customers of {self.run.as_of}, run {self.run.run_id[:12]}"
        if self.is_identical:
            return f"{what}: identical to the bit in {columns} columns of {len(self.checked)} tables."
        places = dict.fromkeys(f"{one.table}.{one.column}" for one in self.differences)
        return f"{what}: {len(places)} of {columns} columns differ: {some(places)}."

    def as_record(self) -> dict[str, Any]:
        """Return all of it as plain content for JSON."""
        return {
            "run_id": self.run.run_id,
            "as_of": str(self.run.as_of),
            "customer_ids": list(self.customer_ids) or None,
            "customer_count": self.customer_count,
            "is_identical": self.is_identical,
            "bundle_hash": self.run.bundle_hash,
            "policy_hash": self.run.policy_hash,
            "snapshot_hash": self.run.snapshot_hash,
            "code_version": self.run.code_version,
            "replayed_by": self.replayed_by,
            "checked": {table: list(columns) for table, columns in self.checked.items()},
            "differences": [asdict(one) | {"examples": list(one.examples)} for one in self.differences],
            "findings": [asdict(one) for one in self.findings],
        }

    def demand(self) -> None:
        """Raise unless every bit is the recorded one.

        Raises
        ------
        StoreError
            If any differs.
        """
        if not self.is_identical:
            raise StoreError(
                where=f"replay of {self.run.as_of}",
                found=self.summary,
                fix=" ".join(one.text for one in self.findings) or "Nothing recorded tells why.",
            )
