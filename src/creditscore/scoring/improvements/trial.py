"""What a customer's score would be under hypothetical facts: its own features, computed by the ordinary engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from creditscore.book import TABLES, Book
from creditscore.domain import Colour
from creditscore.errors import StoreError
from creditscore.features import Feature, Peers, panel
from creditscore.features.beside import OtherCustomers, PeerTotals, beside, peer_totals
from creditscore.scoring.customer_facts import CustomerFacts, Tables
from creditscore.scoring.defaulted import with_default_flag
from creditscore.scoring.improvements.results import Additions, Outcome
from creditscore.scoring.recorded import RecordedScore
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.snapshots import daily_features
from creditscore.scoring.twins import Twin, small_book, tables_of

UNCHANGED: Additions = {}


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
        twins = [
            Twin(self.facts.customer_id, place, self._with(added))
            for place, added in enumerate([UNCHANGED, *hypotheses])
        ]
        with small_book(self.book, tables_of(twins, self.facts.around)) as small:
            frame = self._features(small, twins)
        self._check(frame.iloc[:1])
        return frame.iloc[1:].reset_index(drop=True)

    def _features(self, small: Book, twins: Sequence[Twin]) -> pd.DataFrame:
        """Return the twins' rows of a snapshot, in their order."""
        names = pd.DataFrame({"customer_id": [twin.name for twin in twins]})
        everyone = panel(small, days=[self.facts.as_of], features=self._wanted(twins))
        return with_default_flag(small, self.recorded.bundle, names.merge(everyone, on="customer_id"))

    def _wanted(self, twins: Sequence[Twin]) -> tuple[Feature, ...]:
        features = daily_features(self.recorded.bundle)
        if all(one.relation is not Peers for one in features):
            return features
        return beside(features, {twin.name: OtherCustomers(self._peers) for twin in twins})

    @cached_property
    def _peers(self) -> PeerTotals | None:
        return peer_totals(self.book, customer_id=self.facts.customer_id, as_of=self.facts.as_of)

    def _with(self, added: Additions) -> Tables:
        """Return the customer's facts with hypothetical ones among them."""
        own = self.facts.own
        changed = {
            name: _with_versions(own[name], rows, key=TABLES[name].key) for name, rows in added.items() if name in own
        }
        return {**own, **changed}

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
