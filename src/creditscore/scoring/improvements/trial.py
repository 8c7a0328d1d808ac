"""What a customer's score would be under hypothetical facts: its own features, computed by the ordinary engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, Book
from creditscore.domain import Colour
from creditscore.errors import StoreError
from creditscore.features import Feature, Peers, panel
from creditscore.features.beside import beside, peer_totals
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.improvements.facts import ENDS, CustomerFacts
from creditscore.scoring.improvements.results import Additions, Outcome
from creditscore.scoring.recorded import RecordedScore
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.snapshots import daily_features

UNCHANGED: Additions = {}
IDS = {
    "customers": ("customer_id",),
    "invoices": ("invoice_id", "customer_id"),
    "payments": ("payment_id", "invoice_id"),
    "facilities": ("facility_id", "customer_id"),
    "events": ("event_id", "customer_id"),
    "statements": ("customer_id",),
}


@dataclass(frozen=True)
class Trial:
    """Scores one customer under many sets of hypothetical facts at once.

    Each set makes a twin of the customer: all its facts again, and the hypothetical ones. The twins share a small book
    with the customers that the customer is linked to and with all published figures; of its peers the totals are
    enough. The real book is only read. With every batch an unchanged twin is computed as well, whose features must be
    those of the stored snapshot to the bit.

    Parameters
    ----------
    book
        The real book.
    recorded
        The customer's score of the day.
    facts
        The customer's facts of that day.
    """

    book: Book
    recorded: RecordedScore
    facts: CustomerFacts

    def outcomes(self, hypotheses: Sequence[Additions]) -> list[Outcome]:
        """Return what the score would be under each set of hypothetical facts.

        Raises
        ------
        StoreError
            If the facts of the book do not give the stored snapshot any more.
        """
        scores = score_rows(self.recorded.bundle, self.recorded.policy, self.rows(hypotheses))
        found = scores[["score", "log_odds", "colour"]].itertuples(index=False)
        return [Outcome(score, log_odds, Colour(colour)) for score, log_odds, colour in found]

    def rows(self, hypotheses: Sequence[Additions]) -> pd.DataFrame:
        """Return the customer's row of the snapshot under each set of hypothetical facts, as they are scored.

        Raises
        ------
        StoreError
            If the facts of the book do not give the stored snapshot any more.
        """
        twins = [UNCHANGED, *hypotheses]
        with TemporaryDirectory(prefix="creditscore-") as folder:
            small = Book.create(Path(folder) / "book", currency=self.book.currency).write(self._tables(twins))
            frame = self._features(small, len(twins))
        self._check(frame.iloc[:1])
        return frame.iloc[1:].reset_index(drop=True)

    def _features(self, small: Book, count: int) -> pd.DataFrame:
        """Return the twins' rows of a snapshot, in their order."""
        twins = pd.DataFrame({"customer_id": [self._twin(place) for place in range(count)]})
        everyone = panel(small, days=[self.facts.as_of], features=self._wanted)
        return with_default_flag(small, self.recorded.bundle, twins.merge(everyone, on="customer_id"))

    @cached_property
    def _wanted(self) -> tuple[Feature, ...]:
        features = daily_features(self.recorded.bundle)
        if all(one.relation is not Peers for one in features):
            return features
        facts = self.facts
        return beside(features, peer_totals(self.book, customer_id=facts.customer_id, as_of=facts.as_of))

    def _tables(self, twins: Sequence[Additions]) -> dict[str, pa.Table]:
        """Return the tables of the small book: what is around the customer, and its twins."""
        names = {*self.facts.own, *self.facts.around}
        return {
            name: pa.concat_tables(
                [
                    self.facts.around.get(name, TABLES[name].schema.empty_table()),
                    *(self._facts_of_twin(name, place, added) for place, added in enumerate(twins)),
                ]
            )
            for name in names
        }

    def _facts_of_twin(self, name: str, place: int, added: Additions) -> pa.Table:
        table = self.facts.own.get(name)
        if table is None:
            return TABLES[name].schema.empty_table()
        if name in added:
            table = _with_versions(table, added[name], key=TABLES[name].key)
        for column in IDS.get(name, ()):
            table = _replaced(table, column, pc.binary_join_element_wise(table[column], str(place), "~"))
        for column in ENDS if name == "links" else ():
            own = pc.equal(table[column], self.facts.customer_id)
            table = _replaced(table, column, pc.if_else(own, self._twin(place), table[column]))
        return table

    def _twin(self, place: int) -> str:
        return f"{self.facts.customer_id}~{place}"

    def _check(self, unchanged: pd.DataFrame) -> None:
        """Refuse to answer from facts that are not those that were scored."""
        stored = self.recorded.row
        names = [name for name in unchanged.columns if name not in KEYS]
        if not np.array_equal(unchanged[names].to_numpy(), stored[names].to_numpy(), equal_nan=True):
            raise StoreError(
                where=f"snapshot of {self.facts.as_of}",
                found="The customer's facts in the book do not give its stored features to the bit.",
                fix="Score the day again: the book has learned of that day since. A feature of your own that looks at "
                "customers other than linked ones and peers cannot be tried.",
            )


def _with_versions(table: pa.Table, added: pa.Table, *, key: tuple[str, ...]) -> pa.Table:
    """Add versions of facts; one of the same day takes the place of the earlier one."""
    names = [*key, "known_on"]
    taken = {tuple(row.values()) for row in added.select(names).to_pylist()}
    kept = [tuple(row.values()) not in taken for row in table.select(names).to_pylist()]
    return pa.concat_tables([table.filter(pa.array(kept, pa.bool_())), added])


def _replaced(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), table.schema.field(column), values)
