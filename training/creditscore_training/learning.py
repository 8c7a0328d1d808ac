"""The panel as estimators learn from it: a matrix with labels, and who may be judged by whom."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import clone

from creditscore.features import feature_matrix
from creditscore.models import Calibration, Ranker, RankingEstimator, to_long_run
from creditscore_training.recipe import Recipe
from creditscore_training.splits import CALIBRATION, DEVELOPMENT, customer_folds

FOLDS = 3  # groups of customers, each judged by what the others taught

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Learning:
    """The panel as a matrix (n, k) with labels (n,), and which rows belong to which period, customer and day."""

    recipe: Recipe
    X: Floats
    y: Floats
    development: Flags
    calibration: Flags
    customers: npt.NDArray[np.object_]
    days: npt.NDArray[np.datetime64]

    @classmethod
    def of(cls, rows: pd.DataFrame, recipe: Recipe) -> Self:
        """Take labelled observations with ``customer_id``, ``as_of`` and ``split``."""
        return cls(
            recipe,
            feature_matrix(rows, recipe.features),
            rows["default_flag"].to_numpy(np.float64),
            (rows["split"] == DEVELOPMENT).to_numpy(),
            (rows["split"] == CALIBRATION).to_numpy(),
            rows["customer_id"].to_numpy(object),
            rows["as_of"].to_numpy(),
        )

    def fitted(self, estimator: RankingEstimator, *, among: Flags | None = None) -> Ranker:
        """Return what a copy of an estimator learns from development, with the recipe's seed and directions.

        ``among`` keeps it to some of the rows.
        """
        rows = self.development if among is None else self.development & among
        copy = clone(estimator).set_params(seed=self.recipe.seed)
        copy.fit(self.X[rows], self.y[rows], monotone=self.recipe.monotone, lenient=self.recipe.lenient)
        return copy.ranker_

    def later_rates(self, estimator: RankingEstimator, ranker: Ranker) -> Floats:
        """Return rates of the rows of the calibration period, each by a ranker that has not met its customer.

        Rows of one customer on following month ends share an outcome. A model that remembers the customer looks too
        good on the later one, by just as much as it remembers; whoever chooses or calibrates models must not be taken
        in. So the customers are dealt to three groups, and each group is rated by what the other two taught. Where no
        customer comes twice, the ranker itself rates them all.

        Parameters
        ----------
        estimator
            What learns.
        ranker
            What it learned from all of development.
        """
        rows = np.flatnonzero(self.calibration)
        if not np.isin(self.customers[rows], self.customers[self.development]).any():
            return ranker.default_rate(self.X[rows])
        folds, rates = customer_folds(self.customers, folds=FOLDS), np.empty(len(rows))
        for fold in range(FOLDS):
            theirs = folds[rows] == fold
            taught = self.fitted(estimator, among=folds != fold)
            rates[theirs] = taught.default_rate(self.X[rows[theirs]])
        return rates

    def calibrated(self, later_rates: Floats, *, own_rates: Floats) -> Calibration:
        """Return the recipe's calibration, fitted on the rows of the calibration period.

        Parameters
        ----------
        later_rates
            Rates (n,) to learn from, see :meth:`later_rates`.
        own_rates
            Rates (n,) of the model that is to be calibrated; their mean PD is moved to the long-run rate, if any.
        """
        rows, long_run = self.calibration, self.recipe.long_run_rate
        plan = clone(self.recipe.calibration)
        fitted = plan.fit(later_rates, self.y[rows], groups=self.customers[rows], days=self.days[rows])
        return fitted if long_run is None else to_long_run(fitted, own_rates, rate=long_run)
