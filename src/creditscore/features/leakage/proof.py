"""What a proof says: which features move with what is learned later, which stay, which could not be tested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from creditscore.domain import Verdict
from creditscore.errors import ContractError, some
from creditscore.features.leakage.perturbing import Alteration


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A feature that moves with what is learned later.

    Parameters
    ----------
    feature
        Its name; ``customer_id`` where the list of customers itself moves.
    seen_in
        Where it moves: ``snapshot``, ``panel`` (a later day lends knowledge to an earlier one), ``observe``, ``daily``
        (the state that the daily run carries from day to day).
    customer_count
        Customers whose value moves.
    example
        One of them.
    tables
        Tables each of which moves it when it alone is perturbed; none where it takes several together.
    by_itself_flag
        Whether it moves without anything learned later: by chance, or by the other days that are asked for.
    """

    feature: str
    seen_in: tuple[str, ...]
    customer_count: int
    example: str
    tables: tuple[str, ...]
    by_itself_flag: bool

    @property
    def cause(self) -> str:
        """What moves it, in words."""
        if self.by_itself_flag:
            return "nothing learned later: chance, or the other days asked for"
        return ", ".join(self.tables) or "several tables together"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakageProof:
    """What became of the features of a day when all that was learned later was altered.

    Parameters
    ----------
    as_of
        The day.
    customer_count
        Customers whose features were compared, to the last bit.
    seed
        Seed of the perturbation.
    altered
        What was altered, table by table.
    moved
        Features that moved: they leak.
    still
        Features that did not move, though the same facts move them when they are learned in time.
    untested
        Features that did not move even then, so that nothing is proved of them.
    """

    as_of: date
    customer_count: int
    seed: int
    altered: tuple[Alteration, ...]
    moved: tuple[Moved, ...]
    still: tuple[str, ...]
    untested: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """Fail where a feature moves, unknown where none could be tested, review where some could not, else pass."""
        if self.moved:
            return Verdict.FAIL
        if not self.untested:
            return Verdict.PASS
        return Verdict.REVIEW if self.still else Verdict.UNKNOWN

    @property
    def summary(self) -> str:
        """The finding in one sentence."""
        count = len(self.moved) + len(self.still)
        found = f"{len(self.moved)} of {count} features tested on {self.customer_count:,} customers move"
        return f"{found} with what is learned after {self.as_of}; {len(self.untested)} could not be tested."

    def demand(self) -> None:
        """Refuse features that move.

        Raises
        ------
        ContractError
            If a feature moves.
        """
        if self.moved:
            raise ContractError(
                where="features",
                found=f"{len(self.moved)} move with what is learned after {self.as_of}: "
                f"{some(one.feature for one in self.moved)}.",
                fix="Make them of relations built with View.known or View.join, which hold what was known on the day.",
            )

    def frame(self) -> pd.DataFrame:
        """Return one row a feature: what was found, and for those that move where, for how many, and by what."""
        rows = [
            (one.feature, "moves", one.customer_count, one.example, ", ".join(one.seen_in), one.cause)
            for one in self.moved
        ]
        rows += _unmoved(self.untested, "untested") + _unmoved(self.still, "stays")
        columns = ["feature", "found", "customer_count", "example", "seen_in", "moved_by"]
        return pd.DataFrame(rows, columns=columns).set_index("feature")

    def perturbation(self) -> pd.DataFrame:
        """Return one row a table: how many facts were altered, and how."""
        names = ("table", "new_count", "version_count", "changed_count", "removed_count")
        rows = [[getattr(one, name) for name in names] for one in self.altered]
        return pd.DataFrame(rows, columns=list(names)).set_index("table")

    def __repr__(self) -> str:
        return f"<proof, {self.verdict}: {self.summary}>"

    def _repr_html_(self) -> str:
        shown = self.frame().query("found != 'stays'")
        tables = [shown, self.perturbation()] if len(shown) else [self.perturbation()]
        return f"<p><b>{self.verdict.upper()}</b> {self.summary}</p>" + "".join(table.to_html() for table in tables)


def _unmoved(names: Sequence[str], found: str) -> list[tuple[str, str, int, str, str, str]]:
    return [(name, found, 0, "", "", "") for name in names]
