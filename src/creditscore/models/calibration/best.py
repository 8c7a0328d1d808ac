"""The family of calibration, chosen by how well it forecasts rows it did not learn from."""

from collections.abc import Sequence
from typing import Any, Self

from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone

from creditscore.errors import ParameterError
from creditscore.models.calibration.beta import BetaCalibration
from creditscore.models.calibration.central_tendency import CentralTendency
from creditscore.models.calibration.contest import Rows, judge, kind_of
from creditscore.models.calibration.customers import (
    Codes,
    codes_of,
    deal,
    defaulter_count,
    earlier_half,
    learning_and_judging,
)
from creditscore.models.calibration.isotonic import IsotonicCalibration
from creditscore.models.calibration.level import LevelCalibration
from creditscore.models.calibration.logistic import LogisticCalibration
from creditscore.models.calibration.low_default import LowDefaultCalibration
from creditscore.models.calibration.protocol import Calibration
from creditscore.models.calibration.rates import checked_rates
from creditscore.models.calibration.scores import CandidateScore
from creditscore.models.checks import Floats, checked_labels

WHERE = "BestCalibration"
CANDIDATES: tuple[Calibration, ...] = (LogisticCalibration(), BetaCalibration(), IsotonicCalibration())
FEW, NONE = LevelCalibration(), LowDefaultCalibration()
FEWEST_FOLDS = 2
BY_CUSTOMER, IN_TIME_ORDER = "customers", "customers, the later half of the days judged by the earlier"


