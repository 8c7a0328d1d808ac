"""What a bundle tells of the features of the customers it was tested on, and so of why it said what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from creditscore.domain import text
from creditscore.reporting.evidence import Evidence
from creditscore.scoring.contract import FeatureContract
from creditscore.scoring.explanation import principal_reasons, reasons_coded
from creditscore.scoring.rows import matrix_of

if TYPE_CHECKING:
    from creditscore.scoring import Bundle

KEYS = ["customer_id", "as_of"]
DRAWN = "drawn_flag"


@dataclass(frozen=True, slots=True, eq=False)
class KeptFeatures:
    """The out-of-time customers of a bundle with their features, each when first observed.

    Parameters
    ----------
    bundle
        The bundle.
    frame
        What :meth:`creditscore.scoring.Bundle.tested` gives.
    """

    bundle: "Bundle"
    frame: pd.DataFrame

    @property
    def contract(self) -> Sequence[FeatureContract]:
        """What the bundle says of its features."""
        return self.bundle.contract

    def drawn(self, evidence: Evidence) -> pd.DataFrame:
        """Return the cohort's customers that were drawn whatever became of them, with their features."""
        features = self.frame.loc[self.frame[DRAWN], [*KEYS, *self.bundle.feature_names]]
        own = evidence.cohort.drop(columns=list(self.bundle.feature_names), errors="ignore")
        return own.merge(features, on=KEYS, validate="one_to_one")

    def reasons(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Return what pushed customers most toward default when they were observed, strongest first.

        Parameters
        ----------
        customers
            ``customer_id`` and ``as_of``.

        Returns
        -------
        pandas.DataFrame
            ``customer_id``, ``as_of``, and ``reasons``: a list of at most three texts, which another language can
            say too. Customers of whom no features are kept have no row.
        """
        known = customers[KEYS].merge(self.frame, on=KEYS, validate="one_to_one")
        if known.empty:
            return known[KEYS].assign(reasons=pd.Series(dtype=object))
        pushes = self.bundle.model.contributions(matrix_of(known, self.bundle.feature_names))
        codes = pd.concat(principal_reasons(self.contract, pushes), axis=1)
        texts = [
            [text("{reason}", reason=reason) for reason in reasons_coded(list(row), contract=self.contract)]
            for row in codes.itertuples(index=False)
        ]
        return known[KEYS].assign(reasons=pd.Series(texts, dtype=object))


def tested_of(bundle: "Bundle") -> KeptFeatures | None:
    """Return the tested customers of a bundle; ``None`` where it was trained before their features were kept."""
    frame = bundle.tested()
    return None if frame is None else KeptFeatures(bundle, frame)