class BestCalibration(BaseEstimator):
    """The simplest candidate that forecasts no worse than the best, or a humbler one if defaults are few.

    Candidates are judged by cross-validation inside the calibration period. A customer's rows are never on both sides,
    because the same customer on another month end is no new evidence; where days are given and both halves of the
    period hold enough defaulters, what is judged is also later than what was learned from. The judge is the log loss, a
    strictly proper score [1]_: no candidate gains by saying anything but what it believes. Scores that differ by at
    most one standard error of their paired difference count as equal [2]_, and the simplest of them is taken.

    With fewer than ``min_defaulters`` customers that default, or that do not, a slope cannot be told from chance: its
    standard error is about 1 / sqrt(defaulters) for each unit of spread in the log-odds, 0.22 at 20 of them, and ten
    events for each parameter are the usual least [3]_. Then ``few`` is fitted, which has no slope; without any default,
    ``none``. The scores say so, and so do the kind and the counts in the record.

    Parameters
    ----------
    candidates
        Unfitted calibrations, the simplest first; copies are fitted.
    folds
        Number of folds, at least 2.
    min_defaulters
        Fewest customers that default, and fewest that do not, for the candidates to be tried.
    few, none
        What is fitted with fewer defaulters, and with none.

    Attributes
    ----------
    chosen_ : Calibration
        The one that was taken, fitted on all rows.
    scores_ : tuple of CandidateScore
        What each candidate reached; for a single candidate or a fallback, why it was taken.
    folds_ : str
        How rows were set aside.

    References
    ----------
    .. [1] Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and estimation. Journal of
       the American Statistical Association 102(477), 359-378. doi:10.1198/016214506000001437
    .. [2] Breiman, L., Friedman, J., Stone, C. J., Olshen, R. A. (1984). Classification and Regression Trees. Chapman &
       Hall, section 3.4.3 (the one standard error rule).
    .. [3] Peduzzi, P. et al. (1996). A simulation study of the number of events per variable in logistic regression
       analysis. Journal of Clinical Epidemiology 49(12), 1373-1379. doi:10.1016/S0895-4356(96)00236-3

    Examples
    --------
    >>> import numpy as np
    >>> rates = np.linspace(0.05, 0.6, 600)
    >>> defaults = np.random.default_rng(1).random(600) < rates
    >>> best = BestCalibration().fit(rates, defaults)
    >>> best.chosen_.kind, [score.kind for score in best.scores_]
    ('logistic', ['logistic', 'beta', 'isotonic'])

    With a handful of defaults only the level is fitted, and it says so:

    >>> best = BestCalibration().fit(rates, np.arange(600) >= 597)
    >>> best.chosen_.kind, best.scores_[0].remark
    ('level', '3 customers default and 597 do not; a slope needs 20 of each.')
    """

    def __init__(
        self,
        candidates: Sequence[Calibration] = CANDIDATES,
        *,
        folds: int = 5,
        min_defaulters: int = 20,
        few: Calibration = FEW,
        none: Calibration = NONE,
    ) -> None:
        self.candidates = candidates
        self.folds = folds
        self.min_defaulters = min_defaulters
        self.few = few
        self.none = none

    def fit(
        self, rates: ArrayLike, y: ArrayLike, *, groups: ArrayLike | None = None, days: ArrayLike | None = None
    ) -> Self:
        """Choose a candidate on the calibration period, and fit it on all of its rows.

        Parameters
        ----------
        rates
            Default rates (n,) in [0, 1].
        y
            Labels (n,), 1 for a default, 0 for none.
        groups
            Customer of each row; each row is a customer of its own where ``None``.
        days
            Day of observation of each row; time plays no part where ``None``.

        Raises
        ------
        ParameterError
            If a parameter, a rate or a label is out of range, or no candidate can be fitted: then with the words of the
            simplest.
        """
        self._check()
        given = checked_rates(WHERE, rates)
        labels = checked_labels(WHERE, y, rows=len(given), both=False)
        codes = codes_of(WHERE, groups, rows=len(given), name="groups")
        when = None if days is None else codes_of(WHERE, days, rows=len(given), name="days")
        plan = self._plan(Rows(given, labels, codes), when)
        self.chosen_ = clone(plan).fit(given, labels, groups=codes, days=when)
        return self

    def log_odds(self, rates: ArrayLike) -> Floats:
        """Return the log-odds of default (n,) of rates (n,), by the calibration that was chosen."""
        return self.chosen_.log_odds(rates)

    def to_record(self) -> dict[str, Any]:
        """Return the record of the calibration that was chosen; the others leave no trace in it."""
        return self.chosen_.to_record()

    def _check(self) -> None:
        if not self.candidates or self.folds < FEWEST_FOLDS or self.min_defaulters < self.folds:
            raise ParameterError(
                where=WHERE,
                found=f"{len(self.candidates)} candidates, {self.folds} folds, {self.min_defaulters} defaulters.",
                fix="Give a candidate or more, 2 folds or more, and at least as many defaulters as folds.",
            )

    def _plan(self, rows: Rows, days: Codes | None) -> Calibration:
        """Return what is to be fitted on all rows, and note why."""
        humble, remark = self._fallback(rows.codes, rows.y)
        if humble is None and len(self.candidates) == 1:
            humble, remark = self.candidates[0], "The only candidate."
        if humble is not None:
            self.folds_ = "none"
            self.scores_: tuple[CandidateScore, ...] = (
                CandidateScore(kind=kind_of(humble), chosen_flag=True, remark=remark),
            )
            return humble
        early = None if days is None else earlier_half(days, rows.codes, rows.y, least=self.min_defaulters)
        self.folds_ = BY_CUSTOMER if early is None else IN_TIME_ORDER
        fold = deal(rows.codes, rows.y, folds=self.folds)
        self.scores_ = judge(self.candidates, rows, list(learning_and_judging(fold, early, folds=self.folds)))
        return self.candidates[[score.chosen_flag for score in self.scores_].index(True)]

    def _fallback(self, codes: Codes, y: Floats) -> tuple[Calibration | None, str]:
        defaulters, others = defaulter_count(codes, y), defaulter_count(codes, 1 - y)
        if defaulters == 0:
            return self.none, f"None of {others} customers default."
        if min(defaulters, others) < self.min_defaulters:
            found = f"{defaulters} customers default and {others} do not"
            return self.few, f"{found}; a slope needs {self.min_defaulters} of each."
        return None, ""


def candidate_scores(calibration: Calibration) -> tuple[CandidateScore, ...]:
    """Return what the candidates of a fitted calibration reached; nothing where none was chosen among.

    >>> candidate_scores(LogisticCalibration())
    ()
    """
    if isinstance(calibration, CentralTendency):
        return candidate_scores(calibration.calibration_)
    return calibration.scores_ if isinstance(calibration, BestCalibration) else ()
